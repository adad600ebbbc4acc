package script

import (
	"github.com/dop251/goja"
)

// installIterators makes every step of a built-in iterator look whether the
// session is over: spreads, destructuring and constructors run through iterators
// inside the engine, without executing an instruction of the script. The objects
// are frozen in every machine, so that the steps stay these.
func (m *machine) installIterators() {
	array := m.vm.NewArray()
	arrayIterator := m.call(m.natives.arrayValues, array).ToObject(m.vm)
	iterators := []*goja.Object{arrayIterator.Prototype()}
	for _, iterable := range []goja.Value{m.vm.ToValue(""), m.create("Map"), m.create("Set")} {
		iterator, ok := goja.AssertFunction(iterable.ToObject(m.vm).GetSymbol(goja.SymIterator))
		if !ok {
			panic("an iterable without iterator")
		}
		iterators = append(iterators, m.call(iterator, iterable).ToObject(m.vm).Prototype())
	}
	for _, iterator := range iterators {
		m.replace(iterator, "next", func(native goja.Callable, call goja.FunctionCall) goja.Value {
			return m.call(native, call.This)
		})
		m.call(m.natives.freeze, nil, iterator)
	}

	// Scripts cannot write iterables of their own, as they have no symbols. But
	// they can give an iterator another next, and the engine would call that.
	all := arrayIterator.Prototype().Prototype()
	m.must(all.DefineDataPropertySymbol(goja.SymIterator, m.function("[Symbol.iterator]", 0, m.iterate),
		goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
	m.call(m.natives.freeze, nil, all)

	for _, class := range []string{"Map", "Set"} {
		m.replace(m.builtin(class+".prototype"), "forEach", func(native goja.Callable, call goja.FunctionCall) goja.Value {
			f := m.callback(call.Argument(0))
			checked := m.function("", 0, func(step goja.FunctionCall) goja.Value {
				return m.call(f, step.This, step.Arguments...)
			})
			return m.call(native, call.This, checked, call.Argument(1))
		})
	}
}

// iterate makes an iterator of an iterator that checks each of its steps.
func (m *machine) iterate(call goja.FunctionCall) goja.Value {
	iterator := call.This.ToObject(m.vm)
	checked := m.vm.NewObject()
	for _, name := range []string{"next", "return", "throw"} {
		f, ok := goja.AssertFunction(iterator.Get(name))
		if !ok {
			continue
		}
		m.hidden(checked, name, m.function(name, 0, func(step goja.FunctionCall) goja.Value {
			return m.call(f, iterator, step.Arguments...)
		}))
	}
	m.must(checked.SetPrototype(iterator))
	return checked
}
