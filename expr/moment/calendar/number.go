package calendar

import (
	"math"
	"strconv"
	"strings"
)

// truncate cuts off a fraction, and makes 0 of what is not finite.
func truncate(f float64) float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	return math.Trunc(f) + 0
}

// floorToZero cuts off a fraction, and leaves NaN and infinities alone.
func floorToZero(f float64) float64 { return math.Trunc(f) + 0 }

// ceilFromZero rounds a fraction up, away from zero.
func ceilFromZero(f float64) float64 {
	if f < 0 {
		return math.Floor(f)
	}
	return math.Ceil(f)
}

// Round is Math.round: halves go up.
func Round(f float64) float64 {
	floor := math.Floor(f)
	if f-floor >= 0.5 {
		return floor + 1
	}
	return floor
}

// roundFromZero rounds halves away from zero.
func roundFromZero(f float64) float64 {
	if f < 0 {
		return -Round(-f)
	}
	return Round(f)
}

// modulo is the remainder that has the sign of the divisor.
func modulo(f, divisor float64) float64 {
	return math.Mod(math.Mod(f, divisor)+divisor, divisor)
}

// isZero reports whether a number is one of those that JavaScript takes for false.
func isZero(f float64) bool { return f == 0 || math.IsNaN(f) }

// parseNumber reads digits with or without a sign and a fraction. Too many of
// them are an infinity.
func parseNumber(text string) float64 {
	f, _ := strconv.ParseFloat(text, 64) // the error says what the result says
	return f
}

// toInt32 cuts a number off to 32 bits as JavaScript's bit operators do.
func toInt32(f float64) float64 {
	if math.Abs(f) >= 1<<31 {
		f = math.Mod(truncate(f), 1<<32)
	}
	return float64(int32(int64(truncate(f))))
}

// appendNumber writes a number as JavaScript's String(f) does: the shortest
// digits that tell it from others, with an exponent from 1e21 up and below 1e-6.
func appendNumber(b []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(b, "NaN"...)
	case math.IsInf(f, 1):
		return append(b, "Infinity"...)
	case math.IsInf(f, -1):
		return append(b, "-Infinity"...)
	case f == math.Trunc(f) && math.Abs(f) < 1<<53:
		return strconv.AppendInt(b, int64(f), 10)
	case math.Abs(f) >= 1e21 || math.Abs(f) < 1e-6:
		mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
		b = append(append(b, mantissa...), 'e', exponent[0])
		return append(b, strings.TrimLeft(exponent[1:], "0")...)
	}
	return strconv.AppendFloat(b, f, 'f', -1, 64)
}

func formatNumber(f float64) string { return string(appendNumber(nil, f)) }

// appendPadded writes a number with zeros in front of its absolute value until
// that has so many digits; a sign comes before them.
func appendPadded(b []byte, f float64, digits int, plus bool) []byte {
	switch {
	case !(f >= 0): // NaN counts as negative
		b = append(b, '-')
	case plus:
		b = append(b, '+')
	}
	start := len(b)
	b = appendNumber(b, math.Abs(f))
	if missing := digits - (len(b) - start); missing > 0 {
		b = append(b, strings.Repeat("0", missing)...)
		copy(b[start+missing:], b[start:])
		for i := range missing {
			b[start+i] = '0'
		}
	}
	return b
}

// fixed3 writes a number that is not negative with three digits after the point
// as toFixed(3) does, which rounds up where both neighbours are equally near.
func fixed3(f float64) string {
	// With three decimal digits that is the case for odd sixteenths only.
	if sixteenths := f * 16; sixteenths == math.Trunc(sixteenths) && math.Mod(sixteenths, 2) != 0 {
		f = math.Nextafter(f, math.Inf(1))
	}
	if f >= 1e21 {
		return formatNumber(f)
	}
	return strconv.FormatFloat(f, 'f', 3, 64)
}
