// Package notify tells people about what happened: failed attempts, missed
// SLAs, and whatever notify> says. The server's settings choose one way to send
// notifications: an HTTP request, a mail, or a shell command.
//
// The package knows nothing of operators, attempts or the store; whoever has
// something to tell fills in a [Notification].
package notify

import (
	"context"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/params"
)

// Sender sends notifications. Send returns when the notification was taken, or
// when it has given up, or when ctx ends, then with ctx's cause.
type Sender interface {
	Send(ctx context.Context, n Notification) error
}

// Notification is a message and what it is about. Zero fields are unknown.
type Notification struct {
	Timestamp time.Time
	Message   string

	ProjectID    heitan.ProjectID
	Project      string
	Workflow     string
	Revision     string
	RevisionID   heitan.RevisionID
	AttemptID    heitan.AttemptID
	SessionID    heitan.SessionID
	SessionUUID  string
	SessionTime  time.Time
	Timezone     *time.Location
	TaskFullName string
}

// siteID is the only site there is, as on every Digdag server that people run
// themselves.
const siteID int64 = 0

// Params is the payload of the notification, with Digdag's keys in Digdag's
// order; what is unknown is null.
func (n Notification) Params() *params.Object {
	return params.Of(
		"timestamp", n.Timestamp.UTC().Format("2006-01-02T15:04:05Z"),
		"message", n.Message,
		"site_id", siteID,
		"project_id", known(int64(n.ProjectID)),
		"project_name", known(n.Project),
		"workflow_name", known(n.Workflow),
		"revision", known(n.Revision),
		"attempt_id", known(int64(n.AttemptID)),
		"session_id", known(int64(n.SessionID)),
		"task_name", known(n.TaskFullName),
		"timezone", n.timezone(),
		"session_uuid", known(n.SessionUUID),
		"session_time", n.sessionTime(),
		"workflow_definition_id", known(int64(n.RevisionID)),
	)
}

// JSON is the payload as compact JSON.
func (n Notification) JSON() []byte { return params.AppendJSON(nil, n.Params()) }

func (n Notification) timezone() params.Value {
	if n.Timezone == nil {
		return nil
	}
	return n.Timezone.String()
}

func (n Notification) sessionTime() params.Value {
	if n.SessionTime.IsZero() {
		return nil
	}
	t := n.SessionTime.UTC()
	if n.Timezone != nil {
		t = t.In(n.Timezone)
	}
	return t.Format("2006-01-02T15:04:05-07:00")
}

// known is v, or null if v is zero.
func known[T comparable](v T) params.Value {
	var zero T
	if v == zero {
		return nil
	}
	return v
}
