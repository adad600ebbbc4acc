package operator

import (
	"context"
	"io"
	"log/slog"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/params"
)

// Request is one invocation of an operator.
type Request struct {
	Task Task
	// Type is the operator's name as it was written, without ">".
	Type string
	// Params reads the task's evaluated params.
	Params *Params
	// Checkpoint is what the operator saved last, or empty.
	Checkpoint *params.Object
	// Recovering means that an earlier invocation with this checkpoint may have
	// got any distance before heitan was killed.
	Recovering bool
	// Token names what this invocation starts outside. It is the same when an
	// invocation is repeated because of a crash, and new for each retry.
	Token string

	Workspace Workspace
	Secrets   *Secrets
	// Output is the task's log; what a command prints goes there as it is.
	Output io.Writer
	// Log writes heitan's own messages about the task.
	Log *slog.Logger
	// Now is the time.
	Now func() time.Time
	// Environ is heitan's environment, KEY=VALUE.
	Environ []string

	// Render evaluates a template with the task's params. What messages call it
	// is name, such as a file's.
	Render func(ctx context.Context, name, template string) (string, error)
	// SaveCheckpoint makes a checkpoint durable while the operator runs.
	SaveCheckpoint func(ctx context.Context, checkpoint *params.Object) error
}

// Task says which task an invocation is for.
type Task struct {
	Project          string
	ProjectID        heitan.ProjectID
	Revision         string
	Workflow         string
	SessionID        heitan.SessionID
	SessionUUID      string
	SessionTime      time.Time
	AttemptID        heitan.AttemptID
	RetryAttemptName string
	Timezone         *time.Location

	ID       heitan.TaskID
	FullName string
	Pos      params.Pos
	Retries  int // how often the task failed and was tried again
}
