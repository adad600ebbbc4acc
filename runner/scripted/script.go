package scripted

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/heitan/heitan/runner"
)

// Script is what a command does.
type Script struct {
	Steps      []Step
	StartError error // of every start; the command does not run
	Lost       bool  // by a restart of heitan
	OOMKilled  bool  // if it ends by SIGKILL
	Usage      runner.Usage
}

// Step is one thing that a command does. One of its fields is set; none is
// nothing. After the last step the command ends with exit code 0.
type Step struct {
	Print      string
	Pause      time.Duration
	IgnoreTerm bool
	Do         func(runner.Spec) error // such as writing a file; an error ends the command with exit code 1
	End        *End
}

// End is how a command ends: by a signal if there is one.
type End struct {
	ExitCode int
	Signal   string
}

// ScriptOf is the script that a spec tells by its arguments or its environment.
func ScriptOf(spec runner.Spec) (Script, error) {
	script, err := readEnv(spec.Env)
	if err == nil && len(spec.Command) > 0 && spec.Command[0] == "scripted" {
		script.Steps, err = readSteps(spec.Command[1:])
	}
	if err != nil {
		return Script{}, &runner.SpecError{Reason: "not a script", Err: err}
	}
	return script, nil
}

func readSteps(args []string) ([]Step, error) {
	steps := make([]Step, len(args))
	for i, arg := range args {
		verb, rest, _ := strings.Cut(arg, " ")
		var err error
		switch verb {
		case "print", "warn":
			steps[i].Print = rest
		case "pause":
			steps[i].Pause, err = time.ParseDuration(rest)
		case "ignore":
			steps[i].IgnoreTerm = true
		case "exit":
			steps[i].End = &End{}
			steps[i].End.ExitCode, err = strconv.Atoi(rest)
		case "die":
			steps[i].End = &End{}
			steps[i].End.Signal, err = signal(rest)
		default:
			err = fmt.Errorf("%q is not a step", verb)
		}
		if err != nil {
			return nil, fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return steps, nil
}

// settings are the variables that readEnv knows, and what each changes.
type settings struct {
	script     Script
	output     string
	duration   time.Duration
	end        End
	ignoreTerm bool
}

func readEnv(env []string) (Script, error) {
	var s settings
	for _, entry := range env {
		name, value, _ := strings.Cut(entry, "=")
		setting, ok := strings.CutPrefix(name, "SCRIPTED_")
		if !ok {
			continue
		}
		if err := s.set(setting, value); err != nil {
			return Script{}, fmt.Errorf("%s: %w", name, err)
		}
	}
	s.script.Steps = []Step{{IgnoreTerm: s.ignoreTerm}, {Print: s.output}, {Pause: s.duration}, {End: &s.end}}
	return s.script, nil
}

func (s *settings) set(setting, value string) (err error) {
	switch setting {
	case "OUTPUT":
		s.output = value
	case "DURATION":
		s.duration, err = time.ParseDuration(value)
	case "EXIT_CODE":
		s.end.ExitCode, err = strconv.Atoi(value)
	case "SIGNAL":
		s.end.Signal, err = signal(value)
	case "IGNORE_TERM":
		s.ignoreTerm, err = strconv.ParseBool(value)
	case "OOM":
		if s.script.OOMKilled, err = strconv.ParseBool(value); s.script.OOMKilled {
			s.end.Signal = "SIGKILL"
		}
	case "CPU_TIME":
		s.script.Usage.CPUTime, err = time.ParseDuration(value)
	case "PEAK_MEMORY":
		s.script.Usage.PeakMemory, err = strconv.ParseInt(value, 10, 64)
	case "START_ERROR":
		s.script.StartError = fmt.Errorf("start command: %s", value)
	case "SPEC_ERROR":
		s.script.StartError = &runner.SpecError{Reason: value}
	case "LOST":
		s.script.Lost, err = strconv.ParseBool(value)
	default:
		err = fmt.Errorf("there is no such setting")
	}
	return err
}

func signal(name string) (string, error) {
	if unix.SignalNum(name) == 0 {
		return "", fmt.Errorf("%q is not a signal", name)
	}
	return name, nil
}
