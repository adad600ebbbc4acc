package control

import (
	"context"
	"fmt"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

// These bound the time between two looks at the required attempt, which doubles.
// Digdag begins with a second.
const (
	minPollAfter = 50 * time.Millisecond
	maxPollAfter = 10 * time.Second
)

// require succeeds once another workflow's session has succeeded, and starts that
// session if nobody has.
//
// Unlike Digdag's, it can be retried: each try looks for the session's attempt
// anew.
type require struct{ sessions Sessions }

// Run looks at the attempt that the checkpoint names, or finds or starts it.
func (r *require) Run(ctx context.Context, req *operator.Request) (operator.Result, error) {
	if ctx.Err() != nil { // the timeout passed between two looks
		return operator.Result{}, context.Cause(ctx)
	}
	wanted, err := readRequirement(req)
	if err != nil {
		return operator.Result{}, err
	}
	w := &watch{sessions: r.sessions, req: req, wanted: wanted, target: readTarget(req)}
	err = w.look(ctx)
	switch {
	case heitan.KindOf(err) == heitan.Unavailable:
		req.Log.Warn("the required workflow cannot be asked for now, waiting", "workflow", wanted.start.Workflow, "error", err)
		return w.again(), nil
	case err != nil:
		return operator.Result{}, err
	case !w.flags.Has(heitan.AttemptDone):
		return w.again(), nil
	case w.flags.Has(heitan.AttemptSuccess) || wanted.ignoreFailure:
		return operator.Result{}, nil
	}
	return operator.Result{}, &operator.Failure{
		Message: fmt.Sprintf("Dependent workflow failed. Session id: %d, attempt id: %d", w.target.session, w.target.attempt),
	}
}

// watch is one look at the required attempt.
type watch struct {
	sessions Sessions
	req      *operator.Request
	wanted   requirement
	target   target
	flags    heitan.AttemptFlags // of the target
}

// look learns the target's flags. It starts the target if there is none yet, or
// if the one that was found is not good enough.
func (w *watch) look(ctx context.Context) error {
	var err error
	if w.target.attempt == 0 {
		err = w.start(ctx, w.wanted.start)
	} else {
		w.flags, err = w.sessions.Attempt(ctx, w.target.attempt)
		if heitan.KindOf(err) == heitan.NotFound {
			return operator.Runtimef("the required attempt is gone. Session id: %d, attempt id: %d", w.target.session, w.target.attempt)
		}
	}
	if err != nil || w.target.started || !w.flags.Has(heitan.AttemptDone) || !w.wanted.rerun.wants(w.flags) {
		return err
	}
	rerun := w.wanted.start
	rerun.AttemptName = "require-" + rerun.Token
	rerun.Token += "-rerun"
	return w.start(ctx, rerun)
}

// start finds or starts the target.
func (w *watch) start(ctx context.Context, request StartRequest) error {
	s, err := w.sessions.Start(ctx, request)
	switch {
	case heitan.KindOf(err) == heitan.NotFound:
		return &operator.Failure{
			Message: "Dependent workflow does not exist. " + request.target(),
			Hint:    heitan.HintOf(err),
			Err:     err,
		}
	case err != nil:
		return operator.Runtimef("start workflow %s: %w", request.Workflow, err).WithHint(heitan.HintOf(err))
	case s.Attempt == w.req.Task.AttemptID:
		return operator.Configf("a workflow cannot require its own session")
	}
	w.target = target{session: s.Session, attempt: s.Attempt, started: s.New, try: w.req.Task.Retries}
	w.flags = s.Flags
	w.req.Log.Info("waiting for the required workflow",
		"workflow", request.Workflow, "session_id", s.Session, "attempt_id", s.Attempt, "started", s.New)
	return nil
}

// again asks for another look, later each time.
func (w *watch) again() operator.Result {
	next := w.target
	next.looks++
	return operator.PollAfter(pollAfter(w.target.looks), next.checkpoint())
}

// pollAfter is the time between two looks, of which there were so many before.
func pollAfter(looks int) time.Duration {
	after := minPollAfter
	for ; looks > 0 && after < maxPollAfter; looks-- {
		after *= 2
	}
	return min(after, maxPollAfter)
}

// target is the attempt that a require> waits for, as its checkpoint keeps it.
type target struct {
	session heitan.SessionID
	attempt heitan.AttemptID // 0 while not known
	started bool             // by this require>
	looks   int              // so far
	try     int              // the task's number of retries when it was found
}

func (t target) checkpoint() *params.Object {
	return params.Of(
		"target_session_id", int64(t.session),
		"target_attempt_id", int64(t.attempt),
		"started", t.started,
		"looks", int64(t.looks),
		"try", int64(t.try))
}

// readTarget is the target in the request's checkpoint. That of an earlier try
// does not count: it has failed.
func readTarget(req *operator.Request) target {
	number := func(key string) int64 {
		v, _ := req.Checkpoint.Get(key)
		n, _ := operator.AsInt(v)
		return n
	}
	t := target{
		session: heitan.SessionID(number("target_session_id")),
		attempt: heitan.AttemptID(number("target_attempt_id")),
		looks:   int(number("looks")),
		try:     int(number("try")),
	}
	started, _ := req.Checkpoint.Get("started")
	t.started, _ = operator.AsBool(started)
	if t.try != req.Task.Retries {
		return target{try: req.Task.Retries}
	}
	return t
}
