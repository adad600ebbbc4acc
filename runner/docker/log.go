package docker

import (
	"bufio"
	"context"
	"encoding/binary"
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

// sink gathers small writes and counts what output has taken.
type sink struct {
	log  *log
	skip int64 // bytes that were written before
	buf  []byte
}

const sinkSize = 64 << 10

func (s *sink) Write(p []byte) (int, error) {
	n := len(p)
	if s.skip > 0 {
		skipped := min(s.skip, int64(n))
		s.skip -= skipped
		p = p[skipped:]
	}
	s.buf = append(s.buf, p...)
	if len(s.buf) >= sinkSize {
		return n, s.flush()
	}
	return n, nil
}

func (s *sink) flush() error {
	if len(s.buf) == 0 {
		return nil
	}
	n, err := s.log.output.Write(s.buf)
	s.log.written += int64(n)
	if err == nil && n < len(s.buf) {
		err = io.ErrShortWrite
	}
	s.buf = s.buf[:0]
	if err != nil {
		return &outputError{err}
	}
	return nil
}

func copyRaw(s *sink, r io.Reader) error {
	buf := make([]byte, sinkSize)
	for {
		n, err := r.Read(buf)
		if _, writeErr := s.Write(buf[:n]); writeErr != nil {
			return writeErr
		}
		if writeErr := s.flush(); writeErr != nil {
			return writeErr
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// The kinds of frames, and how much of an error is read. See "Stream format" in
// https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerAttach
const (
	frameStdin   = 0
	frameStderr  = 2
	frameError   = 3
	maxErrorText = 64 << 10
)

// copyFrames copies the content of frames: a byte with the kind, three without
// meaning, the length, and as many bytes. What it has is handed on whenever
// nothing more is there at the moment.
func copyFrames(s *sink, r *bufio.Reader) error {
	var header [8]byte
	for {
		if r.Buffered() == 0 {
			if err := s.flush(); err != nil {
				return err
			}
		}
		_, err := io.ReadFull(r, header[:])
		if errors.Is(err, io.EOF) {
			return s.flush()
		}
		if err != nil {
			return errors.Join(err, s.flush())
		}
		length := int64(binary.BigEndian.Uint32(header[4:]))
		switch kind := header[0]; {
		case kind == frameError:
			text, _ := io.ReadAll(io.LimitReader(r, min(length, maxErrorText)))
			return errors.Join(fmt.Errorf("the engine cannot read the log on: %s", text), s.flush())
		case kind > frameStderr:
			return errors.Join(fmt.Errorf("the engine's log has a frame of the unknown kind %d", kind), s.flush())
		}
		if err := copyFrame(s, r, length); err != nil {
			return err
		}
	}
}

// copyFrame copies one frame's content. A frame can be long, so it is taken in
// the pieces that come.
func copyFrame(s *sink, r *bufio.Reader, length int64) error {
	for length > 0 {
		if r.Buffered() == 0 {
			if err := s.flush(); err != nil {
				return err
			}
			if _, err := r.Peek(1); err != nil {
				if errors.Is(err, io.EOF) {
					err = io.ErrUnexpectedEOF
				}
				return errors.Join(err, s.flush())
			}
		}
		piece, err := r.Peek(int(min(length, int64(r.Buffered()))))
		if err != nil {
			return err
		}
		if _, err := s.Write(piece); err != nil {
			return err
		}
		if _, err := r.Discard(len(piece)); err != nil {
			return err
		}
		length -= int64(len(piece))
	}
	return nil
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
