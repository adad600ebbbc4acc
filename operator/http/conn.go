package http

import (
	"context"
	"net"
	"sync"
	"time"
)

// answerTimeout is how long the answer of a server is waited for that no longer
// reads.
const answerTimeout = time.Second

// dialFunc connects to an address.
type dialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// within is dial for connections that end with ctx. net/http dials with a
// context of its own, which is not used, as it does not end with the request.
func within(ctx context.Context, dial dialFunc) dialFunc {
	return func(_ context.Context, network, address string) (net.Conn, error) {
		raw, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		conn := &patientConn{Conn: raw, heard: make(chan struct{})}
		context.AfterFunc(ctx, func() { _ = conn.Close() })
		return conn, nil
	}
}

// patientConn keeps the error of a write back until everything has been read. A
// server may answer and hang up before it has read the whole request; then its
// answer tells more than the error, and net/http takes whichever comes first.
type patientConn struct {
	net.Conn
	heard chan struct{} // closed when nothing more can be read
	once  sync.Once
}

func (c *patientConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err != nil {
		c.end()
	}
	return n, err
}

func (c *patientConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	if err != nil {
		// Where the same goroutine writes and reads, as for a handshake, nobody
		// reads meanwhile.
		timer := time.NewTimer(answerTimeout)
		defer timer.Stop()
		select {
		case <-c.heard:
		case <-timer.C:
		}
	}
	return n, err
}

// Close ends the connection, and the waits of writes.
func (c *patientConn) Close() error {
	c.end()
	return c.Conn.Close()
}

func (c *patientConn) end() { c.once.Do(func() { close(c.heard) }) }
