package csv_test

import (
	"bytes"
	stdcsv "encoding/csv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/heitan/heitan/operator/sql/csv"
)

func TestRowsHaveTheFormOfRFC4180(t *testing.T) {
	t.Parallel()
	text := func(s string) []byte { return []byte(s) }
	for name, tt := range map[string]struct {
		row  [][]byte
		want string
	}{
		"plain":           {[][]byte{text("a"), text("b c")}, "a,b c\r\n"},
		"null":            {[][]byte{nil, text("a"), nil}, ",a,\r\n"},
		"empty text":      {[][]byte{text("")}, "\"\"\r\n"},
		"comma":           {[][]byte{text("a,b")}, "\"a,b\"\r\n"},
		"quotes":          {[][]byte{text(`say "hi"`)}, "\"say \"\"hi\"\"\"\r\n"},
		"only a quote":    {[][]byte{text(`"`)}, "\"\"\"\"\r\n"},
		"line break":      {[][]byte{text("a\nb")}, "\"a\nb\"\r\n"},
		"carriage return": {[][]byte{text("a\rb\r\n")}, "\"a\rb\r\n\"\r\n"},
		"no columns":      {nil, "\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, string(csv.AppendRow(nil, tt.row))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestHeaderIsQuotedLikeARow(t *testing.T) {
	t.Parallel()
	if got := string(csv.AppendHeader([]byte("x"), []string{"id", `?"col`})); got != "xid,\"?\"\"col\"\r\n" {
		t.Errorf("%q", got)
	}
}

// TestOtherReadersReadWhatWasWritten writes texts without bare carriage returns,
// as encoding/csv makes "\r\n" inside of quotes "\n".
func TestOtherReadersReadWhatWasWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.Map(rapid.String(), func(s string) string { return strings.ReplaceAll(s, "\r", "") })
		want := rapid.SliceOfN(text, 1, 5).Draw(t, "row")
		row := make([][]byte, len(want))
		for i, s := range want {
			row[i] = []byte(s)
		}
		got, err := stdcsv.NewReader(bytes.NewReader(csv.AppendRow(nil, row))).Read()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func BenchmarkAppendRow(b *testing.B) {
	row := [][]byte{[]byte("1234567"), []byte("2026-04-01 12:34:56.789+09"), nil, []byte(`a "quoted", text`), []byte("t")}
	var dst []byte
	b.ReportAllocs()
	for b.Loop() {
		dst = csv.AppendRow(dst[:0], row)
	}
	b.SetBytes(int64(len(dst)))
}
