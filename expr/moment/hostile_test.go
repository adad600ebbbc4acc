package moment

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dop251/goja"
)

// TestNoFunctionPanicsWhateverItIsGiven calls every function with odd arguments.
func TestNoFunctionPanicsWhateverItIsGiven(t *testing.T) {
	t.Parallel()
	odd := []string{
		"undefined", "null", "NaN", "Infinity", "-Infinity", "-0", "1e308", "-1e300", "1e21", "5n", "true", "''", "'x'", "'\\ud800'", "'\\0'",
		"'9'.repeat(400)", "'P'.repeat(5)", "[]", "{}", "[[]]", "new Array(5)", "[1e300, -1e300]", "{year: 1e300}", "{days: 1e300}", "{from: 1, to: {}}",
		"Symbol('x')", "Object.create(null)", "function () { return this }", "/x/", "new Date(NaN)", "new Proxy({}, {})", "new Map()", "new Error('x')",
		"moment()", "moment.invalid()", "moment.utc(8.64e15)", "moment(-8.64e15)", "moment(5).add(1e20, 'd')", "moment.duration(1e308)", "moment.duration(NaN)",
		"moment.duration(Infinity)", "moment.localeData()", "moment", "'day'", "'year'", "'YYYY-MM-DD'", "'LLLL'", "'[('", "{toString() { throw 1 }}",
		"{valueOf() { return {} }, toString() { return {} }}", "{length: 1e9}", "['YYYY', 5]",
	}
	receivers := map[string]map[string]member{
		"moment": staticMembers, "moment()": momentMembers, "moment.utc()": momentMembers, "moment.invalid()": momentMembers,
		"moment(5).add(1e20, 'd')": momentMembers, "moment(8.64e15)": momentMembers, "moment.utc(0).utcOffset(NaN)": momentMembers,
		"moment.duration(1e300)": durationMembers, "moment.duration(NaN)": durationMembers, "moment.duration(5, 'd')": durationMembers,
		"moment.localeData()": localeMembers,
	}
	o := newOurs(t, "America/Sao_Paulo")
	for _, receiver := range slices.Sorted(maps.Keys(receivers)) {
		for _, name := range slices.Sorted(maps.Keys(receivers[receiver])) {
			for i, first := range odd {
				second := odd[(i*7+3)%len(odd)]
				third := odd[(i*11+5)%len(odd)]
				for _, args := range []string{first, first + ", 'day'", second + ", " + first + ", " + third + ", " + first} {
					script := fmt.Sprintf("(%s).%s(%s)", receiver, name, args)
					_, err := o.vm.RunString(script)
					if exception := new(goja.Exception); err != nil && !errors.As(err, &exception) {
						t.Fatalf("%s: %v", script, err)
					}
				}
			}
			o.renew(t)
		}
	}
}

// TestHugeArgumentsTakeBoundedTime gives what a script can make cheaply.
func TestHugeArgumentsTakeBoundedTime(t *testing.T) {
	t.Parallel()
	const million = ".repeat(1e6)"
	o := newOurs(t, "UTC")
	for _, script := range []string{
		"moment('x'" + million + ")",
		"moment('('" + million + ")",
		"moment('2018-01-01T00:00:00.' + '0'" + million + ")",
		"moment('1'" + million + ", 'YYYY')",
		"moment(('1'.repeat(255) + '-').repeat(4000), 'MMM')",
		"moment('/'" + million + ", 'MMM')",
		"moment('x'" + million + ", 'DD'" + million + ")",
		"moment('x'.repeat(1000), 'DD'.repeat(1000))",
		"moment('x'.repeat(1000), new Array(5000).fill('DD MM'))",
		"moment('x', new Array(1e6).fill('DD'))",
		"moment('x', new Array(4e9))",
		"moment(new Array(4e9))",
		"moment().format('LLLL'" + million + ")",
		"moment().format('x'" + million + ")",
		"moment().format('['" + million + ")",
		"moment().format('\\\\'" + million + ")",
		"moment.parseZone('+'" + million + ")",
		"moment().utcOffset('+12'" + million + ")",
		"moment.duration('1'" + million + ")",
		"moment.duration('P' + '1'" + million + ")",
		"moment.duration(' 1'" + million + ")",
		"moment.max(new Array(4e9))",
		"moment.locale('a-'" + million + ")",
		"moment.updateLocale('en', {longDateFormat: {LT: 'LT LT', L: 'LT'.repeat(1e5)}}), moment().format('L')",
		"moment.updateLocale('en', {months: new Array(12).fill('x'" + million + ")}), moment().format('MMMM'.repeat(1000))",
	} {
		start := time.Now()
		_, err := o.vm.RunString(script)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s took %s", script, took)
		} else if testing.Verbose() {
			t.Logf("%8s %s: %v", took.Round(time.Microsecond), script, err)
		}
		o.renew(t)
	}
}

func TestMissingGlobalsAreErrors(t *testing.T) {
	t.Parallel()
	o := newOurs(t, "UTC")
	for _, script := range []string{
		"delete globalThis.Date, moment(0).toDate()",
		"Date = 5, moment(0).toDate()",
		"delete globalThis.RangeError, moment().format('x'.repeat(2e6))",
		"delete globalThis.Error, moment.momentProperties",
	} {
		_, err := o.vm.RunString(script)
		if exception := new(goja.Exception); !errors.As(err, &exception) {
			t.Errorf("%s: got %v", script, err)
		}
	}
	if got := run(t, o.vm, "moment([2018]).format('YYYY')"); got != "2018" {
		t.Errorf("without Date the year is %s", got)
	}
}

func TestTooMuchIsAnErrorThatSaysSo(t *testing.T) {
	t.Parallel()
	o := newOurs(t, "UTC")
	for script, want := range map[string]string{
		"moment('x'.repeat(1e6), 'DD'.repeat(1e6))":   "RangeError: moment: text or format is too long",
		"moment('x', new Array(1e6).fill('DD'))":      "RangeError: moment: more than 10000 formats",
		"moment().format('x'.repeat(2e6))":            "RangeError: moment: text or format is too long",
		"moment.momentProperties":                     "Error: moment.momentProperties is not supported",
		"moment.createFromInputFallback({})":          "Error: moment.createFromInputFallback is not supported",
		"moment.updateOffset = function () {}":        "Error: moment.updateOffset cannot be replaced",
		"moment.localeData().monthsRegex()":           "Error: localeData().monthsRegex is not supported",
		"moment.updateLocale('en', {monthsParse: 5})": "Error: moment: the locale option monthsParse is not supported",
		"moment()._d = 5":                             "TypeError: moment: the property _d of a moment cannot be set",
		"moment.fn.format.call({})":                   "TypeError: moment: method called on something that is not a moment",
		"moment.duration(5).as('fortnight')":          "Error: Unknown unit undefined",
	} {
		_, err := o.vm.RunString(script)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", script, err, want)
		}
	}
}
