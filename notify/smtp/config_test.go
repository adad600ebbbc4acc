package smtp_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/config"
	"github.com/heitan/heitan/notify/smtp"
)

func TestServerIsReadFromSettings(t *testing.T) {
	t.Parallel()
	c, err := config.Parse("test", "m.host = mail.example.com\nm.port = 587\nm.username = u\nm.password = p\n"+
		"m.ssl = true\nm.tls = false\nm.debug = true\nm.connect_timeout = 5\nm.socket_timeout = 1m 30s\nother.host = x")
	if err != nil {
		t.Fatal(err)
	}
	got, err := smtp.FromConfig(c, "m")
	want := &smtp.Server{
		Host: "mail.example.com", Port: 587, TLS: true, Username: "u", Password: "p", Debug: true,
		ConnectTimeout: 5 * time.Second, SocketTimeout: 90 * time.Second,
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	got, err = smtp.FromConfig(config.FromMap("test", map[string]string{"m.host": "h", "m.port": "25"}), "m")
	if diff := cmp.Diff(&smtp.Server{Host: "h", Port: 25, StartTLS: true}, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

func TestWithoutHostThereIsNoServer(t *testing.T) {
	t.Parallel()
	if got, err := smtp.FromConfig(config.FromMap("test", map[string]string{"m.port": "x"}), "m"); got != nil || err != nil {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestEveryInvalidSettingIsReported(t *testing.T) {
	t.Parallel()
	_, err := smtp.FromConfig(config.FromMap("test", map[string]string{
		"m.host": " ", "m.port": "70000", "m.tls": "x", "m.ssl": "x", "m.debug": "x", "m.connect_timeout": "0", "m.socket_timeout": "1x",
	}), "m")
	if err == nil || strings.Count(err.Error(), "\n") != 6 {
		t.Errorf("error = %v, want seven lines", err)
	}
	_, err = smtp.FromConfig(config.FromMap("test", map[string]string{"m.host": "h"}), "m")
	if err == nil || !strings.Contains(err.Error(), "m.port") {
		t.Errorf("error = %v, want one about the missing port", err)
	}
}
