package smtp

import (
	"testing"

	gosmtp "github.com/wneessen/go-mail/smtp"
)

func TestPasswordIsSentOnlyWhereNobodyElseCanReadIt(t *testing.T) {
	t.Parallel()
	everything := []string{"PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"}
	for _, tt := range []struct {
		server    Server
		encrypted bool
		offers    []string
		want      string // mechanism, or "" for none
	}{
		{Server{Host: "mail.example.com", StartTLS: true}, true, everything, "PLAIN"},
		{Server{Host: "mail.example.com", StartTLS: true}, false, everything, "SCRAM-SHA-256"},
		{Server{Host: "mail.example.com", StartTLS: true}, false, []string{"SCRAM-SHA-1", "LOGIN"}, "SCRAM-SHA-1"},
		{Server{Host: "mail.example.com", StartTLS: true}, false, []string{"CRAM-MD5", "PLAIN"}, "CRAM-MD5"},
		{Server{Host: "mail.example.com", StartTLS: true}, false, []string{"PLAIN", "LOGIN"}, ""},
		{Server{Host: "mail.example.com"}, false, []string{"PLAIN", "LOGIN"}, "PLAIN"},
		{Server{Host: "mail.example.com"}, false, []string{"LOGIN"}, "LOGIN"},
		{Server{Host: "mail.example.com", TLS: true}, true, []string{"LOGIN"}, "LOGIN"},
		{Server{Host: "localhost", StartTLS: true}, false, []string{"LOGIN"}, "LOGIN"},
		{Server{Host: "127.0.0.1", StartTLS: true}, false, []string{"PLAIN"}, "PLAIN"},
		{Server{Host: "::1", StartTLS: true}, false, []string{"PLAIN"}, "PLAIN"},
		{Server{Host: "localhost.example.com", StartTLS: true}, false, []string{"PLAIN"}, ""},
		{Server{Host: "mail.example.com", StartTLS: true}, true, []string{"GSSAPI"}, ""},
	} {
		tt.server.Username, tt.server.Password = "anne", "s3cret"
		got, _, err := tt.server.login().Start(&gosmtp.ServerInfo{Name: tt.server.Host, TLS: tt.encrypted, Auth: tt.offers})
		if got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("%+v, encrypted %v, offers %v: got %q, %v", tt.server, tt.encrypted, tt.offers, got, err)
		}
	}
}
