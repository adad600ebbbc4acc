package script

import (
	"strings"
	"sync"
	"time"

	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/internal/javaregexp"
	"github.com/heitan/heitan/expr/internal/jsregexp"
)

// Engine compiles and runs scripts. It may be used from any number of goroutines.
type Engine struct {
	limits Limits
	now    func() time.Time
	moment InstallMoment

	programs     *cache[string, compiled]
	patterns     *cache[patternKey, *jsregexp.Regexp]
	javaPatterns *cache[string, *javaregexp.Regexp]
	zones        *cache[string, *time.Location]

	mu   sync.Mutex
	idle []*machine
}

// compiled is a program or why there is none.
type compiled struct {
	program *Program
	err     error
}

// What an engine keeps for later.
const (
	keptSource   = 8 << 20 // bytes of expressions
	keptPatterns = 512
	keptZones    = 256
	keptMachines = 16
	// maxUses is after how many evaluations a machine is replaced, should the
	// engine after all collect something over time.
	maxUses = 10_000
)

// Moment is what the functions of moment ask and tell. They call Zone at the
// beginning of each call of a script, as it is that of the session; it throws a
// JavaScript error if there is no such zone or if the script has to end. They
// call Changed when a script changes what later ones would see.
type Moment struct {
	Now     func() time.Time
	Zone    func() *time.Location
	Changed func()
}

// InstallMoment puts the global function moment into a runtime.
type InstallMoment func(*goja.Runtime, Moment) error

// New makes an engine whose scripts take the time from now.
func New(limits Limits, now func() time.Time, moment InstallMoment) *Engine {
	return &Engine{
		limits:       limits,
		now:          now,
		moment:       moment,
		programs:     newCache[string, compiled](keptSource),
		patterns:     newCache[patternKey, *jsregexp.Regexp](keptPatterns),
		javaPatterns: newCache[string, *javaregexp.Regexp](keptPatterns),
		zones:        newCache[string, *time.Location](keptZones),
	}
}

// Compile makes a program of the text of an expression, or remembers it. The
// error is always a [*SyntaxError].
func (e *Engine) Compile(source string) (*Program, error) {
	if c, ok := e.programs.get(source); ok {
		return c.program, c.err
	}
	var c compiled
	if c.program, c.err = compile(source, e.limits.MaxSource); len(source) <= e.limits.MaxSource {
		// The key must not keep the whole template alive.
		e.programs.put(strings.Clone(source), c, len(source)+100)
	}
	return c.program, c.err
}

// borrow hands out a machine for tame programs.
func (e *Engine) borrow() (*machine, error) {
	e.mu.Lock()
	if last := len(e.idle) - 1; last >= 0 {
		m := e.idle[last]
		e.idle[last] = nil
		e.idle = e.idle[:last]
		e.mu.Unlock()
		return m, nil
	}
	e.mu.Unlock()
	m, err := newMachine(e, true)
	if err != nil {
		return nil, err
	}
	return m, m.freeze()
}

func (e *Engine) giveBack(m *machine) {
	if m.uses >= maxUses {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.idle) < keptMachines {
		e.idle = append(e.idle, m)
	}
}

// location is the time zone of a name, see [parseZone].
func (e *Engine) location(name string) (*time.Location, error) {
	if location, ok := e.zones.get(name); ok {
		return location, nil
	}
	location, err := parseZone(name)
	if err != nil {
		return nil, err
	}
	e.zones.put(name, location, 1)
	return location, nil
}
