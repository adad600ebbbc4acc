package moment

import (
	"errors"
	"testing"
	"time"

	"github.com/dop251/goja"
)

func run(t testing.TB, vm *goja.Runtime, script string) string {
	t.Helper()
	v, err := vm.RunString(script)
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return v.String()
}

func TestEachMemberOfTheOriginalExists(t *testing.T) {
	t.Parallel()
	answer := originalInGoja(t)
	o := newOurs(t, "UTC")
	for _, object := range []string{"moment", "moment.fn", "moment.duration", "moment.duration.fn", "moment.localeData()", "moment.HTML5_FMT"} {
		names, err := answer(goja.Undefined(), o.vm.ToValue("(function () { var all = []; for (var k in "+object+") all.push(k); return all.join() })()"))
		if err != nil {
			t.Fatal(err)
		}
		list := run(t, o.vm, names.String()[len("text "):])
		if err := o.vm.Set("names", list); err != nil {
			t.Fatal(err)
		}
		missing := run(t, o.vm, "names.split(',').filter(k => k[0] !== '_' && k !== 'momentProperties' && typeof "+object+"[k] === 'undefined' && !(k in "+object+")).join()")
		if missing != "" {
			t.Errorf("%s has no %s", object, missing)
		}
	}
}

func TestInstallingNeedsAnEnvironmentAndBuiltInObjects(t *testing.T) {
	t.Parallel()
	if err := Install(goja.New(), Env{}); err == nil {
		t.Error("without Now and Zone")
	}
	for _, script := range []string{"delete globalThis.Object", "Object.freeze = 5"} {
		o := newOurs(t, "UTC")
		run(t, o.vm, script)
		if err := Install(o.vm, o.env); err == nil {
			t.Errorf("after %s", script)
		}
	}
}

func TestNowAndZoneAreAskedAtEachCall(t *testing.T) {
	t.Parallel()
	now, zone := time.UnixMilli(0), time.UTC
	vm := goja.New()
	if err := Install(vm, Env{
		Now:  func() time.Time { return now },
		Zone: func() *time.Location { return zone },
	}); err != nil {
		t.Fatal(err)
	}
	run(t, vm, "var m = moment()")
	if got := run(t, vm, "m.format()"); got != "1970-01-01T00:00:00+00:00" {
		t.Errorf("at first: %s", got)
	}
	now, zone = time.UnixMilli(presentMillis), location(t, "Asia/Tokyo")
	if got := run(t, vm, "m.format() + ' ' + moment().format()"); got != "1970-01-01T09:00:00+09:00 2018-02-15T00:25:50+09:00" {
		t.Errorf("after both have changed: %s", got)
	}
}

// changes are what scripts can do to moment.
func changes() []string {
	return []string{
		"moment.foo = 1",
		"delete moment.utc",
		"moment.utc = function () { return 5 }",
		"moment.defaultFormat = 'x'",
		"moment.now = function () { return 5 }",
		"moment.fn.format = function () { return 'x' }",
		"moment.fn.extra = 1",
		"delete moment.fn.format",
		"moment.prototype.extra = 1",
		"moment.duration.fn.extra = 1",
		"Object.setPrototypeOf(moment.fn, {extra: 1}); moment()",
		"moment.fn.__proto__ = {extra: 1}; moment()",
		"Object.assign(moment, {foo: 1})",
		"Reflect.set(moment, 'foo', 1)",
		"moment.locale('zz', {})",
		"moment.updateLocale('en', {invalidDate: 'x'})",
		"moment.defineLocale('zz', {parentLocale: 'en'})",
		"moment.defineLocale('en', null)",
		"moment.relativeTimeThreshold('s', 5)",
		"moment.relativeTimeRounding(Math.floor)",
		"Object.getPrototypeOf(moment.localeData()).extra = 1",
	}
}

func TestChangesAreReported(t *testing.T) {
	t.Parallel()
	for _, script := range changes() {
		o := newOurs(t, "UTC")
		reported := 0
		o.env.Changed = func() { reported++ }
		o.renew(t)
		run(t, o.vm, "moment().add(1, 'd').format(); moment.duration(5).humanize(); moment.locale('en'); moment.relativeTimeThreshold('s')")
		if reported > 0 {
			t.Fatal("a change is reported though there was none")
		}
		run(t, o.vm, script)
		if reported == 0 {
			t.Errorf("%s is not reported", script)
		}
	}
}

// everything looks at what scripts after a change could see.
const everything = `JSON.stringify([
	Object.getOwnPropertyNames(moment), moment.foo, typeof moment.utc, moment.utc(0).format(), moment.defaultFormat, moment.now(), moment.locales(),
	moment.locale(), moment(0).format(), moment.invalid().format(), moment.fn.extra, moment.duration.fn.extra, moment.localeData().extra,
	moment.duration(89, 's').humanize(), moment.duration(35, 's').humanize(), Object.keys(moment.fn), Object.keys(moment.duration.fn),
	Object.keys(moment.HTML5_FMT), Object.getOwnPropertyNames(moment.utc), Object.getOwnPropertyNames(moment.fn.format),
	Object.getOwnPropertyNames(moment.duration), Object.getOwnPropertyNames(moment.duration.prototype), Object.getPrototypeOf(moment.fn) === Object.prototype,
])`

func TestInstallingAgainUndoesAllChanges(t *testing.T) {
	t.Parallel()
	o := newOurs(t, "UTC")
	want := run(t, o.vm, everything)
	for _, script := range changes() {
		run(t, o.vm, script)
		o.renew(t)
		if got := run(t, o.vm, everything); got != want {
			t.Errorf("%s leaves something behind:\n got %s\nwant %s", script, got, want)
		}
	}
}

// TestWhatIsNotReportedHasNoEffect is the other half of TestChangesAreReported.
func TestWhatIsNotReportedHasNoEffect(t *testing.T) {
	t.Parallel()
	o := newOurs(t, "UTC")
	reported := 0
	o.env.Changed = func() { reported++ }
	o.renew(t)
	want := run(t, o.vm, everything)
	for _, script := range []string{
		"moment.utc.leak = 1",
		"moment.fn.format.leak = 1",
		"moment.duration.leak = 1",
		"moment.duration.prototype.leak = 1",
		"moment.HTML5_FMT.leak = 1",
		"moment.HTML5_FMT.DATE = 'x'",
		"moment.ISO_8601.leak = 1",
		"moment.months().push('x')",
		"moment.localeData()._week.dow = 3",
		"Object.getOwnPropertyDescriptor(moment, 'prototype').value === moment.fn",
		"Object.freeze(moment)",
		"Object.defineProperty(moment, 'leak', {get() { return 1 }})",
		"Object.defineProperty(moment.fn, 'leak', {get() { return 1 }})",
		"Object.setPrototypeOf(moment, {leak: 1})",
		"moment[Symbol.iterator] = 1",
		"moment.fn[Symbol.iterator] = 1",
		"moment.localeData().leak = 1",
		"moment().leak = 1",
		"moment()._d = 1",
		"moment().creationData().locale._week = 1",
		"moment.locale('en')",
		"moment.locale('xx')",
	} {
		_, _ = o.vm.RunString(script) // some throw
		if got := run(t, o.vm, everything); got != want {
			t.Errorf("%s leaves something behind:\n got %s\nwant %s", script, got, want)
		}
	}
	if reported > 0 {
		t.Error("a change is reported though there was none")
	}
}

func TestAnInterruptEndsFunctionsThatMomentCalls(t *testing.T) {
	t.Parallel()
	o := newOurs(t, "UTC")
	run(t, o.vm, "var started = false")
	if err := o.vm.Set("stop", func() { o.vm.Interrupt("enough") }); err != nil {
		t.Fatal(err)
	}
	_, err := o.vm.RunString("moment().calendar(null, {sameDay() { stop(); for (;;); }})")
	if _, ok := err.(*goja.InterruptedError); !ok { //nolint:errorlint // goja returns the error itself
		t.Errorf("got %v", err)
	}
}

func TestAnotherGlobalObjectHidesNothingFromMoment(t *testing.T) {
	t.Parallel()
	o := newOurs(t, "UTC")
	scope := o.vm.NewObject()
	if err := errors.Join(scope.Set("Date", "2018-02-14"), scope.Set("Error", 5), scope.SetPrototype(o.vm.GlobalObject())); err != nil {
		t.Fatal(err)
	}
	o.vm.SetGlobalObject(scope)
	if got := run(t, o.vm, "moment(Date).toDate().getTime()"); got != "1518566400000" {
		t.Errorf("got %s", got)
	}
}

func TestMomentsOfOneVMAreNotThoseOfAnother(t *testing.T) {
	t.Parallel()
	o := newOurs(t, "UTC")
	run(t, o.vm, "var old = moment(0)")
	o.renew(t)
	if _, err := o.vm.RunString("moment.fn.format.call(old)"); err == nil {
		t.Error("a moment from before Install was accepted")
	}
	if got := run(t, o.vm, "old.format()"); got != "1970-01-01T00:00:00+00:00" {
		t.Errorf("its own methods do not work any more: %s", got)
	}
}
