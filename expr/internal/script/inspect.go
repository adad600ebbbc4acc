package script

import (
	"math/big"
	"reflect"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
	"github.com/dop251/goja/unistring"
)

// untameNames are properties and variables that make a program untame.
var untameNames = map[unistring.String]bool{
	"prototype": true, "constructor": true, "__proto__": true, "callee": true, "caller": true,
	"defineProperty": true, "defineProperties": true, "setPrototypeOf": true, "getPrototypeOf": true,
	"fn": true, // the prototype of moments
	// Object.assign would fail where an inherited property is frozen.
	"assign": true,
}

// inspector looks at every node of a tree. It goes by reflection because the
// tree has some seventy kinds of nodes and all but a few are of no interest.
type inspector struct {
	findings
	err error
}

// findings is what inspecting an expression brought to light.
type findings struct {
	// tame expressions do nothing but read, call, and change what they made
	// themselves. In a machine with frozen built-in objects they behave as in a
	// fresh one. An expression may hide from this what it does, for example by
	// computing names; that it has no effect is ensured by the freezing alone.
	tame bool

	// repeats says that something may be evaluated more than once, or that a
	// value may be used more than once.
	repeats bool
}

// inspect refuses what may not be evaluated.
func inspect(expression ast.Expression) (findings, error) {
	i := &inspector{findings: findings{tame: true}}
	i.walk(reflect.ValueOf(expression), 0)
	return i.findings, i.err
}

func (i *inspector) walk(v reflect.Value, depth int) {
	if i.err != nil {
		return
	}
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			i.walk(v.Elem(), depth)
		}
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		if node, ok := reflect.TypeAssert[ast.Node](v); ok {
			depth++
			if i.visit(node); depth > maxNested {
				i.refuse(node, "the expression is nested too deeply")
			}
		}
		i.walk(v.Elem(), depth)
	case reflect.Slice:
		for n := range v.Len() {
			i.walk(v.Index(n), depth)
		}
	case reflect.Struct:
		for n := range v.NumField() {
			// The declarations are nodes of the body once more.
			if v.Type().Field(n).Name != "DeclarationList" {
				i.walk(v.Field(n), depth)
			}
		}
	default: // nothing inside
	}
}

func (i *inspector) refuse(node ast.Node, message string) {
	if i.err == nil {
		i.err = &SyntaxError{Offset: max(offsetOf(node.Idx0()), 0), Message: message}
	}
}

func (i *inspector) visit(node ast.Node) {
	switch node := node.(type) {
	case *ast.NumberLiteral:
		if _, ok := node.Value.(*big.Int); ok {
			i.refuse(node, "BigInt is not available")
		}
	case *ast.RegExpLiteral:
		if err := checkPattern(node.Pattern); err != nil {
			i.refuse(node, err.Error())
		}
	case *ast.FunctionLiteral:
		i.repeats = true
		if node.Async {
			i.refuse(node, "async functions are not available")
		}
	case *ast.ArrowFunctionLiteral:
		i.repeats = true
		if node.Async {
			i.refuse(node, "async functions are not available")
		}
	case *ast.AwaitExpression:
		i.refuse(node, "async functions are not available")
	case *ast.ObjectPattern:
		if node.Rest != nil {
			i.refuse(node, "the rest of an object cannot be taken apart")
		}
	case *ast.Identifier:
		i.name(node.Name)
	case *ast.DotExpression:
		i.name(node.Identifier.Name)
	case *ast.PropertyShort:
		i.name(node.Name.Name)
	case *ast.StringLiteral:
		i.name(node.Value) // perhaps a property name
	case *ast.AssignExpression:
		i.repeats = true
		i.target(node.Left)
		if node.Operator == token.PLUS && !isNameOrProperty(node.Left) {
			i.refuse(node, "private properties cannot be added to")
		}
	case *ast.UnaryExpression:
		switch node.Operator {
		case token.INCREMENT, token.DECREMENT, token.DELETE:
			i.target(node.Operand)
		default:
		}
	case *ast.ForIntoExpression:
		i.target(node.Expression)
	case *ast.ClassLiteral, *ast.WithStatement, *ast.YieldExpression:
		i.tame = false
	case *ast.TemplateLiteral:
		// The engine keeps the strings of a tagged template for the next run.
		i.tame = i.tame && node.Tag == nil
	}
}

func (i *inspector) name(name unistring.String) {
	i.tame = i.tame && !untameNames[name]
}

// target looks at what is assigned to. A name is tame unless it may be that of a
// built-in object: undeclared ones end with the evaluation's global object.
func (i *inspector) target(target ast.Expression) {
	name, ok := target.(*ast.Identifier)
	if !ok || isIntrinsicName(name.Name.String()) {
		i.tame = false
	}
}
