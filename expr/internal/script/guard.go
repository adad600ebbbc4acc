package script

import (
	"reflect"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
	"github.com/dop251/goja/unistring"
)

// Names of the functions that take the place of operators. No script can spell
// them and no scope may hold them.
const (
	spreadGuard   unistring.String = "\x00spread"   // of {...x}
	addGuard      unistring.String = "\x00add"      // of x + y
	addToGuard    unistring.String = "\x00addTo"    // of x.p += y
	templateGuard unistring.String = "\x00template" // of `x${y}`
)

func isGuard(name string) bool { return name != "" && name[0] == 0 }

// guard makes operators call functions where one step of the engine could do
// too much: an object spread turns each character of a long text into a
// property, and an addition that is repeated doubles a text each time, which is
// faster than the watchdog can look.
func guard(expression ast.Expression, repeats bool) ast.Expression {
	g := guarding{additions: repeats}
	root := reflect.ValueOf(&expression).Elem()
	g.walk(root)
	return expression
}

type guarding struct{ additions bool }

// walk replaces expressions from the innermost outwards.
func (g guarding) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		if v.IsNil() {
			return
		}
		g.walk(v.Elem())
		if expression, ok := reflect.TypeAssert[ast.Expression](v); ok {
			if by := g.replacement(expression); by != nil {
				v.Set(reflect.ValueOf(by))
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			g.walk(v.Elem())
		}
	case reflect.Slice:
		for n := range v.Len() {
			g.walk(v.Index(n))
		}
	case reflect.Struct:
		for n := range v.NumField() {
			if v.Type().Field(n).Name != "DeclarationList" {
				g.walk(v.Field(n))
			}
		}
	default: // nothing inside
	}
}

// replacement is what is evaluated instead of an expression, or nil.
func (g guarding) replacement(expression ast.Expression) ast.Expression {
	switch e := expression.(type) {
	case *ast.ObjectLiteral:
		for _, property := range e.Value {
			if spread, ok := property.(*ast.SpreadElement); ok {
				spread.Expression = callTo(spreadGuard, spread.Expression)
			}
		}
	case *ast.BinaryExpression:
		if g.additions && e.Operator == token.PLUS {
			return callTo(addGuard, e.Left, e.Right)
		}
	case *ast.AssignExpression:
		if g.additions && e.Operator == token.PLUS {
			return addition(e)
		}
	case *ast.TemplateLiteral:
		if g.additions && e.Tag == nil && len(e.Expressions) > 0 {
			return concatenation(e)
		}
	}
	return nil
}

// addition is x += y.
func addition(e *ast.AssignExpression) ast.Expression {
	switch target := e.Left.(type) {
	case *ast.Identifier:
		name := *target
		return &ast.AssignExpression{Operator: token.ASSIGN, Left: target, Right: callTo(addGuard, &name, e.Right)}
	case *ast.DotExpression:
		property := &ast.StringLiteral{Idx: target.Identifier.Idx, Value: target.Identifier.Name}
		return callTo(addToGuard, target.Left, property, e.Right)
	case *ast.BracketExpression:
		return callTo(addToGuard, target.Left, target.Member, e.Right)
	}
	return nil
}

// isNameOrProperty reports whether addition knows a target. A property of super
// is not one, as super is no value.
func isNameOrProperty(target ast.Expression) bool {
	switch target := target.(type) {
	case *ast.Identifier:
		return true
	case *ast.DotExpression:
		_, isSuper := target.Left.(*ast.SuperExpression)
		return !isSuper
	case *ast.BracketExpression:
		_, isSuper := target.Left.(*ast.SuperExpression)
		return !isSuper
	}
	return false
}

// concatenation is a template literal.
func concatenation(e *ast.TemplateLiteral) ast.Expression {
	var parts []ast.Expression
	for i, element := range e.Elements {
		parts = append(parts, &ast.StringLiteral{Idx: element.Idx, Value: element.Parsed})
		if i < len(e.Expressions) {
			parts = append(parts, e.Expressions[i])
		}
	}
	return callTo(templateGuard, parts...)
}

func callTo(name unistring.String, args ...ast.Expression) ast.Expression {
	at := args[0].Idx0()
	return &ast.CallExpression{
		Callee:           &ast.Identifier{Name: name, Idx: at},
		LeftParenthesis:  at,
		ArgumentList:     args,
		RightParenthesis: at,
	}
}
