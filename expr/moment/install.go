package moment

import (
	"errors"
	"fmt"
	"time"

	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/moment/calendar"
	"github.com/heitan/heitan/expr/moment/jsdate"
)

// Env is what moments depend on besides their arguments.
type Env struct {
	// Now is the current time, and Zone the local zone (nil for UTC). Both are asked
	// anew at each call of a function, since VMs are used again for other work.
	Now  func() time.Time
	Zone func() *time.Location
	// Changed is called, where it is not nil, when a script has changed what moment
	// does for scripts after it: a VM that others will use should get a new moment
	// by Install then.
	Changed func()
}

// Install puts the global `moment` into a VM. To do so again replaces it, which
// discards all changes that scripts have made to it. The errors are those of
// setting a global.
func Install(vm *goja.Runtime, env Env) error {
	if env.Now == nil || env.Zone == nil {
		return errors.New("install moment: Env needs Now and Zone")
	}
	b := &binding{vm: vm, env: env, globals: vm.GlobalObject()}
	b.lib = calendar.New(b.now)
	b.locales = map[string]*localeEntry{"en": {locale: b.lib.Locale}}
	object, ok := b.globals.Get("Object").(*goja.Object)
	if !ok {
		return errors.New("install moment: there is no global Object")
	}
	if b.freeze, ok = goja.AssertFunction(object.Get("freeze")); !ok {
		return errors.New("install moment: Object.freeze is not a function")
	}
	b.statics = newTable(b, staticMembers)
	b.moments = newTable(b, momentMembers)
	b.durations = newTable(b, durationMembers)
	b.localeData = newTable(b, localeMembers)
	b.statics.assigned = b.configure
	if err := vm.Set("moment", b.global()); err != nil {
		return fmt.Errorf("install moment: %w", err)
	}
	return nil
}

// binding is moment in one VM.
type binding struct {
	vm      *goja.Runtime
	env     Env
	lib     *calendar.Library
	globals *goja.Object // where Date and errors are: another global object may hide them
	freeze  goja.Callable

	statics, moments, durations, localeData *table

	locales       map[string]*localeEntry
	localeObjects map[*calendar.Locale]*goja.Object
}

// enter prepares the library for a call from a script.
func (b *binding) enter() {
	for _, t := range []*table{b.statics, b.moments, b.durations, b.localeData} {
		t.restorePrototype()
	}
	zone := b.env.Zone()
	if zone == nil {
		zone = time.UTC
	}
	b.lib.SetZone(zone)
}

// now is the current time, which scripts may replace by assigning moment.now.
func (b *binding) now() jsdate.Time {
	if replaced, ok := b.statics.set["now"]; ok {
		return jsdate.Clip(b.invoke(replaced, goja.Undefined()).ToFloat())
	}
	return jsdate.Clip(float64(b.env.Now().UnixMilli()))
}

func (b *binding) changed() {
	if b.env.Changed != nil {
		b.env.Changed()
	}
}

// invoke calls a function of the script; what it throws goes on to the caller.
func (b *binding) invoke(function, this goja.Value, args ...goja.Value) goja.Value {
	f, ok := goja.AssertFunction(function)
	if !ok {
		panic(b.vm.NewTypeError("moment: %s is not a function", function.String()))
	}
	result, err := f(this, args...)
	if err != nil {
		panic(err)
	}
	b.enter() // the function may have changed what the zone depends on
	return result
}

// throw raises a JavaScript error of a kind such as Error or RangeError.
func (b *binding) throw(kind, format string, args ...any) {
	panic(b.construct(kind, b.text(fmt.Sprintf(format, args...))))
}

// construct makes an object of a class that was global when moment was installed.
func (b *binding) construct(class string, arg goja.Value) *goja.Object {
	constructor, ok := b.globals.Get(class).(*goja.Object)
	if !ok {
		panic(b.vm.NewTypeError("moment: there is no global %s", class))
	}
	object, err := b.vm.New(constructor, arg)
	if err != nil {
		panic(err)
	}
	return object
}

// must raises an error of the library.
func (b *binding) must(err error) {
	if err != nil {
		b.throw("RangeError", "moment: %v", err)
	}
}
