package sql

import (
	"context"

	"github.com/heitan/heitan/operator"
)

// task is what a pg> or redshift> task says, but for where the database is.
type task struct {
	query                   string
	insertInto, createTable string
	downloadFile            string
	store                   storing
	strict                  strictness
	show                    bool // the query in the log
}

// storing says how much of a result becomes last_results.
type storing uint8

const (
	storeNone storing = iota
	storeFirst
	storeAll
)

// reads reports whether the task is about the query's results.
func (t *task) reads() bool { return t.downloadFile != "" || t.store != storeNone }

// readingOption is the key that makes the task read results.
func (t *task) readingOption() string {
	if t.downloadFile != "" {
		return "download_file"
	}
	return "store_last_results"
}

// readTask reads the query and what is to be done with it. The texts are Digdag's.
func readTask(ctx context.Context, req *operator.Request, p *operator.Params) (*task, error) {
	text, err := readQuery(ctx, req, p)
	if err != nil {
		return nil, err
	}
	t := &task{
		query:        text,
		insertInto:   p.StringOr("insert_into", ""),
		createTable:  p.StringOr("create_table", ""),
		downloadFile: p.StringOr("download_file", ""),
		store:        readStoring(p),
		strict:       readStrictness(p),
		show:         p.BoolOr("show_query", false),
	}
	changes := t.insertInto != "" || t.createTable != ""
	switch {
	case t.insertInto != "" && t.createTable != "":
		p.Fail("create_table", "Can't use both of insert_into and create_table")
	case t.downloadFile != "" && changes:
		p.Fail("download_file", "Can't use download_file with insert_into or create_table")
	case t.store != storeNone && changes:
		p.Fail("store_last_results", "Can't use store_last_results with insert_into or create_table")
	case t.downloadFile != "" && t.store != storeNone:
		p.Fail("download_file", "Can't use both download_file and store_last_results at once")
	}
	return t, p.Err()
}

// readQuery is the template that the command names, else the text of `query`.
func readQuery(ctx context.Context, req *operator.Request, p *operator.Params) (string, error) {
	if command, ok := p.Command(); ok {
		return req.Template(ctx, command)
	}
	text := p.String("query")
	return text, p.Err()
}

func readStoring(p *operator.Params) storing {
	switch value := p.StringOr("store_last_results", "false"); value {
	case "false":
		return storeNone
	case "true", "first":
		return storeFirst
	case "all":
		return storeAll
	default:
		p.Fail("store_last_results", `store_last_results must be either of "first" or "all": %s`, value)
		return storeNone
	}
}
