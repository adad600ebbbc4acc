// Package store is the contract of what heitan keeps: projects, sessions,
// attempts with their tasks, leases, and the params of param_set>.
//
// SQLite and PostgreSQL fulfil it with the same queries (sqlstore) and pass the
// same suite (storetest). Everything that must be unique is a constraint of the
// database: one session per project, workflow and session time, one attempt per
// session and name, one owner per attempt.
//
// Errors that callers decide on are *[heitan.Error] with a kind: NotFound,
// Conflict, Unavailable (the database does not answer, is locked for too long,
// or its disk is full: the same call may succeed later), Invalid (text that is not
// UTF-8 or has a NUL character, a name of more than 1,000 bytes). All methods may
// be called from any number of goroutines. Times are kept in microseconds.
package store

import (
	"context"
	"fmt"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
)

// Store is a database that fulfils the whole contract.
type Store interface {
	Projects
	Attempts
	Leases
	ParamServer
	Close() error
}

// Projects keeps projects and their revisions.
type Projects interface {
	// EnsureProject is the project of a name; it is made if there is none.
	EnsureProject(ctx context.Context, name string, now time.Time) (heitan.Project, error)
	// EnsureRevision is the revision of a name; it is made if there is none.
	EnsureRevision(ctx context.Context, project heitan.ProjectID, name string, now time.Time) (heitan.Revision, error)
}

// Attempts keeps sessions, attempts and tasks.
type Attempts interface {
	// Submit makes an attempt, its session if there is none yet, its first tasks
	// and its lease, all or nothing. If the session has an attempt of that name
	// already, the error is a *[Exists]; unless that attempt was made by the same
	// submission (Key, Owner and Now), whose outcome was unknown and which is
	// simply repeated. NotFound if there is no such project or revision.
	Submit(ctx context.Context, s Submission) (Attempt, heitan.Fence, error)

	// Attempt is the attempt of an id. NotFound.
	Attempt(ctx context.Context, id heitan.AttemptID) (Attempt, error)
	// LatestAttempt is the attempt with the highest index of a session. NotFound.
	LatestAttempt(ctx context.Context, project heitan.ProjectID, workflow string, sessionTime time.Time) (Attempt, error)
	// LatestSession is the session of a workflow with the latest session time. NotFound.
	LatestSession(ctx context.Context, project heitan.ProjectID, workflow string) (heitan.Session, error)

	// Tasks are all tasks of an attempt, ascending ids.
	Tasks(ctx context.Context, id heitan.AttemptID) ([]engine.Task, error)
	// Finished are the results that the attempt was submitted with.
	Finished(ctx context.Context, id heitan.AttemptID) (map[string]engine.Result, error)

	// Commit makes changes of any number of attempts durable in one transaction.
	// Changes of attempts whose lease has another fence are left out; those
	// attempts are returned as lost. Of several writes of an attempt later ones
	// win, those with a lower fence are ignored. Committing the same changes twice
	// is harmless, so a commit whose outcome is unknown is simply repeated.
	Commit(ctx context.Context, writes []Write) (lost []heitan.AttemptID, err error)
}

// Leases keeps who owns which unfinished attempt.
type Leases interface {
	// Acquire gives an attempt to owner until a time, with a fence higher than any
	// before. It is a Conflict, a *[Held], while another owner's lease has not
	// expired, unless the store knows that this owner is gone. An owner may acquire
	// again what it owns, and anybody what has finished. NotFound.
	Acquire(ctx context.Context, id heitan.AttemptID, owner Owner, now, until time.Time) (heitan.Fence, error)
	// Renew extends all leases of an owner. It never makes one shorter.
	Renew(ctx context.Context, owner Owner, until time.Time) error
	// Release gives an attempt up, if the fence is still the current one. Nobody
	// can write with that fence any more.
	Release(ctx context.Context, id heitan.AttemptID, fence heitan.Fence) error
}

// Owner names one running heitan. No two processes ever have the same.
type Owner string

// ParamServer keeps the params of param_set> and param_get>. Values are gone
// [ParamLife] after they were last set.
type ParamServer interface {
	// Param is the value of a key, and whether there is one.
	Param(ctx context.Context, key string, now time.Time) (value string, ok bool, err error)
	// SetParam sets a key; the last writer wins.
	SetParam(ctx context.Context, key, value string, now time.Time) error
}

// ParamLife is how long a param lives after it was last set.
const ParamLife = 90 * 24 * time.Hour

// Submission is a new attempt.
type Submission struct {
	Project     heitan.ProjectID
	Revision    heitan.RevisionID
	Workflow    string
	SessionTime time.Time // whole seconds
	SessionUUID string    // of the session if it is new
	Name        string    // the attempt's, "" for a first one
	Key         string    // see heitan.Attempt
	Timezone    string
	Params      *params.Object
	Finished    map[string]engine.Result // see engine.Definition
	Tasks       []engine.Task
	Flags       heitan.AttemptFlags

	Owner Owner
	Now   time.Time
	Until time.Time // of the lease
}

// Attempt is an attempt with what it belongs to.
type Attempt struct {
	heitan.Attempt
	Session  heitan.Session
	Project  heitan.Project
	Revision heitan.Revision
	Params   *params.Object
}

// Write is what has changed of one attempt. Flags and the end are only ever added
// to what is stored, so that nobody's request to end an attempt is overwritten.
type Write struct {
	Attempt  heitan.AttemptID
	Fence    heitan.Fence
	Tasks    []engine.Task
	Flags    heitan.AttemptFlags
	Finished time.Time // zero while the attempt is unfinished
}

// Exists is the error of a submission whose session has an attempt of that name.
type Exists struct{ Attempt Attempt }

func (e *Exists) Error() string {
	return fmt.Sprintf("A session for the requested session_time already exists (session_id=%d, attempt_id=%d, session_time=%s)",
		e.Attempt.Session.ID, e.Attempt.ID, e.Attempt.Session.Time.Format(time.RFC3339))
}

// Unwrap makes it a Conflict.
func (e *Exists) Unwrap() error { return &heitan.Error{Kind: heitan.Conflict} }

// Held is the error of acquiring an attempt that somebody else owns.
type Held struct {
	Attempt heitan.AttemptID
	Owner   Owner
	Until   time.Time
}

func (e *Held) Error() string {
	return fmt.Sprintf("attempt %d is run by %s", e.Attempt, e.Owner)
}

// Unwrap makes it a Conflict.
func (e *Held) Unwrap() error { return &heitan.Error{Kind: heitan.Conflict} }
