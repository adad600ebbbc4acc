package jsdate

import "math"

// Limits of MakeDay in V8: beyond them a date is invalid without being computed.
const (
	maxYear  = 1e6
	maxMonth = 1e7
)

// civil is the date of a day counted from the epoch, by counting in eras of 400
// years that begin on 1 March, so that the leap day is the last of its year.
func civil(days int64) (year, month, day int) {
	days += 719468
	era := floorDiv(days, 146097)
	dayOfEra := days - era*146097
	yearOfEra := (dayOfEra - dayOfEra/1460 + dayOfEra/36524 - dayOfEra/146096) / 365
	dayOfYear := dayOfEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	shifted := (5*dayOfYear + 2) / 153 // months since March
	day = int(dayOfYear-(153*shifted+2)/5) + 1
	month = int(shifted + 2)
	year = int(yearOfEra + era*400)
	if month >= 12 {
		month -= 12
		year++
	}
	return year, month, day
}

// daysTo is the number of days from the epoch to the first of a month (0 to 11).
func daysTo(year, month int64) int64 {
	if month < 2 {
		year--
		month += 12
	}
	era := floorDiv(year, 400)
	yearOfEra := year - era*400
	dayOfYear := (153*(month-2) + 2) / 5
	return era*146097 + yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear - 719468
}

// makeDay is MakeDay of ECMA-262: months beyond the year and days beyond the
// month carry over.
func makeDay(year, month, day float64) float64 {
	// The comparisons are false for NaN.
	if !(math.Abs(year) <= maxYear) || !(math.Abs(month) <= maxMonth) || math.IsNaN(day) || math.IsInf(day, 0) {
		return math.NaN()
	}
	y, m := int64(year), int64(month)
	y += floorDiv(m, 12)
	return float64(daysTo(y, floorMod(m, 12))) + math.Trunc(day) - 1
}

func makeTime(hour, minute, second, ms float64) float64 {
	return math.Trunc(hour)*msPerHour + math.Trunc(minute)*msPerMinute + math.Trunc(second)*msPerSecond + math.Trunc(ms)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func floorMod(a, b int64) int64 { return a - floorDiv(a, b)*b }
