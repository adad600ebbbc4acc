// Package name is the names of tables in PostgreSQL and Redshift.
package name

import "strings"

// Table is the name of a table. Schema may be empty.
type Table struct{ Schema, Name string }

// Parse reads `table` or `schema.table`. As in Digdag the first dot separates,
// and neither part has quotes: both are taken letter for letter.
func Parse(text string) Table {
	schema, table, ok := strings.Cut(text, ".")
	if !ok {
		return Table{Name: text}
	}
	return Table{Schema: schema, Name: table}
}

// SQL is the name as it stands in a statement.
func (t Table) SQL() string {
	if t.Schema == "" {
		return Quote(t.Name)
	}
	return Quote(t.Schema) + "." + Quote(t.Name)
}

// Quote is an identifier in quotes.
func Quote(identifier string) string {
	return `"` + strings.ReplaceAll(strings.ReplaceAll(identifier, "\x00", ""), `"`, `""`) + `"`
}
