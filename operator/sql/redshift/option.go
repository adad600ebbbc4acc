package redshift

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/heitan/heitan/operator"
)

// form is how the value of an option is written.
type form uint8

const (
	flag    form = iota // the clause alone, if true
	number              // a whole number
	literal             // text in quotes
	text                // text in quotes, or nothing if it is empty
	word                // a name without quotes
	toggle              // ON, OFF, TRUE or FALSE
	csv                 // CSV with or without a quote character
)

// option is a key of the task and the clause that it becomes.
type option struct {
	key    string
	clause string
	form   form
}

var wordPattern = regexp.MustCompile(`^\w+$`)

// read is the clause of the option, or "" if the task does not set it.
func (o option) read(p *operator.Params) string {
	if _, ok := p.Get(o.key); !ok {
		return ""
	}
	switch o.form {
	case flag:
		if p.BoolOr(o.key, false) {
			return o.clause
		}
		return ""
	case number:
		return o.clause + " " + strconv.FormatInt(p.Int(o.key), 10)
	default:
		return o.readText(p, p.String(o.key))
	}
}

func (o option) readText(p *operator.Params, value string) string {
	if strings.ContainsRune(value, 0) {
		p.Fail(o.key, "Invalid character in '%s': a NUL", o.key)
		return ""
	}
	switch {
	case o.form == csv:
		return readCSV(value)
	case value == "" && o.form != literal:
		return o.clause
	case o.form == text, o.form == literal:
		return o.clause + " " + Literal(value)
	case o.form == toggle && !slices.Contains([]string{"ON", "OFF", "TRUE", "FALSE"}, strings.ToUpper(value)):
		p.Fail(o.key, "%s should be in ON/OFF/TRUE/FALSE: %s", o.clause, value)
	case o.form == word && !wordPattern.MatchString(value):
		p.Fail(o.key, "%s should be a single word: %s", o.clause, value)
	}
	return o.clause + " " + value
}

// readCSV takes, beside Digdag's quote character or empty text, true and false.
func readCSV(value string) string {
	switch value {
	case "false":
		return ""
	case "", "true":
		return "CSV"
	}
	return "CSV QUOTE " + Literal(value)
}

// clauses are those of the options that the task sets.
type clauses struct {
	keys  []string
	texts []string
}

func readClauses(p *operator.Params, options []option) clauses {
	var set clauses
	for _, o := range options {
		if clause := o.read(p); clause != "" {
			set.keys = append(set.keys, o.key)
			set.texts = append(set.texts, clause)
		}
	}
	return set
}

// exclude reports if key is set together with any of others.
func (c clauses) exclude(p *operator.Params, message, key string, others ...string) {
	if !slices.Contains(c.keys, key) {
		return
	}
	if slices.ContainsFunc(others, func(other string) bool { return slices.Contains(c.keys, other) }) {
		p.Fail(key, "%s", message)
	}
}
