package script

import (
	"errors"
	"testing"
	"time"

	"github.com/dop251/goja"

	"github.com/heitan/heitan/params"
)

// The engine forgets an interruption in some of its calls from Go. A script that
// has outlived one is interrupted again.
func TestAScriptThatSurvivesAnInterruptionIsInterruptedAgain(t *testing.T) {
	t.Parallel()
	limits := testLimits()
	limits.Timeout = 10 * time.Millisecond
	s := New(limits, testTime, installRealMoment).Begin(t.Context(), "UTC")
	defer s.End()
	vm := goja.New()
	if err := vm.Set("survive", func() {
		for s.watch.verdict() == nil {
		}
		s.watch.mu.Lock() // whatever has interrupted the script has done so
		defer s.watch.mu.Unlock()
		vm.ClearInterrupt()
	}); err != nil {
		t.Fatal(err)
	}
	s.watch.attach(vm)
	defer s.watch.detach()
	_, err := vm.RunString("survive(); for (;;);")
	var interrupted *goja.InterruptedError
	if !errors.As(err, &interrupted) || !errors.Is(interrupted, ErrTimeout) {
		t.Errorf("ended with %v", err)
	}
}

func TestTheHeapIsLookedAtAnewAfterForgiving(t *testing.T) {
	t.Parallel()
	limits := testLimits()
	limits.MaxMemory = 8 << 20
	e := New(limits, testTime, installRealMoment)
	s := e.Begin(t.Context(), "UTC")
	defer s.End()
	p, err := e.Compile("(function(){var a=[];for(;;)a.push(new Array(1000).fill(a.length))})()")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Eval(p, object{params.Empty()}); !errors.Is(err, ErrMemory) {
		t.Errorf("ended with %v", err)
	}
}
