package postgres

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/heitan/heitan"
)

// explain is what an error of PostgreSQL, or on the way there, means to a user,
// nil if it is another's or a defect.
// See https://www.postgresql.org/docs/current/errcodes-appendix.html.
func explain(err error) *heitan.Error {
	e := func(kind heitan.ErrorKind, msg, hint string) *heitan.Error {
		return &heitan.Error{Kind: kind, Msg: msg, Hint: hint, Err: err}
	}
	switch state := sqlState(err); {
	case state == "" && isLost(err):
		return e(heitan.Unavailable, "the database cannot be reached", "check that PostgreSQL is running, and the host in its URL")
	case state == "":
		return nil
	case state == "53100":
		return e(heitan.Unavailable, "the database's disk is full", "free some space; nothing is damaged")
	case state == "53300":
		return e(heitan.Unavailable, "the database takes no more connections", "raise max_connections, or let heitan use fewer")
	case state == "25006":
		return e(heitan.Unavailable, "the database is read-only", "it may be a standby: name the primary, or several hosts with target_session_attrs=read-write")
	case state == "55P03", state == "57014", state == "25P03":
		return e(heitan.Unavailable, "the database took too long", "look for long transactions in pg_stat_activity")
	case state[:2] == "08", state[:2] == "53", state[:2] == "57", state[:2] == "58", state[:2] == "40":
		return e(heitan.Unavailable, "the database is not available", "check PostgreSQL's log; try again later")
	case state[:2] == "28":
		return e(heitan.Denied, "the database does not let the user in", "check user and password in the URL, and pg_hba.conf")
	case state == "42501":
		return e(heitan.Denied, "the database user lacks a right", "the user must own the schema, or be allowed to make it")
	case state == "3D000":
		return e(heitan.NotFound, "there is no such database", "make it with CREATE DATABASE")
	case state[:2] == "54":
		return e(heitan.Invalid, "a document is too large to be stored", "keep large data in files and pass on their names")
	}
	return nil
}

// isDefeat reports whether a transaction lost against another one: a deadlock
// or a serialization failure. PostgreSQL has rolled it back.
func isDefeat(err error) bool {
	state := sqlState(err)
	return state == "40P01" || state == "40001"
}

func isOrphan(err error) bool { return sqlState(err) == "23503" }

// isLost reports whether the connection has failed, or could not be made.
func isLost(err error) bool {
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	for _, lost := range []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, driver.ErrBadConn, sql.ErrConnDone, pgconn.ErrConnClosed} {
		if errors.Is(err, lost) {
			return true
		}
	}
	return false
}

// sqlState is the code of an error that PostgreSQL has reported, "" for others.
func sqlState(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && len(e.Code) == 5 {
		return e.Code
	}
	return ""
}
