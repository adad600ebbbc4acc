package cron

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/params"
)

// Codes of the problems that are reported.
const (
	codeScheduleType     = "schedule-type"     // no type, or one that does not exist
	codeScheduleArgument = "schedule-argument" // what stands behind the type cannot be read
	codeScheduleOption   = "schedule-option"   // an option has a value that cannot be read
	codeScheduleKey      = "schedule-key"      // a key that means nothing
	codeScheduleEmpty    = "schedule-empty"    // no time ever comes
	codeScheduleInterval = "schedule-interval" // warning: the minutes do not divide the hour
	codeSLATime          = "sla-time"          // not exactly one of time and duration, or unreadable
	codeSLAOption        = "sla-option"        // an option has a value that cannot be read
)

// section reads a part of a workflow file and gathers what is wrong with it.
type section struct {
	keys     *params.Object
	code     string // of options with bad values
	read     []string
	problems diag.List
}

// problem reports that a key is wrong or doubtful.
func (s *section) problem(severity diag.Severity, key, code, hint, format string, args ...any) {
	s.problems = append(s.problems, diag.Diagnostic{
		Pos:      s.keys.Pos(key),
		Severity: severity,
		Code:     code,
		Message:  fmt.Sprintf(format, args...),
		Hint:     hint,
	})
}

// fail reports an error in the value of a key. As sections are read as they are
// written, a template in the value is what is wrong with it.
func (s *section) fail(key, code, hint, format string, args ...any) {
	if v, _ := s.keys.Get(key); params.HasTemplate(v) {
		hint = "templates are not evaluated here"
	}
	s.problem(diag.Error, key, code, hint, format, args...)
}

// get is the value of a key. Null counts as missing.
func (s *section) get(key string) (params.Value, bool) {
	s.read = append(s.read, key)
	v, _ := s.keys.Get(key)
	return v, v != nil
}

// text is the value of a key as it was written, if it is text or a number.
func (s *section) text(key string) (string, bool) {
	switch v, _ := s.get(key); v := v.(type) {
	case string:
		return strings.TrimSpace(v), true
	case int64, float64:
		return params.JSON(v), true
	}
	return "", false
}

// boolean is the value of an option that is true or false.
func (s *section) boolean(key string, otherwise bool) bool {
	switch v, ok := s.get(key); {
	case !ok:
		return otherwise
	case v == true, v == "true":
		return true
	case v == false, v == "false":
		return false
	default:
		s.fail(key, s.code, "", "Expected boolean type for key '%s' but got %s (%s)", key, s.shown(key), params.Kind(v))
		return otherwise
	}
}

// duration is the value of an option that is a duration, if it is set.
func (s *section) duration(key string) (time.Duration, bool) {
	v, ok := s.get(key)
	if !ok {
		return 0, false
	}
	text, _ := s.text(key)
	d, ok := parseDuration(text)
	if !ok {
		s.fail(key, s.code, "for example 1h 30m; a bare number counts seconds",
			"Expected duration type for key '%s' but got %s (%s)", key, s.shown(key), params.Kind(v))
	}
	return d, ok
}

// shown is the value of a key for a message.
func (s *section) shown(key string) string {
	v, _ := s.keys.Get(key)
	if text, ok := v.(string); ok {
		return clip(text)
	}
	return clip(params.JSON(v))
}

// unread are the keys that were not asked for, in order.
func (s *section) unread() []string {
	return slices.DeleteFunc(s.keys.Keys(), func(key string) bool { return slices.Contains(s.read, key) })
}

// misspelt is the first unread key that looks like one of the candidates, with a
// hint that says so. If there is none it is the first key of all, or "".
func (s *section) misspelt(candidates []string) (key, hint string) {
	for _, key := range s.unread() {
		if hint := diag.DidYouMean(key, candidates); hint != "" {
			return key, hint
		}
	}
	for key := range s.keys.All() {
		return key, ""
	}
	return "", ""
}
