package docker

import (
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Options say which engine is used and how. The zero Options use the engine at
// the default socket.
type Options struct {
	// Host is the engine's address, such as unix:///var/run/docker.sock or
	// tcp://host:2376. "" is that of the docker context.
	Host string
	// CertPath is a folder with ca.pem, cert.pem and key.pem; with it, TLS is
	// used. The engine's certificate is checked if TLSVerify is set.
	CertPath  string
	TLSVerify bool
	// APIVersion fixes the version of the API, such as 1.41. "" negotiates it.
	APIVersion string

	// ConfigDir is where the docker command keeps contexts and logins, "" for
	// nowhere, and Context the context to use, "" for the current one.
	ConfigDir, Context string
	// Environ is what credential helpers see, and their PATH.
	Environ []string

	// Patience is how long an engine that answered before may be out of reach.
	// 0 is five minutes.
	Patience time.Duration
	// MaxContextBytes and MaxContextFiles bound what is sent to the engine to
	// build an image. 0 is 4 GiB and 500,000.
	MaxContextBytes int64
	MaxContextFiles int

	// Log takes what the operator of the machine should know. Nil discards it.
	Log *slog.Logger
}

// OptionsFrom are the Options that the docker command would read from these
// environment variables: DOCKER_HOST, DOCKER_CERT_PATH, DOCKER_TLS_VERIFY,
// DOCKER_API_VERSION, DOCKER_CONTEXT, DOCKER_CONFIG and HOME.
func OptionsFrom(environ []string) Options {
	get := func(name string) string {
		for _, entry := range slices.Backward(environ) {
			if value, ok := strings.CutPrefix(entry, name+"="); ok {
				return value
			}
		}
		return ""
	}
	options := Options{
		Host:       get("DOCKER_HOST"),
		CertPath:   get("DOCKER_CERT_PATH"),
		TLSVerify:  get("DOCKER_TLS_VERIFY") != "",
		APIVersion: get("DOCKER_API_VERSION"),
		Context:    get("DOCKER_CONTEXT"),
		ConfigDir:  get("DOCKER_CONFIG"),
		Environ:    environ,
	}
	if home := get("HOME"); options.ConfigDir == "" && home != "" {
		options.ConfigDir = filepath.Join(home, ".docker")
	}
	return options
}

func (o Options) withDefaults() Options {
	if o.Patience == 0 {
		o.Patience = 5 * time.Minute
	}
	if o.MaxContextBytes == 0 {
		o.MaxContextBytes = 4 << 30
	}
	if o.MaxContextFiles == 0 {
		o.MaxContextFiles = 500_000
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}
