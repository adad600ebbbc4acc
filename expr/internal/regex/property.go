package regex

import (
	"strings"
	"sync"
	"unicode"
)

// Property is the set of a property of Unicode: a category, a script or a binary
// property, written as a name, or as name=value with a name that says which. Case
// and underscores make no difference.
func Property(name string) (Set, bool) {
	kind, value, ok := strings.Cut(canonicalName(name), "=")
	if !ok {
		kind, value = "", kind
	}
	for _, group := range propertyGroups() {
		if kind == "" || group.kinds[kind] {
			if table, ok := group.tables[value]; ok {
				return FromTable(table), true
			}
		}
	}
	return nil, false
}

type propertyGroup struct {
	kinds  map[string]bool
	tables map[string]*unicode.RangeTable
}

var propertyGroups = sync.OnceValue(func() []propertyGroup {
	groups := []propertyGroup{
		{map[string]bool{"gc": true, "generalcategory": true}, byCanonicalName(unicode.Categories)},
		{map[string]bool{"sc": true, "script": true, "scx": true, "scriptextensions": true}, byCanonicalName(unicode.Scripts)},
		{nil, byCanonicalName(unicode.Properties)},
	}
	for long, short := range unicode.CategoryAliases {
		groups[0].tables[canonicalName(long)] = unicode.Categories[short]
	}
	return groups
})

func byCanonicalName(tables map[string]*unicode.RangeTable) map[string]*unicode.RangeTable {
	out := map[string]*unicode.RangeTable{}
	for name, table := range tables {
		out[canonicalName(name)] = table
	}
	return out
}

func canonicalName(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, "_", ""))
}
