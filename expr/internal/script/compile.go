package script

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/parser"
)

// Program is a compiled expression. It may run in any number of sessions at once.
type Program struct {
	code       *goja.Program
	tame       bool // can neither change built-in objects nor reach hidden state
	usesMoment bool
}

// An expression is parsed as the inside of brackets: unlike parentheses they
// cannot be closed and opened again by the expression without being noticed. The
// line break ends a comment.
const (
	opening = "_["
	closing = "\n]"
)

// Check says whether an expression of at most so many bytes could be compiled.
// The error is always a [*SyntaxError].
func Check(source string, maxSource int) error {
	_, err := compile(source, maxSource)
	return err
}

// compile turns the text of an expression into a program. The error is always a
// [*SyntaxError].
func compile(source string, maxSource int) (*Program, error) {
	if len(source) > maxSource {
		return nil, &SyntaxError{Message: "the expression is too long"}
	}
	if err := checkArrows(source); err != nil {
		return nil, err
	}
	// By default the parser would follow a sourceMappingURL to any file.
	tree, err := parser.ParseFile(nil, "", opening+source+closing, 0, parser.WithDisableSourceMaps)
	if err != nil {
		return nil, parseError(err, source)
	}
	expression, ok := unwrap(tree, source)
	if !ok {
		return nil, &SyntaxError{Message: "not a single expression"}
	}
	found, err := inspect(expression)
	if err != nil {
		return nil, err
	}
	tree.Body[0].(*ast.ExpressionStatement).Expression = guard(expression, found.repeats)
	code, err := goja.CompileAST(tree, false)
	if err != nil {
		return nil, compileError(err, source)
	}
	usesMoment := strings.Contains(source, "moment") || strings.Contains(source, `\u`)
	return &Program{code: code, tame: found.tame, usesMoment: usesMoment}, nil
}

// unwrap is the expression inside the brackets, and whether they still are the
// ones that were put around the source.
func unwrap(tree *ast.Program, source string) (ast.Expression, bool) {
	if len(tree.Body) != 1 {
		return nil, false
	}
	statement, ok := tree.Body[0].(*ast.ExpressionStatement)
	if !ok {
		return nil, false
	}
	brackets, ok := statement.Expression.(*ast.BracketExpression)
	if !ok {
		return nil, false
	}
	_, outermost := brackets.Left.(*ast.Identifier)
	return brackets.Member, outermost && offsetOf(brackets.RightBracket) == len(source)+len(closing)-1
}

// offsetOf is a place in the parsed text as bytes from the beginning of the
// expression.
func offsetOf(idx file.Idx) int { return int(idx) - 1 - len(opening) }

func parseError(err error, source string) error {
	var list parser.ErrorList
	if !errors.As(err, &list) || len(list) == 0 {
		return &SyntaxError{Message: err.Error()}
	}
	first := list[0]
	offset := byteOffset(opening+source+closing, first.Position) - len(opening)
	if offset >= len(source) {
		return &SyntaxError{Offset: len(source), Message: "Unexpected end of the expression"}
	}
	return &SyntaxError{Offset: max(offset, 0), Message: first.Message}
}

func compileError(err error, source string) error {
	var syntax *goja.CompilerSyntaxError
	if !errors.As(err, &syntax) {
		return &SyntaxError{Message: err.Error()}
	}
	message := syntax.Message
	if strings.HasPrefix(message, "Compiler bug: ") { // what the parser lets through, such as #name outside of a class
		message = "Invalid or unexpected token"
	}
	offset := syntax.Offset - len(opening)
	return &SyntaxError{Offset: min(max(offset, 0), len(source)), Message: message}
}

// byteOffset is where a position lies in text. Columns count bytes.
func byteOffset(text string, p file.Position) int {
	offset := 0
	for line := 1; line < p.Line; line++ {
		end := strings.IndexAny(text[offset:], lineBreaks)
		if end < 0 {
			break
		}
		offset += end
		if strings.HasPrefix(text[offset:], "\r\n") {
			offset++
		}
		_, size := utf8.DecodeRuneInString(text[offset:])
		offset += size
	}
	return min(offset+p.Column-1, len(text))
}

// lineBreaks are the characters that end a line in JavaScript.
const lineBreaks = "\n\r\u2028\u2029"

// Work that the parser may do for arrow functions.
const (
	maxArrows  = 200      // it is quadratic in arrows behind each other
	maxReparse = 16 << 20 // bytes that may be parsed again
)

// checkArrows bounds the parser's backtracking: it reads the parameters of an
// arrow function twice, so functions in each other's parameters take exponential
// time. Which arrows those are is known only after parsing, so all that follow a
// closing parenthesis are suspected.
func checkArrows(source string) error {
	arrows, suspects := 0, 0
	for offset := 0; ; {
		next := strings.Index(source[offset:], "=>")
		if next < 0 {
			return nil
		}
		offset += next
		before := strings.TrimRight(source[:offset], " \t")
		arrows++
		if before != "" && !isWord(before[len(before)-1]) {
			suspects++
		}
		if arrows > maxArrows || suspects > 20 || len(source)<<suspects > maxReparse {
			return &SyntaxError{Offset: offset, Message: "too many arrow functions in one expression"}
		}
		offset += len("=>")
	}
}

func isWord(c byte) bool {
	return c == '_' || c == '$' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
