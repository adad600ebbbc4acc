package calendar

import "github.com/heitan/heitan/expr/moment/jsdate"

// take puts what a token has found into the draft.
func (d *draft) take(t token, found string) {
	n := func() Part { return given(truncate(parseNumber(found))) }
	switch t.source {
	case "YYYY":
		d.parts[yearPart] = n()
		if len(found) == 2 {
			d.parts[yearPart] = given(d.lib.TwoDigitYear(found))
		}
	case "YY":
		d.parts[yearPart] = given(d.lib.TwoDigitYear(found))
	case "YYYYY", "YYYYYY":
		d.parts[yearPart] = n()
	case "Y":
		d.parts[yearPart] = given(parseNumber(found))
	case "M", "MM":
		d.parts[monthPart] = given(n().Value - 1)
	case "MMM", "MMMM":
		if month, ok := d.locale.ParseMonth(found, t.source, d.strict); ok {
			d.parts[monthPart] = given(float64(month))
		} else {
			d.flags.InvalidMonth = found
		}
	case "Q":
		d.parts[monthPart] = given((n().Value - 1) * 3)
	case "D", "DD":
		d.parts[dayPart] = n()
	case "Do":
		d.parts[dayPart] = given(parseNumber(found[:digitRun(found, 2)]))
	case "DDD", "DDDD":
		d.dayOfYear = n()
	case "X":
		d.setDate(jsdate.Clip(parseNumber(found) * 1000))
	case "x":
		d.setDate(jsdate.Clip(truncate(parseNumber(found))))
	case "Z", "ZZ":
		d.readUTC = true
		d.origin.parsedOffset, d.origin.hasParsedOffset = offsetMinutes(found), true
	case "gg", "gggg", "ggggg", "GG", "GGGG", "GGGGG", "w", "ww", "W", "WW",
		"d", "dd", "ddd", "dddd", "e", "E":
		d.takeWeek(t, found)
	default:
		d.takeClock(t, found)
	}
}

func (d *draft) takeWeek(t token, found string) {
	w := &d.week
	w.given = true
	n := given(truncate(parseNumber(found)))
	switch t.source {
	case "gg":
		w.year = given(d.lib.TwoDigitYear(found))
	case "GG":
		w.isoYear = given(d.lib.TwoDigitYear(found))
	case "gggg", "ggggg":
		w.year = n
	case "GGGG", "GGGGG":
		w.isoYear = n
	case "w", "ww":
		w.week = n
	case "W", "WW":
		w.isoWeek = n
	case "d":
		w.day = n
	case "e":
		w.weekday = n
	case "E":
		w.isoWeekday = n
	default:
		if day, ok := d.locale.ParseWeekday(found, t.source, d.strict); ok {
			w.day = given(float64(day))
		} else {
			d.flags.InvalidWeekday = found
		}
	}
}

func (d *draft) takeClock(t token, found string) {
	n := func(text string) Part { return given(parseNumber(text)) }
	switch t.source {
	case "H", "HH":
		d.parts[hourPart] = n(found)
	case "h", "hh":
		d.parts[hourPart] = n(found)
		d.flags.BigHour = true
	case "k", "kk":
		if d.parts[hourPart] = n(found); found == "24" {
			d.parts[hourPart] = given(0)
		}
	case "m", "mm":
		d.parts[minutePart] = n(found)
	case "s", "ss":
		d.parts[secondPart] = n(found)
	case "S", "SS", "SSS", "SSSS", "SSSSS", "SSSSSS", "SSSSSSS", "SSSSSSSS", "SSSSSSSSS":
		d.parts[milliPart] = given(truncate(parseNumber("0."+found) * 1000))
	case "hmm", "Hmm", "hmmss", "Hmmss":
		if t.source[0] == 'h' {
			d.flags.BigHour = true
		}
		if t.source == "hmmss" || t.source == "Hmmss" {
			last := len(found) - 2
			d.parts[secondPart] = n(found[last:])
			found = found[:last]
		}
		last := len(found) - 2
		d.parts[hourPart], d.parts[minutePart] = n(found[:last]), n(found[last:])
	}
}
