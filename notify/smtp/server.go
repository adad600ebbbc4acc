// Package smtp hands mails to an SMTP server. It is the one place where heitan
// sends mails: mail> and the notifications share it.
//
// It makes one connection for one mail, never retries, and reads no settings
// but those it is given.
package smtp

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Digdag's time-outs for mail>.
const (
	DefaultConnectTimeout = 60 * time.Second
	DefaultSocketTimeout  = 180 * time.Second
)

// Server is an SMTP server and how to talk to it.
type Server struct {
	Host string
	Port int
	// StartTLS encrypts the connection if the server offers it. Without
	// encryption the password is then not sent, except to this machine.
	StartTLS bool
	// TLS encrypts the connection from its beginning.
	TLS      bool
	Username string // "" is no login
	Password string

	ConnectTimeout time.Duration // for one address; 0 is DefaultConnectTimeout
	SocketTimeout  time.Duration // for one read or write; 0 is DefaultSocketTimeout

	Debug   bool           // the conversation is logged, without credentials
	RootCAs *x509.CertPool // nil is the system's
}

// Address is host:port.
func (s *Server) Address() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// Send hands a mail to the server, to all of its recipients or to none. An
// invalid mail is a [*MessageError]; when ctx ends, the error is ctx's cause.
// Warnings, and the conversation if Debug is set, are written to log.
func (s *Server) Send(ctx context.Context, m *Message, log *slog.Logger) error {
	composed, err := m.compose()
	if err != nil {
		return err
	}
	conn, err := s.connect(ctx)
	if err != nil {
		return causeOr(ctx, err)
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if err := s.deliver(ctx, conn, composed, log); err != nil && !composed.IsDelivered() {
		return causeOr(ctx, err)
	}
	return nil
}

// deliver talks to the server at the other end of conn.
func (s *Server) deliver(ctx context.Context, conn *connection, m *gomail.Msg, log *slog.Logger) error {
	client, err := s.open(ctx, conn, log)
	if err != nil {
		return err
	}
	// The connection is used once, so neither its state before nor after the
	// mail needs a round trip.
	sender, err := gomail.NewClient(s.Host, gomail.WithoutNoop(), gomail.WithoutRset())
	if err != nil {
		return fmt.Errorf("prepare to send: %w", err)
	}
	if err := sender.SendWithSMTPClient(client, m); err != nil {
		return explain(err, conn.failure)
	}
	return client.Quit()
}

// explain is the error of a mail that was not taken. If the connection failed,
// the library tells of everything it tried afterwards too, so that is left out.
func explain(err, failure error) error {
	if refused, ok := errors.AsType[*gomail.SendError](err); ok && failure != nil {
		return fmt.Errorf("%s: %w", refused.Reason, failure)
	}
	return err
}

// causeOr is why ctx ended, if it did, else err.
func causeOr(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
