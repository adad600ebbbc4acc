package notify_test

import (
	"context"
	"errors"
	"testing"

	"github.com/heitan/heitan/notify"
	"github.com/heitan/heitan/operator"
	operatornotify "github.com/heitan/heitan/operator/notify"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

// sender keeps what it is given.
type sender func(ctx context.Context, n notify.Notification) error

func (s sender) Send(ctx context.Context, n notify.Notification) error { return s(ctx, n) }

func TestNotificationTellsWhatTheTaskIs(t *testing.T) {
	t.Parallel()
	var sent []string
	entry := operatornotify.Operators(sender(func(_ context.Context, n notify.Notification) error {
		sent = append(sent, string(n.JSON()))
		return nil
	}))["notify"]
	req, _ := operatortest.Request(t, params.Of("_command", "it is done"))
	if result, err := entry.Operator.Run(t.Context(), req); err != nil || result.Poll != nil || entry.SelfRetry {
		t.Errorf("%+v, %v, self-retry %v", result, err, entry.SelfRetry)
	}
	want := `{"timestamp":"2026-04-01T12:30:00Z","message":"it is done","site_id":0,"project_id":1,"project_name":"sample",` +
		`"workflow_name":"daily","revision":"r1","attempt_id":3,"session_id":2,"task_name":"+daily+task","timezone":"UTC",` +
		`"session_uuid":"5ca1ab1e-0000-4000-8000-000000000002","session_time":"2026-04-01T00:00:00+00:00","workflow_definition_id":null}`
	if len(sent) != 1 || sent[0] != want {
		t.Errorf("got  %s\nwant %s", sent, want)
	}
}

func TestNotificationThatIsNotSentFailsTheTask(t *testing.T) {
	t.Parallel()
	op := operatornotify.Operators(sender(func(context.Context, notify.Notification) error { return errors.New("no route") }))["notify"].Operator
	req, _ := operatortest.Request(t, params.Of("_command", "x"))
	if _, err := op.Run(t.Context(), req); err == nil || err.Error() != "Sending notification failed: no route (runtime)" {
		t.Errorf("error = %v", err)
	}
	req, _ = operatortest.Request(t, params.Of("_command", nil))
	if _, err := op.Run(t.Context(), req); err == nil || err.Error() != "Parameter '_command' is required but not set (config)" {
		t.Errorf("error = %v", err)
	}
}

func TestKilledTaskReportsTheCause(t *testing.T) {
	t.Parallel()
	ctx, kill := context.WithCancelCause(t.Context())
	op := operatornotify.Operators(sender(func(ctx context.Context, _ notify.Notification) error {
		kill(operator.ErrKilled)
		return ctx.Err()
	}))["notify"].Operator
	req, _ := operatortest.Request(t, params.Of("_command", "x"))
	if _, err := op.Run(ctx, req); !errors.Is(err, operator.ErrKilled) {
		t.Errorf("error = %v", err)
	}
}
