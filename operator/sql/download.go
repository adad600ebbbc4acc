package sql

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/sql/csv"
	"github.com/heitan/heitan/operator/sql/session"
)

// writeBuffer is how much of a file is gathered before it is written.
const writeBuffer = 256 << 10

// download is a CSV file that is there whole or not at all: it is written beside
// its place and moved when it is complete.
type download struct{ path, partial string }

// newDownload names the partial file after the invocation's token, so that the
// one that takes the place of an invocation that crashed replaces its file.
func newDownload(path, token string) *download {
	sum := sha256.Sum256([]byte(token))
	dir, base := filepath.Split(path)
	return &download{path: path, partial: filepath.Join(dir, "."+base+"."+hex.EncodeToString(sum[:6])+".part")}
}

// write writes all rows. ended says whether there was a problem with them.
func (d *download) write(rows *session.Rows, ended func() error) (err error) {
	if err := os.MkdirAll(filepath.Dir(d.path), 0o777); err != nil {
		return operator.Runtimef("Make a folder for the downloaded file: %w", err)
	}
	file, err := os.Create(d.partial)
	if err != nil {
		return operator.Runtimef("Create the downloaded file: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, removed(d.partial))
		}
	}()
	writeErr := writeRows(file, rows)
	if closeErr := file.Close(); writeErr == nil {
		writeErr = closeErr
	}
	if writeErr != nil {
		return operator.Runtimef("Write the downloaded file: %w", writeErr)
	}
	if err := ended(); err != nil {
		return err
	}
	if err := os.Rename(d.partial, d.path); err != nil {
		return operator.Runtimef("Put the downloaded file in its place: %w", err)
	}
	return nil
}

// removed is the problem of removing a file, if there is one.
func removed(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return operator.Runtimef("Remove the incomplete file: %w", err)
	}
	return nil
}

func writeRows(file *os.File, rows *session.Rows) error {
	columns := rows.Columns()
	names := make([]string, len(columns))
	for i, column := range columns {
		names[i] = column.Name
	}
	out := bufio.NewWriterSize(file, writeBuffer)
	booleans := booleansOf(columns)
	line := csv.AppendHeader(nil, names)
	for {
		if _, err := out.Write(line); err != nil {
			return err
		}
		if !rows.Next() {
			return out.Flush()
		}
		line = csv.AppendRow(line[:0], booleans.writtenOut(rows.Values()))
	}
}

// booleans are columns whose values are written out, as Digdag does.
type booleans struct {
	columns []int
	yes, no []byte
}

func booleansOf(columns []session.Column) booleans {
	b := booleans{yes: []byte("true"), no: []byte("false")}
	for i, column := range columns {
		if column.OID == pgtype.BoolOID {
			b.columns = append(b.columns, i)
		}
	}
	return b
}

// writtenOut is values with `true` for `t` and `false` for `f`.
func (b booleans) writtenOut(values [][]byte) [][]byte {
	for _, i := range b.columns {
		switch string(values[i]) {
		case "t":
			values[i] = b.yes
		case "f":
			values[i] = b.no
		}
	}
	return values
}
