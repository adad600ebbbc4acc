package script

import (
	"context"
	"errors"
	"fmt"

	"github.com/heitan/heitan/params"
)

// Scope is what a script sees by name.
type Scope interface {
	// Get is the value of a name, and whether there is one.
	Get(name string) (params.Value, bool)
	// Names are all names, without repetition.
	Names() []string
}

// Session evaluates scripts one after the other, for one caller, within one time
// limit. The scripts see nothing of each other.
type Session struct {
	engine  *Engine
	zone    string
	watch   *watchdog
	machine *machine // for tame programs, borrowed on first use
}

// Begin starts a session, which must be ended. Dates are in the zone named zone.
func (e *Engine) Begin(ctx context.Context, zone string) *Session {
	return &Session{engine: e, zone: zone, watch: watch(ctx, e.limits)}
}

// End gives back what the session uses.
func (s *Session) End() {
	s.watch.end()
	if s.machine != nil {
		s.engine.giveBack(s.machine)
		s.machine = nil
	}
}

// memoryTries is how often an evaluation during which the heap grew too much is
// tried in all. The heap is that of the whole process, so what else goes on may
// have made it grow, but hardly every time.
const memoryTries = 3

// Eval runs a program and returns its value as a template shows it. The error is
// an [*Exception], one of the errors beside it, or that of the context.
func (s *Session) Eval(p *Program, scope Scope) (string, error) {
	for try := 1; ; try++ {
		text, err := s.eval(p, scope)
		if !errors.Is(err, ErrMemory) || try == memoryTries {
			return text, err
		}
		s.watch.forgive()
	}
}

func (s *Session) eval(p *Program, scope Scope) (string, error) {
	if err := s.watch.verdict(); err != nil {
		return "", err
	}
	m, err := s.machineFor(p)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrInternal, err)
	}
	text, err := m.run(s, p, scope)
	if m.broken {
		s.machine = nil
	}
	return text, err
}

func (s *Session) machineFor(p *Program) (*machine, error) {
	if !p.tame {
		return newMachine(s.engine, p.usesMoment)
	}
	if s.machine == nil {
		m, err := s.engine.borrow()
		if err != nil {
			return nil, err
		}
		s.machine = m
	}
	return s.machine, nil
}
