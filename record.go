package heitan

import (
	"strconv"
	"strings"
	"time"
)

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

// numberedPrefix begins the names of attempts that heitan numbered, because a
// session was run again without a name being given.
const numberedPrefix = "#"

// NumberedName is the name of the n-th attempt of a session, n from 1, when the
// user gives none.
func NumberedName(n int) string {
	if n <= 1 {
		return ""
	}
	return numberedPrefix + strconv.Itoa(n)
}

// RetryName is the name a user gave to the attempt, or "".
func (a Attempt) RetryName() string {
	if strings.HasPrefix(a.Name, numberedPrefix) {
		return ""
	}
	return a.Name
}

// Zone is the attempt's time zone, or UTC where its name is not known any more.
func (a Attempt) Zone() *time.Location {
	zone, err := time.LoadLocation(a.Timezone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// Fence is the number of a lease on an attempt. It grows with every change of
// owner, so that whoever lost the lease cannot write any more.
type Fence int64
