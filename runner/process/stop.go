package process

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// These bound a stop: how often it looks whether processes have ended, and how
// long it waits for those that even SIGKILL does not end, because the kernel is
// busy for them (a network file system that does not answer, for example).
const (
	stopPollMin  = time.Millisecond
	stopPollMax  = 50 * time.Millisecond
	killPatience = time.Minute
)

// recoveryGrace is what processes of an earlier heitan get between SIGTERM and
// SIGKILL.
const recoveryGrace = 10 * time.Second

// stop ends everything of a command.
func (r *Runner) stop(ctx context.Context, c *command, grace time.Duration) error {
	<-c.launched
	if c.process == nil {
		return nil
	}
	if err := c.family.end(ctx, grace); err != nil {
		return fmt.Errorf("stop command: %w", err)
	}
	return nil
}

// endSurvivors ends what an earlier heitan started and could not stop any more.
func (r *Runner) endSurvivors(ctx context.Context, state handleState, grace time.Duration) error {
	confine := r.limiter.found(state.Token)
	defer confine.remove()
	survivors := newFamily(state.Token, survivingLeader(state), nil, confine)
	found, err := survivors.members()
	if err != nil || len(found) == 0 {
		return err
	}
	r.log.Warn("ending processes that an earlier heitan left running", "token", state.Token, "processes", len(found))
	return survivors.end(ctx, grace)
}

// family is all processes of a task: its session, whatever carries its token or
// is in its cgroup, and the descendants of those.
type family struct {
	token   string
	leader  leader          // of the session; zero if it is not known
	over    <-chan struct{} // closed when the session may be another's
	confine *confinement

	mu   sync.Mutex
	sent map[process]syscall.Signal // what each process got last
}

// member is a process of a family and its process group.
type member struct {
	process
	group int
}

// leader is the process that a session was started with. The session is named
// after it and may outlive it.
type leader struct {
	pid   int
	start int64 // see startTime; 0 if unknown
}

func newFamily(token string, leader leader, over <-chan struct{}, confine *confinement) *family {
	return &family{token: token, leader: leader, over: over, confine: confine, sent: map[process]syscall.Signal{}}
}

// session is the session of the family as long as that cannot be another's, else 0.
func (f *family) session() int {
	select {
	case <-f.over:
		return 0
	default:
		return f.leader.pid
	}
}

// end sends SIGTERM once to every process, and SIGKILL to those that remain after
// grace. It returns when none is left, and with an error if ctx ends before.
func (f *family) end(ctx context.Context, grace time.Duration) error {
	signal, patience := syscall.SIGTERM, grace
	if grace <= 0 {
		signal, patience = syscall.SIGKILL, killPatience
	}
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		members, err := f.members()
		if err != nil || len(members) == 0 {
			return err
		}
		f.send(members, signal)
		gone, err := awaitGone(ctx, members, deadline.C)
		switch {
		case err != nil:
			return err
		case gone:
			// A member may have started another one meanwhile: look again.
		case signal == syscall.SIGKILL:
			return fmt.Errorf("processes %s do not end although they were sent SIGKILL", pids(members))
		default:
			signal = syscall.SIGKILL
			deadline.Reset(killPatience)
		}
	}
}

// send sends a signal to those that did not get it yet, so that nobody takes a
// second SIGTERM for impatience. The command's own process group gets it at one
// instant, as from a terminal: otherwise a shell could see its child end and go on
// with its script before its own signal comes.
func (f *family) send(members []member, signal syscall.Signal) {
	f.mu.Lock()
	defer f.mu.Unlock()
	killing := signal == syscall.SIGKILL
	if killing {
		f.confine.kill()
	}
	group := f.group()
	if group != 0 && (killing || len(f.sent) == 0) {
		_ = unix.Kill(-group, signal) // whoever it does not reach is signalled below, or later
	} else {
		group = 0
	}
	for _, m := range members {
		if !killing && f.sent[m.process] != 0 {
			continue
		}
		f.sent[m.process] = signal
		if m.group != group {
			m.signal(signal)
		}
	}
}

// known are the processes that were sent a signal before.
func (f *family) known() map[process]bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	known := make(map[process]bool, len(f.sent))
	for p := range f.sent {
		known[p] = true
	}
	return known
}

// awaitGone waits until all members have ended (true) or the deadline has come
// (false).
func awaitGone(ctx context.Context, members []member, deadline <-chan time.Time) (bool, error) {
	timer := time.NewTimer(stopPollMin)
	defer timer.Stop()
	for pause := stopPollMin; ; pause = min(2*pause, stopPollMax) {
		members = slices.DeleteFunc(slices.Clone(members), func(m member) bool { return !m.alive() })
		if len(members) == 0 {
			return true, nil
		}
		timer.Reset(pause)
		select {
		case <-timer.C:
		case <-deadline:
			return false, nil
		case <-ctx.Done():
			return false, fmt.Errorf("processes %s are still there: %w", pids(members), context.Cause(ctx))
		}
	}
}

func pids(members []member) string {
	ids := make([]int, len(members))
	for i, p := range members {
		ids[i] = p.pid
	}
	slices.Sort(ids)
	return fmt.Sprint(ids)
}
