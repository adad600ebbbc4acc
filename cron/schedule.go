package cron

import (
	"slices"
	"strings"
	"time"

	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/params"
)

// Schedule is a workflow's `schedule:` section. It is immutable.
type Schedule struct {
	Type     string // "daily", "cron", ...
	Argument string // what is written behind the type
	// Start and End bound the run times: from Start on, and before End, which
	// is the midnight after the day that is written. Zero is no bound.
	Start, End time.Time
	// SkipOnOvertime says to skip a slot while an attempt of the workflow is active.
	SkipOnOvertime bool

	timetable
	zone          *time.Location
	skipDelayedBy time.Duration
	skips         bool // whether skipDelayedBy is set
}

// String is the schedule as it is written, without its options.
func (s *Schedule) String() string { return s.Type + ">: " + s.Argument }

// Delay is the time from a session time to its run time, in absolute seconds:
// "daily>: 07:00:00" runs at 06:00 or 08:00 when clocks are changed at night.
func (s *Schedule) Delay() time.Duration { return s.delay }

// SkipDelayedBy is how late a slot may start, if that is limited.
func (s *Schedule) SkipDelayedBy() (limit time.Duration, ok bool) { return s.skipDelayedBy, s.skips }

// ParseSchedule reads a `schedule:` section of a workflow in the given zone. The
// list holds everything that is wrong or doubtful; the schedule is nil if any of
// it is an error. What concerns the section as a whole has the place of its first
// key.
//
// Digdag reads `delay` (for cron>, minutes_interval> and seconds_interval>), and
// `_command` and `at` for the argument of a type, but its check for unknown keys
// comes first and refuses them. They are accepted here.
func ParseSchedule(keys *params.Object, zone *time.Location) (*Schedule, diag.List) {
	r := &section{keys: keys, code: codeScheduleOption}
	s := &Schedule{zone: zone}
	s.readOptions(r)
	s.readType(r)
	for _, key := range r.unread() {
		r.problem(diag.Error, key, codeScheduleKey, s.hintUnknown(key), "Parameter '%s' is not used at schedule", clip(key))
	}
	if r.problems.HasErrors() {
		return nil, r.problems
	}
	if !s.Start.IsZero() && s.First(s.Start).Finished() {
		r.problem(diag.Warning, "end", codeScheduleEmpty, "", "%s has no session between start and end", clip(s.String()))
	}
	return s, r.problems
}

func (s *Schedule) readOptions(r *section) {
	s.SkipOnOvertime = r.boolean("skip_on_overtime", false)
	if s.skipDelayedBy, s.skips = r.duration("skip_delayed_by"); s.skipDelayedBy < 0 {
		r.fail("skip_delayed_by", codeScheduleOption, "",
			"Expected a duration from 0 for key 'skip_delayed_by' but got %s", r.shown("skip_delayed_by"))
	}
	s.Start = s.readBound(r, "start", 0)
	s.End = s.readBound(r, "end", 1)
	if !s.Start.IsZero() && !s.End.IsZero() && !s.Start.Before(s.End) {
		r.fail("end", codeScheduleOption, "", "The schedule of end is earlier than start")
	}
}

// readBound is the midnight at which the day under a key begins, plus days, or
// zero. The day must exist, as in Digdag's ScheduleConfigHelper.
func (s *Schedule) readBound(r *section, key string, days int) time.Time {
	if _, ok := r.get(key); !ok {
		return time.Time{}
	}
	text, _ := r.text(key)
	date, err := time.Parse(time.DateOnly, text)
	if err != nil {
		r.fail(key, codeScheduleOption, "expected an existing day as yyyy-MM-dd", "Invalid %s: %s", key, r.shown(key))
		return time.Time{}
	}
	return wallAt(date.AddDate(0, 0, days)).earlier(s.zone)
}

// readType reads the type, its argument and the options that depend on it.
func (s *Schedule) readType(r *section) {
	key, argumentKey := s.findType(r)
	if key == "" {
		place, hint := r.misspelt(typeKeys())
		if hint != "" {
			r.read = append(r.read, place)
		}
		r.problem(diag.Error, place, codeScheduleType, hint, "Schedule config requires 'type>: at' parameter")
		return
	}
	if !slices.Contains(types(), s.Type) {
		r.read = append(r.read, argumentKey, "at", "delay")
		r.problem(diag.Error, key, codeScheduleType, diag.DidYouMean(s.Type, types()), "Unknown scheduler type: %s", clip(s.Type))
		return
	}
	value, ok := r.get(argumentKey)
	if !ok {
		argumentKey = "at"
		value, ok = r.get(argumentKey)
	}
	if !ok {
		r.problem(diag.Error, key, codeScheduleArgument, "for example daily>: 07:00:00", "%s>: scheduler requires an argument", s.Type)
		return
	}
	if s.Argument, ok = r.text(argumentKey); !ok {
		r.fail(argumentKey, codeScheduleArgument, "", "%s>: scheduler requires text but got %s (%s)",
			s.Type, r.shown(argumentKey), params.Kind(value))
		return
	}
	s.timetable = r.timetable(s.Type, argumentKey, s.Argument)
	if takesDelay(s.Type) {
		s.delay, _ = r.duration("delay")
	}
}

// findType finds the type, the key that says it, and the key of its argument.
func (s *Schedule) findType(r *section) (key, argumentKey string) {
	if kind, ok := r.text("_type"); ok {
		s.Type = kind
		return "_type", "_command"
	}
	for key := range r.keys.All() {
		if kind, ok := strings.CutSuffix(key, ">"); ok {
			s.Type = kind
			return key, key
		}
	}
	return "", ""
}

// hintUnknown guesses what was meant by an unknown key.
func (s *Schedule) hintUnknown(key string) string {
	switch {
	case strings.HasSuffix(key, ">"):
		return "a schedule has one type; patterns of cron> can be joined with |"
	case key == "delay":
		return "delay is for cron>, minutes_interval> and seconds_interval>"
	}
	candidates := []string{"skip_on_overtime", "skip_delayed_by", "start", "end"}
	if takesDelay(s.Type) {
		candidates = append(candidates, "delay")
	}
	return diag.DidYouMean(key, candidates)
}
