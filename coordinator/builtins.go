package coordinator

import (
	"time"

	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
)

// builtins are the variables that every task of an attempt sees, whatever the
// user's params say; only task_name differs between tasks. Times are in the
// workflow's time zone.
func builtins(a store.Attempt, zone *time.Location) *params.Object {
	entries := []params.Entry{
		{Key: "timezone", Value: a.Timezone},
		{Key: "session_uuid", Value: a.Session.UUID},
		{Key: "session_id", Value: int64(a.Session.ID)},
		{Key: "attempt_id", Value: int64(a.ID)},
		{Key: "project_id", Value: int64(a.Project.ID)},
	}
	if name := a.RetryName(); name != "" {
		entries = append(entries, params.Entry{Key: "retry_attempt_name", Value: name})
	}
	entries = append(entries, timeEntries("session_", a.Session.Time, zone)...)
	for _, prefix := range []string{"last_session_", "next_session_"} {
		if t, ok := timeParam(a.Params, prefix+"time"); ok {
			entries = append(entries, timeEntries(prefix, t, zone)...)
		}
	}
	const executed = "last_executed_session_"
	if t, ok := timeParam(a.Params, executed+"time"); ok {
		entries = append(entries, timeEntries(executed, t, zone)...)
	} else {
		entries = append(entries, noTimeEntries(executed, zone)...)
	}
	return params.New(entries...)
}

func timeEntries(prefix string, t time.Time, zone *time.Location) []params.Entry {
	local := t.In(zone)
	return []params.Entry{
		{Key: prefix + "time", Value: local.Format("2006-01-02T15:04:05-07:00")},
		{Key: prefix + "date", Value: local.Format("2006-01-02")},
		{Key: prefix + "date_compact", Value: local.Format("20060102")},
		{Key: prefix + "local_time", Value: local.Format("2006-01-02 15:04:05")},
		{Key: prefix + "tz_offset", Value: local.Format("-0700")},
		{Key: prefix + "unixtime", Value: t.Unix()},
	}
}

// noTimeEntries are the values of a time that does not exist: empty text, but for
// the offset, which Digdag gives as it was at the epoch.
func noTimeEntries(prefix string, zone *time.Location) []params.Entry {
	entries := timeEntries(prefix, time.Unix(0, 0), zone)
	for i, e := range entries {
		if e.Key != prefix+"tz_offset" {
			entries[i].Value = ""
		}
	}
	return entries
}

// timeParam reads a time given as a param. As in Digdag, what cannot be read is
// passed over.
func timeParam(p *params.Object, key string) (time.Time, bool) {
	v, _ := p.Get(key)
	text, _ := v.(string)
	t, err := time.Parse(time.RFC3339, text)
	return t, err == nil
}
