package command

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/runner"
)

func (x *execution) start(ctx context.Context, plan Plan) error {
	var err error
	if x.scratch, err = newScratch(x.req, x.place, plan.Files); err != nil {
		return err
	}
	dir := x.req.Workspace.Path()
	starting, done := lingering(ctx)
	defer done()
	x.run, err = x.runners[x.place.Runner].Start(starting, runner.Spec{
		Token:      x.req.Token,
		Recovering: x.req.Recovering || x.lost,
		Command:    plan.Command(x.scratch.seenFrom(dir)),
		Workspace:  x.req.Workspace.Root,
		Dir:        dir,
		Env:        plan.Env,
		InheritEnv: !x.place.Contained(),
		CPU:        x.place.CPU,
		Memory:     x.place.Memory,
		Container:  x.place.Container,
		Labels:     labels(x.req.Task),
	}, x.req.Output)
	switch {
	case err == nil:
		return nil
	case errors.Is(context.Cause(ctx), operator.ErrHandover):
		return context.Cause(ctx) // the start may have happened, and then needs its files
	case ctx.Err() != nil:
		x.removeScratch()
		return context.Cause(ctx)
	}
	x.removeScratch()
	return x.startFailure(err, plan)
}

// lingering is a context that ends startMargin after ctx. A start that is nearly
// done gets to its end, so that what was started can be stopped; a long one, which
// fetches an image for example, is given up.
func lingering(ctx context.Context) (longer context.Context, done context.CancelFunc) {
	longer, end := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		time.AfterFunc(startMargin, func() { end(context.Cause(ctx)) })
	})
	return longer, func() {
		stop()
		end(nil)
	}
}

func labels(t operator.Task) map[string]string {
	return map[string]string{
		"heitan.project":    t.Project,
		"heitan.workflow":   t.Workflow,
		"heitan.session_id": t.SessionID.String(),
		"heitan.attempt_id": t.AttemptID.String(),
		"heitan.task":       t.FullName,
	}
}

// startFailure explains why the command was not started.
func (x *execution) startFailure(err error, plan Plan) error {
	spec, ok := errors.AsType[*runner.SpecError](err)
	if !ok {
		return operator.Runtimef("start the command: %w", err)
	}
	hints := []string{spec.Hint}
	if program := plan.Command("")[0]; strings.Contains(spec.Reason, program) {
		hints = []string{plan.Missing, spec.Hint}
	}
	hints = slices.DeleteFunc(hints, func(hint string) bool { return hint == "" })
	return operator.Configf("%w", spec).WithHint(strings.Join(hints, "; ")).At(x.pos(spec.Field))
}

// pos is where a setting was written that a runner complains about by the name
// users know it by.
func (x *execution) pos(field string) params.Pos {
	key, inner, nested := strings.Cut(field, ".")
	if !nested {
		return x.req.Params.Pos(key)
	}
	object, _ := x.req.Params.All().Object(key)
	return object.Pos(inner)
}
