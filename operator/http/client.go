package http

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	nethttp "net/http"
	"net/url"
	"strings"
	"time"
)

const (
	// maxHeader bounds the status line and header fields of a response, with
	// those of the informational responses before it, in bytes.
	maxHeader = 1 << 20
	// connectTimeout bounds connecting to one address, and the TLS handshake,
	// where the request's own timeout does not.
	connectTimeout = 30 * time.Second
	// continueTimeout is how long a body waits for a server that was asked by
	// `Expect: 100-continue` whether it wants it.
	continueTimeout = time.Second
)

// client sends requests by net/http. Every request has connections of its own,
// which end with it: a request that must not be repeated never fails because a
// server gave up a connection that was kept, and nothing is left behind.
type client struct {
	roots     *x509.CertPool // nil is the system's
	insecure  bool           // accepts every certificate
	userAgent string         // said to proxies
	proxy     proxyFunc
}

// do sends a request and returns the response once its header has been read.
// The caller closes the body, which ends the connection.
//
// A proxy that does not open a tunnel is a *[proxyRefusal].
func (c *client) do(req *nethttp.Request) (*nethttp.Response, error) {
	ctx, end := context.WithCancel(req.Context())
	proxy := c.proxy(req.URL)
	resp, err := c.transport(ctx, req, proxy).RoundTrip(addressed(req.WithContext(ctx), proxy))
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		err = errors.New("the server closed the connection without a response")
	case err == nil:
		resp.Body = &lastBody{ReadCloser: resp.Body, end: end}
		return resp, nil
	}
	end()
	return nil, err
}

// transport is what one request is sent by. Its connections end with ctx.
func (c *client) transport(ctx context.Context, req *nethttp.Request, proxy *url.URL) *nethttp.Transport {
	t := &nethttp.Transport{
		DialContext:            within(ctx, (&net.Dialer{Timeout: connectTimeout}).DialContext),
		TLSClientConfig:        c.tlsConfig(),
		TLSHandshakeTimeout:    connectTimeout,
		ExpectContinueTimeout:  continueTimeout,
		MaxResponseHeaderBytes: maxHeader,
		DisableCompression:     true, // decompress knows deflate too
		Protocols:              protocols(req),
	}
	if proxy == nil {
		return t
	}
	t.Proxy = nethttp.ProxyURL(proxy)
	t.ProxyConnectHeader = nethttp.Header{"User-Agent": {c.userAgent}}
	t.OnProxyConnectResponse = checkTunnel
	if proxy.Scheme == "https" {
		// net/http would offer HTTP/2 to the proxy too, but does not speak it there.
		dialer := &tls.Dialer{NetDialer: &net.Dialer{Timeout: connectTimeout}, Config: c.tlsConfig()}
		t.DialTLSContext = within(ctx, dialer.DialContext)
	}
	return t
}

func (c *client) tlsConfig() *tls.Config {
	return &tls.Config{RootCAs: c.roots, InsecureSkipVerify: c.insecure}
}

// protocols are those a request may be sent by. HTTP/2 has no place for the
// fields that are about an HTTP/1 connection.
func protocols(req *nethttp.Request) *nethttp.Protocols {
	http2 := req.URL.Scheme == "https"
	for name := range req.Header {
		switch strings.ToLower(name) {
		case "connection", "upgrade":
			http2 = false
		}
	}
	p := new(nethttp.Protocols)
	p.SetHTTP1(true)
	p.SetHTTP2(http2)
	return p
}

// addressed is req as a proxy must see it: the target names the server of the
// URL, also if a Host field names another, where net/http would put the latter.
func addressed(req *nethttp.Request, proxy *url.URL) *nethttp.Request {
	if proxy != nil && req.URL.Scheme == "http" && req.Host != "" {
		req.URL = &url.URL{Scheme: req.URL.Scheme, Host: req.URL.Host, Opaque: "//" + req.URL.Host + req.URL.RequestURI()}
	}
	return req
}

// proxyRefusal is a proxy's answer that it does not open a tunnel.
type proxyRefusal struct{ status int }

func (e *proxyRefusal) Error() string {
	return fmt.Sprintf("the proxy refused the connection: %d %s", e.status, nethttp.StatusText(e.status))
}

func checkTunnel(_ context.Context, _ *url.URL, _ *nethttp.Request, resp *nethttp.Response) error {
	if resp.StatusCode != nethttp.StatusOK {
		return &proxyRefusal{status: resp.StatusCode}
	}
	return nil
}

// lastBody is the body of the only response of a connection.
type lastBody struct {
	io.ReadCloser
	end context.CancelFunc
}

// Close ends the connection at once, however much of the body is left.
func (b *lastBody) Close() error {
	b.end()
	return b.ReadCloser.Close()
}
