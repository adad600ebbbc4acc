// Package coordinator drives attempts: it feeds their events to the engine, makes
// the changes durable, and then carries out the commands: it invokes operators,
// sets timers and ends attempts.
//
//	operators ──answers──► driver (one per attempt) ──changes──► committer ──► store
//	    ▲                    │  engine.Apply                         │
//	    └──── commands ◄─────┴───────────── durable ◄────────────────┘
//
// An attempt is owned through a lease; its tasks live in this process's memory.
// One committer writes what has gathered from all attempts as one transaction.
// What operators do is not the coordinator's business: it evaluates their params,
// gives them what a [operator.Request] holds and waits for the answer.
package coordinator
