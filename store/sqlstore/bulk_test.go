package sqlstore

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestABulkStatementNumbersItsParametersThroughAllRows(t *testing.T) {
	t.Parallel()
	b := newBulk(Dialect{Placeholder: func(n int) string { return "$" + strconv.Itoa(n) }},
		"INSERT INTO t VALUES ", "(CAST(? AS BIGINT), ?)", " RETURNING id")
	if b.columns != 2 {
		t.Errorf("it has %d columns", b.columns)
	}
	want := "INSERT INTO t VALUES (CAST($1 AS BIGINT), $2), (CAST($3 AS BIGINT), $4), " +
		"(CAST($5 AS BIGINT), $6), (CAST($7 AS BIGINT), $8) RETURNING id"
	if diff := cmp.Diff(want, b.texts[2]); diff != "" {
		t.Errorf("text for four rows (-want +got):\n%s", diff)
	}
	for i, size := range sizes {
		if last := "$" + strconv.Itoa(2*size) + ")"; !strings.Contains(b.texts[i], last) || strings.Contains(b.texts[i], "$"+strconv.Itoa(2*size+1)) {
			t.Errorf("the text for %d rows does not end with %s: %s", size, last, b.texts[i])
		}
	}
}

func TestTheSmallestStatementThatFitsIsTaken(t *testing.T) {
	t.Parallel()
	b := newBulk(Dialect{Placeholder: func(int) string { return "?" }}, "", "?", "")
	for n, want := range map[int]int{1: 1, 2: 4, 4: 4, 5: 16, 16: 16, 17: 64, 64: 64} {
		text, size := b.fitting(n)
		if size != want || strings.Count(text, "?") != want {
			t.Errorf("for %d rows the statement has %d: %s", n, size, text)
		}
	}
}
