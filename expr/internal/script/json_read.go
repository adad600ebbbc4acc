package script

import (
	"github.com/dop251/goja"
)

// parseJSON is JSON.parse for texts that are not nested too deeply: the engine
// reads them recursively, and walks what it read once more for a reviver.
func (m *machine) parseJSON(native goja.Callable, call goja.FunctionCall) goja.Value {
	text := m.text16(call.Argument(0))
	m.checkLength(text.Length())
	if jsonDepth(text.String()) > maxNested {
		m.throw("SyntaxError", "the JSON text is nested too deeply")
	}
	reviver := call.Argument(1)
	if f, ok := goja.AssertFunction(reviver); ok {
		reviver = m.function("", 2, func(step goja.FunctionCall) goja.Value {
			if array, ok := step.This.(*goja.Object); ok && array.ClassName() == "Array" {
				m.lengthOf(array) // a reviver may have changed it
			}
			return m.call(f, step.This, step.Arguments...)
		})
	}
	return m.call(native, call.This, text, reviver)
}

// jsonDepth is how deeply brackets are nested outside of strings.
func jsonDepth(text string) int {
	depth, deepest := 0, 0
	inString := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '[', c == '{':
			depth++
			deepest = max(deepest, depth)
		case c == ']', c == '}':
			depth--
		}
	}
	return deepest
}
