// Package runner is the contract of the places where a task's command can run:
// as a process, in a Docker container, as an ECS task.
//
// A runner knows how to start a command once, follow its output and its end,
// stop it, and find it again after heitan itself was killed. It knows nothing of
// workflows, params or retries. Every runner passes the suite in runnertest.
package runner

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/heitan/heitan"
)

// ErrLost means that a command was started but how it ended can no longer be
// learnt. Nothing of it is running any more when this is returned.
var ErrLost = errors.New("the command was started before, but how it ended cannot be learnt any more")

// Runner starts commands. Its methods may be called from any number of goroutines.
type Runner interface {
	// Start starts the command of spec, or adopts the one that an earlier Start
	// with the same token started, and returns without waiting for its end.
	// Standard output and standard error are merged and written to output, in
	// order, from the command's first byte on, while Run.Wait runs and at no other
	// time, so that nobody writes to output once a wait was given up. Start itself
	// may tell there what it does first, such as fetching an image.
	//
	// A spec that can never be started is a *[SpecError]. An error leaves nothing
	// running, but for a cancelled ctx, after which the outcome is unknown and
	// Start may be called again with the same token.
	Start(ctx context.Context, spec Spec, output io.Writer) (Run, error)

	// Attach finds a command again by the handle of its Run, after a restart of
	// heitan. Output is written from the command's first byte on, as by Start. If
	// the runner cannot learn how the command ends, Attach makes sure that nothing
	// of it is still running and returns [ErrLost]. A handle that is not this
	// runner's to judge (of another kind, version or machine) is another error.
	Attach(ctx context.Context, handle Handle, output io.Writer) (Run, error)

	// Discard ends what an earlier heitan started with a token, as Run.Stop does,
	// and gives up what is kept of it. It is for a command that is not wanted any
	// more and whose handle was not saved. That there is none is no error.
	Discard(ctx context.Context, token string, grace time.Duration) error
}

// Run is one started command. Its methods may be called from several goroutines.
type Run interface {
	// Handle is what Attach needs after a restart. It never changes.
	Handle() Handle

	// Wait returns when the command has ended and every byte it wrote has been
	// written to output. When ctx ends first, Wait returns its cause and the
	// command goes on; so it does when output fails, with output's error. A later
	// Wait goes on where the last one stopped writing.
	Wait(ctx context.Context) (Outcome, error)

	// Stop asks the command and all it started to end (SIGTERM), and ends them
	// (SIGKILL) when grace has passed, at once if grace is 0. It returns once
	// nothing runs any more. Stopping a command that has ended is no error.
	Stop(ctx context.Context, grace time.Duration) error

	// Release gives up what is kept so that the command can be found again, for
	// example a stopped container. It is called after the outcome is durable.
	Release(ctx context.Context) error
}

// Spec says what to run and how.
type Spec struct {
	// Token names this start; it is unique for every start that is meant to
	// happen and the same whenever heitan cannot know whether it did. It consists
	// of letters, digits, '-', '_' and '.', at most 128 of them.
	Token string
	// Recovering means that an earlier heitan may have started this token and
	// was killed before it could say so.
	Recovering bool

	Command   []string // program and arguments; the program is searched in PATH
	Workspace string   // absolute path of the folder whose files the command sees
	Dir       string   // absolute path in Workspace in which the command runs
	Env       []string // KEY=VALUE, later ones win

	// InheritEnv adds heitan's own environment below Env, for runners that run
	// the command on the same machine without a container.
	InheritEnv bool

	CPU    float64 // limit in cores; 0 is none
	Memory int64   // limit in bytes; 0 is none

	Container Container         // read by runners that run containers
	Labels    map[string]string // put on what is started, where the runner can
}

// Container is what containers need beyond a command. Runners without
// containers ignore it.
type Container struct {
	Image        string
	PullPolicy   PullPolicy
	Build        []string // RUN lines on top of Image
	BuildOptions []string // of "docker build"
	RunOptions   []string // of "docker run"
	User         string
	Network      string
	Mounts       []string // host:container[:options]
	SELinux      bool     // relabel the workspace
	Revision     string   // names the version of the workspace, so that a built image is found again
}

// PullPolicy says when an image is fetched from its registry.
type PullPolicy string

const (
	// PullMissing fetches what is not there. It is the default, also as "".
	PullMissing PullPolicy = "missing"
	// PullAlways asks the registry before every start.
	PullAlways PullPolicy = "always"
	// PullNever uses only what is there.
	PullNever PullPolicy = "never"
)

// Handle is what is kept of a run in a checkpoint. A runner reads handles of all
// its earlier versions.
type Handle struct {
	Runner  string `json:"runner"`
	Version int    `json:"version"`
	State   string `json:"state"` // known to the runner only
}

// Outcome is how a command ended.
type Outcome struct {
	ExitCode  int    // 128 + the signal's number if a signal ended it
	Signal    string // such as "SIGKILL", else ""
	OOMKilled bool   // it was killed for using more memory than its limit
	Started   time.Time
	Finished  time.Time
	Usage     Usage
}

// Usage is what a command and its children used.
type Usage = heitan.Usage

// SpecError says that a command can never be started as it is written.
type SpecError struct {
	Field  string // the name users know it by, such as "docker.image"; may be empty
	Reason string
	Hint   string // may be empty
	Err    error  // may be nil
}

func (e *SpecError) Error() string {
	text := e.Reason
	if e.Field != "" {
		text = e.Field + ": " + text
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap is the cause.
func (e *SpecError) Unwrap() error { return e.Err }
