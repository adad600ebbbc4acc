package heitan

import "fmt"

// TaskState is where a task stands. The numbers are Digdag's and are stored.
type TaskState uint8

const (
	// TaskBlocked tasks wait for their parent or for earlier siblings.
	TaskBlocked TaskState = iota
	// TaskReady tasks wait to be dispatched.
	TaskReady
	// TaskRetryWaiting tasks are invoked again at their retry time, because they
	// failed and may retry, or because what they wait for has not happened yet.
	TaskRetryWaiting
	// TaskGroupRetryWaiting tasks run their children again at their retry time.
	TaskGroupRetryWaiting
	// TaskRunning tasks were handed to an operator.
	TaskRunning
	// TaskPlanned tasks have done their own work, or are groups, and wait for their children.
	TaskPlanned
	// TaskGroupError tasks failed because children failed.
	TaskGroupError
	// TaskSuccess is the end of a task whose work and children all succeeded.
	TaskSuccess
	// TaskError is the end of a task whose own work failed.
	TaskError
	// TaskCanceled is the end of a task that was killed.
	TaskCanceled
)

var taskStateNames = [...]string{
	TaskBlocked: "blocked", TaskReady: "ready", TaskRetryWaiting: "retry_waiting",
	TaskGroupRetryWaiting: "group_retry_waiting", TaskRunning: "running", TaskPlanned: "planned",
	TaskGroupError: "group_error", TaskSuccess: "success", TaskError: "error", TaskCanceled: "canceled",
}

func (s TaskState) String() string {
	if int(s) < len(taskStateNames) {
		return taskStateNames[s]
	}
	return fmt.Sprintf("TaskState(%d)", uint8(s))
}

// Done reports whether a task in this state never changes again.
func (s TaskState) Done() bool {
	switch s {
	case TaskGroupError, TaskSuccess, TaskError, TaskCanceled:
		return true
	case TaskBlocked, TaskReady, TaskRetryWaiting, TaskGroupRetryWaiting, TaskRunning, TaskPlanned:
		return false
	}
	return false
}

// Failed reports whether a task in this state makes its parent fail.
func (s TaskState) Failed() bool { return s == TaskError || s == TaskGroupError }

// Active reports whether a task in this state will change without a sibling's
// help, so that its parent has to wait for it.
func (s TaskState) Active() bool { return s != TaskBlocked && !s.Done() }

// TaskFlags are facts about a task beside its state. The numbers are Digdag's
// and are stored.
type TaskFlags uint8

const (
	// CancelRequested means the attempt was killed while the task was unfinished.
	CancelRequested TaskFlags = 1
	// DelayedError means the task failed and ends in Error once its _error tasks ended.
	DelayedError TaskFlags = 2
	// DelayedGroupError means the same of a task whose children failed.
	DelayedGroupError TaskFlags = 4
	// InitialTask marks a task that stood in the definition when it was added,
	// so that a retry of its group runs it again.
	InitialTask TaskFlags = 8
	// Superseded marks a task that a retry of its parent has replaced. Digdag has
	// no such flag.
	Superseded TaskFlags = 16
	// Skipped marks a task that was not run, because an earlier attempt had
	// finished it. Digdag has no such flag.
	Skipped TaskFlags = 32
)

// Has reports whether all flags of f are set.
func (s TaskFlags) Has(f TaskFlags) bool { return s&f == f }

// AttemptFlags are the state of an attempt. The numbers are Digdag's and are stored.
type AttemptFlags uint8

const (
	// AttemptCancelRequested means somebody killed the attempt.
	AttemptCancelRequested AttemptFlags = 1
	// AttemptDone means the root task has ended.
	AttemptDone AttemptFlags = 2
	// AttemptSuccess means it ended in success.
	AttemptSuccess AttemptFlags = 4
)

// Has reports whether all flags of f are set.
func (s AttemptFlags) Has(f AttemptFlags) bool { return s&f == f }

// String is the attempt's state in one word: running, success, error or killed.
func (s AttemptFlags) String() string {
	switch {
	case s.Has(AttemptDone | AttemptSuccess):
		return "success"
	case s.Has(AttemptDone | AttemptCancelRequested):
		return "killed"
	case s.Has(AttemptDone):
		return "error"
	}
	return "running"
}
