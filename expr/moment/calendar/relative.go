package calendar

// Thresholds are the numbers from which on the next larger unit is used to word
// a duration.
type Thresholds map[string]float64

func defaultThresholds() Thresholds {
	return Thresholds{
		"ss": 44, // up to so many it is "a few seconds"
		"s":  45,
		"m":  45,
		"h":  22,
		"d":  26,
		"M":  11,
	}
}

// Set changes a threshold that exists. The one between "a few seconds" and
// seconds follows that of seconds.
func (t Thresholds) Set(key string, limit float64) {
	t[key] = limit
	if key == "s" {
		t["ss"] = limit - 1
	}
}

// Humanize words the duration, such as "2 hours" or, with its place in time,
// "in 2 hours" and "2 hours ago".
func (d *Duration) Humanize(inTime bool) string {
	if !d.valid {
		return d.locale.InvalidDate
	}
	distance := d.Millis()
	key, number := d.lib.wordingOf(d)
	text := d.locale.Wording(number, !inTime, key, distance > 0)
	if inTime {
		text = d.locale.InTime(distance, text)
	}
	return d.locale.postformat(text)
}

// wordingOf finds the key of a wording, and the number in it.
func (l *Library) wordingOf(d *Duration) (key string, number float64) {
	absolute := d.Clone()
	absolute.Abs()
	in := func(u Unit) float64 {
		n, _ := absolute.As(u) // the unit is known
		return l.RoundRelative(n)
	}
	seconds, minutes, hours, days, months, years := in(Second), in(Minute), in(Hour), in(Day), in(Month), in(Year)
	t := l.Thresholds
	one := 1.0
	switch {
	case seconds <= t["ss"]:
		key, number = "s", seconds
	case seconds < t["s"]:
		key, number = "ss", seconds
	case minutes <= 1:
		key, number = "m", one
	case minutes < t["m"]:
		key, number = "mm", minutes
	case hours <= 1:
		key, number = "h", one
	case hours < t["h"]:
		key, number = "hh", hours
	case days <= 1:
		key, number = "d", one
	case days < t["d"]:
		key, number = "dd", days
	case months <= 1:
		key, number = "M", one
	case months < t["M"]:
		key, number = "MM", months
	case years <= 1:
		key, number = "y", one
	default:
		key, number = "yy", years
	}
	if isZero(number) {
		number = 1
	}
	return key, number
}

// CalendarKey is how far away a moment is from the start of a day: lastWeek,
// lastDay, sameDay, nextDay, nextWeek or sameElse.
func CalendarKey(m, today *Moment) string {
	days := m.Diff(today, Day)
	switch {
	case days < -6:
		return "sameElse"
	case days < -1:
		return "lastWeek"
	case days < 0:
		return "lastDay"
	case days < 1:
		return "sameDay"
	case days < 2:
		return "nextDay"
	case days < 7:
		return "nextWeek"
	}
	return "sameElse"
}

// CalendarFormatKey is the library's CalendarKey for the moment and the day of
// a reference time in the moment's zone.
func (m *Moment) CalendarFormatKey(reference *Moment) string {
	today := m.alike(reference)
	today.StartOf(Day)
	if key := m.lib.CalendarKey(m, today); key != "" {
		return key
	}
	return "sameElse"
}
