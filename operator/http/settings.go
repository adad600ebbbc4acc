package http

import (
	"crypto/x509"
	"errors"
	"net/url"
	"strconv"

	"github.com/heitan/heitan/config"
)

// Settings are the server's part of how requests are made.
type Settings struct {
	UserAgent      string
	MaxRedirects   int
	AllowUserProxy bool     // tasks may name a proxy
	Proxy          *url.URL // for all other tasks; nil leaves it to the environment

	MaxStoredContent int // in characters, of http.last_content
	MaxWorkflow      int // in characters, of what http_call> fetches

	RootCAs *x509.CertPool // nil is the system's
}

// Digdag's defaults.
const (
	defaultMaxRedirects = 8
	defaultMaxContent   = 64 << 10
)

// SettingsFrom reads the settings config.http.* and config.http_call.*.
// userAgent is sent unless config.http.user_agent says otherwise. Every invalid
// setting is reported.
func SettingsFrom(c config.Config, userAgent string) (Settings, error) {
	r := settingsReader{config: c}
	s := Settings{
		UserAgent:        c.String("config.http.user_agent", userAgent),
		MaxRedirects:     r.size("config.http.max_redirects", defaultMaxRedirects),
		AllowUserProxy:   r.bool("config.http.allow_user_proxy", true),
		MaxStoredContent: r.size("config.http.max_stored_response_content_size", defaultMaxContent),
		MaxWorkflow:      r.size("config.http_call.max_response_content_size", defaultMaxContent),
	}
	if r.bool("config.http.proxy.enabled", false) {
		s.Proxy = r.proxy()
	}
	return s, errors.Join(r.problems...)
}

// settingsReader gathers what is wrong with settings.
type settingsReader struct {
	config   config.Config
	problems []error
}

func (r *settingsReader) bool(key string, otherwise bool) bool {
	v, err := r.config.Bool(key, otherwise)
	r.note(err)
	return v
}

// size reads a number that bounds something held in memory.
func (r *settingsReader) size(key string, otherwise int64) int {
	const limit = 1 << 30
	v, err := r.config.Int(key, otherwise)
	if err == nil && (v < 0 || v > limit) {
		err = r.config.Invalid(key, "a number from 0 to "+strconv.Itoa(limit))
	}
	r.note(err)
	return int(v)
}

func (r *settingsReader) proxy() *url.URL {
	host := r.config.String("config.http.proxy.host", "")
	if host == "" {
		r.note(r.config.Invalid("config.http.proxy.host", "a host name"))
	}
	port, err := r.config.Port("config.http.proxy.port", 0)
	r.note(err)
	return newProxy(host, int64(port), r.bool("config.http.proxy.tls", false))
}

func (r *settingsReader) note(err error) {
	if err != nil {
		r.problems = append(r.problems, err)
	}
}

func isPort(n int64) bool { return n > 0 && n < 1<<16 }
