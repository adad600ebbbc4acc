// Package redshift builds the statements COPY and UNLOAD of Amazon Redshift from
// the params of redshift_load> and redshift_unload>, and the IAM policy that says
// what a statement may read and write. It does no I/O.
//
// The statements are those of Digdag 0.10 (RedshiftConnection.java), option by
// option and in its order, so that what runs does not change with the scheduler.
// Two things are better: column_list, which Digdag reads and forgets, and
// `schema.table`, which Digdag quotes as one name.
package redshift

import (
	"fmt"
	"strings"
)

// Credentials are the keys with which Redshift reaches the data. They must not be
// shown to anybody.
type Credentials struct {
	AccessKeyID, SecretAccessKey string
	SessionToken                 string // "" for keys that last
}

// Statement is a COPY or UNLOAD without credentials.
type Statement struct {
	head    string   // with what is loaded or unloaded
	options []string // one clause each
}

// SQL is the statement with credentials.
func (s Statement) SQL(c Credentials) string {
	keys := "aws_access_key_id=" + c.AccessKeyID + ";aws_secret_access_key=" + c.SecretAccessKey
	if c.SessionToken != "" {
		keys += ";token=" + c.SessionToken
	}
	return s.with(keys)
}

// Masked is the statement as it may be shown.
func (s Statement) Masked() string { return s.with("********") }

func (s Statement) with(keys string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nCREDENTIALS %s\n", s.head, Literal(keys))
	for _, clause := range s.options {
		b.WriteString(clause + "\n")
	}
	return b.String()
}

// Literal is text as a literal of Redshift, in which a backslash escapes.
func Literal(text string) string {
	return "'" + strings.NewReplacer(`'`, `''`, `\`, `\\`).Replace(text) + "'"
}
