package expr_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/heitan/heitan/expr"
	"github.com/heitan/heitan/params"
)

// TestDocument has a row for each rule on the order and the scope in which the
// params of a task are rendered.
func TestDocument(t *testing.T) {
	t.Parallel()
	e := expr.New(expr.Options{})
	for _, c := range []struct{ rule, inherited, own, want string }{
		{"what has no template stays", `{"a":1,"m":{"l":[null,true,"x"]}}`, `{"b":"y"}`, `{"a":1,"m":{"l":[null,true,"x"]},"b":"y"}`},
		{"own keys are merged over inherited ones", `{"m":{"a":1},"x":1}`, `{"m":{"b":2},"x":2}`, `{"m":{"a":1,"b":2},"x":2}`},
		{"inherited keys come first", `{"a":"${typeof o}"}`, `{"o":"${1 + 1}"}`, `{"a":"undefined","o":"2"}`},
		{"a later key sees what an earlier one became", `{"a":"${1 + 1}","b":"${a + 1}"}`, `{"c":"${b + 1}"}`, `{"a":"2","b":"21","c":"211"}`},
		{"an earlier key sees a later one as it is written", `{"a":"${b}","b":"${c}","c":"x"}`, `{}`, `{"a":"${c}","b":"x","c":"x"}`},
		{"an own key in the place of an inherited one is rendered there", `{"a":1,"b":"${a}"}`, `{"x":"${1}","a":"${1 + 1}"}`, `{"a":"2","b":"2","x":"1"}`},
		{"an own key sees own keys above it", `{}`, `{"foo":"bar","c":"${foo}"}`, `{"foo":"bar","c":"bar"}`},
		{"a map sees params as they are written", `{"d":"${1 + 1}","m":{"p":"${d}"}}`, `{}`, `{"d":"2","m":{"p":"${1 + 1}"}}`},
		{"a map sees the keys above it in the same map", `{"m":{"a":"${1 + 1}","b":"${a}"}}`, `{}`, `{"m":{"a":"2","b":"2"}}`},
		{"a map in a map sees neither", `{"m":{"a":1,"n":{"b":"${typeof a}"}}}`, `{}`, `{"m":{"a":1,"n":{"b":"undefined"}}}`},
		{"a map does not see own keys", `{}`, `{"o":1,"m":{"a":"${typeof o}"}}`, `{"o":1,"m":{"a":"undefined"}}`},
		{"a list at the top sees what a text there would", `{"a":"${1 + 1}","l":["${a}",["${a}"]]}`, `{}`, `{"a":"2","l":["2",["2"]]}`},
		{"a list in a map sees what the map does", `{"a":"${1 + 1}","m":{"b":1,"l":["${a}${b}"]}}`, `{}`, `{"a":"2","m":{"b":1,"l":["${1 + 1}1"]}}`},
		{"a map in a list sees params as they are written", `{"a":"${1 + 1}","l":[{"b":"${a}"}]}`, `{}`, `{"a":"2","l":[{"b":"${1 + 1}"}]}`},
		{"keys are never rendered", `{"${a}":"${1 + 1}"}`, `{}`, `{"${a}":"2"}`},
		{"_do and _else_do are left, at any depth", `{"m":{"_do":"${x}"}}`, `{"_do":{"a":"${x}"},"_else_do":"${x}"}`, `{"m":{"_do":"${x}"},"_do":{"a":"${x}"},"_else_do":"${x}"}`},
		{"a null that is written replaces", `{"a":"${x}"}`, `{"a":null}`, `{"a":null}`},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			all, own, err := e.Document(t.Context(), object(t, c.inherited), object(t, c.own))
			if err != nil {
				t.Fatal(err)
			}
			if got := params.JSON(all); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			for key, v := range own.All() {
				if same, _ := all.Get(key); !params.Equal(v, same) {
					t.Errorf("the own key %s is %s, but %s in the whole", key, params.JSON(v), params.JSON(same))
				}
			}
			if written := object(t, c.own); own.Len() != written.Len() {
				t.Errorf("own keys are %s", params.JSON(own))
			}
		})
	}
}

func TestVerbatimTextIsNotRendered(t *testing.T) {
	t.Parallel()
	failure := params.Of("message", "Failed to evaluate a variable ${x} for $$5").Verbatim()
	inherited := params.Of("error", failure, "m", params.Of("t", "${error.message}"))
	all, _, err := expr.New(expr.Options{}).Document(t.Context(), inherited, params.Of("own", "<${error.message}>"))
	if err != nil {
		t.Fatal(err)
	}
	const message = "Failed to evaluate a variable ${x} for $$5"
	want := `{"error":{"message":"` + message + `"},"m":{"t":"` + message + `"},"own":"<` + message + `>"}`
	if got := params.JSON(all); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestDocumentFailsWithThePathAndThePlace(t *testing.T) {
	t.Parallel()
	place := params.Pos{File: "wf.dig", Line: 3, Column: 5}
	list := params.List{"x", params.Of("b.c", "${1} ${nope}")}
	doc := params.New(params.Entry{Key: "a", Value: list, Pos: place})
	_, _, err := expr.New(expr.Options{}).Document(t.Context(), doc, params.Empty())
	failure, ok := errors.AsType[*expr.Error](err)
	if !ok {
		t.Fatal(err)
	}
	if failure.Path != `a[1]["b.c"]` || failure.Pos != place || failure.Offset != 7 || failure.Expression != "nope" || failure.Kind != expr.Script {
		t.Errorf("got %+v", failure)
	}
}

func TestKindsOfFailures(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	e := expr.New(expr.Options{Timeout: 50 * time.Millisecond, MaxResult: 1000, MaxMemory: 32 << 20})
	for _, c := range []struct {
		kind     expr.Kind
		ctx      context.Context
		template string
	}{
		{expr.Script, t.Context(), "${nope}"},
		{expr.Syntax, t.Context(), "${1 +}"},
		{expr.Timeout, t.Context(), "${(function () { for (;;) {} })()}"},
		{expr.Size, t.Context(), "${'x'.repeat(600)}${'x'.repeat(600)}"},
		{expr.Size, t.Context(), "${'x'.repeat(1001)}"},
		{expr.Canceled, ended, "${(function () { for (;;) {} })()}"},
	} {
		_, err := e.Text(c.ctx, c.template, params.Empty())
		failure, ok := errors.AsType[*expr.Error](err)
		if !ok || failure.Kind != c.kind {
			t.Errorf("%s gave %v, want a failure of kind %s", c.template, err, c.kind)
		}
		if c.kind == expr.Canceled && !errors.Is(err, context.Canceled) {
			t.Errorf("%v does not lead to the context's error", err)
		}
	}
}

func TestLongExpressionsAreShortenedInMessages(t *testing.T) {
	t.Parallel()
	_, err := expr.New(expr.Options{}).Text(t.Context(), "${nope + '"+strings.Repeat("あ", 1000)+"'}", params.Empty())
	if err == nil || len(err.Error()) > 1200 || !strings.HasSuffix(err.Error(), `…} (ReferenceError: "nope" is not defined)`) {
		t.Errorf("got %.2000v", err)
	}
}

func object(t testing.TB, text string) *params.Object {
	t.Helper()
	o, err := params.ParseObject([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return o
}
