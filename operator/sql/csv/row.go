// Package csv writes comma-separated values as RFC 4180 has them: rows end with
// CR LF, and what needs quotes has quotes.
//
// It is not encoding/csv because a null and an empty text must differ: null is
// nothing between two commas, empty text is two quotes, as PostgreSQL's COPY and
// Digdag write them.
package csv

import "bytes"

// AppendRow appends one row. A nil value is null.
func AppendRow(dst []byte, values [][]byte) []byte {
	for i, v := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		if v != nil {
			dst = appendValue(dst, v)
		}
	}
	return append(dst, '\r', '\n')
}

// AppendHeader appends the names of the columns.
func AppendHeader(dst []byte, names []string) []byte {
	values := make([][]byte, len(names))
	for i, name := range names {
		values[i] = []byte(name)
	}
	return AppendRow(dst, values)
}

func appendValue(dst, v []byte) []byte {
	if len(v) > 0 && !needsQuotes(v) {
		return append(dst, v...)
	}
	dst = append(dst, '"')
	for {
		quote := bytes.IndexByte(v, '"')
		if quote < 0 {
			return append(append(dst, v...), '"')
		}
		dst = append(append(dst, v[:quote+1]...), '"')
		v = v[quote+1:]
	}
}

func needsQuotes(v []byte) bool {
	for _, c := range v {
		switch c {
		case ',', '"', '\r', '\n':
			return true
		}
	}
	return false
}
