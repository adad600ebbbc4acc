package moment

import (
	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/moment/calendar"
)

// momentMembers are the members of moment.fn.
var momentMembers = map[string]member{
	"year": accessor(calendar.Year), "years": accessor(calendar.Year),
	"quarter": accessor(calendar.Quarter), "quarters": accessor(calendar.Quarter),
	"month": accessor(calendar.Month), "months": accessor(calendar.Month),
	"week": accessor(calendar.Week), "weeks": accessor(calendar.Week),
	"isoWeek": accessor(calendar.ISOWeek), "isoWeeks": accessor(calendar.ISOWeek),
	"weekYear":    accessor(calendar.WeekYear),
	"isoWeekYear": accessor(calendar.ISOWeekYear),
	"date":        accessor(calendar.Date), "dates": accessor(calendar.Date),
	"day": accessor(calendar.Day), "days": accessor(calendar.Day),
	"weekday":    accessor(calendar.Weekday),
	"isoWeekday": accessor(calendar.ISOWeekday),
	"dayOfYear":  accessor(calendar.DayOfYear),
	"hour":       accessor(calendar.Hour), "hours": accessor(calendar.Hour),
	"minute": accessor(calendar.Minute), "minutes": accessor(calendar.Minute),
	"second": accessor(calendar.Second), "seconds": accessor(calendar.Second),
	"millisecond": accessor(calendar.Millisecond), "milliseconds": accessor(calendar.Millisecond),
	"get":            {method: getUnit},
	"set":            {method: setUnits},
	"isLeapYear":     {method: isLeapYear},
	"daysInMonth":    {method: daysInMonth},
	"weeksInYear":    {method: weeksInYear},
	"isoWeeksInYear": {method: isoWeeksInYear},

	"add":      {method: add},
	"subtract": {method: subtract},
	"startOf":  {method: startOf},
	"endOf":    {method: endOf},
	"diff":     {method: diff},

	"utcOffset":            {method: utcOffset},
	"utc":                  {method: toUTC},
	"local":                {method: toLocal},
	"parseZone":            {method: toParsedZone},
	"zone":                 {method: zone},
	"hasAlignedHourOffset": {method: hasAlignedHourOffset},
	"isDST":                {method: isDST},
	"isDSTShifted":         {method: isDSTShifted},
	"isLocal":              {method: isLocal},
	"isUtcOffset":          {method: isUTCOffset},
	"isUtc":                {method: isUTC},
	"isUTC":                {method: isUTC},
	"zoneAbbr":             {method: zoneAbbr},
	"zoneName":             {method: zoneName},

	"isBefore":       comparison((*calendar.Moment).IsBefore),
	"isAfter":        comparison((*calendar.Moment).IsAfter),
	"isSame":         comparison((*calendar.Moment).IsSame),
	"isSameOrBefore": comparison((*calendar.Moment).IsSameOrBefore),
	"isSameOrAfter":  comparison((*calendar.Moment).IsSameOrAfter),
	"isBetween":      {method: isBetween},
	"min":            {method: laterOf},
	"max":            {method: earlierOf},
	"isValid":        {method: isValid},
	"invalidAt":      {method: invalidAt},
	"parsingFlags":   {method: parsingFlags},
	"creationData":   {method: creationData},

	"format":   {method: format},
	"from":     {method: from},
	"fromNow":  {method: fromNow},
	"to":       {method: to},
	"toNow":    {method: toNow},
	"calendar": {method: inCalendar},

	"clone":       {method: clone},
	"valueOf":     {method: valueOf},
	"unix":        {method: unixTime},
	"toDate":      {method: toDate},
	"toArray":     {method: toArray},
	"toObject":    {method: toObject},
	"toJSON":      {method: toJSON},
	"toISOString": {method: toISOString},
	"toString":    {method: toString},
	"inspect":     {method: inspect},

	"locale":     {method: momentLocale},
	"lang":       {method: momentLang},
	"localeData": {method: momentLocaleData},
}

// accessor gets a unit, or sets it if there is an argument.
func accessor(u calendar.Unit) member {
	return member{method: func(b *binding, call goja.FunctionCall) goja.Value {
		return b.access(call.This, b.this(call), u, call.Argument(0))
	}}
}

// comparison compares with a moment by a unit, or by milliseconds without one.
func comparison(compare func(m, other *calendar.Moment, u calendar.Unit) bool) member {
	return member{method: func(b *binding, call goja.FunctionCall) goja.Value {
		return b.boolean(compare(b.this(call), b.of(call.Argument(0)), unit(call.Argument(1))))
	}}
}
