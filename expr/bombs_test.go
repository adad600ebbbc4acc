package expr_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/heitan/heitan/expr"
	"github.com/heitan/heitan/params"
)

// bombs are expressions that would run for minutes, or take gigabytes, or end
// the process, if nothing held them back.
var bombs = map[string]string{
	"endless loop":                          `(function(){for(;;);})()`,
	"endless loop that catches":             `(function(){for(;;){try{for(;;);}catch(e){}finally{continue}}})()`,
	"endless generator":                     `[...(function*(){for(;;)yield 1})()]`,
	"deep recursion":                        `(function f(){return f()+1})()`,
	"recursion through a callback":          `(function f(){return [1].map(f)})()`,
	"recursion through sort":                `(function f(){return [1,2].sort(f)})()`,
	"recursion through replace":             `(function f(){return 'a'.replace('a',f)})()`,
	"recursion through toString":            `(function(){var o={toString:function(){return ''+o}};return ''+o})()`,
	"recursion through a getter":            `({get a(){return this.a}}).a`,
	"recursion through toJSON":              `({toJSON:function f(){return {toJSON:f}}})`,
	"recursion through a reviver":           `(function f(){return JSON.parse('[1]',f)})()`,
	"repeat":                                `'x'.repeat(1e9)`,
	"padStart":                              `'x'.padStart(1e9)`,
	"padEnd with changing length":           `'x'.padEnd({n:0,valueOf:function(){return this.n++?1e9:1}})`,
	"doubling":                              `(function(){var s='x';for(;;)s+=s})()`,
	"doubling of other characters":          `(function(){var s='あ';for(;;)s+=s})()`,
	"doubling of template":                  "(function(){var s='x';for(;;)s=`${s}${s}`})()",
	"concat":                                `(function(){var s='x';for(;;)s=s.concat(s,s)})()`,
	"array join":                            `new Array(1e9).join('x')`,
	"array as text":                         `''+new Array(1e9)`,
	"array filled":                          `new Array(4e9).fill(0)`,
	"array from length":                     `Array.from({length:1e12})`,
	"array from changing length":            `Array.from({n:0,get length(){return this.n++?1e12:1}})`,
	"array with a huge length":              `(function(){var a=[];a.length=4294967295;return a.indexOf(1)})()`,
	"forEach on a huge length":              `(function(){var a=[];a.length=4294967295;a.forEach(function(){})})()`,
	"spread of a huge length":               `(function(){var a=[];a.length=4294967295;return [...a]})()`,
	"arguments of a huge length":            `(function(){arguments.length=4294967295;return [...arguments]})()`,
	"apply with a huge length":              `Math.max.apply(null,{length:1e9})`,
	"apply with a changing length":          `Math.max.apply(null,{n:0,get length(){return this.n++?1e9:1}})`,
	"generic method on a huge length":       `[].indexOf.call({length:9007199254740991},1)`,
	"concat of a huge length":               `(function(){var a=[];a.length=4294967295;return [].concat(a)})()`,
	"flat of a huge length":                 `(function(){var a=[];a.length=4294967295;return [a].flat()})()`,
	"flatMap of a huge length":              `[1].flatMap(function(){var a=[];a.length=4294967295;return a})`,
	"JSON of a huge length":                 `(function(){var a=[];a.length=4294967295;return a})()`,
	"growing array":                         `(function(){var a=[];for(;;)a.push(a.slice())})()`,
	"growing array of text":                 `(function(){var a=[];for(;;)a.push('x'.repeat(1e5)+a.length)})()`,
	"growing object":                        `(function(){var o={},i=0;for(;;)o['key'+i++]=i})()`,
	"growing map":                           `(function(){var m=new Map(),i=0;for(;;)m.set('key'+i++,{})})()`,
	"array shared by arrays":                `(function(){var a=[1];for(var i=0;i<60;i++)a=[a,a];return a})()`,
	"text of shared arrays":                 `(function(){var a=[1];for(var i=0;i<60;i++)a=[a,a];return ''+a})()`,
	"flat of shared arrays":                 `(function(){var a=[1];for(var i=0;i<60;i++)a=[a,a];return a.flat(1/0)})()`,
	"object shared by objects":              `(function(){var o={};for(var i=0;i<60;i++)o={a:o,b:o};return o})()`,
	"deep array":                            `(function(){var a=[];for(var i=0;i<1e6;i++)a=[a];return a})()`,
	"text of a deep array":                  `(function(){var a=[];for(var i=0;i<1e6;i++)a=[a];return ''+a})()`,
	"flat of a deep array":                  `(function(){var a=[];for(var i=0;i<1e6;i++)a=[a];return a.flat(1/0)})()`,
	"deep prototypes":                       `(function(){var o={};for(var i=0;i<2e6;i++)o=Object.create(o);return o.x})()`,
	"deep prototypes of constructors":       `(function(){function F(){};var o={};for(var i=0;i<2e6;i++){F.prototype=o;o=new F};return 'x' in o})()`,
	"writing to deep prototypes":            `(function(){function F(){};var o={};for(var i=0;i<2e6;i++){F.prototype=o;o=new F};o.x=1;return o.x})()`,
	"array with deep prototypes":            `(function(){var o={};for(var i=0;i<1e5;i++)o=Object.create(o);var a=new Array(1e6);Object.setPrototypeOf(a,o);return [].slice.call(a)})()`,
	"deep bound functions":                  `(function(){var f=function(){return 1};for(var i=0;i<1e6;i++)f=f.bind(null);return f()})()`,
	"deep generators":                       `(function(){function* g(h){yield* h};var h=[1].values();for(var i=0;i<1e5;i++)h=g(h);return [...h]})()`,
	"built-in functions calling themselves": `({toString:({}).toLocaleString})+''`,
	"join and toString":                     `(function(){var a=[1];a.join=a.toString;return ''+a})()`,
	"bound toJSON":                          `(function(){var o={};o.toJSON=JSON.stringify.bind(null,o);return o})()`,
	"a getter that is a getter":             `(function(){var f=Object.getOwnPropertyDescriptor(RegExp.prototype,'flags').get,o={};Object.defineProperty(o,'global',{get:f});return f.call(o)})()`,
	"built-in valueOf":                      `(function(){var o={};o.valueOf=Number.bind(null,o);return +o})()`,
	"moment in moment":                      `(function(){var o={};o.year={valueOf:moment.bind(null,o)};return moment(o).year()})()`,
	"moment in a getter":                    `(function(){var o={};Object.defineProperty(o,'year',{get:moment.bind(null,o)});return moment(o).year()})()`,
	"scope that inherits from itself":       `Object.setPrototypeOf(this,this),x`,
	"scope that is its own prototype":       `this.__proto__=this,x`,
	"scope in a circle":                     `(function(){var o=Object.create(this);Object.setPrototypeOf(this,o)}).call(this),x`,
	"moment that inherits from itself":      `(function(){var m=moment();Object.setPrototypeOf(m,m);return m.x})()`,
	"moments in a circle":                   `(function(){var m=moment(),n=moment();m.__proto__=n;n.__proto__=m;return m.x})()`,
	"JSON text nested deeply":               `JSON.parse('['.repeat(5e6))`,
	"regular expression backtracking":       `/^(a+)+$/.test('a'.repeat(40)+'b')`,
	"backtracking with a lookahead":         `/^(?=(a+)+$)b/.test('a'.repeat(40)+'b')`,
	"backtracking with a reference":         `/^(a+)+\1$/.test('a'.repeat(40)+'b')`,
	"backtracking in replace":               `('a'.repeat(40)+'b').replace(/(a+)+$/g,'')`,
	"backtracking in split":                 `('a'.repeat(40)+'b').split(/(a+)+$/)`,
	"backtracking in match":                 `('a'.repeat(40)+'b').match(/(a+)+$/g)`,
	"backtracking in Java's replaceAll":     `('a'.repeat(40)+'b').replaceAll('(a+)+$','')`,
	"backtracking in Java's matches":        `('a'.repeat(40)+'b').matches('(a+)+')`,
	"many alternatives":                     `new RegExp('^'+'(a|a)'.repeat(40)+'$').test('a'.repeat(40)+'b')`,
	"nested repetition":                     `new RegExp('(a{9}'.repeat(500)+'){9}'.repeat(500))`,
	"nested repetition in a literal":        `/` + strings.Repeat("(a{9}", 500) + strings.Repeat("){9}", 500) + `/`,
	"nested repetition in Java":             `'a'.matches('(a{9}'.repeat(500)+'){9}'.repeat(500))`,
	"large repetition":                      `new RegExp('(?:a{1000}){1000}').test('a')`,
	"deep groups":                           `new RegExp('('.repeat(1e6))`,
	"replacement that grows":                `'x'.repeat(1e6).replace(/x/g,'y'.repeat(1e6))`,
	"replacement of text that grows":        `'x'.repeat(1e6).replaceAll('x','y'.repeat(1e6))`,
	"replacement with what is before":       "'x'.repeat(1e6).replace(/x/g,'$`')",
	"replacement by a function":             `'x'.repeat(1e6).replace(/x/g,function(){return 'y'.repeat(1e6)})`,
	"split into characters":                 `'x'.repeat(1e7).split('')`,
	"characters by spread":                  `[...'x'.repeat(1e7)]`,
	"characters as properties":              `Object.keys('x'.repeat(1e7))`,
	"characters by object spread":           `({...'x'.repeat(1e7)})`,
	"characters by hidden object spread":    "(this['\\0spread']=function(x){return x},{...'x'.repeat(1e7)})",
	"characters of a String object":         `({...new String('x'.repeat(1e7))})`,
	"characters in a loop":                  `(function(){for(var k in 'x'.repeat(1e7));})()`,
	"exec that never ends":                  `(function(){var r=/a/g;r.exec=Object;return 'a'.match(r)})()`,
	"iterator that never ends":              `(function(){var i=[].values();i.next=Object;return [...i]})()`,
	"inherited iterator":                    `(function(){var i=Object.create([].values());i.next=Object;return [...i]})()`,
	"patched iterator":                      `(function(){[].values().__proto__.next=Object;return [...[1]]})()`,
	"generator with another next":           `(function(){var g=(function*(){})();g.next=Object;return new Set(g)})()`,
	"iterator that never ends for a map":    `(function(){var i=[].values();i.next=Object;return new Map(i)})()`,
	"set that grows while visited":          `(function(){var s=new Set([0]);s.forEach(function(x){s.add(x+1)})})()`,
	"native callbacks on long text":         `Array(1e6).fill('あ'.repeat(5e6)).map(Function.prototype.call,String.prototype.toUpperCase)`,
	"sorting long texts":                    `Array(1e6).fill('あ'.repeat(5e6)).sort()`,
	"comparing long texts":                  `(function(){var s='あ'.repeat(5e6);return Array(1e6).fill(s+'a').indexOf(s+'b')})()`,
	"numbers of long texts":                 `Math.max.apply(null,Array(1e6).fill('1'.repeat(5e6)))`,
	"searching a long text":                 `('あ'.repeat(5e6)).indexOf('あ'.repeat(2e6)+'x')`,
	"getters of long text":                  `(function(){var o={},s='あ'.repeat(5e6);for(var i=0;i<1e5;i++)Object.defineProperty(o,'k'+i,{get:''.toUpperCase.bind(s),enumerable:true});return Object.values(o)})()`,
	"normalization":                         `'ﷺ'.repeat(1e6).normalize('NFKD').repeat(100)`,
	"dates out of range":                    `new Date(1e300,1e300,1e300).toISOString()`,
	"moment format":                         `moment().format('YYYY'.repeat(4e6)).length/0+''.repeat(0)+moment().format('dddd'.repeat(4e6))`,
	"array sorted by shared arrays":         `(function(){var a=[1];for(var i=0;i<30;i++)a=[a,a];return [a,a,a].sort()})()`,
	"nothing but arrows":                    strings.Repeat("(a=", 40) + "1" + strings.Repeat(")=>1", 40),
	"many arrows":                           strings.Repeat("a=>", 20000) + "1",
	"deep parentheses":                      strings.Repeat("(", 30000) + "1" + strings.Repeat(")", 30000),
	"deep brackets":                         strings.Repeat("[", 30000) + strings.Repeat("]", 30000),
	"long sum":                              strings.Repeat("1+", 30000) + "1",
	"deep negation":                         strings.Repeat("!", 60000) + "1",
	"deep functions":                        strings.Repeat("(function(){return ", 3000) + "1" + strings.Repeat("})", 3000),
	"unclosed":                              strings.Repeat("(((((", 10000),
	"too long":                              strings.Repeat("1,", 100000) + "1",
	"BigInt":                                `2n**1000000000n`,
	"BigInt function":                       `BigInt(2)**BigInt(1e9)`,
	"buffer":                                `new ArrayBuffer(1e10)`,
	"typed array":                           `new Float64Array(1e9)`,
	"proxy":                                 `new Proxy({},{})`,
	"promise":                               `(async function(){for(;;)await 1})()`,
}

// harmless are the bombs that may have a result after all.
var harmless = map[string]bool{
	"characters in a loop": true, "writing to deep prototypes": true, "deep prototypes": true, "deep prototypes of constructors": true,
	"deep bound functions": true, "deep negation": true, "exec that never ends": true, "deep parentheses": true,
	"patched iterator": true, "recursion through toJSON": true, "iterator that never ends": true,
	"iterator that never ends for a map": true, "backtracking with a lookahead": true, "many alternatives": true,
	"padEnd with changing length": true, "moment in moment": true, "moment in a getter": true,
}

func TestNoExpressionOutgrowsItsLimits(t *testing.T) {
	t.Parallel()
	for name, bomb := range bombs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := expr.New(expr.Options{Timeout: time.Second, MaxMemory: 64 << 20})
			begin := time.Now()
			text, err := e.Text(t.Context(), "${"+bomb+"}", params.Empty())
			took := time.Since(begin)
			t.Logf("%v: %.40q, %.200v", took, text, err)
			var failure *expr.Error
			if !errors.As(err, &failure) && !harmless[name] {
				t.Errorf("the result is %.40q and the error %v", text, err)
			}
			if failure != nil && failure.Kind == expr.Internal {
				t.Errorf("internal error: %v", err)
			}
			if took > 20*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}
