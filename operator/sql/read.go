package sql

import (
	"context"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/sql/session"
	"github.com/heitan/heitan/params"
)

// read runs a query for its results. It cannot change anything, so it is simply
// run again after a crash.
func (o *query) read(ctx context.Context, req *operator.Request, target session.Target, l session.Listener, t *task) (operator.Result, error) {
	var file *download
	if t.downloadFile != "" {
		path, err := req.Workspace.Resolve(t.downloadFile)
		if err != nil {
			return operator.Result{}, err
		}
		file = newDownload(path, req.Token)
	}
	s, err := session.Open(ctx, target, l)
	if err != nil {
		return operator.Result{}, failed(ctx, "Failed to connect to the database", err)
	}
	defer s.Close(ctx)
	if err := s.Exec(ctx, "BEGIN READ ONLY"); err != nil {
		return operator.Result{}, failed(ctx, "Failed to begin a transaction", err)
	}
	var results params.Value
	err = s.Attend(func() error {
		rows := s.Query(ctx, t.query)
		if len(rows.Columns()) == 0 {
			return t.noResults(ctx, rows)
		}
		if file != nil {
			return file.write(rows, func() error { return t.ended(ctx, rows) })
		}
		var err error
		results, err = t.collect(ctx, rows, o.limits)
		return err
	})
	switch {
	case ctx.Err() != nil && err != nil:
		return operator.Result{}, context.Cause(ctx)
	case err != nil:
		return operator.Result{}, err
	case file != nil:
		return operator.Result{}, nil
	}
	return operator.Result{
		// Without this the columns of an earlier row would stay among those of this one.
		Reset: []string{o.dialect.name + ".last_results"},
		Store: params.Of(o.dialect.name, params.Of("last_results", results)),
	}, nil
}

// ended is the problem of a query whose rows were read.
func (t *task) ended(ctx context.Context, rows *session.Rows) error {
	err := rows.Close(ctx)
	if session.Is(err, session.ReadOnlyTransaction) {
		return operator.Configf("Query must be read-only if %s is set: %w", t.readingOption(), err)
	}
	problem := failedIn(ctx, "Failed to execute given SELECT statement", err, "", t.query)
	if session.Is(err, session.SyntaxError) {
		problem = withHint(problem, t.readingOption()+" takes one statement, whose results are read")
	}
	return problem
}

// noResults is the problem of a query that has no results to be read.
func (t *task) noResults(ctx context.Context, rows *session.Rows) error {
	if err := t.ended(ctx, rows); err != nil {
		return err
	}
	return &operator.Failure{Message: "Failed to execute given SELECT statement [No results were returned by the query.]"}
}
