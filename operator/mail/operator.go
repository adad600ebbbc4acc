// Package mail holds mail>, the operator that sends a mail.
package mail

import (
	"context"
	"errors"
	"path"

	"github.com/heitan/heitan/notify/smtp"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

// Operators is mail>, by name.
func Operators(s Settings) map[string]operator.Entry {
	return map[string]operator.Entry{"mail": {Operator: &mailer{settings: s}, SelfRetry: true}}
}

type mailer struct{ settings Settings }

// Run sends the mail, to all of its recipients or to none.
func (o *mailer) Run(ctx context.Context, req *operator.Request) (operator.Result, error) {
	p := req.Params.WithDefaults("mail")
	message, err := o.message(ctx, req, p)
	if err != nil {
		return operator.Result{}, err
	}
	server, err := o.server(ctx, req, p)
	if err != nil {
		return operator.Result{}, err
	}
	if err := p.Err(); err != nil {
		return operator.Result{}, err
	}
	err = server.Send(ctx, message, req.Log)
	switch _, isInvalid := errors.AsType[*smtp.MessageError](err); {
	case err == nil:
		return operator.Result{}, nil
	case ctx.Err() != nil:
		return operator.Result{}, context.Cause(ctx)
	case isInvalid:
		return operator.Result{}, operator.Configf("%w", err)
	}
	return operator.Result{}, operator.Runtimef("Sending mail failed: %w", err)
}

// message reads the mail. Its ID is the invocation's, so that receivers can drop
// one that is sent again because of a crash.
func (o *mailer) message(ctx context.Context, req *operator.Request, p *operator.Params) (*smtp.Message, error) {
	body, err := readBody(ctx, req, p)
	if err != nil {
		return nil, err
	}
	attachments, err := readAttachments(req, p)
	if err != nil {
		return nil, err
	}
	return &smtp.Message{
		From:    stringOr(p, "from", o.settings.From),
		To:      requiredStrings(p, "to"),
		Cc:      p.Strings("cc"),
		Bcc:     p.Strings("bcc"),
		Subject: stringOr(p, "subject", o.settings.Subject),
		Body:    body, HTML: p.BoolOr("html", false),
		Attachments: attachments,
		Date:        req.Now(), ID: req.Token,
	}, nil
}

// readBody is the template that the command names, else the text of `body`.
func readBody(ctx context.Context, req *operator.Request, p *operator.Params) (string, error) {
	if command, ok := p.Command(); ok {
		return req.Template(ctx, command)
	}
	body := p.String("body")
	return body, p.Err()
}

// stringOr is a text, which is required unless the server has a default.
func stringOr(p *operator.Params, key, otherwise string) string {
	if otherwise == "" {
		return p.String(key)
	}
	return p.StringOr(key, otherwise)
}

func requiredStrings(p *operator.Params, key string) []string {
	if _, ok := p.Get(key); !ok {
		return []string{p.String(key)}
	}
	return p.Strings(key)
}

// readAttachments reads the list `attach_files` of {path, content_type, filename}.
func readAttachments(req *operator.Request, p *operator.Params) ([]smtp.Attachment, error) {
	var attachments []smtp.Attachment
	for _, entry := range p.ListOr("attach_files", nil) {
		object, ok := operator.AsObject(entry)
		if !ok {
			return nil, operator.Configf("Expected object type for each of 'attach_files' but got %s", params.JSON(entry)).At(p.Pos("attach_files"))
		}
		a := operator.NewParams(object, object)
		name := a.String("path")
		attachment := smtp.Attachment{
			Label:       name,
			Name:        a.StringOr("filename", path.Base(name)),
			ContentType: a.StringOr("content_type", "application/octet-stream"),
		}
		if err := a.Err(); err != nil {
			return nil, err
		}
		var err error
		if attachment.Path, err = req.Workspace.Resolve(name); err != nil {
			return nil, err
		}
		attachments = append(attachments, attachment)
	}
	return attachments, nil
}
