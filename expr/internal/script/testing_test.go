package script

import (
	"errors"
	"testing"
	"time"

	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/moment"
	"github.com/heitan/heitan/params"
)

// object is a scope of an object alone.
type object struct{ *params.Object }

func (o object) Names() []string { return o.Keys() }

func installRealMoment(vm *goja.Runtime, m Moment) error {
	return moment.Install(vm, moment.Env{Now: m.Now, Zone: m.Zone, Changed: m.Changed})
}

// testTime is what the clock of the test engines shows.
func testTime() time.Time { return time.Date(2026, 3, 1, 12, 30, 15, 250e6, time.UTC) }

func testLimits() Limits {
	return Limits{Timeout: 10 * time.Second, MaxSource: 64 << 10, MaxResult: 16 << 20, MaxMemory: 128 << 20}
}

func newTestEngine() *Engine { return New(testLimits(), testTime, installRealMoment) }

// evaluate runs an expression alone.
func evaluate(t testing.TB, e *Engine, zone, source string, scope *params.Object) (string, error) {
	t.Helper()
	p, err := e.Compile(source)
	if err != nil {
		return "", err
	}
	s := e.Begin(t.Context(), zone)
	defer s.End()
	return s.Eval(p, object{scope})
}

// outcome is the text of an expression, or the kind of error it throws.
func outcome(t testing.TB, e *Engine, zone, source string, scope *params.Object) string {
	t.Helper()
	text, err := evaluate(t, e, zone, source, scope)
	if err == nil {
		return text
	}
	var thrown *Exception
	var syntax *SyntaxError
	switch {
	case errors.As(err, &thrown):
		return "throws " + thrown.Message
	case errors.As(err, &syntax):
		return "throws SyntaxError: " + syntax.Message
	}
	return "ends with " + err.Error()
}
