package http

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/heitan/heitan/operator"
)

// proxyFunc is the proxy for a URL, as an http:// or https:// URL, or nil.
type proxyFunc func(target *url.URL) *url.URL

// chooseProxy says which proxy a request for a URL goes through: the task's, if
// it may and does name one, else the server's, else the environment's.
func (s *Settings) chooseProxy(p *operator.Params, req *operator.Request) (proxyFunc, error) {
	config := p.ObjectOr("proxy", nil)
	user, err := userProxy(operator.NewParams(config, config))
	switch {
	case err != nil:
		return nil, err
	case user != nil && s.AllowUserProxy:
		return func(*url.URL) *url.URL { return user }, nil
	case user != nil:
		req.Log.Warn("the proxy of the task is not used, as the server does not allow it")
	}
	if s.Proxy != nil {
		return func(*url.URL) *url.URL { return s.Proxy }, nil
	}
	return environmentProxy(req), nil
}

// userProxy reads the map {enabled, host, port, tls}.
func userProxy(p *operator.Params) (*url.URL, error) {
	if !p.BoolOr("enabled", false) {
		return nil, p.Err()
	}
	host, port, tls := p.String("host"), p.Int("port"), p.BoolOr("tls", false)
	if p.Err() == nil && !isPort(port) {
		p.Fail("port", "Expected a port number for key 'port' but got %d", port)
	}
	if err := p.Err(); err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	return newProxy(host, port, tls), nil
}

// environmentProxy follows http_proxy, https_proxy and no_proxy. As in Digdag,
// https falls back to http_proxy, and what cannot be used is ignored.
func environmentProxy(req *operator.Request) proxyFunc {
	environ := make(map[string]string, len(req.Environ))
	for _, variable := range req.Environ {
		name, value, _ := strings.Cut(variable, "=")
		environ[name] = strings.TrimSpace(value)
	}
	find := func(names ...string) *url.URL {
		for _, name := range names {
			if environ[name] == "" {
				continue
			}
			proxy, err := parseProxy(environ[name])
			if err != nil {
				req.Log.Warn("proxy of the environment is ignored", "variable", name, "error", err)
			}
			return proxy
		}
		return nil
	}
	exceptions := environ["no_proxy"]
	if exceptions == "" {
		exceptions = environ["NO_PROXY"]
	}
	return func(u *url.URL) *url.URL {
		switch {
		case bypassesProxy(exceptions, u.Hostname(), u.Port()):
			return nil
		case u.Scheme == "https":
			return find("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY")
		}
		return find("http_proxy", "HTTP_PROXY")
	}
}

// parseProxy reads http://user:password@host:port. Errors do not show it, as it
// may hold a password.
func parseProxy(text string) (*url.URL, error) {
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" {
		return nil, fmt.Errorf("expected http://host:port")
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("scheme %q is not supported", u.Scheme)
	}
	return &url.URL{Scheme: u.Scheme, User: u.User, Host: u.Host}, nil
}

func newProxy(host string, port int64, tls bool) *url.URL {
	u := &url.URL{Scheme: "http", Host: net.JoinHostPort(host, strconv.FormatInt(port, 10))}
	if tls {
		u.Scheme = "https"
	}
	return u
}

// bypassesProxy reports whether a list as in no_proxy names a host: by "*", its
// name or a domain above it, with or without port, its address, or a CIDR range.
func bypassesProxy(list, host, port string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	ip, ipErr := netip.ParseAddr(host)
	for entry := range strings.FieldsFuncSeq(strings.ToLower(list), func(r rune) bool { return r == ',' || r == ' ' }) {
		if entry == "*" {
			return true
		}
		if prefix, err := netip.ParsePrefix(entry); err == nil {
			if ipErr == nil && prefix.Contains(ip.Unmap()) {
				return true
			}
			continue
		}
		if name, entryPort, err := net.SplitHostPort(entry); err == nil {
			if entryPort != port {
				continue
			}
			entry = name
		}
		if other, err := netip.ParseAddr(strings.Trim(entry, "[]")); err == nil {
			if ipErr == nil && other.Unmap() == ip.Unmap() {
				return true
			}
			continue
		}
		domain := strings.TrimPrefix(strings.TrimPrefix(entry, "*"), ".")
		if domain != "" && (host == domain || strings.HasSuffix(host, "."+domain)) {
			return true
		}
	}
	return false
}
