package control

import (
	"fmt"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

// rerunOn says when require> starts an attempt though the session has one.
type rerunOn string

const (
	rerunNone   rerunOn = "none"   // never: its result is used, whatever it is
	rerunFailed rerunOn = "failed" // if it did not succeed
	rerunAll    rerunOn = "all"    // always
)

// wants reports whether an attempt that ended with these flags is not good enough.
func (r rerunOn) wants(flags heitan.AttemptFlags) bool {
	return r == rerunAll || r == rerunFailed && !flags.Has(heitan.AttemptSuccess)
}

// requirement is what a require> task says.
type requirement struct {
	start         StartRequest
	rerun         rerunOn
	ignoreFailure bool
}

// readRequirement reads require>'s keys. As in Digdag, which project it means and
// the attempt's name are read from the task's own keys only.
func readRequirement(req *operator.Request) (requirement, error) {
	p, own := req.Params, req.Params.Own()
	r := requirement{
		rerun:         rerunOn(p.StringOr("rerun_on", string(rerunNone))),
		ignoreFailure: p.BoolOr("ignore_failure", false),
		start: StartRequest{
			Project:     heitan.ProjectID(own.IntOr("project_id", 0)),
			ProjectName: own.StringOr("project_name", ""),
			Workflow:    p.CommandText(),
			SessionTime: sessionTime(p, req.Task.SessionTime),
			AttemptName: own.StringOr("retry_attempt_name", ""),
			Params:      p.ObjectOr("params", params.Empty()),
			Token:       req.Token,
		},
	}
	switch r.rerun {
	case rerunNone, rerunFailed, rerunAll:
	default:
		p.Fail("rerun_on", "invalid rerun_on option:%s", r.rerun)
	}
	_, byID := own.Get("project_id")
	_, byName := own.Get("project_name")
	switch {
	case byID && byName:
		p.Fail("project_name", "Both project_id and project_name can't be set")
	case !byID && !byName:
		r.start.Project = req.Task.ProjectID
	}
	if err := p.Err(); err != nil {
		return r, err
	}
	return r, own.Err()
}

// sessionTime is the time of the target's session, by default the task's own.
func sessionTime(p *operator.Params, otherwise time.Time) time.Time {
	text := p.StringOr("session_time", "")
	if text == "" {
		return otherwise
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		p.Fail("session_time", "Expected a time such as 2017-01-31T00:00:00+09:00 for key 'session_time' but got %.100q", text)
	}
	return t.Truncate(time.Second)
}

// target names the wanted workflow in messages, as Digdag does.
func (s StartRequest) target() string {
	if s.ProjectName != "" {
		return fmt.Sprintf("project_name:%s, workflowName:%s", s.ProjectName, s.Workflow)
	}
	return fmt.Sprintf("project_id:%d, workflowName:%s", s.Project, s.Workflow)
}
