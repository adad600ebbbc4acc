package cron

import (
	"fmt"
	"time"
)

// LocalTime reads "yyyy-MM-dd HH:mm:ss", or "yyyy-MM-dd" for the beginning of the
// day, as clocks in the zone show it. Of a time that they show twice it is the
// first, and one that they skip is counted on from before the change, as in
// java.time.ZonedDateTime.
func LocalTime(text string, zone *time.Location) (time.Time, error) {
	t, err := time.Parse(time.DateTime, text)
	if err != nil {
		t, err = time.Parse(time.DateOnly, text)
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("read time %s: expected yyyy-MM-dd or yyyy-MM-dd HH:mm:ss", quote(text))
	}
	return wallAt(t).earlier(zone), nil
}

// StartOfHour is the beginning of the hour on the clocks of the zone.
func StartOfHour(t time.Time, zone *time.Location) time.Time { return startOf(hour, t, zone) }

// StartOfDay is the beginning of the day on the clocks of the zone.
func StartOfDay(t time.Time, zone *time.Location) time.Time { return startOf(day, t, zone) }

func startOf(unit wall, t time.Time, zone *time.Location) time.Time {
	shown := wallAt(t.In(zone))
	start := shown - shown.past(unit)
	// Unless clocks were changed since, of the two starts it is the one before t.
	if at := time.Unix(t.Unix()-int64(shown-start), 0).In(zone); wallAt(at) == start {
		return at
	}
	return start.earlier(zone)
}
