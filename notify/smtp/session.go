package smtp

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"os"

	gomailog "github.com/wneessen/go-mail/log"
	gosmtp "github.com/wneessen/go-mail/smtp"
)

// open greets the server, encrypts the connection and logs in, as far as the
// settings and the server want it.
func (s *Server) open(ctx context.Context, conn *connection, log *slog.Logger) (*gosmtp.Client, error) {
	var transport net.Conn = conn
	if s.TLS {
		secured := tls.Client(conn, s.tlsConfig())
		if err := secured.HandshakeContext(ctx); err != nil {
			return nil, fmt.Errorf("start TLS: %w", err)
		}
		transport = secured
	}
	client, err := gosmtp.NewClient(transport, s.Host)
	if err != nil {
		return nil, fmt.Errorf("greet %s: %w", s.Address(), err)
	}
	if s.Debug {
		client.SetLogger(conversation{log})
		client.SetDebugLog(true)
	}
	if err := client.Hello(localName()); err != nil {
		return nil, fmt.Errorf("greet %s: %w", s.Address(), err)
	}
	if offered, _ := client.Extension("STARTTLS"); offered && s.StartTLS && !s.TLS {
		if err := client.StartTLS(s.tlsConfig()); err != nil {
			return nil, fmt.Errorf("start TLS: %w", err)
		}
	}
	if s.Username == "" {
		return client, nil
	}
	if offered, _ := client.Extension("AUTH"); !offered {
		log.Warn("the SMTP server offers no login, sending without", "host", s.Host)
		return client, nil
	}
	if err := client.Auth(s.login()); err != nil {
		return nil, fmt.Errorf("log in to %s: %w", s.Address(), err)
	}
	return client, nil
}

// localName is how this machine calls itself.
func localName() string {
	name, err := os.Hostname()
	if err != nil || name == "" {
		return "localhost"
	}
	return name
}

// conversation logs what is said on a connection.
type conversation struct{ log *slog.Logger }

func (c conversation) line(l gomailog.Log) {
	from := "server"
	if l.Direction == gomailog.DirClientToServer {
		from = "client"
	}
	c.log.Info("SMTP", "from", from, "line", fmt.Sprintf(l.Format, l.Messages...))
}

func (c conversation) Debugf(l gomailog.Log) { c.line(l) }
func (c conversation) Infof(l gomailog.Log)  { c.line(l) }
func (c conversation) Warnf(l gomailog.Log)  { c.line(l) }
func (c conversation) Errorf(l gomailog.Log) { c.line(l) }
