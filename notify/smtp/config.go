package smtp

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/heitan/heitan/config"
)

// FromConfig reads the settings PREFIX.host, port, tls [true], ssl [false],
// username, password, debug [false], connect_timeout and socket_timeout. Without
// PREFIX.host there is no server: nil. Every invalid setting is reported.
func FromConfig(c config.Config, prefix string) (*Server, error) {
	host, ok := c.Lookup(prefix + ".host")
	if !ok {
		return nil, nil
	}
	var hostErr error
	if host = strings.TrimSpace(host); host == "" {
		hostErr = c.Invalid(prefix+".host", "a host name")
	}
	port, portErr := c.Port(prefix+".port", 0)
	startTLS, startTLSErr := c.Bool(prefix+".tls", true)
	useTLS, useTLSErr := c.Bool(prefix+".ssl", false)
	debug, debugErr := c.Bool(prefix+".debug", false)
	connect, connectErr := duration(c, prefix+".connect_timeout")
	socket, socketErr := duration(c, prefix+".socket_timeout")
	return &Server{
		Host: host, Port: port, StartTLS: startTLS, TLS: useTLS, Debug: debug,
		Username: c.String(prefix+".username", ""), Password: c.String(prefix+".password", ""),
		ConnectTimeout: connect, SocketTimeout: socket,
	}, errors.Join(hostErr, portErr, startTLSErr, useTLSErr, debugErr, connectErr, socketErr)
}

// duration reads "1m 30s" or a number of seconds; a missing key is 0.
func duration(c config.Config, key string) (time.Duration, error) {
	text, ok := c.Lookup(key)
	if !ok {
		return 0, nil
	}
	text = strings.ReplaceAll(text, " ", "")
	if _, err := strconv.Atoi(text); err == nil {
		text += "s"
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		return 0, c.Invalid(key, "a duration such as 30s")
	}
	return d, nil
}
