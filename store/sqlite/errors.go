package sqlite

import (
	"context"
	"errors"
	"io/fs"
	"syscall"

	driversqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/heitan/heitan"
)

// errReadOnly is a connection to a file that SQLite could only open for reading.
var errReadOnly = errors.New("the file or its folder may not be written")

// explain is what an error of SQLite means to a user, nil if it is another's or
// a defect. See https://www.sqlite.org/rescode.html.
func explain(err error) *heitan.Error {
	e := func(kind heitan.ErrorKind, msg, hint string) *heitan.Error {
		return &heitan.Error{Kind: kind, Msg: msg, Hint: hint, Err: err}
	}
	if errors.Is(err, errReadOnly) {
		return e(heitan.Denied, "the database cannot be written",
			"check the permissions of the file and of its folder, where SQLite keeps its log")
	}
	switch code(err) & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL:
		return e(heitan.Unavailable, "another process keeps the database locked",
			"try again later; `lsof` on the file shows who has it open")
	case sqlite3.SQLITE_FULL:
		return e(heitan.Unavailable, "the disk is full", "free some space; nothing is damaged")
	case sqlite3.SQLITE_IOERR:
		return e(heitan.Unavailable, "the disk does not work as it should",
			"look for a full disk, a quota, or a file size limit; nothing that was committed is damaged")
	case sqlite3.SQLITE_NOMEM:
		return e(heitan.Unavailable, "there is not enough memory", "stop something else on this machine")
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_AUTH:
		return e(heitan.Denied, "the database cannot be opened or written",
			"check the permissions of the file and of its folder, where SQLite keeps its log")
	case sqlite3.SQLITE_NOTADB:
		return e(heitan.Invalid, "it is not a database", "name another file; it is made if there is none")
	case sqlite3.SQLITE_CORRUPT:
		return e(heitan.Internal, "the database file is damaged",
			"restore a copy, or save what is left with `sqlite3 FILE .recover`")
	case sqlite3.SQLITE_TOOBIG:
		return e(heitan.Invalid, "a document is too large to be stored", "keep large data in files and pass on their names")
	}
	return nil
}

// pathError is an error of the file system, or of waiting for a lock there.
func pathError(path string, err error) error {
	e := &heitan.Error{Kind: heitan.Internal, Msg: path, Err: err}
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, errBusyFile):
		e.Kind, e.Hint = heitan.Unavailable, "another process is setting the store up; try again later"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		e.Kind, e.Hint = heitan.Denied, "check the permissions of the folder"
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		e.Kind, e.Hint = heitan.Unavailable, "free some space"
	}
	return e
}

func isBusy(err error) bool { return code(err)&0xff == sqlite3.SQLITE_BUSY }

func isOrphan(err error) bool { return code(err) == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY }

// code is SQLite's extended result code, 0 for errors of others.
func code(err error) int {
	if e, ok := errors.AsType[*driversqlite.Error](err); ok {
		return e.Code()
	}
	return 0
}
