package script

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dop251/goja"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/heitan/heitan/params"
)

// vandals are expressions that try to leave something behind.
var vandals = []string{
	`leaked = 1`,
	`this.leaked = 1`,
	`(function(){ return this })().leaked = 1`,
	`(function(){ leaked = 1 })()`,
	`a = 'changed'`,
	`this['b-c'] = 'changed'`,
	`delete this.a`,
	`o.x = 'changed'`,
	`l.push('changed')`,
	`l.sort().reverse(), l.length = 0`,
	`undefined = 1, NaN = 2`,
	`Math = null`,
	`Date = function(){}`,
	`JSON.stringify = function(){ return 'changed' }`,
	`Math.max = function(){ return 'changed' }`,
	`Math['m'+'ax'] = function(){ return 'changed' }`,
	`Object.prototype.leaked = 1`,
	`Object['proto'+'type']['leak'+'ed'] = 1`,
	`({}).__proto__.leaked = 1`,
	`({})['__pro'+'to__'].leaked = 1`,
	`Array.prototype.push = function(){ return 'changed' }`,
	`[].constructor.prototype.join = function(){ return 'changed' }`,
	`String.prototype.toUpperCase = function(){ return 'changed' }`,
	`'a'.constructor.prototype.leaked = 1`,
	`''['con'+'structor']['leak'+'ed'] = 1`,
	`Object.defineProperty(Object.prototype, 'leaked', {value: 1})`,
	`Object.defineProperty(String.prototype, 'leaked', {get: function(){ return 1 }})`,
	`Object['define'+'Property'](Array['proto'+'type'], 'leaked', {value: 1})`,
	`Object.setPrototypeOf(Array.prototype, {leaked: 1})`,
	`Object['setProto'+'typeOf'](Math, {leaked: 1})`,
	`Object.assign(Math, {leaked: 1})`,
	`Object['as'+'sign'](Math, {leaked: 1})`,
	`[].push.call(Array.prototype, 'leaked')`,
	`[]['push']['call'](Math, 'leaked')`,
	`Array['from'].call(function(){ return Math }, ['leaked'])`,
	`[].values().__proto__.next = function(){ return {done: true} }`,
	`(function*(){})().__proto__.__proto__.next = null`,
	`Object.getPrototypeOf(Object.getPrototypeOf(new Map().entries())).next = null`,
	`Function.prototype.call = null`,
	`(function(){}).constructor.prototype.leaked = 1`,
	`RegExp.prototype.exec = function(){ return null }`,
	`RegExp.prototype.test = null, /a/.compile`,
	`Error.prototype.toString = function(){ return 'changed' }`,
	`Date.prototype.getTime = null`,
	`Date.now = function(){ return 0 }`,
	`Number.prototype.toFixed = null`,
	`Map.prototype.get = null`,
	`delete String.prototype.trim`,
	`delete Array.prototype[['jo','in'].join('')]`,
	`eval = 1, Function = 2`,
	`hasOwnProperty = 1`,
	`Object.freeze(this), Object.preventExtensions(this)`,
	`Object.freeze(moment)`,
	`Object['fre'+'eze'](moment)`,
	`Object.seal(moment), Object.preventExtensions(moment)`,
	`moment = null`,
	`moment.leaked = 1`,
	`moment['leak'+'ed'] = 1`,
	`moment.now = function(){ return 0 }`,
	`moment.fn.format = function(){ return 'changed' }`,
	`moment.fn.leaked = 1`,
	`moment().__proto__.leaked = 1`,
	`Object.getPrototypeOf(moment()).leaked = 1`,
	`moment.locale('xx')`,
	`moment.updateLocale('en', {months: 'a_b_c_d_e_f_g_h_i_j_k_l'.split('_')})`,
	`moment['update'+'Locale']('en', {weekdays: 'a_b_c_d_e_f_g'.split('_')})`,
	`moment.relativeTimeThreshold('s', 1)`,
	`moment['relativeTime'+'Threshold']('m', 1)`,
	`moment.relativeTimeRounding(Math.floor)`,
	`moment.defaultFormat = 'changed'`,
	`moment.parseTwoDigitYear = function(){ return 1 }`,
	`moment.duration.fn.leaked = 1`,
	`moment.localeData().months = null`,
	`moment.localeData()['_leaked'] = 1`,
	`(function(f){ f.leaked = 1 })(moment.utc)`,
	`(function(f){ f.leaked = 1 })(''.trim)`,
	`(function(){ for (var k in this) this[k] = 'changed' })()`,
	`(function(){ throw leaked = 1 })()`,
	`null.x, leaked = 1`,
	`(function f(){ leaked = 1; f() })()`,
	"(function(t){ t.leaked = 1; return t })`x`",
	`class_ = class A extends Array {}, class_.prototype.leaked = 1`,
	`new (class extends Map { constructor(){ super(); Map.prototype.leaked = 1 } })`,
	`(function(){ with (Math) { leaked = 1; max = 2 } })()`,
	`/x/g.lastIndex = 5`,
	`[1,2,3].map(function(x){ return leaked = x })`,
	`setTimeout`,
}

// probes are expressions whose results must be the same whatever ran before.
var probes = []string{
	`typeof leaked`, `[a, this['b-c'], o, l]`, `Object.keys(this)`, `({}).leaked`, `[].leaked`, `''.leaked`, `Math.leaked`, `(function(){}).leaked`,
	`moment.leaked`, `moment().leaked`, `moment.utc.leaked`, `''.trim.leaked`, `moment.duration(1).leaked`,
	`[undefined, isNaN(NaN)]`, `Math.max(1, 2)`, `'a b'.toUpperCase().trim()`, `[3,1,2].sort().join('-')`, `[1].push(2)`,
	`JSON.stringify({a: [1]})`, `/a/.test('a')`, `'abc'.replace(/b/, 'x')`, `new Date(0).getTime()`, `Date.now()`, `(1.5).toFixed(2)`,
	`[...[1, 2]]`, `[...(function*(){ yield 1 })()]`, `new Map([[1, 2]]).get(1)`, `(function(){ return this.x }).call({x: 1})`,
	`typeof eval + typeof Function`, `hasOwnProperty('a')`, `String(new Error('m'))`, `Object.isExtensible(moment)`, `Object.isFrozen(moment)`,
	`moment().format()`, `moment(0).utc().format('MMMM dddd')`, `moment.locale()`, `moment.duration(50, 's').humanize()`,
	`moment.duration(46, 'm').humanize()`, `moment('70', 'YY').year()`, `moment.localeData()._leaked`, `moment.localeData().months().length`,
	`moment(0).utc().from(1e9)`, `Object.getPrototypeOf([]) === Array.prototype`, `[].length`, `Object.keys(Array.prototype).length`,
}

func isolationScope() *params.Object {
	return params.Of("a", "A", "b-c", "BC", "o", params.Of("x", int64(1)), "l", params.List{int64(2), int64(1)})
}

func TestNothingOutlivesAnEvaluation(t *testing.T) {
	t.Parallel()
	scope := isolationScope()
	want := map[string]string{}
	for _, probe := range probes {
		want[probe] = outcome(t, newTestEngine(), "UTC", probe, scope)
	}
	for _, vandal := range vandals {
		t.Run(vandal, func(t *testing.T) {
			t.Parallel()
			e := newTestEngine()
			for range 2 {
				outcome(t, e, "UTC", vandal, scope)
			}
			for _, probe := range probes {
				if got := outcome(t, e, "UTC", probe, scope); got != want[probe] {
					t.Errorf("%s is %s afterwards, not %s", probe, got, want[probe])
				}
			}
		})
	}
	if diff := cmp.Diff(isolationScope(), scope, cmp.Comparer(func(a, b *params.Object) bool { return params.Equal(a, b) })); diff != "" {
		t.Errorf("the parameters changed:\n%s", diff)
	}
}

// fingerprint describes all built-in objects of a machine with their properties.
func fingerprint(m *machine) string {
	var b strings.Builder
	numbers := map[*goja.Object]int{m.moment.ToObject(m.vm): 0}
	queue := []*goja.Object{m.global}
	numberOf := func(v goja.Value) string {
		object, ok := v.(*goja.Object)
		if !ok {
			return fmt.Sprintf("%v", v)
		}
		n, ok := numbers[object]
		if !ok {
			n = len(numbers)
			numbers[object] = n
			queue = append(queue, object)
		}
		return fmt.Sprint("#", n)
	}
	for ; len(queue) > 0; queue = queue[1:] {
		object := queue[0]
		fmt.Fprintf(&b, "\n%s %s", object.ClassName(), numberOf(object))
		if prototype := object.Prototype(); prototype != nil {
			fmt.Fprintf(&b, " from %s", numberOf(prototype))
		}
		keys := m.ownKeys(object) // in the order in which they were set, which varies
		slices.SortFunc(keys, func(a, b goja.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, key := range keys {
			descriptor := m.call(m.natives.descriptor, nil, object, key).ToObject(m.vm)
			fmt.Fprintf(&b, "\n  %v", key)
			for _, part := range descriptor.Keys() {
				fmt.Fprintf(&b, " %s=%s", part, numberOf(descriptor.Get(part)))
			}
		}
	}
	return b.String()
}

func TestPooledMachinesStayAsTheyWereMade(t *testing.T) {
	t.Parallel()
	fresh, err := newTestEngine().borrow()
	if err != nil {
		t.Fatal(err)
	}
	want := fingerprint(fresh)
	// Parts of expressions put together at random: few of the results are
	// sensible, but all try something on built-in objects.
	objects := []string{
		"this", "Math", "Object", "Array.prototype", "[]", "''", "String", "JSON", "Date", "moment", "moment()", "o", "l",
		"(function(){return this})()", "Object.getPrototypeOf(this)", "[].values()", "/a/", "new Map", "(function(){})", "Function", "eval",
		"[]['const'+'ructor']", "''['__pro'+'to__']", "(function*(){})()", "new Error('x')", "arguments", "undefined",
	}
	names := []string{"x", "leaked", "push", "max", "prototype", "constructor", "__proto__", "length", "toString", "valueOf", "format", "next", "fn"}
	forms := []string{
		"%[1]s.%[2]s = %[3]s", "%[1]s['%[2]s'] = %[3]s", "delete %[1]s.%[2]s", "Object.defineProperty(%[1]s, '%[2]s', {value: %[3]s})",
		"Object['define'+'Property'](%[1]s, '%[2]s', {get: function(){ return %[3]s }})", "Object.setPrototypeOf(%[1]s, %[3]s)",
		"Object['as'+'sign'](%[1]s, {%[2]s: 1})", "[]['push'].call(%[1]s, %[3]s)", "%[1]s.%[2]s", "%[1]s.%[2]s(%[3]s)", "%[2]s = %[1]s",
		"(function(){ try { %[1]s.%[2]s(%[3]s) } catch (e) { e.constructor.leaked = 1 } })()", "%[1]s.%[2]s++", "Object.freeze(%[1]s)",
		"[%[3]s].map(%[1]s.%[2]s)", "(function(f){ f.leaked = %[3]s })(%[1]s.%[2]s)", "for_ = [%[1]s, %[3]s].sort()",
	}
	rapid.Check(t, func(rt *rapid.T) {
		e := newTestEngine()
		for range rapid.IntRange(1, 10).Draw(rt, "count") {
			source := fmt.Sprintf(rapid.SampledFrom(forms).Draw(rt, "form"), rapid.SampledFrom(objects).Draw(rt, "object"),
				rapid.SampledFrom(names).Draw(rt, "name"), rapid.SampledFrom(objects).Draw(rt, "other"))
			outcome(t, e, "UTC", source, isolationScope())
		}
		for _, m := range e.idle {
			if diff := cmp.Diff(want, fingerprint(m)); diff != "" {
				rt.Fatalf("a machine changed:\n%s", diff)
			}
		}
	})
}
