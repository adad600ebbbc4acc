package smtp

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	gosmtp "github.com/wneessen/go-mail/smtp"
)

// errNotEncrypted is why a password is not sent.
var errNotEncrypted = errors.New("the connection is not encrypted, so the password is not sent (`tls: false` sends it nevertheless)")

// login picks the way to log in when it is known what the server offers.
type login struct {
	username, password string
	// unencrypted says that the password may be sent in the clear.
	unencrypted bool

	gosmtp.Auth // the way that was picked
}

func (s *Server) login() *login {
	ip := net.ParseIP(s.Host)
	isLocal := s.Host == "localhost" || ip != nil && ip.IsLoopback()
	return &login{
		username: s.Username, password: s.Password,
		unencrypted: isLocal || !s.StartTLS && !s.TLS,
	}
}

// Start picks the first mechanism that both sides know. Those that send the
// password itself come first, because they work with every kind of account, but
// only where nobody else can read it.
func (l *login) Start(server *gosmtp.ServerInfo) (string, []byte, error) {
	readable := !server.TLS && !l.unencrypted
	for _, mechanism := range []struct {
		name          string
		showsPassword bool
		auth          func() gosmtp.Auth
	}{
		{"PLAIN", true, func() gosmtp.Auth { return gosmtp.PlainAuth("", l.username, l.password, server.Name, true) }},
		{"LOGIN", true, func() gosmtp.Auth { return gosmtp.LoginAuth(l.username, l.password, server.Name, true) }},
		{"SCRAM-SHA-256", false, func() gosmtp.Auth { return gosmtp.ScramSHA256Auth(l.username, l.password) }},
		{"SCRAM-SHA-1", false, func() gosmtp.Auth { return gosmtp.ScramSHA1Auth(l.username, l.password) }},
		{"CRAM-MD5", false, func() gosmtp.Auth { return gosmtp.CRAMMD5Auth(l.username, l.password) }},
	} {
		if slices.Contains(server.Auth, mechanism.name) && (!mechanism.showsPassword || !readable) {
			l.Auth = mechanism.auth()
			return l.Auth.Start(server)
		}
	}
	if readable {
		return "", nil, errNotEncrypted
	}
	return "", nil, fmt.Errorf("none of the server's mechanisms is known: %s", strings.Join(server.Auth, " "))
}
