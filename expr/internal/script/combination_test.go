package script

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/heitan/heitan/params"
)

// builtins are expressions for the functions that scripts can reach by name.
func builtins(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("testdata/reachable.txt")
	if err != nil {
		t.Fatal(err)
	}
	functions := []string{
		"moment", "moment.utc", "moment.duration", "moment.fn.format", "moment.fn.add", "moment.max", "moment.unix", "moment.isMoment",
		"Object.prototype.toLocaleString", "Object.prototype.toString", "Object.prototype.valueOf", "Function.prototype.call",
		"Function.prototype.apply", "Function.prototype.bind", "[].values().next", "(function*(){yield 1})().next",
		"Object.getOwnPropertyDescriptor(Object.prototype, '__proto__').set", "Object.getOwnPropertyDescriptor(Object.prototype, '__proto__').get",
		"Object.getOwnPropertyDescriptor(RegExp.prototype, 'flags').get", "function(){return this}", "function(x){return [x,x]}",
	}
	for path := range strings.Lines(string(text)) {
		path = strings.TrimSpace(path)
		name, ok := strings.CutPrefix(path, "global.")
		if ok && !strings.ContainsAny(name, "[( ") && !strings.Contains(name, "Symbol") {
			functions = append(functions, name)
		}
	}
	if len(functions) < 250 {
		t.Fatalf("only %d functions", len(functions))
	}
	return functions
}

func TestCombinedBuiltinsEndInTime(t *testing.T) {
	t.Parallel()
	functions := builtins(t)
	statements := []string{
		"o.toString = f", "o.valueOf = f", "o.toJSON = f", "o.length = f", "o.next = f", "o.exec = f", "o.join = f", "o.constructor = f",
		"o.toString = f.bind(o, o)", "o.valueOf = f.bind(null, a)", "o.toJSON = f.bind(g, o)", "o.then = g", "o.call = f",
		"Object.defineProperty(o, 'x', {get: f})", "Object.defineProperty(o, 'length', {get: f.bind(o, a)})", "Object.defineProperty(o, 'year', {get: g})",
		"Object.defineProperty(a, '0', {get: f})", "Object.setPrototypeOf(o, f)", "o.__proto__ = g", "Object.setPrototypeOf(a, o)", "f.prototype = o",
		"o[0] = o", "o[1] = a", "a[5] = o", "a.push(a)", "a.length = 1e9", "o.length = 1e9", "o.global = o", "o.lastIndex = o", "s += s",
		"a.join = f", "a.toString = g", "a.toJSON = f", "r.lastIndex = o", "r.exec = f", "it.next = f", "e.name = o", "e.message = a",
		"x = f.call(o, o, g)", "x = f(o)", "x = f(a, o)", "x = g.apply(o, [o, f])", "x = '' + o", "x = +o", "x = '' + a", "x = JSON.stringify(o)",
		"x = JSON.stringify(a)", "x = [1, 2].map(f, o)", "x = a.map(f, g)", "x = [o, a].sort(f)", "x = 'abc'.replace(/b/g, f)", "x = s.replace(r, o)",
		"x = new Map([[o, a]]).forEach(f, o)", "x = new f(o)", "x = new f(a, o)", "x = Array.from(o, f)", "x = Array.from(a, f)", "x = Object.assign(o, a)",
		"x = [...it]", "x = [...a]", "x = new Set(it)", "x = f.apply(null, a)", "x = s.split(o)", "x = s.matches(o)", "x = r.test(o)", "x = s.concat(o, a)",
		"x = moment(o)", "x = moment(a)", "x = moment().add(o)", "x = moment.duration(o)", "x = new Date(o)", "x = e + ''", "x = o.x", "x = f + g",
		"x = a.flat(9)", "x = a.reduce(f)", "x = Object.entries(o)", "x = Object.values(a)", "x = ({...o, ...a})", "for (k in o) x = k", "x = o == a",
		"x = s.repeat(1e5)", "x = a.fill(s)", "x = Object.fromEntries([a, o])", "x = parseInt(o)", "x = Math.max(o, a)", "x = o instanceof f",
	}
	rapid.Check(t, func(rt *rapid.T) {
		body := strings.Join(rapid.SliceOfN(rapid.SampledFrom(statements), 1, 8).Draw(rt, "statements"), "; ")
		source := fmt.Sprintf("(function(f, g) { var o = {}, a = [1, 'x', o], r = /a/g, it = a.values(), e = new Error, s = 'abc', x, k; %s; return x })(%s, %s)",
			body, rapid.SampledFrom(functions).Draw(rt, "f"), rapid.SampledFrom(functions).Draw(rt, "g"))
		limits := testLimits()
		limits.Timeout, limits.MaxMemory = 200*time.Millisecond, 64<<20
		e := New(limits, testTime, installRealMoment)
		begin := time.Now()
		_, err := evaluate(t, e, "UTC", source, params.Empty())
		if errors.Is(err, ErrInternal) {
			rt.Fatalf("%s: %v", source, err)
		}
		if took := time.Since(begin); took > 10*time.Second {
			rt.Fatalf("%s took %v", source, took)
		}
	})
}
