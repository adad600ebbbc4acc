// Package notify holds notify>, the operator that sends a notification.
package notify

import (
	"context"

	"github.com/heitan/heitan/notify"
	"github.com/heitan/heitan/operator"
)

// Operators is notify>, by name. As in Digdag, `_retry` does not repeat it: the
// sender has retries of its own.
func Operators(sender notify.Sender) map[string]operator.Entry {
	return map[string]operator.Entry{"notify": {Operator: &notifier{sender: sender}}}
}

type notifier struct{ sender notify.Sender }

// Run sends the command's text.
func (o *notifier) Run(ctx context.Context, req *operator.Request) (operator.Result, error) {
	message := req.Params.CommandText()
	if err := req.Params.Err(); err != nil {
		return operator.Result{}, err
	}
	err := o.sender.Send(ctx, notify.Notification{
		Timestamp:    req.Now(),
		Message:      message,
		ProjectID:    req.Task.ProjectID,
		Project:      req.Task.Project,
		Workflow:     req.Task.Workflow,
		Revision:     req.Task.Revision,
		AttemptID:    req.Task.AttemptID,
		SessionID:    req.Task.SessionID,
		SessionUUID:  req.Task.SessionUUID,
		SessionTime:  req.Task.SessionTime,
		Timezone:     req.Task.Timezone,
		TaskFullName: req.Task.FullName,
	})
	switch {
	case err == nil:
		return operator.Result{}, nil
	case ctx.Err() != nil:
		return operator.Result{}, context.Cause(ctx)
	}
	return operator.Result{}, operator.Runtimef("Sending notification failed: %w", err)
}
