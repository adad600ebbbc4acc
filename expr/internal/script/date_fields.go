package script

import (
	"math"

	"github.com/heitan/heitan/expr/moment/jsdate"
)

// dateGetters are the methods that read a valid date in the local zone.
var dateGetters = map[string]func(jsdate.Time, *jsdate.Zone) int{
	"getDate":           func(t jsdate.Time, z *jsdate.Zone) int { return t.In(z).Day },
	"getDay":            func(t jsdate.Time, z *jsdate.Zone) int { return t.In(z).Weekday },
	"getFullYear":       func(t jsdate.Time, z *jsdate.Zone) int { return t.In(z).Year },
	"getHours":          func(t jsdate.Time, z *jsdate.Zone) int { return t.In(z).Hour },
	"getMilliseconds":   func(t jsdate.Time, z *jsdate.Zone) int { return t.In(z).Millisecond },
	"getMinutes":        func(t jsdate.Time, z *jsdate.Zone) int { return t.In(z).Minute },
	"getMonth":          func(t jsdate.Time, z *jsdate.Zone) int { return t.In(z).Month },
	"getSeconds":        func(t jsdate.Time, z *jsdate.Zone) int { return t.In(z).Second },
	"getTimezoneOffset": func(t jsdate.Time, z *jsdate.Zone) int { return t.OffsetMinutes(z) },
	"getYear":           func(t jsdate.Time, z *jsdate.Zone) int { return t.In(z).Year - 1900 },
}

// dateSetter sets one or more parts of a date in the local zone. It gets at
// least one argument and at most as many as most says.
type dateSetter struct {
	most int
	set  func(t jsdate.Time, z *jsdate.Zone, args []float64) jsdate.Time
}

var dateSetters = map[string]dateSetter{
	"setFullYear": {3, func(t jsdate.Time, z *jsdate.Zone, args []float64) jsdate.Time {
		month, day := 0.0, 1.0
		if t.Valid() {
			f := t.In(z)
			month, day = float64(f.Month), float64(f.Day)
		}
		return t.SetYear(z, args[0], or(args, 1, month), or(args, 2, day))
	}},
	"setMonth": {2, func(t jsdate.Time, z *jsdate.Zone, args []float64) jsdate.Time {
		if !t.Valid() {
			return t
		}
		return t.SetMonth(z, args[0], or(args, 1, float64(t.In(z).Day)))
	}},
	"setDate": {1, func(t jsdate.Time, z *jsdate.Zone, args []float64) jsdate.Time {
		return t.SetDay(z, args[0])
	}},
	"setHours":        {4, setClock(jsdate.Time.SetHours, jsdate.Time.SetMinutes, jsdate.Time.SetSeconds, jsdate.Time.SetMilliseconds)},
	"setMinutes":      {3, setClock(jsdate.Time.SetMinutes, jsdate.Time.SetSeconds, jsdate.Time.SetMilliseconds)},
	"setSeconds":      {2, setClock(jsdate.Time.SetSeconds, jsdate.Time.SetMilliseconds)},
	"setMilliseconds": {1, setClock(jsdate.Time.SetMilliseconds)},
	"setYear": {1, func(t jsdate.Time, z *jsdate.Zone, args []float64) jsdate.Time {
		month, day := 0.0, 1.0
		if t.Valid() {
			f := t.In(z)
			month, day = float64(f.Month), float64(f.Day)
		}
		return t.SetYear(z, fullYear(args[0]), month, day)
	}},
}

// or is an argument, or what stands for it if it was not given.
func or(args []float64, i int, missing float64) float64 {
	if i < len(args) {
		return args[i]
	}
	return missing
}

type setPart = func(jsdate.Time, *jsdate.Zone, float64) jsdate.Time

// setClock sets parts of the time of day. The wall clock reads as if all were set
// at once: the parts are set on a clock without changes, which is then read in
// the zone.
func setClock(parts ...setPart) func(jsdate.Time, *jsdate.Zone, []float64) jsdate.Time {
	return func(t jsdate.Time, z *jsdate.Zone, args []float64) jsdate.Time {
		if !t.Valid() {
			return t
		}
		f := t.In(z)
		utc := jsdate.UTC()
		wall := jsdate.New(utc, float64(f.Year), float64(f.Month), float64(f.Day),
			float64(f.Hour), float64(f.Minute), float64(f.Second), float64(f.Millisecond))
		for i, arg := range args {
			wall = parts[i](wall, utc, arg)
		}
		if math.IsNaN(float64(wall)) {
			return wall
		}
		return z.FromWall(float64(wall))
	}
}
