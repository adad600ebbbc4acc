package engine

import (
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// Event is something that happened to an attempt. The events of a task are
// Started, Succeeded, Failed, Polled, Checkpointed and TimerDue.
type Event interface{ event() }

type (
	// Started says that a dispatched task was handed to its operator.
	Started struct{ Task heitan.TaskID }

	// Succeeded says that a task's operator is done.
	Succeeded struct {
		Task   heitan.TaskID
		Result Result
		Usage  heitan.Usage
	}

	// Failed says that a task's operator failed. It runs again while Retry allows.
	Failed struct {
		Task  heitan.TaskID
		Error *params.Object
		Retry workflow.Retry
		Usage heitan.Usage
		// Checkpoint is what the next try starts with.
		Checkpoint *params.Object
	}

	// Polled says that a task is not done and is to be invoked again.
	Polled struct {
		Task       heitan.TaskID
		After      time.Duration
		Checkpoint *params.Object
	}

	// Checkpointed says that a running operator wants something remembered.
	Checkpointed struct {
		Task       heitan.TaskID
		Checkpoint *params.Object
	}

	// TimerDue says that the time a SetTimer command named has come.
	TimerDue struct{ Task heitan.TaskID }

	// Killed says that somebody wants the attempt to end.
	Killed struct{}
)

func (Started) event()      {}
func (Succeeded) event()    {}
func (Failed) event()       {}
func (Polled) event()       {}
func (Checkpointed) event() {}
func (TimerDue) event()     {}
func (Killed) event()       {}

// Command is something to do once the changes it came with are durable.
type Command interface{ command() }

type (
	// Dispatch says to invoke a task's operator and to answer with an event.
	Dispatch struct {
		Task heitan.TaskID
		// Recovering means that an invocation may have got any distance before
		// this heitan took the attempt over.
		Recovering bool
		// Cleanup means that the attempt was killed: the operator only stops what
		// its checkpoint names, and the answer's content does not matter.
		Cleanup bool
	}

	// SetTimer says to send TimerDue at a time, or at once if it has passed.
	SetTimer struct {
		Task heitan.TaskID
		At   time.Time
	}

	// Interrupt says to end a dispatched task's operator, or not to begin it,
	// because the attempt was killed. An answer is still expected: Failed if the
	// operator was not begun. If there is a checkpoint that a next invocation would
	// have started with, a Dispatch to clean up follows.
	Interrupt struct{ Task heitan.TaskID }

	// Finish says that the attempt has ended.
	Finish struct{ Flags heitan.AttemptFlags }
)

func (Dispatch) command()  {}
func (SetTimer) command()  {}
func (Interrupt) command() {}
func (Finish) command()    {}

// Changes is what an event did.
type Changes struct {
	Tasks    []Task              // the changed tasks as they are now, ascending ids
	Flags    heitan.AttemptFlags // of the attempt as they are now
	Commands []Command
	// Warnings are for the attempt's log.
	Warnings []Warning
}

// Warning is something that a user should know of a task.
type Warning struct {
	Task    heitan.TaskID
	Message string
}
