package jsdate

import "math"

// New is the time of a wall date and time, whose parts may be out of range.
func New(zone *Zone, year, month, day, hour, minute, second, ms float64) Time {
	return zone.FromWall(makeDay(year, month, day)*msPerDay + makeTime(hour, minute, second, ms))
}

// wall is the day and the time in that day that a clock in the zone shows.
func (t Time) wall(zone *Zone) (day, rest float64) {
	if !t.Valid() {
		return math.NaN(), math.NaN()
	}
	ms := int64(t)
	ms += zone.offsetAt(ms)
	days := floorDiv(ms, msPerDay)
	return float64(days), float64(ms - days*msPerDay)
}

// SetYear is setFullYear(year, month, day); an invalid date becomes valid.
func (t Time) SetYear(zone *Zone, year, month, day float64) Time {
	rest := 0.0
	if t.Valid() {
		_, rest = t.wall(zone)
	}
	return zone.FromWall(makeDay(year, month, day)*msPerDay + rest)
}

// SetMonth is setMonth(month, day).
func (t Time) SetMonth(zone *Zone, month, day float64) Time {
	if !t.Valid() {
		return t
	}
	_, rest := t.wall(zone)
	return zone.FromWall(makeDay(float64(t.In(zone).Year), month, day)*msPerDay + rest)
}

// SetDay is setDate(day).
func (t Time) SetDay(zone *Zone, day float64) Time {
	if !t.Valid() {
		return t
	}
	f := t.In(zone)
	_, rest := t.wall(zone)
	return zone.FromWall(makeDay(float64(f.Year), float64(f.Month), day)*msPerDay + rest)
}

// SetHours is setHours(hour).
func (t Time) SetHours(zone *Zone, hour float64) Time {
	return t.setClock(zone, hour, msPerHour, 24)
}

// SetMinutes is setMinutes(minute).
func (t Time) SetMinutes(zone *Zone, minute float64) Time {
	return t.setClock(zone, minute, msPerMinute, 60)
}

// SetSeconds is setSeconds(second).
func (t Time) SetSeconds(zone *Zone, second float64) Time {
	return t.setClock(zone, second, msPerSecond, 60)
}

// SetMilliseconds is setMilliseconds(ms).
func (t Time) SetMilliseconds(zone *Zone, ms float64) Time {
	return t.setClock(zone, ms, 1, 1000)
}

// setClock replaces the part of the time of day that counts in steps of so many
// milliseconds, of which there are count in the next larger part.
func (t Time) setClock(zone *Zone, value float64, step, count int) Time {
	day, rest := t.wall(zone)
	old := math.Mod(math.Floor(rest/float64(step)), float64(count))
	return zone.FromWall(day*msPerDay + rest + (math.Trunc(value)-old)*float64(step))
}
