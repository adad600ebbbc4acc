package workflow

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/params"
)

// Bounds of a file. They are far above what people write by hand or generate.
const (
	maxFileSize = 16 << 20
	maxDepth    = 200
	// maxValues and maxText bound the values of a document and the bytes of their
	// texts, with its aliases and included files written out.
	maxValues = 2_000_000
	maxText   = 64 << 20
)

// ParseYAML reads YAML text whose root must be a mapping, by Digdag's typing
// rules. `!include` entries are problems; use a [Loader] to follow them.
func ParseYAML(file string, text []byte) (*params.Object, diag.List) {
	p := &parser{file: file, size: &size{}, include: func(_ string, pos params.Pos) (*params.Object, diag.List) {
		return nil, diag.List{{Pos: pos, Code: "include-not-allowed", Message: "`!include` cannot be used here"}}
	}}
	return p.parse(text)
}

// parser turns the YAML of one file into a document.
type parser struct {
	file    string
	include func(name string, pos params.Pos) (*params.Object, diag.List)

	problems diag.List
	anchors  map[*yaml.Node]sized // values that aliases refer to, shared rather than repeated
	active   map[*yaml.Node]bool  // anchors being read, to refuse an alias inside its own anchor
	size     *size                // of what was read so far, with aliases written out
}

// size is how large a document is: its values and the bytes of their texts.
type size struct{ values, text int }

func (s size) fits() bool { return s.values <= maxValues && s.text <= maxText }

type sized struct {
	value params.Value
	size  size
}

func (p *parser) parse(text []byte) (*params.Object, diag.List) {
	if len(text) > maxFileSize {
		p.problem(nil, "file-too-large", fmt.Sprintf("the file is larger than %d MiB", maxFileSize>>20), "")
		return nil, p.problems
	}
	if !utf8.Valid(text) {
		p.notUTF8(text)
		return nil, p.problems
	}
	var root yaml.Node
	if isBlank(text) {
		p.notAMapping(nil)
		return nil, p.problems
	}
	err := yaml.Load(text, &root, yaml.WithUniqueKeys(false),
		yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth), loaderlimits.AliasNone())))
	if err != nil {
		p.syntaxError(text, err)
		return nil, p.problems
	}
	p.anchors, p.active = make(map[*yaml.Node]sized), make(map[*yaml.Node]bool)
	var top *yaml.Node
	if len(root.Content) == 1 {
		top = root.Content[0]
	}
	if top == nil || top.Kind != yaml.MappingNode && top.Kind != yaml.AliasNode {
		p.notAMapping(top)
		return nil, p.problems
	}
	value := p.value(top)
	object, ok := value.(*params.Object)
	if !ok && !p.problems.HasErrors() {
		p.notAMapping(top)
	}
	return object, p.problems
}

func (p *parser) notAMapping(top *yaml.Node) {
	got := "null"
	if top != nil {
		if v := p.value(top); v != nil {
			got = clip(params.JSON(v))
		}
	}
	p.problem(top, "not-a-mapping", "Expected object to load Config but got "+got,
		"a workflow file is a mapping such as `+task: {echo>: hello}`")
}

func (p *parser) pos(n *yaml.Node) params.Pos {
	if n == nil {
		return params.Pos{File: p.file, Line: 1, Column: 1}
	}
	return params.Pos{File: p.file, Line: int32(n.Line), Column: int32(n.Column)}
}

func (p *parser) problem(n *yaml.Node, code, message, hint string) {
	p.problems = append(p.problems, diag.Diagnostic{Pos: p.pos(n), Code: code, Message: message, Hint: hint})
}

// value converts a node. What cannot be converted is reported and becomes null.
func (p *parser) value(n *yaml.Node) params.Value {
	if !p.count(n, size{values: 1, text: len(n.Value)}) {
		return nil
	}
	switch n.Kind {
	case yaml.AliasNode:
		return p.alias(n)
	case yaml.ScalarNode:
		return p.scalar(n)
	case yaml.SequenceNode:
		return p.remember(n, func() params.Value { return p.sequence(n) })
	case yaml.MappingNode:
		return p.remember(n, func() params.Value { return p.mapping(n) })
	case yaml.DocumentNode, yaml.StreamNode:
	}
	return nil
}

// count adds to the document's size and reports, once, that it is too large.
func (p *parser) count(n *yaml.Node, more size) bool {
	fitted := p.size.fits()
	p.size.values += more.values
	p.size.text += more.text
	switch {
	case !fitted || p.size.fits():
	case p.size.values > maxValues:
		p.problem(n, "file-too-large", fmt.Sprintf("the file has more than %d values", maxValues), writtenOut)
	default:
		p.problem(n, "file-too-large", fmt.Sprintf("the file has more than %d MiB of text", maxText>>20), writtenOut)
	}
	return p.size.fits()
}

const writtenOut = "aliases and included files count as often as they are used"

// remember keeps the value of an anchor for its aliases.
func (p *parser) remember(n *yaml.Node, read func() params.Value) params.Value {
	if n.Tag != "" && n.Tag != "!!map" && n.Tag != "!!seq" {
		p.unknownTag(n)
		return nil
	}
	if n.Anchor == "" {
		return read()
	}
	before := *p.size
	p.active[n] = true
	v := read()
	delete(p.active, n)
	p.anchors[n] = sized{value: v, size: size{values: p.size.values - before.values, text: p.size.text - before.text}}
	return v
}

func (p *parser) alias(n *yaml.Node) params.Value {
	target := n.Alias
	if p.active[target] {
		p.problem(n, "alias-loop", fmt.Sprintf("alias *%s stands inside its own anchor", n.Value), "")
		return nil
	}
	if known, ok := p.anchors[target]; ok {
		p.count(n, known.size)
		return known.value
	}
	return p.value(target) // a scalar
}

func (p *parser) scalar(n *yaml.Node) params.Value {
	const quoted = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle
	if n.Style&yaml.TaggedStyle == 0 {
		if n.Style&quoted != 0 {
			return n.Value
		}
		return resolvePlain(n.Value)
	}
	if n.Tag == "!include" {
		p.problem(n, "include-on-value", "`!include` stands on the value",
			"write the tag on an empty key: `!include : path`")
		return nil
	}
	v, ok := resolveTagged(n.Tag, n.Value)
	if !ok {
		p.unknownTag(n)
	}
	return v
}

func (p *parser) unknownTag(n *yaml.Node) {
	p.problem(n, "unknown-tag", "could not determine a constructor for the tag "+n.Tag, "")
}

func (p *parser) sequence(n *yaml.Node) params.Value {
	list := make(params.List, len(n.Content))
	for i, c := range n.Content {
		list[i] = p.value(c)
	}
	return list
}

// isBlank reports whether a text has nothing but blank lines and comments.
func isBlank(text []byte) bool {
	for line := range bytes.Lines(text) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
			return false
		}
	}
	return true
}

func clip(text string) string {
	const limit = 60
	if len(text) > limit {
		return strings.ToValidUTF8(text[:limit], "") + "…"
	}
	return text
}
