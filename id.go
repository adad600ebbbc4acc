package heitan

import "strconv"

// Ids are given by the store and start at 1. Zero means "none".
type (
	// ProjectID names a project.
	ProjectID int64
	// RevisionID names one pushed version of a project.
	RevisionID int64
	// SessionID names one run of a workflow for one session time.
	SessionID int64
	// AttemptID names one try at a session.
	AttemptID int64
	// TaskID names a task within its attempt. Ids of an attempt's tasks grow in
	// the order in which the tasks were added: a parent's id is smaller than its
	// children's, an earlier sibling's smaller than a later one's.
	TaskID int64
)

func (id ProjectID) String() string  { return strconv.FormatInt(int64(id), 10) }
func (id RevisionID) String() string { return strconv.FormatInt(int64(id), 10) }
func (id SessionID) String() string  { return strconv.FormatInt(int64(id), 10) }
func (id AttemptID) String() string  { return strconv.FormatInt(int64(id), 10) }
func (id TaskID) String() string     { return strconv.FormatInt(int64(id), 10) }
