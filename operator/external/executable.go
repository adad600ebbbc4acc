package external

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/shell/command"
	"github.com/heitan/heitan/params"
)

// stateKey is the key of heitan's checkpoint under which the operator's own stands.
const stateKey = "checkpoint"

// cleanupTime is how long an operator may take to clean up.
const cleanupTime = time.Minute

// Files in the scratch folder.
const (
	requestFile = "request.json"
	resultFile  = "result.json"
)

// executable is an operator that is a file.
type executable struct {
	path    string // absolute
	runners command.Runners
}

// Run implements [operator.Operator].
func (e *executable) Run(ctx context.Context, req *operator.Request) (operator.Result, error) {
	ended, err := e.call(ctx, req, actionRun)
	if err != nil {
		if errors.Is(err, operator.ErrKilled) || errors.Is(err, operator.ErrTimeout) {
			e.abandon(ctx, req)
		}
		return ended.Result(operator.Result{}), err
	}
	result, err := e.answer(ended, req.Type)
	if err == nil && result.Poll != nil {
		// The next call has the same token, so nothing of this one may be left.
		ended.Release(context.WithoutCancel(ctx))
		result.Usage = ended.Outcome.Usage
		return result, nil
	}
	return ended.Result(result), err
}

// Cleanup implements [operator.Cleaner].
func (e *executable) Cleanup(ctx context.Context, req *operator.Request) error {
	place, err := e.place(req)
	if err != nil {
		return err
	}
	if err := e.runners.Cleanup(ctx, req, place); err != nil {
		return err
	}
	if state(req).Len() == 0 {
		return nil
	}
	// The token stays the same, so that a start ends what an earlier heitan may have
	// left of the operator.
	after := *req
	after.Checkpoint = req.Checkpoint.Without(operator.RunKey)
	after.SaveCheckpoint = func(context.Context, *params.Object) error { return nil } // the task is over
	ended, err := e.call(ctx, &after, actionCleanup)
	if err != nil {
		return err
	}
	ended.Release(ctx)
	if f := ended.Failure("Cleanup of operator " + req.Type); f != nil {
		return f
	}
	return nil
}

// abandon cleans up after a task that was killed or timed out while the operator
// ran. What it had started outside stands in its checkpoint.
func (e *executable) abandon(ctx context.Context, req *operator.Request) {
	ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), cleanupTime, operator.ErrTimeout)
	defer cancel()
	after := *req
	after.Checkpoint = req.Checkpoint.Without(operator.RunKey)
	if err := e.Cleanup(ctx, &after); err != nil {
		req.Log.Error("the operator could not clean up", "error", err)
	}
}

// call runs the executable once.
func (e *executable) call(ctx context.Context, req *operator.Request, action string) (*command.Ended, error) {
	place, err := e.place(req)
	if err != nil {
		return nil, err
	}
	return e.runners.Run(ctx, req, place, func(ctx context.Context) (command.Plan, error) {
		if !command.IsExecutable(e.path) {
			return command.Plan{}, operator.Configf("The operator %s is not executable: %s", req.Type, e.path).
				WithHint("make it executable with: chmod +x " + e.path)
		}
		env, err := command.Variables(ctx, req)
		if err != nil {
			return command.Plan{}, err
		}
		document, err := request(ctx, req, action)
		if err != nil {
			return command.Plan{}, err
		}
		return command.Plan{
			Files: []command.File{{Name: requestFile, Data: params.AppendJSON(nil, document)}},
			Command: func(scratch string) []string {
				// Runners merge the two outputs of a command, so the result goes to a file.
				return []string{
					"/bin/sh", "-c", `exec "$1" <"$2" >"$3"`, "sh", e.path,
					filepath.Join(scratch, requestFile), filepath.Join(scratch, resultFile),
				}
			},
			Env: env,
		}, nil
	})
}

func (e *executable) place(req *operator.Request) (command.Place, error) {
	for key := range req.Params.Own().All().All() {
		req.Params.Get(key) // operators see every param, so none of them is unused
	}
	limits, err := command.ReadLimits(req)
	return command.Place{Runner: command.Process, Limits: limits}, err
}

// state is the checkpoint that the operator gave itself.
func state(req *operator.Request) *params.Object {
	own, _ := req.Checkpoint.Object(stateKey)
	return own
}
