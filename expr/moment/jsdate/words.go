package jsdate

import "strings"

// lookUp finds the meaning of a word by its first three letters. Only months may
// go on after them.
func lookUp(word string, length int) (wordKind, int) {
	prefix := word
	if len(prefix) > 3 {
		prefix = prefix[:3]
	}
	prefix = strings.ToLower(prefix)
	if i := strings.Index("jan feb mar apr may jun jul aug sep oct nov dec", prefix); len(prefix) == 3 && i >= 0 && i%4 == 0 {
		return monthWord, i/4 + 1
	}
	if length > 3 {
		return unknownWord, 0
	}
	switch prefix {
	case "am":
		return halfDayWord, 0
	case "pm":
		return halfDayWord, 12
	case "ut", "utc", "z", "gmt":
		return zoneWord, 0
	case "edt":
		return zoneWord, -4
	case "est", "cdt":
		return zoneWord, -5
	case "cst", "mdt":
		return zoneWord, -6
	case "mst", "pdt":
		return zoneWord, -7
	case "pst":
		return zoneWord, -8
	case "t":
		return separatorWord, 0
	}
	return unknownWord, 0
}
