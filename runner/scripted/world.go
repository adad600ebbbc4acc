package scripted

import (
	"sync"
	"time"

	"github.com/heitan/heitan/runner"
)

// World is where scripted commands run. Its methods may be called from any number
// of goroutines. Commands that never end must be stopped before a test in a
// synctest bubble ends.
type World struct {
	// Answer decides what a command does; nil is [ScriptOf]. It is called once for
	// every start that is not an adoption, and is not changed after the first.
	Answer func(runner.Spec) (Script, error)

	mu       sync.Mutex
	starts   []*Start
	commands map[string]*command // by token, until released
}

// Start is a command that was really started.
type Start struct {
	Spec    runner.Spec
	At      time.Time
	Adopted int // how often later starts and attaches found it
	Stopped int // how often a stop was asked for
}

// NewWorld is a world in which nothing was started yet.
func NewWorld() *World { return &World{commands: map[string]*command{}} }

// Runner is a heitan's way into the world. It knows nothing of earlier ones.
func (w *World) Runner() *Runner { return &Runner{world: w, started: map[string]bool{}} }

// Starts are all commands that were really started, the first one first.
func (w *World) Starts() []Start {
	w.mu.Lock()
	defer w.mu.Unlock()
	starts := make([]Start, len(w.starts))
	for i, s := range w.starts {
		starts[i] = *s
	}
	return starts
}

// Running are the tokens of the commands that still run.
func (w *World) Running() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var running []string
	for _, s := range w.starts {
		if c := w.commands[s.Spec.Token]; c != nil && c.start == s && !c.hasEnded() {
			running = append(running, s.Spec.Token)
		}
	}
	return running
}

// Kept reports whether the command with the token could still be found again.
func (w *World) Kept(token string) bool { return w.find(token) != nil }

func (w *World) find(token string) *command {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.commands[token]
}

// startOrAdopt returns the command of the spec's token.
func (w *World) startOrAdopt(spec runner.Spec) (*command, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c := w.commands[spec.Token]; c != nil {
		c.start.Adopted++
		return c, nil
	}
	answer := w.Answer
	if answer == nil {
		answer = ScriptOf
	}
	script, err := answer(spec)
	if err == nil {
		err = script.StartError
	}
	if err != nil {
		return nil, err
	}
	start := &Start{Spec: spec, At: time.Now()}
	c := newCommand(start, script)
	w.starts = append(w.starts, start)
	w.commands[spec.Token] = c
	go c.play()
	return c, nil
}

func (w *World) release(c *command) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if token := c.start.Spec.Token; w.commands[token] == c {
		delete(w.commands, token)
	}
}
