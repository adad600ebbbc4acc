package sql

import (
	"context"
	"log/slog"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/sql/name"
	"github.com/heitan/heitan/operator/sql/session"
)

// query is pg> and redshift>.
type query struct {
	dialect dialect
	limits  Limits
}

// Run runs the query.
func (o *query) Run(ctx context.Context, req *operator.Request) (operator.Result, error) {
	p := req.Params.WithDefaults(o.dialect.name)
	t, err := readTask(ctx, req, p)
	if err != nil {
		return operator.Result{}, err
	}
	target, err := o.dialect.target(ctx, req.Secrets, p)
	if err != nil {
		return operator.Result{}, err
	}
	if err := p.Err(); err != nil {
		return operator.Result{}, err
	}
	if t.show {
		req.Log.Info("running query", "query", t.query)
	}
	listener := session.Listener{Notice: noticesTo(req.Log)}
	if t.reads() {
		return o.read(ctx, req, target, listener, t)
	}
	id, _, err := queryID(ctx, req, t.strict.on)
	if err != nil {
		return operator.Result{}, err
	}
	statement, prefix, act := t.statement()
	return (&write{
		req: req, target: target, listener: listener,
		ledger: o.dialect.open(t.strict, id.text), checkpoint: id.checkpoint,
		run: func(ctx context.Context, s *session.Session) error {
			return failedIn(ctx, act, s.Exec(ctx, statement), prefix, t.query)
		},
	}).once(ctx)
}

// statement is what runs for a query whose results nobody reads: what stands
// before the query, and how Digdag words its failure.
func (t *task) statement() (statement, prefix, act string) {
	switch {
	case t.insertInto != "":
		prefix = "INSERT INTO " + name.Parse(t.insertInto).SQL() + "\n"
	case t.createTable != "":
		table := name.Parse(t.createTable).SQL()
		prefix = "DROP TABLE IF EXISTS " + table + "; CREATE TABLE " + table + " AS \n"
	default:
		return t.query, "", "Failed to execute given SQL script"
	}
	return prefix + t.query, prefix, "Failed to execute an update statement"
}

// noticesTo logs what the server says about the user's statements.
func noticesTo(log *slog.Logger) func(severity, message string) {
	return func(severity, message string) {
		if severity == "WARNING" {
			log.Warn("message of the database", "message", message)
			return
		}
		log.Info("message of the database", "severity", severity, "message", message)
	}
}
