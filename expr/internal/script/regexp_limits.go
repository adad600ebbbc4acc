package script

import "errors"

// Limits of a regular expression. Compiling one may take time and memory in
// proportion to its length with all counted repetitions written out, and some
// of it grows exponentially with the depth of those.
const (
	maxPattern       = 4096
	maxExpanded      = 20_000
	maxPatternGroups = 100
	maxCountedInside = 6
)

var errPatternTooLarge = errors.New("the regular expression is too large")

// expansion is what a part of a pattern becomes with its repetitions written out.
type expansion struct {
	size    int // single characters and the like
	counted int // counted repetitions inside each other
}

// checkPattern refuses patterns that would be expensive to compile. It reads
// them roughly; whether they are valid is for the compiler to say.
func checkPattern(pattern string) error {
	if len(pattern) > maxPattern {
		return errPatternTooLarge
	}
	open := []expansion{{}} // the whole pattern, then the groups that are open
	last := expansion{}     // what a quantifier here would repeat
	for i := 0; i < len(pattern); i++ {
		item := expansion{size: 1}
		switch pattern[i] {
		case '\\':
			i++
		case '[':
			i = classEnd(pattern, i)
		case '(':
			if len(open) > maxPatternGroups {
				return errPatternTooLarge
			}
			open = append(open, expansion{size: 1})
			last = expansion{}
			continue
		case ')':
			item = open[len(open)-1]
			if len(open) > 1 {
				open = open[:len(open)-1]
			}
		case '{':
			if count, end := repetition(pattern, i); end >= 0 {
				i = end
				item = expansion{size: last.size * (count - 1), counted: last.counted + 1}
			}
		}
		last = item
		whole := &open[len(open)-1]
		whole.size += item.size
		whole.counted = max(whole.counted, item.counted)
		if whole.size > maxExpanded || whole.counted > maxCountedInside {
			return errPatternTooLarge
		}
	}
	return nil
}

// classEnd is where a character class ends that begins at i.
func classEnd(pattern string, i int) int {
	for i++; i < len(pattern) && pattern[i] != ']'; i++ {
		if pattern[i] == '\\' {
			i++
		}
	}
	return i
}

// repetition reads {n}, {n,} or {n,m} at i: how often it repeats at least, or at
// most where that is limited, and its last byte, or -1 if it is none.
func repetition(pattern string, i int) (count, end int) {
	for i++; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case '0' <= c && c <= '9':
			count = min(count*10+int(c-'0'), maxExpanded+1)
		case c == ',':
			if i+1 < len(pattern) && pattern[i+1] != '}' {
				count = 0
			}
		case c == '}':
			return max(count, 1), i
		default:
			return 0, -1
		}
	}
	return 0, -1
}
