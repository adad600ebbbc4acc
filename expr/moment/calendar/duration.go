package calendar

import "math"

// Duration is a length of time in three parts that cannot be converted into each
// other without a calendar: months, days and milliseconds.
type Duration struct {
	lib              *Library
	months, days, ms float64
	parts            DurationParts
	valid            bool
	locale           *Locale
}

// DurationParts are the parts of a duration after smaller units were carried
// over into larger ones.
type DurationParts struct {
	Years, Months, Days, Hours, Minutes, Seconds, Milliseconds float64
}

// Amount is a number of units.
type Amount struct {
	Unit  Unit
	Value float64
	// NaN says that a number was given that is none, which makes the duration
	// invalid. The original calculates on with 0 for NaN, and with NaN for texts.
	NaN bool
}

// AmountOf returns a number of units.
func AmountOf(u Unit, value float64) Amount {
	if math.IsNaN(value) {
		return Amount{Unit: u, NaN: true}
	}
	return Amount{Unit: u, Value: value}
}

// NewDuration returns the sum of amounts. It is invalid if one is NaN, is of a
// unit that has no length, or is not whole while there is one of a smaller unit.
func (l *Library) NewDuration(amounts ...Amount) *Duration {
	d := &Duration{lib: l, locale: l.Locale, valid: true}
	var values [Millisecond + 1]float64
	for _, a := range amounts {
		values[a.Unit] = a.Value
		d.valid = d.valid && hasLength(a.Unit) && !a.NaN
	}
	// The conversions keep compilers from joining a product with a sum, which
	// would round once where JavaScript rounds twice.
	d.ms = values[Millisecond] + float64(values[Second]*1e3) + float64(values[Minute]*6e4) + float64(values[Hour]*1000*60*60)
	d.days = values[Day] + float64(values[Week]*7)
	d.months = values[Month] + float64(values[Quarter]*3) + float64(values[Year]*12)
	d.valid = d.valid && onlyLastHasFraction(values)
	d.carry()
	return d
}

func onlyLastHasFraction(values [Millisecond + 1]float64) bool {
	fraction := false
	for _, u := range []Unit{Year, Quarter, Month, Week, Day, Hour, Minute, Second, Millisecond} {
		v := values[u]
		if v == 0 {
			continue
		}
		if fraction {
			return false
		}
		fraction = v != truncate(v)
	}
	return true
}

func hasLength(u Unit) bool {
	switch u {
	case Year, Quarter, Month, Week, Day, Hour, Minute, Second, Millisecond:
		return true
	default:
		return false
	}
}

// Between returns the duration from one moment to another, in whole months of
// the calendar and the rest; it is zero if either is invalid.
func (l *Library) Between(from, to *Moment) *Duration {
	d := &Duration{lib: l, locale: l.Locale, valid: true}
	if from.valid && to.valid {
		to = from.alike(to)
		if from.IsBefore(to, Millisecond) {
			d.months, d.ms = monthsAndRest(from, to)
		} else {
			d.months, d.ms = monthsAndRest(to, from)
			d.months, d.ms = 0-d.months, 0-d.ms
		}
	}
	d.carry()
	return d
}

func monthsAndRest(from, to *Moment) (months, ms float64) {
	months = to.Get(Month) - from.Get(Month) + (to.Get(Year)-from.Get(Year))*12
	anchor := from.Clone()
	anchor.addMonths(months)
	if anchor.IsAfter(to, Millisecond) {
		months--
		anchor = from.Clone()
		anchor.addMonths(months)
	}
	return months, to.Millis() - anchor.Millis()
}

// Clone returns a copy that changes independently. As in the original its
// validity is that of its months, days and milliseconds.
func (d *Duration) Clone() *Duration {
	c := d.lib.NewDuration(AmountOf(Month, d.months), AmountOf(Day, d.days), AmountOf(Millisecond, d.ms))
	c.locale = d.locale
	return c
}

// Valid reports whether the duration is one.
func (d *Duration) Valid() bool { return d.valid }

// Locale is the duration's locale.
func (d *Duration) Locale() *Locale { return d.locale }

// SetLocale changes the duration's locale.
func (d *Duration) SetLocale(l *Locale) { d.locale = l }

// Parts returns the duration with smaller units carried over into larger ones.
func (d *Duration) Parts() DurationParts { return d.parts }

// Add adds another duration.
func (d *Duration) Add(other *Duration) { d.combine(other, 1) }

// Subtract takes another duration away.
func (d *Duration) Subtract(other *Duration) { d.combine(other, -1) }

func (d *Duration) combine(other *Duration, sign float64) {
	d.ms += sign * other.ms
	d.days += sign * other.days
	d.months += sign * other.months
	d.carry()
}

// Abs makes all parts positive, except, as in the original, the days that Parts
// returns.
func (d *Duration) Abs() {
	d.ms, d.days, d.months = math.Abs(d.ms), math.Abs(d.days), math.Abs(d.months)
	p := &d.parts
	p.Milliseconds, p.Seconds, p.Minutes, p.Hours = math.Abs(p.Milliseconds), math.Abs(p.Seconds), math.Abs(p.Minutes), math.Abs(p.Hours)
	p.Months, p.Years = math.Abs(p.Months), math.Abs(p.Years)
}

// carry computes the parts. Where the signs are mixed it turns everything into
// milliseconds first.
func (d *Duration) carry() {
	ms, days, months := d.ms, d.days, d.months
	positive := ms >= 0 && days >= 0 && months >= 0
	negative := ms <= 0 && days <= 0 && months <= 0
	if !positive && !negative {
		ms += ceilFromZero(monthsToDays(months)+days) * msPerDay
		days, months = 0, 0
	}
	p := &d.parts
	p.Milliseconds = math.Mod(ms, 1000)
	seconds := floorToZero(ms / 1000)
	p.Seconds = math.Mod(seconds, 60)
	minutes := floorToZero(seconds / 60)
	p.Minutes = math.Mod(minutes, 60)
	hours := floorToZero(minutes / 60)
	p.Hours = math.Mod(hours, 24)
	days += floorToZero(hours / 24)
	whole := floorToZero(daysToMonths(days))
	months += whole
	p.Days = days - ceilFromZero(monthsToDays(whole))
	p.Years = floorToZero(months / 12)
	p.Months = math.Mod(months, 12)
}

// 400 years of the calendar have 4800 months and 146097 days.
func daysToMonths(days float64) float64   { return days * 4800 / 146097 }
func monthsToDays(months float64) float64 { return months * 146097 / 4800 }

// Raw returns what the duration is made of.
func (d *Duration) Raw() (months, days, ms float64) { return d.months, d.days, d.ms }
