package wire

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// dialTimeout bounds connecting to one address where ctx does not.
const dialTimeout = 30 * time.Second

// Proxy is an HTTP proxy.
type Proxy struct {
	Address       string // host:port
	TLS           bool   // the connection to the proxy itself is encrypted
	Authorization string // value of Proxy-Authorization; may be empty
}

func (p *Proxy) fields() []Field {
	if p.Authorization == "" {
		return nil
	}
	return []Field{{"Proxy-Authorization", p.Authorization}}
}

// ProxyError is a proxy's refusal to open a tunnel.
type ProxyError struct{ Status int }

func (e *ProxyError) Error() string {
	return fmt.Sprintf("the proxy refused the connection: %d %s", e.Status, http.StatusText(e.Status))
}

// link is a connection over which one request can be sent.
type link struct {
	conn   net.Conn // raw, or TLS over it
	raw    net.Conn
	stop   func() bool // ends the watch over ctx
	target string      // the request target
	fields []Field     // header fields for a proxy
}

// close ends the connection at once, without TLS's farewell, which could block.
func (l *link) close() {
	l.stop()
	_ = l.raw.Close()
}

func (c *Client) connect(ctx context.Context, u *url.URL) (*link, error) {
	var proxy *Proxy
	if c.Proxy != nil {
		proxy = c.Proxy(u)
	}
	address := hostPort(u)
	if proxy != nil {
		address = proxy.Address
	}
	raw, err := (&net.Dialer{Timeout: dialTimeout}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	l := &link{conn: raw, raw: raw, target: u.RequestURI()}
	l.stop = context.AfterFunc(ctx, func() { _ = raw.Close() })
	if err := c.establish(ctx, l, u, proxy); err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

// establish makes a fresh connection one to u's server, through the proxy if there is one.
func (c *Client) establish(ctx context.Context, l *link, u *url.URL, proxy *Proxy) error {
	if proxy != nil && proxy.TLS {
		host, _, _ := net.SplitHostPort(proxy.Address)
		if err := c.encrypt(ctx, l, host); err != nil {
			return fmt.Errorf("connect to the proxy: %w", err)
		}
	}
	if u.Scheme != "https" {
		if proxy != nil {
			l.target = "http://" + u.Host + u.RequestURI()
			l.fields = proxy.fields()
		}
		return nil
	}
	if proxy != nil {
		if err := tunnel(l.conn, hostPort(u), proxy); err != nil {
			return err
		}
	}
	return c.encrypt(ctx, l, u.Hostname())
}

func (c *Client) encrypt(ctx context.Context, l *link, host string) error {
	config := &tls.Config{}
	if c.TLS != nil {
		config = c.TLS.Clone()
	}
	config.ServerName = host
	config.NextProtos = []string{"http/1.1"}
	secured := tls.Client(l.conn, config)
	l.conn = secured
	return secured.HandshakeContext(ctx)
}

// tunnel asks the proxy at the other end of conn for a tunnel to address.
func tunnel(conn net.Conn, address string, proxy *Proxy) error {
	req := &Request{Method: http.MethodConnect, URL: &url.URL{Host: address}}
	if _, err := conn.Write(req.head(address, proxy.fields())); err != nil {
		return fmt.Errorf("ask the proxy for a tunnel: %w", err)
	}
	resp, err := readResponse(conn, http.MethodConnect) //nolint:bodyclose // what follows the header is the tunnel
	if err != nil {
		return fmt.Errorf("ask the proxy for a tunnel: %w", err)
	}
	if resp.StatusCode/100 != 2 {
		return &ProxyError{Status: resp.StatusCode}
	}
	return nil
}

// hostPort is the address of u's server.
func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}
