package scripted_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/heitan/heitan/runner"
	"github.com/heitan/heitan/runner/runnertest"
	"github.com/heitan/heitan/runner/scripted"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestScriptedIsARunner(t *testing.T) {
	world := scripted.NewWorld()
	runnertest.Run(t, runnertest.Harness{
		New: func(testing.TB) runner.Runner { return world.Runner() },
		Interpret: func(program runnertest.Program) (command, env []string) {
			return words(program), nil
		},
		Remains:  func(_ testing.TB, spec runner.Spec) runnertest.Remains { return remains(world, spec.Token) },
		Survives: true,
		Repeat:   30,
	})
}

func TestScriptedThatLosesItsCommandsIsARunner(t *testing.T) {
	world := scripted.NewWorld()
	runnertest.Run(t, runnertest.Harness{
		New: func(testing.TB) runner.Runner { return world.Runner() },
		Interpret: func(program runnertest.Program) (command, env []string) {
			return words(program), []string{"SCRIPTED_LOST=true"}
		},
		Remains: func(_ testing.TB, spec runner.Spec) runnertest.Remains { return remains(world, spec.Token) },
	})
}

func remains(world *scripted.World, token string) (left runnertest.Remains) {
	if slices.Contains(world.Running(), token) {
		left.Running++
	}
	if world.Kept(token) {
		left.Kept++
	}
	return left
}

// words says a program in this runner's words.
func words(program runnertest.Program) []string {
	command := []string{"scripted"}
	for _, s := range program {
		switch {
		case s.Ends:
			command = append(command, fmt.Sprint("exit ", s.Exit))
		case s.Die != "":
			command = append(command, "die "+s.Die)
		case s.Ignore:
			command = append(command, "ignore")
		case s.Pause > 0:
			command = append(command, "pause "+s.Pause.String())
		case s.Warn != "":
			command = append(command, "warn "+s.Warn)
		default:
			command = append(command, "print "+s.Print)
		}
	}
	return command
}

func TestTheEnvironmentSaysWhatACommandDoes(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		env    []string
		want   runner.Outcome
		output string
		took   time.Duration
	}{
		"nothing":     {nil, runner.Outcome{}, "", 0},
		"exit code":   {[]string{"SCRIPTED_EXIT_CODE=3", "OTHER=x"}, runner.Outcome{ExitCode: 3}, "", 0},
		"output":      {[]string{"SCRIPTED_OUTPUT=a\nb"}, runner.Outcome{}, "a\nb", 0},
		"duration":    {[]string{"SCRIPTED_DURATION=36h"}, runner.Outcome{}, "", 36 * time.Hour},
		"signal":      {[]string{"SCRIPTED_SIGNAL=SIGSEGV"}, runner.Outcome{ExitCode: 139, Signal: "SIGSEGV"}, "", 0},
		"memory":      {[]string{"SCRIPTED_OOM=true"}, runner.Outcome{ExitCode: 137, Signal: "SIGKILL", OOMKilled: true}, "", 0},
		"measurement": {[]string{"SCRIPTED_CPU_TIME=2s", "SCRIPTED_PEAK_MEMORY=10"}, runner.Outcome{Usage: runner.Usage{CPUTime: 2 * time.Second, PeakMemory: 10}}, "", 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				world := scripted.NewWorld()
				var output strings.Builder
				run, err := world.Runner().Start(t.Context(), runner.Spec{Token: "t", Env: c.env}, &output)
				if err != nil {
					t.Fatal(err)
				}
				got, err := run.Wait(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				took := got.Finished.Sub(got.Started)
				got.Started, got.Finished = time.Time{}, time.Time{}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Errorf("outcome (-want +got):\n%s", diff)
				}
				if output.String() != c.output || took != c.took {
					t.Errorf("got %q after %v, want %q after %v", output.String(), took, c.output, c.took)
				}
			})
		})
	}
}

func TestStartsCanFail(t *testing.T) {
	t.Parallel()
	for variable, never := range map[string]bool{
		"SCRIPTED_SPEC_ERROR=bad image":   true,
		"SCRIPTED_START_ERROR=no network": false,
		"SCRIPTED_EXIT_CODE=many":         true,
		"SCRIPTED_NO_SUCH=1":              true,
		"SCRIPTED_SIGNAL=SIGNOTHING":      true,
	} {
		world := scripted.NewWorld()
		_, err := world.Runner().Start(t.Context(), runner.Spec{Token: "t", Env: []string{variable}}, nil)
		if _, isSpec := errors.AsType[*runner.SpecError](err); err == nil || isSpec != never {
			t.Errorf("%s: got %v", variable, err)
		}
		if starts := world.Starts(); len(starts) != 0 {
			t.Errorf("%s: got %+v", variable, starts)
		}
	}
}

func TestTheWorldTellsWhatWasStartedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		world := scripted.NewWorld()
		spec := runner.Spec{Token: "t", Env: []string{"SCRIPTED_DURATION=1h"}}
		for range 3 {
			if _, err := world.Runner().Start(t.Context(), spec, &strings.Builder{}); err != nil {
				t.Fatal(err)
			}
		}
		heitan := world.Runner()
		run, err := heitan.Attach(t.Context(), runner.Handle{Runner: scripted.Name, Version: 1, State: "t"}, &strings.Builder{})
		if err != nil {
			t.Fatal(err)
		}
		if err := run.Stop(t.Context(), time.Minute); err != nil {
			t.Fatal(err)
		}
		want := []scripted.Start{{Spec: spec, At: time.Now(), Adopted: 3, Stopped: 1}}
		if diff := cmp.Diff(want, world.Starts()); diff != "" {
			t.Errorf("starts (-want +got):\n%s", diff)
		}
	})
}

func TestATestMayAnswerInGo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		world := scripted.NewWorld()
		tries := 0
		world.Answer = func(runner.Spec) (scripted.Script, error) {
			tries++
			return scripted.Script{Steps: []scripted.Step{
				{Do: func(spec runner.Spec) error {
					if tries == 1 {
						return fmt.Errorf("%s fails first", spec.Command[0])
					}
					return nil
				}},
				{Print: "well"},
			}}, nil
		}
		for i, want := range []string{"1 true fails first\n", "0 well"} {
			var output strings.Builder
			spec := runner.Spec{Token: fmt.Sprint(i), Command: []string{"true"}}
			run, err := world.Runner().Start(t.Context(), spec, &output)
			if err != nil {
				t.Fatal(err)
			}
			outcome, err := run.Wait(t.Context())
			if got := fmt.Sprint(outcome.ExitCode, " ", output.String()); err != nil || got != want {
				t.Errorf("got %q, %v, want %q", got, err, want)
			}
		}
	})
}

func TestAStopThatIsGivenUpLeavesTheCommandRunning(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		world := scripted.NewWorld()
		spec := runner.Spec{Token: "t", Env: []string{"SCRIPTED_DURATION=1h", "SCRIPTED_IGNORE_TERM=true"}}
		run, err := world.Runner().Start(t.Context(), spec, &strings.Builder{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := run.Stop(ctx, time.Minute); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if diff := cmp.Diff([]string{"t"}, world.Running()); diff != "" {
			t.Errorf("running (-want +got):\n%s", diff)
		}
		if outcome, err := run.Wait(t.Context()); err != nil || outcome.ExitCode != 0 {
			t.Errorf("got %+v, %v", outcome, err)
		}
	})
}
