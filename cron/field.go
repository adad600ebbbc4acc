package cron

import (
	"fmt"
	"strconv"
	"strings"
)

// field is one of the five fields of a pattern. Its values are kept as bits.
type field struct {
	name     string
	min, max int      // what "*" stands for
	cycle    int      // values are taken modulo this, unless it is 0
	hasLast  bool     // whether "L" is a value
	aliases  []string // other words for the values from min on
	expected string   // the values for messages
}

// lastDay is the value of "L", the last day of the month, whichever it is.
const lastDay = 32

var (
	minuteField = field{name: "minute", min: 0, max: 59, expected: "* or 0-59"}
	hourField   = field{name: "hour", min: 0, max: 23, expected: "* or 0-23"}
	dayField    = field{name: "day-of-month", min: 1, max: 31, hasLast: true, expected: "*, 1-31 or L"}
	monthField  = field{
		name: "month", min: 1, max: 12, expected: "*, 1-12 or jan-dec",
		aliases: []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"},
	}
	weekdayField = field{
		name: "day-of-week", min: 0, max: 7, cycle: 7, expected: "*, 0-7 or sun-sat",
		aliases: []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"},
	}
)

// parse reads a list such as "1-5,7,*/10" into a set with a bit for each value.
// Commas too many are ignored, as in cron4j.
func (f *field) parse(text string) (uint64, error) {
	var set uint64
	for element := range strings.SplitSeq(text, ",") {
		if element == "" {
			continue
		}
		values, err := f.parseElement(element)
		if err != nil {
			return 0, fmt.Errorf("%s field %s: %w", f.name, quote(text), err)
		}
		set |= values
	}
	if set == 0 {
		return 0, fmt.Errorf("%s field %s: found no value, expected %s", f.name, quote(text), f.expected)
	}
	return set, nil
}

// parseElement reads a value, a range or a range with a step.
//
// cron4j splits at the signs and drops what is empty, so that it takes "/5" for
// 5 and "-5" for 5. These are errors here: they do not mean what they say.
func (f *field) parseElement(element string) (uint64, error) {
	span, stepText, stepped := strings.Cut(element, "/")
	step := 1
	if stepped {
		var err error
		if step, err = strconv.Atoi(stepText); err != nil || step < 1 {
			return 0, fmt.Errorf("found step %s, expected a number from 1", quote(stepText))
		}
	}
	first, last, err := f.parseRange(span)
	if err != nil {
		return 0, err
	}
	return f.values(first, last, step), nil
}

func (f *field) parseRange(span string) (first, last int, err error) {
	if span == "*" {
		return f.min, f.max, nil
	}
	from, to, isRange := strings.Cut(span, "-")
	if isRange && (from == "" || to == "") {
		return 0, 0, fmt.Errorf("found %s, but a range needs both ends", quote(span))
	}
	if first, err = f.parseValue(from); err != nil || !isRange {
		return first, first, err
	}
	if last, err = f.parseValue(to); err != nil {
		return 0, 0, err
	}
	// To cron4j "L-3" is 1-3; whoever writes it means the third day from the end.
	if f.hasLast && first == lastDay && last != lastDay {
		return 0, 0, fmt.Errorf("found %s, but L can only end a range", quote(span))
	}
	return first, last, nil
}

func (f *field) parseValue(text string) (int, error) {
	if f.hasLast && strings.EqualFold(text, "L") {
		return lastDay, nil
	}
	if n, err := strconv.Atoi(text); err == nil && n >= f.min && n <= f.max {
		if f.cycle > 0 {
			n %= f.cycle
		}
		return n, nil
	}
	for i, alias := range f.aliases {
		if strings.EqualFold(text, alias) {
			return f.min + i, nil
		}
	}
	return 0, fmt.Errorf("found %s, expected %s", quote(text), f.expected)
}

// values is every step-th value on the way from first to last, which may lead
// over the maximum back to the minimum. As in cron4j the way through the week
// passes both 7 and 0, and only 0 is ever matched: "fri-mon/2" is Friday and
// Monday, "1-7/2" leaves out Sunday, and "0-7", being 0-0, is Sunday only.
func (f *field) values(first, last, step int) uint64 {
	var set uint64
	for value, position := first, 0; ; position++ {
		if position%step == 0 {
			set |= 1 << value
		}
		if value == last {
			return set
		}
		if value++; value > f.max && last <= f.max {
			value = f.min
		}
	}
}
