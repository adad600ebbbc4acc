package heitan

import "time"

// Project is a folder of workflow files that is pushed and run as one.
type Project struct {
	ID      ProjectID
	Name    string
	Created time.Time
}

// Revision is one version of a project. Its name is unique within the project.
type Revision struct {
	ID      RevisionID
	Project ProjectID
	Name    string
	Created time.Time
}

// Session is one run of a workflow for one session time. There is at most one
// per project, workflow name and session time in whole seconds.
type Session struct {
	ID       SessionID
	Project  ProjectID
	UUID     string
	Workflow string
	Time     time.Time // in whole seconds, UTC
}

// Attempt is one try at a session. There is at most one per session and name.
type Attempt struct {
	ID       AttemptID
	Session  SessionID
	Index    int    // from 1 within the session
	Name     string // of a named retry, else ""
	Key      string // random; makes the names of what the attempt starts outside unique
	Revision RevisionID
	Timezone string
	Flags    AttemptFlags
	Created  time.Time
	Finished time.Time // zero while unfinished
}

// Fence is the number of a lease on an attempt. It grows with every change of
// owner, so that whoever lost the lease cannot write any more.
type Fence int64
