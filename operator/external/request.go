package external

import (
	"context"
	"time"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

// protocol is the version of the documents. Additions do not change it.
const protocol = 1

// What an executable is asked to do.
const (
	actionRun     = "run"
	actionCleanup = "cleanup"
)

// request is the document that an executable reads.
func request(ctx context.Context, req *operator.Request, action string) (*params.Object, error) {
	command, _ := req.Params.Command()
	secrets, err := readSecrets(ctx, req)
	if err != nil {
		return nil, err
	}
	var deadline params.Value
	if t, ok := ctx.Deadline(); ok {
		deadline = t.UTC().Format(time.RFC3339)
	}
	checkpoint := state(req)
	if checkpoint == nil {
		checkpoint = params.Empty()
	}
	return params.Of(
		"protocol", int64(protocol),
		"action", action,
		"operator", req.Type,
		"command", command,
		"own", req.Params.Own().All(),
		"params", req.Params.All(),
		"secrets", secrets,
		"checkpoint", checkpoint,
		"recovering", req.Recovering,
		"token", req.Token,
		"task", identity(req.Task),
		"workspace", req.Workspace.Root,
		"directory", req.Workspace.Path(),
		"deadline", deadline,
	), nil
}

func identity(t operator.Task) *params.Object {
	return params.Of(
		"name", t.FullName,
		"id", int64(t.ID),
		"retries", int64(t.Retries),
		"project", t.Project,
		"project_id", int64(t.ProjectID),
		"revision", t.Revision,
		"workflow", t.Workflow,
		"session_id", int64(t.SessionID),
		"session_uuid", t.SessionUUID,
		"session_time", t.SessionTime.In(t.Timezone).Format(time.RFC3339),
		"timezone", t.Timezone.String(),
		"attempt_id", int64(t.AttemptID),
		"retry_attempt_name", t.RetryAttemptName,
	)
}

// readSecrets are the secrets that the workflow gives the task: those that its
// `_secrets` names, and no others. So nothing that an executable asks for can
// widen what it gets.
func readSecrets(ctx context.Context, req *operator.Request) (*params.Object, error) {
	mounts, _ := req.Params.All().Object("_secrets")
	var entries []params.Entry
	for _, key := range secretKeys("", mounts) {
		value, err := req.Secrets.Get(ctx, key)
		if err != nil {
			return nil, err
		}
		entries = append(entries, params.Entry{Key: key, Value: value})
	}
	return params.New(entries...), nil
}

// secretKeys are the keys of a `_secrets` map. `{db: {password: x}}` names the
// same key as `{db.password: x}`.
func secretKeys(above string, mounts *params.Object) []string {
	var keys []string
	for key, v := range mounts.All() {
		if inner, ok := v.(*params.Object); ok {
			keys = append(keys, secretKeys(above+key+".", inner)...)
			continue
		}
		if v != nil && v != false {
			keys = append(keys, above+key)
		}
	}
	return keys
}
