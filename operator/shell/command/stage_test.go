package command_test

import (
	"context"
	"io"
	"sync"
	"time"

	"github.com/heitan/heitan/operator/shell/command"
	"github.com/heitan/heitan/runner"
)

// stage is a runner with one command, whose course a test writes.
type stage struct {
	name      string
	startErr  error
	attachErr error
	waitErr   error // with which Wait returns at once
	stopErr   error
	onStart   func(ctx context.Context) error
	output    string
	runsFor   time.Duration // 0 is until it is stopped
	outcome   runner.Outcome

	mu     sync.Mutex
	calls  []string
	specs  []runner.Spec
	handle runner.Handle // that Attach was given
	ended  chan struct{}
}

func newStage(name string) *stage { return &stage{name: name, ended: make(chan struct{})} }

func (s *stage) runners() command.Runners { return command.Runners{s.name: s} }

func (s *stage) call(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, name)
}

func (s *stage) Start(ctx context.Context, spec runner.Spec, output io.Writer) (runner.Run, error) {
	s.call("start")
	s.specs = append(s.specs, spec)
	if s.onStart != nil {
		if err := s.onStart(ctx); err != nil {
			return nil, err
		}
	}
	return s.begin(output, s.startErr)
}

func (s *stage) Attach(_ context.Context, handle runner.Handle, output io.Writer) (runner.Run, error) {
	s.call("attach")
	s.handle = handle
	return s.begin(output, s.attachErr)
}

func (s *stage) Discard(_ context.Context, _ string, grace time.Duration) error {
	s.call("discard " + grace.String())
	return s.stopErr
}

func (s *stage) begin(output io.Writer, err error) (runner.Run, error) {
	if err != nil {
		return nil, err
	}
	if _, err := io.WriteString(output, s.output); err != nil {
		return nil, err
	}
	if s.runsFor > 0 {
		time.AfterFunc(s.runsFor, s.end)
	}
	return s, nil
}

func (s *stage) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.ended:
	default:
		close(s.ended)
	}
}

func (s *stage) Handle() runner.Handle {
	return runner.Handle{Runner: s.name, Version: 3, State: "here"}
}

func (s *stage) Wait(ctx context.Context) (runner.Outcome, error) {
	if s.waitErr != nil {
		return runner.Outcome{}, s.waitErr
	}
	select {
	case <-s.ended:
		return s.outcome, nil
	case <-ctx.Done():
		return runner.Outcome{}, context.Cause(ctx)
	}
}

func (s *stage) Stop(ctx context.Context, grace time.Duration) error {
	s.call("stop " + grace.String())
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if s.stopErr != nil {
		return s.stopErr
	}
	s.end()
	return nil
}

func (s *stage) Release(ctx context.Context) error {
	s.call("release")
	return ctx.Err()
}
