package session

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// Session is a connection to a database. It is for one goroutine at a time.
type Session struct {
	conn     *pgconn.PgConn
	listener Listener
	attended bool // the user's statements run, so that notices matter
}

// Attend passes notices of the server on while f runs.
func (s *Session) Attend(f func() error) error {
	s.attended = true
	defer func() { s.attended = false }()
	return f()
}

// Exec runs one or several statements, without reading their results. Outside of
// a transaction all of them are one transaction. The error is an *[Error], or
// that of ctx.
func (s *Session) Exec(ctx context.Context, statements string) error {
	return s.outcome(ctx, s.conn.Exec(ctx, statements).Close())
}

// InTransaction reports whether a transaction is open.
func (s *Session) InTransaction() bool { return s.conn.TxStatus() != 'I' }

// Close ends the connection, and whatever still runs on it. It waits for the
// server for a few seconds at most, also if ctx has ended.
func (s *Session) Close(ctx context.Context) {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer stop()
	if s.conn.IsClosed() { // after an error; what is left to do is done aside
		select {
		case <-s.conn.CleanupDone():
		case <-ctx.Done():
		}
		return
	}
	if s.conn.IsBusy() {
		_ = s.conn.CancelRequest(ctx) // closing the connection ends the statement too, if later
	}
	_ = s.conn.Close(ctx) // nothing depends on it
}

// outcome is an error of the driver as callers see it.
func (s *Session) outcome(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return s.failure(err)
}

func (s *Session) notice(_ *pgconn.PgConn, n *pgconn.Notice) {
	if s.attended && s.listener.Notice != nil {
		s.listener.Notice(n.Severity, s.hide(n.Message))
	}
}

func (s *Session) hide(text string) string {
	if s.listener.Hide == nil {
		return text
	}
	return s.listener.Hide(text)
}

// Rows is the result of a statement. It must be closed before the session is used
// again.
type Rows struct {
	session *Session
	reader  *pgconn.ResultReader
	columns []Column
}

// Column is a column of a result.
type Column struct {
	Name string
	OID  uint32 // of its type
}

// Query runs one statement and reads its result as it comes. Several statements
// are an error of the server.
func (s *Session) Query(ctx context.Context, statement string) *Rows {
	r := &Rows{session: s, reader: s.conn.ExecParams(ctx, statement, nil, nil, nil, nil)}
	for _, field := range r.reader.FieldDescriptions() {
		r.columns = append(r.columns, Column{Name: field.Name, OID: field.DataTypeOID})
	}
	return r
}

// Columns are the columns, or none if the statement has no result or failed.
func (r *Rows) Columns() []Column { return r.columns }

// Next goes to the next row, if there is one and nothing went wrong.
func (r *Rows) Next() bool { return r.reader.NextRow() }

// Values are the values of the row as text; nil is null. They are valid until
// the next call of Next or Close.
func (r *Rows) Values() [][]byte { return r.reader.Values() }

// Close reads what is left, and is the first problem of the statement.
// The error is as that of Exec; ctx is the one that Query got.
func (r *Rows) Close(ctx context.Context) error {
	_, err := r.reader.Close()
	return r.session.outcome(ctx, err)
}

// patienceLeft is the earlier of a deadline, if there is one, and now + patience.
func patienceLeft(deadline, now time.Time, patience time.Duration) time.Time {
	if limit := now.Add(patience); deadline.IsZero() || limit.Before(deadline) {
		return limit
	}
	return deadline
}
