package script

import (
	"fmt"
	"testing"
	"time"

	"github.com/dop251/goja"

	"github.com/heitan/heitan/params"
)

type objectScope struct{ o *params.Object }

func (s objectScope) Get(n string) (params.Value, bool) { return s.o.Get(n) }
func (s objectScope) Names() []string                   { return s.o.Keys() }

func noMoment(*goja.Runtime, Moment) error { return nil }

func testEngine() *Engine {
	return New(Limits{Timeout: 5 * time.Second, MaxSource: 64 << 10, MaxResult: 16 << 20, MaxMemory: 64 << 20}, time.Now, noMoment)
}

func TestSmoke(t *testing.T) {
	e := testEngine()
	sc := objectScope{params.Of("a", int64(1), "b", "text", "c", params.Of("d", params.List{int64(1), "x"}))}
	for _, s := range []string{
		"a", "a+1", "b.toUpperCase()", "c", "c.d.map(function(x){return x+'!'}).join('-')", "x", "x=5,x", "this['b']",
		"[1,[2,3]].toString()", "'a.b.c'.replaceAll('\\\\.','-')", "'aXbX'.replace(/X/g,'$&$&')", "new Date(0).toString()", "JSON.stringify(this)", "Object.keys(this)",
		"{a:1}", "function(){}", "()=>1", "[1,2,3].sort(function(a,b){return b-a})", "'x'.repeat(1e9)", "(function f(){f()})()", "/(a)(b)?/.exec('xab')", "[...'abc']", "({...c})", "new Map([[1,2]]).get(1)",
		"eval('1')", "Function('return 1')()", "(function(){}).constructor('return 1')()", "new Date(2020,0,1,9).toISOString()", "Date()", "Math.max(1,2,3)", "Number('12')+Number.MAX_VALUE", "new Number(3)",
		"'a-b-c'.split('-')", "'a1b2'.split(/\\d/)", "typeof zzz", "null.x", "c.e.f", "b()", "a.foo()", "hasOwnProperty('a')", "'abc'.hashCode()", "NaN", "undefined", "[undefined,function(){}]", "Symbol", "globalThis", "(function(){return typeof globalThis})()",
	} {
		st := time.Now()
		p, err := e.Compile(s)
		if err != nil {
			fmt.Println(s, "=> COMPILE", err)
			continue
		}
		ss := e.Begin(t.Context(), "Asia/Tokyo")
		text, err := ss.Eval(p, sc)
		ss.End()
		fmt.Printf("%s => %.80q %v tame=%v %v\n", s, text, err, p.tame, time.Since(st))
	}
}

func BenchmarkEval(b *testing.B) {
	e := testEngine()
	sc := objectScope{params.Of("a", int64(1), "b", "text")}
	for _, s := range []string{"a+1", "b.toUpperCase()", "[1,2].map(function(x){return x})", "c=1,Math.max(c,2)", "this.c=1"} {
		p, _ := e.Compile(s)
		b.Run(s, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ss := e.Begin(b.Context(), "UTC")
				_, err := ss.Eval(p, sc)
				if err != nil {
					b.Fatal(err)
				}
				ss.End()
			}
		})
	}
	b.Run("newMachine", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			newMachine(e, false)
		}
	})
	b.Run("freeze", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			m, _ := newMachine(e, false)
			m.freeze()
		}
	})
}
