package docker

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"

	"github.com/heitan/heitan/runner"
)

// endPatience is how long a followed log may go on after its container has ended.
const endPatience = time.Second

// log copies what the engine keeps of a container's output.
//
// Following the log shows the output while it comes, but engines lose the end of
// what they show at the moment when a container ends (seen with 20.10). So when it
// has ended, the log is read once more. Then, and whenever a connection broke, it
// is read from its beginning, and what was written before is skipped. Times could
// not do that: the two streams are stamped by two hands, so an entry with an
// earlier time may come later.
type log struct {
	engine    *engine
	container string
	raw       bool // the container has a terminal: the log has no frames
	output    io.Writer
	written   int64 // how much of the log output has taken
}

// outputError is a failure of the output, not of the engine.
type outputError struct{ err error }

func (e *outputError) Error() string { return "write output: " + e.err.Error() }
func (e *outputError) Unwrap() error { return e.err }

// follow copies the log until it is complete, which it is when the container has
// ended. It returns with ctx, and with the error of exit.
func (l *log) follow(ctx context.Context, x *exit) error {
	retry := newRetry(l.engine, true)
	for {
		ended := isClosed(x.done)
		before := l.written
		err := l.read(ctx, x, !ended)
		if l.written > before {
			retry.succeeded()
		}
		switch _, failed := errors.AsType[*outputError](err); {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case failed:
			return err
		case ended && x.err != nil:
			return x.err
		case ended && err == nil:
			return nil
		case ended && isRemoved(err):
			return fmt.Errorf("somebody removed it before its output was read: %w", runner.ErrLost)
		case err == nil || isRemoved(err):
			l.awaitEnd(ctx, x)
		case ended || !isClosed(x.done):
			if again, why := retry.after(ctx, explainLog(err)); !again {
				return why
			}
		}
	}
}

// awaitEnd waits for the end of a container whose log has ended. If it does not
// come soon, the engine was stopped, and the log goes on when it is back.
func (l *log) awaitEnd(ctx context.Context, x *exit) {
	timer := time.NewTimer(2 * endPatience)
	defer timer.Stop()
	select {
	case <-x.done:
	case <-timer.C:
	case <-ctx.Done():
	}
}

// read copies the log from what was not written yet, following it until its end,
// or as far as it goes now.
func (l *log) read(ctx context.Context, x *exit, follow bool) error {
	c, _, err := l.engine.connected(ctx)
	if err != nil {
		return err
	}
	stream, err := c.ContainerLogs(ctx, l.container, client.ContainerLogsOptions{ShowStdout: true, ShowStderr: true, Follow: follow})
	if err != nil {
		return err
	}
	defer stream.Close()
	if follow {
		stop := closeAfter(stream, x.done)
		defer stop()
	}
	sink := &sink{log: l, skip: l.written}
	if l.raw {
		return copyRaw(sink, stream)
	}
	return copyFrames(sink, bufio.NewReaderSize(stream, sinkSize))
}

// closeAfter closes a followed log that does not end although its container has.
func closeAfter(stream io.Closer, ended <-chan struct{}) (stop func()) {
	stopped, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-ended:
		case <-stopped:
			return
		}
		timer := time.NewTimer(endPatience)
		defer timer.Stop()
		select {
		case <-timer.C:
			stream.Close()
		case <-stopped:
		}
	}()
	return func() { close(stopped); <-done }
}

// isRemoved tells that a container is gone or going.
func isRemoved(err error) bool { return errdefs.IsNotFound(err) || errdefs.IsConflict(err) }

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// explainLog tells a log that cannot be read at all.
func explainLog(err error) error {
	if errdefs.IsNotImplemented(err) || errdefs.IsInvalidArgument(err) {
		return &runner.SpecError{
			Field:  "docker.run_options",
			Reason: "heitan cannot read the output",
			Hint:   "leave --log-driver out, or take one whose logs \"docker logs\" can show",
			Err:    err,
		}
	}
	return err
}
