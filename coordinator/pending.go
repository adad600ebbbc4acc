package coordinator

import (
	"cmp"
	"context"
	"slices"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
)

// pendingWrite is what a driver has changed and not yet written.
type pendingWrite struct {
	tasks    map[heitan.TaskID]engine.Task
	commands []engine.Command
	releases []func(context.Context)
	needed   bool // something waits for it
}

// add keeps changes; of a task that changed before, only the last.
func (p *pendingWrite) add(changes engine.Changes, urgent bool) {
	if p.tasks == nil {
		p.tasks = make(map[heitan.TaskID]engine.Task, len(changes.Tasks))
	}
	for _, t := range changes.Tasks {
		p.tasks[t.ID] = t
	}
	p.commands = append(p.commands, changes.Commands...)
	p.needed = p.needed || urgent || len(changes.Commands) > 0
}

// release keeps what is to be called once everything pending is durable.
func (p *pendingWrite) release(f func(context.Context)) { p.releases = append(p.releases, f) }

func (p *pendingWrite) any() bool {
	return len(p.tasks) > 0 || len(p.commands) > 0 || len(p.releases) > 0
}

func (p *pendingWrite) urgent() bool { return p.needed }

func (p *pendingWrite) takeCommands() []engine.Command {
	taken := p.commands
	p.commands = nil
	return taken
}

// takeTasks are the pending tasks, ascending ids, and what is to be called once
// they are durable.
func (p *pendingWrite) takeTasks() (tasks []engine.Task, releases []func(context.Context)) {
	tasks = make([]engine.Task, 0, len(p.tasks))
	for _, t := range p.tasks {
		tasks = append(tasks, t)
	}
	slices.SortFunc(tasks, func(a, b engine.Task) int { return cmp.Compare(a.ID, b.ID) })
	releases = p.releases
	p.tasks, p.releases, p.needed = nil, nil, false
	return tasks, releases
}
