// Package engine is the semantics of a running workflow: which task may run when,
// what happens when it ends, which params it sees.
//
// An Attempt is the state of one attempt. Events go in, changed tasks and
// commands come out; nothing else happens. The package does no I/O and knows no
// clock: the same events at the same times give the same changes, so an attempt
// can be tested by tables, by properties and by simulation, and can be rebuilt
// from its stored tasks at any point.
//
// Whoever drives an attempt makes the changes durable before it carries out the
// commands that came with them. The work per event does not depend on the number
// of tasks in the attempt, only on how many the event changes.
//
// The life of a task is Digdag's:
//
//	            all earlier siblings succeeded
//	blocked ────────────────────────────────────► ready ──► running ──► success
//	   │ (groups)                                   ▲          │ ├────► error
//	   ▼                                            │          │ └────► canceled
//	planned ◄───────────────────────────────────────┼──────────┤ (has subtasks)
//	   │ all children ended                         │          ▼ (polls, or failed and may retry)
//	   ├──► success / group_error / error / canceled└── retry_waiting
//	   └──► group_retry_waiting ──► planned again, with copies of the children
package engine
