package moment

import "github.com/dop251/goja"

// global makes the function `moment`. It is a proxy, so that its many members
// need not be made before they are used, and changes to it are noticed.
func (b *binding) global() *goja.Object {
	create := func(args []goja.Value) *goja.Object {
		b.enter()
		return b.momentObject(b.create(args, false))
	}
	target := b.vm.ToValue(func(call goja.ConstructorCall) *goja.Object {
		return create(call.Arguments)
	}).ToObject(b.vm)
	b.must(target.DefineDataProperty("name", b.text("moment"), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
	b.must(target.Set("prototype", b.moments.object))
	b.frozen(target)
	proxy := b.vm.NewProxy(target, &goja.ProxyTrapConfig{
		Apply: func(_ *goja.Object, _ goja.Value, args []goja.Value) goja.Value {
			return create(args)
		},
		Construct: func(_ *goja.Object, args []goja.Value, _ *goja.Object) *goja.Object {
			return create(args)
		},
		Get: func(target *goja.Object, key string, _ goja.Value) goja.Value {
			if v := b.statics.Get(key); v != nil {
				return v
			}
			return target.Get(key)
		},
		GetSym: func(target *goja.Object, symbol *goja.Symbol, _ goja.Value) goja.Value {
			if symbol == goja.SymHasInstance { // goja's own does not look into proxies
				return b.instanceTest()
			}
			return target.GetSymbol(symbol)
		},
		Has: func(target *goja.Object, key string) bool {
			return b.statics.Has(key) || target.Get(key) != nil
		},
		Set: func(_ *goja.Object, key string, value, _ goja.Value) bool {
			return b.statics.Set(key, value)
		},
		DeleteProperty: func(_ *goja.Object, key string) bool {
			return b.statics.Delete(key)
		},
		DefineProperty: func(_ *goja.Object, key string, p goja.PropertyDescriptor) bool {
			return p.Value != nil && b.statics.Set(key, p.Value)
		},
		SetSym:            func(*goja.Object, *goja.Symbol, goja.Value, goja.Value) bool { return false },
		DefinePropertySym: func(*goja.Object, *goja.Symbol, goja.PropertyDescriptor) bool { return false },
		SetPrototypeOf:    func(*goja.Object, *goja.Object) bool { return false },
	})
	return b.vm.ToValue(proxy).ToObject(b.vm)
}

// instanceTest makes the function that decides `value instanceof moment`.
func (b *binding) instanceTest() *goja.Object {
	return b.function("[Symbol.hasInstance]", func(b *binding, call goja.FunctionCall) goja.Value {
		_, ok := b.asMoment(call.Argument(0))
		return b.boolean(ok)
	})
}
