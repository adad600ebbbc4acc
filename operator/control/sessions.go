package control

import (
	"context"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/params"
)

// Sessions starts attempts for require> and tells how they are. Its methods may
// be called from any number of goroutines. Errors that require> decides on are
// *[heitan.Error]: NotFound, and Unavailable if asking again later may succeed,
// for example because too many attempts run now.
type Sessions interface {
	// Start starts an attempt of a workflow in its project's latest revision. If
	// the session has an attempt of that name already, that is the answer; with
	// no name in the request it is the session's latest attempt. NotFound means
	// that there is no such project or workflow.
	Start(ctx context.Context, req StartRequest) (Started, error)
	// Attempt is the state of an attempt. NotFound.
	Attempt(ctx context.Context, id heitan.AttemptID) (heitan.AttemptFlags, error)
}

// StartRequest says which attempt to start.
type StartRequest struct {
	Project     heitan.ProjectID // 0 if ProjectName says which
	ProjectName string
	Workflow    string
	SessionTime time.Time      // whole seconds
	AttemptName string         // "" for the session's first attempt
	Params      *params.Object // the attempt's
	// Token names this start. It is the same if the start is repeated because
	// heitan was killed before the answer was durable, and otherwise never.
	Token string
}

// Started is the attempt that a start led to.
type Started struct {
	Session heitan.SessionID
	Attempt heitan.AttemptID
	Flags   heitan.AttemptFlags
	// New means that the attempt was made by this start, or by an earlier one with
	// the same token, and not by anybody else.
	New bool
}
