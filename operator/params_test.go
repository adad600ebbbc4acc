package operator_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

func TestOwnKeysComeBeforeParamsAndThoseBeforeDefaults(t *testing.T) {
	t.Parallel()
	own := params.Of("a", "own", "null", nil)
	all := params.Of("b", "inherited", "null", "hidden", "pg", params.Of("a", "default", "b", "default", "c", "default", "null", "default")).Merge(own)
	p := operator.NewParams(all, own).WithDefaults("pg")
	for key, want := range map[string]string{"a": "own", "b": "inherited", "c": "default", "null": "default", "d": "otherwise"} {
		if got := p.StringOr(key, "otherwise"); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	if got := p.Own().StringOr("b", "none"); got != "none" {
		t.Errorf("the task's own b is %q", got)
	}
	if err := p.Err(); err != nil {
		t.Error(err)
	}
}

func TestMapsAreMergedOverTheirDefaults(t *testing.T) {
	t.Parallel()
	own := params.Of("proxy", params.Of("host", "h"))
	all := params.Of("http", params.Of("proxy", params.Of("host", "other", "port", int64(8080)))).Merge(own)
	p := operator.NewParams(all, own).WithDefaults("http")
	if got := params.JSON(p.Object("proxy")); got != `{"host":"h","port":8080}` {
		t.Errorf("the proxy is %s", got)
	}
}

func TestAllProblemsAreReportedAtTheirPlaces(t *testing.T) {
	t.Parallel()
	at := params.Pos{File: "wf.dig", Line: 3, Column: 5}
	own := params.New(params.Entry{Key: "count", Value: "many", Pos: at}, params.Entry{Key: "long", Value: strings.Repeat("x", 1000)})
	p := operator.NewParams(own, own)
	if p.Int("count") != 0 || p.String("name") != "" || p.BoolOr("long", true) {
		t.Error("a value that cannot be read is not the zero value")
	}
	p.Fail("count", "is it %d?", 7)
	f, ok := errors.AsType[*operator.Failure](p.Err())
	if !ok || f.Kind != operator.KindConfig || f.Pos != at {
		t.Fatalf("failure %+v", f)
	}
	for _, want := range []string{
		`Expected integer type for key 'count' but got "many" (string); Parameter 'name' is required but not set; Expected boolean`,
		"... (1002 characters)", "; is it 7?",
	} {
		if !strings.Contains(f.Message, want) {
			t.Errorf("there is no %q in %q", want, f.Message)
		}
	}
}

func TestEveryTypeHasItsDefault(t *testing.T) {
	t.Parallel()
	p := operator.NewParams(params.Of("null", nil), params.Empty())
	got := []any{
		p.StringOr("x", "s"), p.IntOr("x", 7), p.FloatOr("x", 1.5), p.BoolOr("x", true), p.DurationOr("x", time.Hour),
		p.BytesOr("x", 1<<20), params.JSON(p.ListOr("x", params.List{int64(1)})), p.Strings("x"), params.JSON(p.ObjectOr("x", params.Of("a", nil))),
		p.IntOr("null", 8),
	}
	want := []any{"s", int64(7), 1.5, true, time.Hour, int64(1 << 20), "[1]", []string(nil), `{"a":null}`, int64(8)}
	if diff := cmp.Diff(want, got); diff != "" || p.Err() != nil {
		t.Errorf("%v %s", p.Err(), diff)
	}
}

func TestUnusedKeysAreOwnKeysThatNobodyAskedFor(t *testing.T) {
	t.Parallel()
	own := params.Of("_command", "x", "_retry", int64(1), "used", "a", "ownly", "b", "mistyped", "c", "other", "d")
	p := operator.NewParams(params.Of("inherited", "e").Merge(own), own)
	p.CommandText()
	p.WithDefaults("pg").String("used")
	p.Own().String("ownly")
	if diff := cmp.Diff([]string{"_retry", "mistyped", "other"}, p.Unused()); diff != "" {
		t.Error(diff)
	}
}
