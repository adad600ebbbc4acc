package pgtext_test

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgtype"
	"pgregory.net/rapid"

	"github.com/heitan/heitan/operator/sql/pgtext"
	"github.com/heitan/heitan/params"
)

func TestValuesBecomeJSON(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		oid  uint32
		text string
		want string
	}{
		"true":                        {pgtype.BoolOID, "t", "true"},
		"false":                       {pgtype.BoolOID, "f", "false"},
		"smallint":                    {pgtype.Int2OID, "-32768", "-32768"},
		"bigint":                      {pgtype.Int8OID, "9223372036854775807", "9223372036854775807"},
		"oid":                         {pgtype.OIDOID, "4294967295", "4294967295"},
		"real":                        {pgtype.Float4OID, "0.1", "0.1"},
		"double":                      {pgtype.Float8OID, "0.1", "0.1"},
		"small double":                {pgtype.Float8OID, "1e-300", "1e-300"},
		"double that is NaN":          {pgtype.Float8OID, "NaN", `"NaN"`},
		"infinite double":             {pgtype.Float8OID, "-Infinity", `"-Infinity"`},
		"numeric":                     {pgtype.NumericOID, "12.50", "12.5"},
		"whole numeric":               {pgtype.NumericOID, "12.00", "12"},
		"negative fraction":           {pgtype.NumericOID, "-0.5", "-0.5"},
		"large numeric":               {pgtype.NumericOID, "9223372036854775808", `"9223372036854775808"`},
		"numeric with many digits":    {pgtype.NumericOID, "0.12345678901234567890", `"0.12345678901234567890"`},
		"numeric that is NaN":         {pgtype.NumericOID, "NaN", `"NaN"`},
		"text":                        {pgtype.TextOID, "a\nb", `"a\nb"`},
		"number in text":              {pgtype.VarcharOID, "007", `"007"`},
		"empty text":                  {pgtype.TextOID, "", `""`},
		"json":                        {pgtype.JSONOID, `{"b": [1, null], "a": 1.50}`, `{"b":[1,null],"a":1.5}`},
		"jsonb text":                  {pgtype.JSONBOID, `"x"`, `"x"`},
		"jsonb null":                  {pgtype.JSONBOID, `null`, `null`},
		"json beyond JSON numbers":    {pgtype.JSONOID, `1e999`, `"1e999"`},
		"redshift super":              {4000, `[1]`, `[1]`},
		"date":                        {pgtype.DateOID, "2026-04-01", `"2026-04-01"`},
		"time":                        {pgtype.TimeOID, "12:34:56.5", `"12:34:56.5"`},
		"timestamp":                   {pgtype.TimestampOID, "2026-04-01 12:34:56.789", `"2026-04-01T12:34:56.789"`},
		"timestamptz":                 {pgtype.TimestamptzOID, "2026-04-01 12:34:56+09", `"2026-04-01T12:34:56+09:00"`},
		"timestamptz, half an hour":   {pgtype.TimestamptzOID, "2026-04-01 12:34:56.5-03:30", `"2026-04-01T12:34:56.5-03:30"`},
		"infinite timestamp":          {pgtype.TimestamptzOID, "-infinity", `"-infinity"`},
		"timestamp before Christ":     {pgtype.TimestampOID, "0044-03-15 12:00:00 BC", `"0044-03-15 12:00:00 BC"`},
		"bytea":                       {pgtype.ByteaOID, `\xdeadbeef`, `"3q2+7w=="`},
		"bytea in the old format":     {pgtype.ByteaOID, `a\\b`, `"a\\\\b"`},
		"uuid":                        {pgtype.UUIDOID, "5ca1ab1e-0000-4000-8000-000000000002", `"5ca1ab1e-0000-4000-8000-000000000002"`},
		"interval":                    {pgtype.IntervalOID, "1 day 02:00:00", `"1 day 02:00:00"`},
		"type of a user":              {16999, "(1,x)", `"(1,x)"`},
		"bool that is none":           {pgtype.BoolOID, "yes", `"yes"`},
		"int that is none":            {pgtype.Int4OID, "1x", `"1x"`},
		"array":                       {pgtype.Int4ArrayOID, "{1,NULL,3}", "[1,null,3]"},
		"empty array":                 {pgtype.TextArrayOID, "{}", "[]"},
		"array of arrays":             {pgtype.Int8ArrayOID, "{{1,2},{3,4}}", "[[1,2],[3,4]]"},
		"array with bounds":           {pgtype.Int4ArrayOID, "[0:1]={1,2}", "[1,2]"},
		"array of texts":              {pgtype.TextArrayOID, `{a b,"c,d","\"q\"","b\\s",NULL,"NULL",""}`, `["a b","c,d","\"q\"","b\\s",null,"NULL",""]`},
		"array of numerics":           {pgtype.NumericArrayOID, "{1.50,0.12345678901234567890}", `[1.5,"0.12345678901234567890"]`},
		"array of json":               {pgtype.JSONBArrayOID, `{"{\"a\": 1}"}`, `[{"a":1}]`},
		"array of bytea":              {pgtype.ByteaArrayOID, `{"\\xff"}`, `["/w=="]`},
		"array of times":              {pgtype.TimestamptzArrayOID, `{"2026-04-01 00:00:00+00"}`, `["2026-04-01T00:00:00+00:00"]`},
		"array that ends early":       {pgtype.Int4ArrayOID, "{1,2", `"{1,2"`},
		"array with something behind": {pgtype.Int4ArrayOID, "{1}x", `"{1}x"`},
		"array with nothing in it":    {pgtype.Int4ArrayOID, "{1,}", `"{1,}"`},
		"escape at the end":           {pgtype.TextArrayOID, `{"a\`, `"{\"a\\"`},
		"array too deep":              {pgtype.Int4ArrayOID, strings.Repeat("{", 40) + strings.Repeat("}", 40), `"` + strings.Repeat("{", 40) + strings.Repeat("}", 40) + `"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, params.JSON(pgtext.Value(tt.oid, []byte(tt.text)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNullIsNull(t *testing.T) {
	t.Parallel()
	for _, oid := range []uint32{pgtype.Int4OID, pgtype.TextOID, pgtype.Int4ArrayOID} {
		if v := pgtext.Value(oid, nil); v != nil {
			t.Errorf("type %d: %v", oid, v)
		}
	}
}

func TestNumericsAreExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.StringMatching(`-?(0|[1-9][0-9]{0,25})(\.[0-9]{1,20})?`).Draw(t, "numeric")
		want, _ := new(big.Rat).SetString(digits)
		shown := fmt.Sprint(pgtext.Value(pgtype.NumericOID, []byte(digits)))
		if f, ok := pgtext.Value(pgtype.NumericOID, []byte(digits)).(float64); ok {
			shown = strconv.FormatFloat(f, 'f', -1, 64)
		}
		if got, ok := new(big.Rat).SetString(shown); !ok || got.Cmp(want) != 0 {
			t.Fatalf("%s became %s", digits, shown)
		}
	})
}

func TestArraysOfTextAreReadBack(t *testing.T) {
	t.Parallel()
	quote := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOf(rapid.String()).Draw(t, "texts")
		want := params.List{}
		var quoted []string
		for _, text := range texts {
			want = append(want, text)
			quoted = append(quoted, `"`+quote.Replace(text)+`"`)
		}
		got := pgtext.Value(pgtype.TextArrayOID, []byte("{"+strings.Join(quoted, ",")+"}"))
		if !params.Equal(got, want) {
			t.Fatalf("%q became %s", texts, params.JSON(got))
		}
	})
}

// FuzzValue finds values that make reading panic, or that are no JSON.
func FuzzValue(f *testing.F) {
	for _, text := range []string{"{1,2}", `{"a\"",NULL}`, "[1:2]={{1},{2}}", "1e999", "2026-04-01 00:00:00+09", `\xff`, `{"a":[1]}`} {
		f.Add(uint32(pgtype.TextArrayOID), text)
		f.Add(uint32(pgtype.JSONOID), text)
		f.Add(uint32(pgtype.TimestamptzOID), text)
	}
	f.Fuzz(func(t *testing.T, oid uint32, text string) {
		v := pgtext.Value(oid, []byte(text))
		if f, ok := v.(float64); ok && (math.IsNaN(f) || math.IsInf(f, 0)) {
			t.Errorf("type %d, %q: %v is no JSON number", oid, text, f)
		}
		if _, err := params.Parse([]byte(params.JSON(v))); err != nil {
			t.Errorf("type %d, %q: %v", oid, text, err)
		}
	})
}

func BenchmarkValue(b *testing.B) {
	for name, value := range map[string]struct {
		oid  uint32
		text string
	}{
		"int":   {pgtype.Int8OID, "1234567"},
		"text":  {pgtype.TextOID, "some text of a row"},
		"array": {pgtype.Int4ArrayOID, "{1,2,3,4,5,6,7,8}"},
	} {
		b.Run(name, func(b *testing.B) {
			text := []byte(value.text)
			b.ReportAllocs()
			for b.Loop() {
				pgtext.Value(value.oid, text)
			}
		})
	}
}
