package session

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"
)

// impatientConn is a connection that fails when the other side is silent for too
// long while something is read. A deadline that is set counts beside that.
type impatientConn struct {
	net.Conn
	patience time.Duration

	mu       sync.Mutex
	deadline time.Time // as set
}

// Read fails with a [silentError] if nothing comes.
func (c *impatientConn) Read(b []byte) (int, error) {
	limit, err := c.limit()
	if err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(b)
	if errors.Is(err, os.ErrDeadlineExceeded) && c.silent(limit) {
		err = silentError{c.patience}
	}
	return n, err
}

func (c *impatientConn) limit() (time.Time, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	limit := patienceLeft(c.deadline, time.Now(), c.patience)
	return limit, c.Conn.SetReadDeadline(limit)
}

// silent reports whether a limit was not the deadline but patience.
func (c *impatientConn) silent(limit time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.deadline.IsZero() || limit.Before(c.deadline)
}

// SetDeadline keeps the deadline apart, as every Read sets its own.
func (c *impatientConn) SetDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deadline = t
	return c.Conn.SetDeadline(t)
}

// SetReadDeadline is like SetDeadline.
func (c *impatientConn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deadline = t
	return c.Conn.SetReadDeadline(t)
}

// silentError says that nothing came in time.
type silentError struct{ patience time.Duration }

func (e silentError) Error() string {
	return fmt.Sprintf("no answer within %s (socket_timeout)", e.patience)
}

// Timeout and Temporary make it a net.Error.
func (silentError) Timeout() bool   { return true }
func (silentError) Temporary() bool { return false }
