// Package pgtext reads values that PostgreSQL and Redshift wrote as text, with
// DateStyle ISO, as JSON values.
//
// No digit is lost: a number becomes a JSON number only if that is the same
// number, else text. A value that does not have the form of its type becomes text
// as it is, so reading never fails.
package pgtext

import (
	"encoding/base64"
	"encoding/hex"
	"math"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/heitan/heitan/params"
)

// superOID is Redshift's SUPER, JSON by another name. PostgreSQL gives its own
// types lower numbers than 16,384 too, but not this one.
const superOID = 4000

// Value is a value of the type oid. nil is null.
//
//	boolean                true, false
//	integers, oid          a number
//	numeric, real, double  a number; text if a JSON number would differ, and for NaN and infinities
//	json, jsonb, super     the JSON value
//	date                   text, 2006-01-02
//	timestamp              text, 2006-01-02T15:04:05.999
//	timestamptz            text, 2006-01-02T15:04:05.999+09:00
//	bytea                  text in base64
//	arrays of these        a list, nested if the array is
//	all others             text as PostgreSQL writes it
func Value(oid uint32, text []byte) params.Value {
	if text == nil {
		return nil
	}
	if element := elementOID(oid); element != 0 {
		if list, ok := parseArray(element, string(text)); ok {
			return list
		}
		return string(text)
	}
	return scalar(oid, string(text))
}

func scalar(oid uint32, text string) params.Value {
	switch oid {
	case pgtype.BoolOID:
		if text == "t" || text == "f" {
			return text == "t"
		}
	case pgtype.Int2OID, pgtype.Int4OID, pgtype.Int8OID, pgtype.OIDOID:
		if i, err := strconv.ParseInt(text, 10, 64); err == nil {
			return i
		}
	case pgtype.Float4OID:
		return float(text, 32)
	case pgtype.Float8OID:
		return float(text, 64)
	case pgtype.NumericOID:
		return numeric(text)
	case pgtype.JSONOID, pgtype.JSONBOID, superOID:
		if v, err := params.Parse([]byte(text)); err == nil {
			return v
		}
	case pgtype.ByteaOID:
		if digits, ok := strings.CutPrefix(text, `\x`); ok {
			if bytes, err := hex.DecodeString(digits); err == nil {
				return base64.StdEncoding.EncodeToString(bytes)
			}
		}
	case pgtype.TimestampOID, pgtype.TimestamptzOID:
		return timestamp(text)
	}
	return text
}

// float reads a number that the server wrote with as many digits as tell it from
// its neighbours of the same size.
func float(text string, bits int) params.Value {
	f, err := strconv.ParseFloat(text, bits)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return text
	}
	if bits == 32 { // 0.1, not 0.10000000149011612
		f, _ = strconv.ParseFloat(text, 64)
	}
	return f
}

// numeric reads a decimal number of any size.
func numeric(text string) params.Value {
	whole, fraction, _ := strings.Cut(text, ".")
	fraction = strings.TrimRight(fraction, "0")
	if fraction == "" {
		if i, err := strconv.ParseInt(whole, 10, 64); err == nil {
			return i
		}
		return text
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || strconv.FormatFloat(f, 'f', -1, 64) != whole+"."+fraction {
		return text
	}
	return f
}

// timestamp makes `2006-01-02 15:04:05+09` a time of ISO 8601. Times before Christ
// and infinities, which have no such form, stay as they are.
func timestamp(text string) string {
	date, clock, ok := strings.Cut(text, " ")
	if !ok || strings.Contains(clock, " ") {
		return text
	}
	sign := strings.LastIndexAny(clock, "+-")
	switch {
	case sign < 0:
	case len(clock)-sign == len("+09"):
		clock += ":00"
	}
	return date + "T" + clock
}
