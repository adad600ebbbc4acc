package expr_test

import (
	"fmt"
	"testing"

	"github.com/heitan/heitan/expr"
	"github.com/heitan/heitan/params"
)

// manyKeys is a document like that of a large workflow.
func manyKeys(n int) *params.Object {
	entries := []params.Entry{
		{Key: "timezone", Value: "Asia/Tokyo"},
		{Key: "session_time", Value: "2026-03-01T00:00:00+09:00"},
		{Key: "a", Value: params.Of("b", "value", "c", params.List{int64(1), int64(2), int64(3)})},
	}
	for i := len(entries); i < n; i++ {
		entries = append(entries, params.Entry{Key: fmt.Sprintf("key_%d", i), Value: fmt.Sprintf("value %d", i)})
	}
	return params.New(entries...)
}

func BenchmarkText(b *testing.B) {
	scope := manyKeys(200)
	for _, template := range []string{
		"no template",
		"${a.b}",
		"s3://bucket/${a.b}/${key_100}.csv",
		"${a.c}",
		"${a.b + 1}",
		"${a.b.toUpperCase()}",
		"${a.c.map(function (n) { return n * 2 }).join('-')}",
		`${"a.b".replaceAll("\\.", "-")}`,
		`${moment(session_time).add(1, "day").format("YYYY-MM-DD")}`,
	} {
		b.Run(template, func(b *testing.B) {
			e := expr.New(expr.Options{})
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Text(b.Context(), template, scope); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkDocument(b *testing.B) {
	own := params.Of("echo>", "hello", "_retry", int64(3))
	for _, templates := range []int{0, 1, 10, 100, 1000} {
		inherited := manyKeys(200)
		entries := []params.Entry{}
		for i := range templates {
			entries = append(entries, params.Entry{Key: fmt.Sprintf("t%d", i), Value: fmt.Sprintf("x${key_%d + %d}", i%190+5, i)})
		}
		inherited = inherited.Merge(params.New(entries...))
		b.Run(fmt.Sprintf("%d templates", templates), func(b *testing.B) {
			e := expr.New(expr.Options{})
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := e.Document(b.Context(), inherited, own); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
