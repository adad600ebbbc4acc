package local

import (
	"context"
	"fmt"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/cron"
	"github.com/heitan/heitan/workflow"
)

// Choice is a chosen session time.
type Choice struct {
	Time time.Time
	// Notice says how it was chosen, if the user did not say; else "".
	Notice string
}

// latestSession tells the session time of the newest saved session, if any.
type latestSession func(ctx context.Context) (time.Time, bool, error)

// chooseSession is the session time that the value of --session means, now. The
// value is meant in the workflow's time zone.
func chooseSession(ctx context.Context, value string, w *workflow.Workflow, now time.Time, latest latestSession) (Choice, error) {
	now = now.In(w.Zone)
	switch value {
	case "hourly":
		return Choice{Time: cron.StartOfHour(now, w.Zone)}, nil
	case "daily":
		return Choice{Time: cron.StartOfDay(now, w.Zone)}, nil
	case "schedule":
		if w.Schedule == nil {
			return Choice{}, &heitan.Error{
				Kind: heitan.Invalid,
				Msg:  fmt.Sprintf("--session schedule: workflow %s has no schedule", w.Name),
				Hint: "give a time such as --session daily, or add a `schedule:` section",
			}
		}
		return Choice{Time: w.Schedule.LastSession(now)}, nil
	case "last":
		return lastSession(ctx, w, now, latest)
	}
	t, err := cron.LocalTime(value, w.Zone)
	if err != nil {
		return Choice{}, &heitan.Error{
			Kind: heitan.Invalid,
			Msg:  fmt.Sprintf("--session %q is no session time", value),
			Hint: `use hourly, daily, schedule, last, "yyyy-MM-dd" or "yyyy-MM-dd HH:mm:ss"`,
		}
	}
	return Choice{Time: t}, nil
}

func lastSession(ctx context.Context, w *workflow.Workflow, now time.Time, latest latestSession) (Choice, error) {
	saved, ok, err := latest(ctx)
	if err != nil {
		return Choice{}, err
	}
	if ok {
		return Choice{Time: saved, Notice: "Reusing the last session time " + isoTime(saved, w.Zone)}, nil
	}
	t := cron.StartOfDay(now, w.Zone)
	if w.Schedule != nil {
		t = w.Schedule.LastSession(now)
	}
	return Choice{Time: t, Notice: "Using a new session time " + isoTime(t, w.Zone)}, nil
}

func isoTime(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("2006-01-02T15:04:05-07:00")
}
