package calendar

import "github.com/heitan/heitan/expr/moment/jsdate"

// Flags are what was noticed when a moment was parsed. Most of them make it
// invalid. Moments share the flags of the moment that they are copies of.
type Flags struct {
	Empty           bool     // no token of the format was found
	UnusedTokens    []string // tokens of the format that were not found
	UnusedInput     []string // texts that no token took
	Overflow        Overflow
	CharsLeftOver   int // UTF-16 units that no token took
	NullInput       bool
	InvalidMonth    string
	InvalidWeekday  string
	InvalidFormat   bool
	UserInvalidated bool
	ISO             bool
	RFC2822         bool
	WeekdayMismatch bool
	BigHour         bool // an hour after 12 on a clock with 12 hours
	Meridiem        string
	// ParsedParts are year, month, day, hour, minute, second and millisecond.
	ParsedParts [7]Part
	ByFormat    bool // a format was used
	Strict      bool

	// Extra are flags that a script made up.
	Extra map[string]any

	OverflowDayOfYear, OverflowWeek, OverflowWeekday bool

	// Score is what was counted against a format among several.
	Score Part
}

// Part is a number that may not have been given.
type Part struct {
	Value float64
	Given bool
}

// or returns the number or, where none was given, another.
func (p Part) or(other float64) float64 {
	if p.Given {
		return p.Value
	}
	return other
}

func given(value float64) Part { return Part{Value: value, Given: true} }

// Overflow is the part of a date that is out of range.
type Overflow int8

// The parts in the order in which they are looked at.
const (
	OverflowUnchecked Overflow = iota - 2
	NoOverflow
	YearOverflow
	MonthOverflow
	DateOverflow
	HourOverflow
	MinuteOverflow
	SecondOverflow
	MillisecondOverflow
	WeekOverflow
	WeekdayOverflow
)

func newFlags() *Flags { return &Flags{Overflow: OverflowUnchecked} }

func (f *Flags) valid(date jsdate.Time) bool {
	ok := date.Valid() && f.Overflow < 0 &&
		!f.Empty && f.InvalidMonth == "" && f.InvalidWeekday == "" && !f.WeekdayMismatch &&
		!f.NullInput && !f.InvalidFormat && !f.UserInvalidated &&
		(f.Meridiem == "" || f.anyPart())
	if ok && f.Strict {
		ok = f.CharsLeftOver == 0 && len(f.UnusedTokens) == 0 && !f.BigHour
	}
	return ok
}

func (f *Flags) anyPart() bool {
	for _, part := range f.ParsedParts {
		if part.Given {
			return true
		}
	}
	return false
}
