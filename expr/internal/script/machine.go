package script

import (
	"errors"
	"fmt"
	"runtime"

	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/moment/jsdate"
)

// machine is a JavaScript runtime whose built-in functions are bounded. It
// serves one session at a time.
type machine struct {
	engine  *Engine
	vm      *goja.Runtime
	global  *goja.Object // the built-in objects, which global objects inherit
	session *Session     // whom it serves, only while it runs
	uses    int

	zone    *jsdate.Zone   // of the session; nil before a script asked for it
	subject subject        // what a regular expression was last matched against
	checks  int            // calls of check so far
	nodes   int            // values converted from the scope in this evaluation
	nesting []*goja.Object // arrays and objects whose elements are being visited
	broken  bool           // nothing must run here any more

	natives natives
	moment  goja.Value // or nil
}

// newMachine makes a machine in which everything that a script can reach is
// bounded, but nothing is frozen.
func newMachine(e *Engine, withMoment bool) (m *machine, err error) {
	defer func() {
		if x := recover(); x != nil {
			err = fmt.Errorf("set up the engine: %v", x)
		}
	}()
	m = newBareMachine()
	m.engine = e
	m.vm.SetMaxCallStackSize(maxCalls)
	m.vm.SetTimeSource(e.now)
	m.vm.SetGlobalObject(m.global)
	m.keepNatives()
	m.removeUnlisted()
	m.installChecks()
	m.installFunctions()
	m.installConstructors()
	m.installNumbers()
	m.installOperators()
	m.installPrototypes()
	m.installObjects()
	m.installArrays()
	m.installIterators()
	m.installStrings()
	m.installJavaStrings()
	m.installRegexps()
	m.installJSON()
	m.installDates()
	if withMoment {
		err = m.installMoment()
	}
	return m, err
}

// run evaluates a program and renders its value.
func (m *machine) run(s *Session, p *Program, scope Scope) (text string, err error) {
	m.session, m.zone, m.nodes = s, nil, 0
	m.nesting = m.nesting[:0]
	m.uses++
	s.watch.attach(m.vm)
	defer func() {
		if x := recover(); x != nil {
			text, err = "", m.failure(x)
		}
		s.watch.detach()
		m.vm.SetGlobalObject(m.global)
		m.session, m.subject = nil, subject{}
	}()
	global := m.vm.NewDynamicObject(&binding{machine: m, scope: scope})
	if err := global.SetPrototype(m.global); err != nil {
		return "", m.failure(err)
	}
	m.vm.SetGlobalObject(global)
	value, err := m.vm.RunProgram(p.code)
	if err != nil {
		return "", m.failure(err)
	}
	return m.text(value)
}

// failure is the error of what a script threw or what ended it.
func (m *machine) failure(thrown any) error {
	err, isError := thrown.(error)
	var exception *goja.Exception
	if isError && errors.As(err, &exception) {
		text := "an error that cannot be shown"
		if m.vm.Try(func() { text = exception.Value().String() }) == nil && m.session.watch.verdict() == nil {
			return &Exception{Message: nashornText(text)}
		}
	}
	m.broken = true
	var overflow *goja.StackOverflowError
	switch reason := m.session.watch.verdict(); {
	case reason != nil:
		return reason
	case isError && errors.As(err, &overflow):
		return &Exception{Message: "RangeError: Maximum call stack size exceeded"}
	case exception != nil:
		return &Exception{Message: "an error that cannot be shown"}
	}
	return fmt.Errorf("%w: %v", ErrInternal, thrown)
}

// check throws when the session is over, or when calls are nested so deeply that
// the process would end for lack of stack. All built-in functions begin with it,
// and so does what may loop for long without running instructions of a script.
// The script cannot go on by catching the error at the end of a session, because
// the machine is interrupted.
func (m *machine) check() {
	if err := m.interruption(); err != nil {
		panic(m.vm.NewTypeError("%v", err))
	}
	// The engine counts the calls of scripts' functions, but built-in functions
	// can be made to call each other: ({toString: ({}).toLocaleString}) + "".
	if m.checks++; m.checks%1024 == 0 && runtime.Callers(maxFrames, make([]uintptr, 1)) > 0 {
		m.rangeError("Maximum call stack size exceeded")
	}
}

// interruption is why the script must end, or nil.
func (m *machine) interruption() error {
	if m.session == nil {
		return nil
	}
	if reason := m.session.watch.reason.Load(); reason != nil {
		return *reason
	}
	return nil
}

// maxFrames is how many calls of Go may be nested, which is about a thousand of
// built-in functions. Calls from script to script do not nest there.
const maxFrames = 25_000

// rangeError throws a RangeError.
func (m *machine) rangeError(format string, args ...any) {
	m.throw("RangeError", fmt.Sprintf(format, args...))
}

// throw throws an error of a built-in class.
func (m *machine) throw(class, message string) {
	panic(m.create(class, m.vm.ToValue(message)))
}

// localZone is the zone of the session for dates. It throws if there is none of
// that name.
func (m *machine) localZone() *jsdate.Zone {
	if m.zone == nil {
		name := ""
		if m.session != nil {
			name = m.session.zone
		}
		location, err := m.engine.location(name)
		if err != nil {
			m.rangeError("Invalid time zone specified: %s", name)
		}
		m.zone = jsdate.NewZone(location)
	}
	return m.zone
}
