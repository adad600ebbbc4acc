package jsdate

import (
	"math"
	"time"
)

// Zone converts between UTC and the wall time of a time zone. It remembers the
// period between two changes of the clock that it was last asked about, since
// most scripts stay within one; so it must not be used concurrently.
type Zone struct {
	location   *time.Location
	start, end int64 // the remembered period in milliseconds, without its end
	offset     int64 // milliseconds that the wall is ahead of UTC in that period
}

// NewZone returns the zone of a location.
func NewZone(location *time.Location) *Zone {
	return &Zone{location: location}
}

// UTC returns a zone whose wall time is UTC. It may be used concurrently.
func UTC() *Zone {
	return &Zone{location: time.UTC, start: math.MinInt64, end: math.MaxInt64}
}

// Location is what the zone was made of.
func (z *Zone) Location() *time.Location { return z.location }

func (z *Zone) offsetAt(ms int64) int64 {
	if ms < z.start || ms >= z.end {
		z.remember(ms)
	}
	return z.offset
}

func (z *Zone) remember(ms int64) {
	at := time.UnixMilli(ms).In(z.location)
	_, seconds := at.Zone()
	start, end := at.ZoneBounds()
	z.offset = int64(seconds) * msPerSecond
	z.start, z.end = math.MinInt64, math.MaxInt64
	if !start.IsZero() {
		z.start = start.UnixMilli()
	}
	if !end.IsZero() {
		z.end = end.UnixMilli()
	}
	if z.end <= ms {
		// Where Go 1.26 has only a rule for the future, not a list of changes, the
		// last period of a leap year ends a day before the year does.
		z.end = max(z.end+msPerDay, ms+1)
	}
}

// offsetOfWall is the offset that makes a wall time UTC. The standard wants the
// one before the change of the clock both for a wall time that is skipped and
// for the first of two equal ones. So it is the offset of the first period whose
// wall time has not ended, where a period that is followed by a larger offset
// lasts until the skipped time is over.
func (z *Zone) offsetOfWall(wall int64) int64 {
	if z.start < wall-msPerDay && wall+msPerDay < z.end {
		return z.offset
	}
	// No zone is a day away from UTC.
	offset := z.offsetAt(wall - msPerDay)
	for z.end != math.MaxInt64 {
		end := z.end
		next := z.offsetAt(end)
		if wall < end+max(offset, next) {
			return offset
		}
		offset = next
	}
	return offset
}

// FromWall is the time at which clocks in the zone show a number of milliseconds
// since 1970-01-01T00:00:00 on the wall. A skipped wall time is read with the
// offset before the gap, a repeated one is the first.
func (z *Zone) FromWall(wall float64) Time {
	if math.IsNaN(wall) || math.Abs(wall) > maxWall {
		return Invalid()
	}
	ms := int64(wall)
	return Clip(float64(ms - z.offsetOfWall(ms)))
}
