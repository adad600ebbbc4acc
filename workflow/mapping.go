package workflow

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/heitan/heitan/params"
)

// mapping converts a YAML mapping: keys become text, `<<` merges other mappings
// below the mapping's own keys, and `!include` merges files in place.
func (p *parser) mapping(n *yaml.Node) params.Value {
	m := mappingReader{parser: p, place: make(map[string]int)}
	seen := make(map[string]bool)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if isIncludeKey(key) {
			m.includeFile(key, value)
			continue
		}
		name, ok := m.keyName(key)
		if !ok {
			continue
		}
		if seen[name] {
			m.problem(key, "duplicate-key", fmt.Sprintf("Duplicated keys: [%s]", name), "")
			continue
		}
		seen[name] = true
		if key.Tag == "!!merge" {
			m.merge(value)
			continue
		}
		m.set(params.Entry{Key: name, Value: m.value(value), Pos: m.pos(key)})
	}
	return params.New(m.entries...)
}

// mappingReader gathers the entries of one mapping.
type mappingReader struct {
	*parser
	entries []params.Entry
	place   map[string]int // key -> index in entries
}

// set adds an entry, or replaces the one of its key in its place.
func (m *mappingReader) set(e params.Entry) {
	if i, exists := m.place[e.Key]; exists {
		m.entries[i] = e
		return
	}
	m.place[e.Key] = len(m.entries)
	m.entries = append(m.entries, e)
}

func (m *mappingReader) keyName(key *yaml.Node) (string, bool) {
	if key.Kind == yaml.AliasNode {
		key = key.Alias
	}
	m.count(key, size{text: len(key.Value)})
	if key.Kind != yaml.ScalarNode {
		m.problem(key, "bad-key", "a key must be text", "")
		return "", false
	}
	if strings.HasPrefix(key.Value, "+") && key.Style&yaml.TaggedStyle == 0 {
		return key.Value, true // the task +1; to Digdag it is the number 1
	}
	v := m.scalar(key)
	if text, ok := v.(string); ok {
		return text, true
	}
	return params.JSON(v), true
}

// merge adds the entries of a `<<` value, a mapping or a list of mappings, whose
// keys are not there yet.
func (m *mappingReader) merge(n *yaml.Node) {
	if n.Kind == yaml.SequenceNode {
		for _, c := range n.Content {
			m.merge(c)
		}
		return
	}
	merged, ok := m.value(n).(*params.Object)
	if !ok {
		m.problem(n, "bad-merge", "`<<` expects a mapping or a list of mappings", "use an alias such as `<<: *name`")
		return
	}
	for e := range merged.Entries() {
		if _, exists := m.place[e.Key]; !exists {
			m.set(e)
		}
	}
}

func isIncludeKey(key *yaml.Node) bool {
	return key.Kind == yaml.ScalarNode && key.Style&yaml.TaggedStyle != 0 && key.Tag == "!include"
}

// includeFile merges a file in place: where both have a mapping they merge
// deeply, else the included value replaces the earlier one. Keys that follow in
// the including file replace included ones whole.
func (m *mappingReader) includeFile(key, value *yaml.Node) {
	if key.Value != "" || value.Kind != yaml.ScalarNode || strings.TrimSpace(value.Value) == "" {
		m.problem(key, "bad-include", "`!include` expects the name of a file", "write `!include : path/file.dig`")
		return
	}
	included, problems := m.include(value.Value, m.pos(value))
	m.problems = append(m.problems, problems...)
	for e := range included.Entries() {
		if i, exists := m.place[e.Key]; exists {
			below, isMap := m.entries[i].Value.(*params.Object)
			if above, ok := e.Value.(*params.Object); ok && isMap {
				e.Value = below.Merge(above)
			}
		}
		m.set(e)
	}
}
