package notify

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/config"
	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/params"
)

// Render evaluates the ${...} of a template. name is what messages call it, and
// scope holds its variables.
type Render func(ctx context.Context, name, template string, scope *params.Object) (string, error)

// Dependencies are what senders need besides settings.
type Dependencies struct {
	Render  Render // for the bodies of mails
	Log     *slog.Logger
	Environ []string // of shell commands, KEY=VALUE
}

// FromConfig makes the sender that the settings notification.* choose. Without
// a type notifications are only logged. What can be checked is checked now,
// templates included; every invalid setting is reported.
func FromConfig(ctx context.Context, c config.Config, d Dependencies) (Sender, error) {
	sender, err := newSender(ctx, c, d)
	if _, ok := sender.(*logSender); ok {
		return sender, err
	}
	retries, retriesErr := number(c, "notification.retries", 10)
	minWait, minWaitErr := milliseconds(c, "notification.min_retry_wait", time.Second)
	maxWait, maxWaitErr := milliseconds(c, "notification.max_retry_wait", 30*time.Second)
	if err := errors.Join(err, retriesErr, minWaitErr, maxWaitErr); err != nil {
		return nil, err
	}
	return &retrySender{next: sender, retries: retries, minWait: minWait, maxWait: maxWait, log: d.Log}, nil
}

func newSender(ctx context.Context, c config.Config, d Dependencies) (Sender, error) {
	switch kind := c.String("notification.type", "none"); kind {
	case "none", "":
		return &logSender{log: d.Log}, nil
	case "http":
		return newHTTPSender(c)
	case "mail":
		return newMailSender(ctx, c, d)
	case "shell":
		return newShellSender(c, d)
	default:
		return nil, &heitan.Error{
			Kind: heitan.Invalid,
			Err:  c.Invalid("notification.type", "http, mail, shell or none"),
			Hint: diag.DidYouMean(kind, []string{"http", "mail", "shell", "none"}),
		}
	}
}

// required is a setting that must not be empty.
func required(c config.Config, key, expected string) (string, error) {
	text := c.String(key, "")
	if text == "" {
		return "", c.Invalid(key, expected)
	}
	return text, nil
}

func number(c config.Config, key string, otherwise int64) (int64, error) {
	n, err := c.Int(key, otherwise)
	if err == nil && (n < 0 || n > math.MaxInt32) {
		err = c.Invalid(key, "a number that is not negative")
	}
	return n, err
}

func milliseconds(c config.Config, key string, otherwise time.Duration) (time.Duration, error) {
	n, err := number(c, key, otherwise.Milliseconds())
	return time.Duration(n) * time.Millisecond, err
}

// logSender only logs. The payload is long, and few want it in a log that people read.
type logSender struct{ log *slog.Logger }

func (s *logSender) Send(_ context.Context, n Notification) error {
	s.log.Info("notification", "message", n.Message)
	s.log.Debug("notification", "payload", string(n.JSON()))
	return nil
}
