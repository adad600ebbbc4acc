package graph

import "github.com/heitan/heitan"

// Glyph is the sign of a task's state, one column wide.
func Glyph(s heitan.TaskState) string {
	switch s {
	case heitan.TaskBlocked:
		return "·"
	case heitan.TaskReady:
		return "○"
	case heitan.TaskRunning, heitan.TaskPlanned:
		return "▸"
	case heitan.TaskRetryWaiting, heitan.TaskGroupRetryWaiting:
		return "↻"
	case heitan.TaskSuccess:
		return "✓"
	case heitan.TaskError, heitan.TaskGroupError:
		return "✗"
	case heitan.TaskCanceled:
		return "⊘"
	}
	return "?"
}
