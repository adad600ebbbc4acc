package mail

import (
	"context"
	"strconv"
	"strings"

	"github.com/heitan/heitan/config"
	"github.com/heitan/heitan/notify/smtp"
	"github.com/heitan/heitan/operator"
)

// Settings are the server's part of mails. Tasks cannot see them.
type Settings struct {
	SMTP    *smtp.Server // for tasks that name none; may be nil
	From    string       // the sender of mails that name none; may be empty
	Subject string       // the subject of mails that have none; may be empty
}

// SettingsFrom reads the settings config.mail.*.
func SettingsFrom(c config.Config) (Settings, error) {
	server, err := smtp.FromConfig(c, "config.mail")
	return Settings{SMTP: server, From: c.String("config.mail.from", ""), Subject: c.String("config.mail.subject", "")}, err
}

// server is the SMTP server of the task, if it names one, else the one of the
// settings. The two are never mixed: the settings' password must not reach a
// host that the task chose.
func (o *mailer) server(ctx context.Context, req *operator.Request, p *operator.Params) (*smtp.Server, error) {
	r := serverReader{ctx: ctx, params: p, secrets: req.Secrets}
	host := r.text("host")
	switch {
	case r.err != nil || host != "":
	case o.settings.SMTP != nil:
		return o.settings.SMTP, nil
	default:
		return nil, &operator.Failure{
			Message: "Missing SMTP configuration",
			Hint:    "set mail.host and mail.port as params or secrets, or config.mail.host and config.mail.port in the server's settings",
		}
	}
	if _, ok := p.Get("password"); ok {
		req.Log.Warn("Unsecure 'password' parameter is deprecated. It is ignored; set the secret mail.password instead")
	}
	return &smtp.Server{
		Host:           host,
		Port:           r.port(),
		Username:       r.text("username"),
		Password:       r.secret("password"),
		StartTLS:       r.bool("tls", true),
		TLS:            r.bool("ssl", false),
		Debug:          p.BoolOr("debug", false),
		ConnectTimeout: p.DurationOr("connect_timeout", smtp.DefaultConnectTimeout),
		SocketTimeout:  p.DurationOr("socket_timeout", smtp.DefaultSocketTimeout),
	}, r.err
}

// serverReader reads settings that are secrets, or else params.
type serverReader struct {
	ctx     context.Context
	params  *operator.Params
	secrets *operator.Secrets
	err     error // the first failure to read a secret
}

func (r *serverReader) secret(key string) string {
	value, _, err := r.secrets.Lookup(r.ctx, "mail."+key)
	if err != nil && r.err == nil {
		r.err = err
	}
	return value
}

func (r *serverReader) text(key string) string {
	param := r.params.StringOr(key, "")
	if value := r.secret(key); value != "" {
		return value
	}
	return param
}

func (r *serverReader) bool(key string, otherwise bool) bool {
	param := r.params.BoolOr(key, otherwise)
	if value := r.secret(key); value != "" {
		return strings.EqualFold(strings.TrimSpace(value), "true")
	}
	return param
}

func (r *serverReader) port() int {
	text := r.text("port")
	if text == "" {
		r.params.Fail("port", "Parameter 'port' is required but not set")
		return 0
	}
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 16)
	if err != nil || n == 0 {
		r.params.Fail("port", "Expected a port number for key 'port' but got %s", text)
	}
	return int(n)
}
