package smtp

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"time"
)

// connection gives every read and write its own time, however often the SMTP
// library sets a deadline for all of them. Once it has failed it fails at once,
// so that the library does not wait for answers to its farewell.
type connection struct {
	net.Conn
	timeout time.Duration
	failure error
}

func (s *Server) connect(ctx context.Context) (*connection, error) {
	dialer := net.Dialer{Timeout: orDefault(s.ConnectTimeout, DefaultConnectTimeout)}
	conn, err := dialer.DialContext(ctx, "tcp", s.Address())
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", s.Address(), err)
	}
	return &connection{Conn: conn, timeout: orDefault(s.SocketTimeout, DefaultSocketTimeout)}, nil
}

func (c *connection) Read(p []byte) (int, error) {
	return c.timed(c.SetReadDeadline, c.Conn.Read, p)
}

func (c *connection) Write(p []byte) (int, error) {
	return c.timed(c.SetWriteDeadline, c.Conn.Write, p)
}

func (c *connection) timed(limit func(time.Time) error, do func([]byte) (int, error), p []byte) (n int, err error) {
	if c.failure != nil {
		return 0, c.failure
	}
	if err = limit(time.Now().Add(c.timeout)); err == nil {
		n, err = do(p)
	}
	c.failure = err
	return n, err
}

// SetDeadline does nothing, see [connection].
func (c *connection) SetDeadline(time.Time) error { return nil }

func (s *Server) tlsConfig() *tls.Config {
	return &tls.Config{ServerName: s.Host, RootCAs: s.RootCAs, MinVersion: tls.VersionTLS12}
}

func orDefault(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return d
}
