package notify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/heitan/heitan/config"
	"github.com/heitan/heitan/notify/smtp"
)

// defaultBody is Digdag's.
const defaultBody = `Digdag Notification

Message: ${message}
Date: ${timestamp}

Site Id: ${site_id}
Project Name: ${project_name}
Project Id: ${project_id}
Workflow Name: ${workflow_name}
Revision: ${revision}
Attempt Id: ${attempt_id}
Session Id: ${session_id}
Task Name: ${task_name}
Time Zone: ${timezone}
Session Uuid: ${session_uuid}
Session Time: ${session_time}`

// maxBodyTemplate bounds the file of a body in bytes.
const maxBodyTemplate = 1 << 20

// mailSender sends a mail whose body is a template over the payload.
type mailSender struct {
	server       *smtp.Server
	message      smtp.Message // without body
	template     string
	templateName string
	render       Render
	log          *slog.Logger
}

func newMailSender(ctx context.Context, c config.Config, d Dependencies) (*mailSender, error) {
	server, serverErr := smtp.FromConfig(c, "notification.mail")
	if server == nil {
		serverErr = c.Invalid("notification.mail.host", "the name of an SMTP server")
	} else {
		// Digdag's time-outs for notifications are shorter than those of mail>.
		server.ConnectTimeout, server.SocketTimeout = 10*time.Second, time.Minute
	}
	from, fromErr := required(c, "notification.mail.from", "an address")
	to, toErr := required(c, "notification.mail.to", "addresses")
	html, htmlErr := c.Bool("notification.mail.html", false)
	s := &mailSender{server: server, render: d.Render, log: d.Log, template: defaultBody, templateName: "notification mail"}
	s.message = smtp.Message{
		From: from, To: []string{to},
		Cc:      []string{c.String("notification.mail.cc", "")},
		Bcc:     []string{c.String("notification.mail.bcc", "")},
		Subject: c.String("notification.mail.subject", "Digdag Notification"),
		HTML:    html,
	}
	var templateErr error
	if name, ok := c.Lookup("notification.mail.body_template_file"); ok {
		s.templateName = name
		s.template, templateErr = readBodyTemplate(name)
	}
	if err := errors.Join(serverErr, fromErr, toErr, htmlErr, templateErr); err != nil {
		return nil, err
	}
	return s, s.check(ctx)
}

func readBodyTemplate(name string) (string, error) {
	file, err := os.Open(name)
	if err != nil {
		return "", fmt.Errorf("setting notification.mail.body_template_file: %w", err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxBodyTemplate+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("setting notification.mail.body_template_file: %w", err)
	case len(text) > maxBodyTemplate:
		return "", fmt.Errorf("setting notification.mail.body_template_file: %s is larger than %d KiB", name, maxBodyTemplate>>10)
	}
	return string(text), nil
}

// check finds out whether a mail could be made, before there is something to tell.
func (s *mailSender) check(ctx context.Context) error {
	m, err := s.compose(ctx, Notification{Timestamp: time.Unix(0, 0), Message: "message"})
	if err != nil {
		return fmt.Errorf("settings notification.mail: %w", err)
	}
	if err := m.Check(); err != nil {
		return fmt.Errorf("settings notification.mail: %w", err)
	}
	return nil
}

func (s *mailSender) compose(ctx context.Context, n Notification) (*smtp.Message, error) {
	body, err := s.render(ctx, s.templateName, s.template, n.Params())
	if err != nil {
		return nil, fmt.Errorf("make the body of the mail: %w", err)
	}
	m := s.message
	m.Body, m.Date = body, n.Timestamp
	return &m, nil
}

func (s *mailSender) Send(ctx context.Context, n Notification) error {
	m, err := s.compose(ctx, n)
	if err != nil {
		return err
	}
	return s.server.Send(ctx, m, s.log)
}
