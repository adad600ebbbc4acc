package workflow

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/params"
)

// syntaxError reports what the YAML library found, in the words of this package.
func (p *parser) syntaxError(text []byte, err error) {
	d := diag.Diagnostic{Pos: p.pos(nil), Code: "bad-yaml", Message: err.Error()}
	if many, ok := errors.AsType[*yaml.LoadErrors](err); ok && len(many.Errors) > 0 {
		err = many.Errors[0]
	}
	if one, ok := errors.AsType[*yaml.LoadError](err); ok {
		d.Message = strings.TrimPrefix(one.Message, "yaml: ")
		if one.ContextMsg != "" {
			d.Message += " " + one.ContextMsg
		}
		mark := one.Mark
		if strings.Contains(d.Message, unclosedQuote) {
			mark = one.ContextMark // where it begins; it ends nowhere
		}
		if mark.Line > 0 {
			d.Pos.Line, d.Pos.Column = int32(mark.Line), int32(max(1, mark.Column))
		}
	}
	if strings.Contains(d.Message, "found multiple") {
		d.Pos.Line, d.Pos.Column = secondDocument(text), 1
	}
	d.Message, d.Hint = explainSyntax(d.Message, lineAt(text, int(d.Pos.Line)), int(d.Pos.Column))
	p.problems = append(p.problems, d)
}

const unclosedQuote = "found unexpected end of stream while scanning a quoted scalar"

// explainSyntax replaces the library's messages that say nothing to people.
func explainSyntax(message, line string, column int) (better, hint string) {
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	switch {
	case strings.Contains(message, "found multiple"):
		return "expected a single document in the file", "remove the `---` line between the documents"
	case strings.Contains(indent, "\t"):
		return "a tab is used for indentation", "YAML allows spaces only"
	case strings.Contains(message, "cannot start any token") && column > 0 && column <= len(line):
		return fmt.Sprintf("a value cannot start with `%c`", line[column-1]), "put the value in quotes"
	case strings.Contains(message, unclosedQuote):
		return "the quote that begins here is not closed", ""
	case strings.Contains(message, "mapping values are not allowed"):
		return message, "a text that contains `: ` needs quotes"
	case strings.Contains(message, "while parsing a flow"):
		return message, "between brackets, a text that contains any of `,[]{}` needs quotes"
	case strings.Contains(message, "max depth"):
		return fmt.Sprintf("the file is nested more than %d levels deep", maxDepth), ""
	}
	return message, ""
}

// secondDocument is the line where the second document of a text begins, which
// the library does not tell.
func secondDocument(text []byte) int32 {
	begun, ended := false, false
	n := int32(0)
	for line := range strings.Lines(string(text)) {
		n++
		word, _, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		switch {
		case word == "..." && begun:
			ended = true
		case strings.TrimSpace(line) == "" || line[0] == '#' || line[0] == '%' && !begun:
		case begun && (ended || word == "---"):
			return n
		default:
			begun = true
		}
	}
	return 1
}

func (p *parser) notUTF8(text []byte) {
	line := int32(1)
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size <= 1 {
			break
		}
		if r == '\n' {
			line++
		}
		i += size
	}
	p.problems = append(p.problems, diag.Diagnostic{
		Pos:  params.Pos{File: p.file, Line: line, Column: 1},
		Code: "not-utf8", Message: "the file is not UTF-8 text", Hint: "save it with the encoding UTF-8",
	})
}

func lineAt(text []byte, n int) string {
	for line := range strings.SplitSeq(string(text), "\n") {
		if n--; n <= 0 {
			return line
		}
	}
	return ""
}
