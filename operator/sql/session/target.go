// Package session is one connection to PostgreSQL, or to Redshift, which speaks
// its protocol: statements go in, text comes out, and problems are described so
// that they can be shown.
//
// Whatever a call waits for ends with its context. A statement that was running
// then is cancelled on the server too.
package session

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"maps"
	"net"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgproto3"
)

const (
	// maxMessage bounds a row, which is held in memory whole. PostgreSQL itself
	// has a limit of 1 GB.
	maxMessage = 256 << 20
	// endTimeout is how long the server has to confirm that a statement was
	// cancelled, or that the connection is closed.
	endTimeout = 5 * time.Second
	keepAlive  = 30 * time.Second
)

// Target is a database and who connects to it.
type Target struct {
	Host     string // or the absolute path of a folder with a Unix socket
	Port     uint16
	User     string
	Password string // may be empty
	Database string
	Schema   string // the search_path; "" is the server's
	// TLS encrypts. As in Digdag, the server's certificate is not verified.
	TLS            bool
	ConnectTimeout time.Duration // for connecting and logging in; 0 is none
	SocketTimeout  time.Duration // for the server to send anything; 0 is none
	Parameters     map[string]string
}

// Listener is told what happens on a session beside its results.
type Listener struct {
	// Notice gets what the server says while the user's statements run. May be nil.
	Notice func(severity, message string)
	// Hide removes secrets from texts of the server. May be nil.
	Hide func(string) string
}

// Open connects and logs in. The error is an *[Error], or that of ctx.
func Open(ctx context.Context, t Target, l Listener) (*Session, error) {
	s := &Session{listener: l}
	config, err := t.config(s)
	if err != nil {
		return nil, err
	}
	connecting := ctx
	if t.ConnectTimeout > 0 {
		var stop context.CancelFunc
		connecting, stop = context.WithTimeoutCause(ctx, t.ConnectTimeout,
			fmt.Errorf("no connection within %s (connect_timeout)", t.ConnectTimeout))
		defer stop()
	}
	s.conn, err = pgconn.ConnectConfig(connecting, config)
	switch {
	case err == nil:
		return s, nil
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case connecting.Err() != nil:
		return nil, &Error{Message: context.Cause(connecting).Error(), Lost: true, Err: context.Cause(connecting)}
	}
	return nil, s.failure(err)
}

// config says how to connect. Nothing of the environment or of files in the home
// folder (PGPASSWORD, ~/.pgpass ...) takes part: they are heitan's, not the task's.
// The driver reads them all the same, so it is given a text that leaves none of
// them a meaning, a socket among it, for which it reads no certificates.
func (t Target) config(s *Session) (*pgconn.Config, error) {
	const complete = "host=/ port=5432 user=x password=x dbname=x sslmode=disable sslcertmode=disable connect_timeout=0"
	c, err := pgconn.ParseConfig(complete)
	if err != nil {
		return nil, fmt.Errorf("prepare a connection: %w", err)
	}
	c.Host, c.Port, c.User, c.Password, c.Database = t.Host, t.Port, t.User, t.Password, t.Database
	c.Fallbacks, c.ValidateConnect, c.RequireAuth, c.ConnectTimeout = nil, nil, "", 0
	if t.TLS {
		c.TLSConfig = &tls.Config{ServerName: t.Host, InsecureSkipVerify: true}
	}
	dialer := &net.Dialer{KeepAlive: keepAlive}
	c.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, network, address)
		if err != nil || t.SocketTimeout <= 0 {
			return conn, err
		}
		return &impatientConn{Conn: conn, patience: t.SocketTimeout}, nil
	}
	c.BuildFrontend = func(r io.Reader, w io.Writer) *pgproto3.Frontend {
		return pgproto3.NewFrontend(&copyRefuser{from: r, to: w}, w)
	}
	c.MaxProtocolMessageBodyLen = maxMessage
	c.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: conn, DeadlineDelay: endTimeout}
	}
	c.OnNotice = s.notice
	c.RuntimeParams = t.runtimeParams()
	return c, nil
}

func (t Target) runtimeParams() map[string]string {
	all := map[string]string{
		"application_name": "heitan",
		"client_encoding":  "UTF8",
		"DateStyle":        "ISO",
	}
	if t.Schema != "" {
		all["search_path"] = t.Schema
	}
	maps.Copy(all, t.Parameters)
	return all
}
