// Package smtptest starts real SMTP servers for tests.
package smtptest

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"
)

// Options say what a server offers.
type Options struct {
	StartTLS bool // offered, not demanded
	TLS      bool // from the beginning

	// Username and Password are demanded if Username is not empty, by one of
	// Mechanisms [PLAIN].
	Username, Password string
	Mechanisms         []string

	// Refuse are recipients that are refused.
	Refuse []string
}

// Mail is a mail as it arrived.
type Mail struct {
	From string
	To   []string // all recipients, of Bcc too
	Data string
	TLS  bool // it came over an encrypted connection
	User string
}

// Parse reads the mail's header and body.
func (m Mail) Parse(t testing.TB) *mail.Message {
	t.Helper()
	parsed, err := mail.ReadMessage(strings.NewReader(m.Data))
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// Server is a running SMTP server on 127.0.0.1.
type Server struct {
	Port    int
	RootCAs *x509.CertPool // trusts the server

	options Options
	mu      sync.Mutex
	mails   []Mail
}

// Start starts a server that runs until the test ends.
func Start(t testing.TB, options Options) *Server {
	t.Helper()
	s := &Server{options: options}
	server := gosmtp.NewServer(gosmtp.BackendFunc(func(c *gosmtp.Conn) (gosmtp.Session, error) {
		return &session{server: s, conn: c}, nil
	}))
	server.Domain = "localhost"
	server.AllowInsecureAuth = true
	server.ErrorLog = log.New(io.Discard, "", 0)
	var config *tls.Config
	config, s.RootCAs = certificate(t)
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.Port = listener.Addr().(*net.TCPAddr).Port
	if options.StartTLS {
		server.TLSConfig = config
	}
	if options.TLS {
		listener = tls.NewListener(listener, config)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		_ = server.Close()
		_ = listener.Close() // the server does not know it yet if it has just started
		if err := <-served; err != nil && !errors.Is(err, gosmtp.ErrServerClosed) {
			t.Error(err)
		}
	})
	return s
}

// Mails are those that arrived, in order.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// certificate is one for 127.0.0.1 and example.com that only the pool trusts.
func certificate(t testing.TB) (*tls.Config, *x509.CertPool) {
	t.Helper()
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	return &tls.Config{Certificates: server.TLS.Certificates}, pool
}

// session is one connection.
type session struct {
	server *Server
	conn   *gosmtp.Conn
	mail   Mail
}

func (s *session) AuthMechanisms() []string {
	if s.server.options.Username == "" {
		return nil
	}
	if s.server.options.Mechanisms != nil {
		return s.server.options.Mechanisms
	}
	return []string{sasl.Plain}
}

func (s *session) Auth(mechanism string) (sasl.Server, error) {
	check := func(username, password string) error {
		if username != s.server.options.Username || password != s.server.options.Password {
			return gosmtp.ErrAuthFailed
		}
		s.mail.User = username
		return nil
	}
	switch mechanism {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, username, password string) error { return check(username, password) }), nil
	case sasl.Login:
		return &loginServer{check: check}, nil
	}
	return nil, gosmtp.ErrAuthUnknownMechanism
}

func (s *session) Mail(from string, _ *gosmtp.MailOptions) error {
	if s.server.options.Username != "" && s.mail.User == "" {
		return gosmtp.ErrAuthRequired
	}
	s.mail.From = from
	return nil
}

func (s *session) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	if slices.Contains(s.server.options.Refuse, to) {
		return &gosmtp.SMTPError{Code: 550, EnhancedCode: gosmtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	}
	s.mail.To = append(s.mail.To, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mail.Data = string(data)
	_, s.mail.TLS = s.conn.TLSConnectionState()
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.mails = append(s.server.mails, s.mail)
	return nil
}

func (s *session) Reset() {
	s.mail.From, s.mail.To, s.mail.Data = "", nil, ""
}

func (s *session) Logout() error { return nil }

// loginServer is the server's side of the mechanism LOGIN.
type loginServer struct {
	check    func(username, password string) error
	step     int
	username string
}

func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	l.step++
	switch l.step {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		l.username = string(response)
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(l.username, string(response))
}
