package sql

import (
	"context"
	"errors"
	"time"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/sql/name"
	"github.com/heitan/heitan/operator/sql/session"
)

// ledger keeps the IDs of statements that ran, in the database that they ran in.
type ledger interface {
	// begin begins a transaction in which no other one can run the statement. It
	// reports whether the statement ran before, and returns errHeld while another
	// transaction runs it.
	begin(ctx context.Context, s *session.Session) (ran bool, err error)
	// enter notes, in the same transaction, that the statement ran.
	enter(ctx context.Context, s *session.Session) error
	// forget removes what is so old that nobody will ask for it.
	forget(ctx context.Context, s *session.Session) error
}

// errHeld means that another transaction runs the statement of the same ID.
var errHeld = errors.New("another transaction is running the same statement")

// strictness says whether and where a task's statement is entered in a ledger.
type strictness struct {
	on    bool
	table name.Table
	keep  time.Duration
}

// readStrictness reads strict_transaction and the keys of the status table.
// Problems are left in p.
func readStrictness(p *operator.Params) strictness {
	return strictness{
		on:    p.BoolOr("strict_transaction", true),
		table: name.Table{Schema: p.StringOr("status_table_schema", ""), Name: p.StringOr("status_table", "__digdag_status")},
		keep:  p.DurationOr("status_table_cleanup", 24*time.Hour),
	}
}

// open is the ledger for the statement of an ID.
func (d dialect) open(s strictness, id string) ledger {
	if !s.on {
		return noLedger{}
	}
	return d.ledger(s, id)
}

// exists reports whether err says that a table is there already. Of those who
// create it at the same time, each may fail at another of its parts.
func exists(err error) bool {
	return session.Is(err, session.DuplicateTable, session.DuplicateObject, session.UniqueViolation)
}

// noLedger lets a statement run in a transaction of its own, as often as it is
// asked to.
type noLedger struct{}

func (noLedger) begin(context.Context, *session.Session) (bool, error) { return false, nil }
func (noLedger) enter(context.Context, *session.Session) error         { return nil }
func (noLedger) forget(context.Context, *session.Session) error        { return nil }
