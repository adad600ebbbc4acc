package sql

import (
	"context"
	"fmt"
	"unicode/utf8"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/sql/pgtext"
	"github.com/heitan/heitan/operator/sql/session"
	"github.com/heitan/heitan/params"
)

// spareRows is how many rows behind the first are read, so that a short result
// ends properly. The rest of a long one is not waited for.
const spareRows = 100

// collect is what last_results becomes: the first row, as a map, or all rows.
func (t *task) collect(ctx context.Context, rows *session.Rows, limits Limits) (params.Value, error) {
	if n := len(rows.Columns()); n > limits.Columns {
		return nil, exceeded("number of result columns", n, limits.Columns)
	}
	if t.store == storeFirst {
		return t.first(ctx, rows, limits)
	}
	all := params.List{}
	for rows.Next() {
		if len(all) == limits.Rows {
			return nil, exceeded("number of result rows", limits.Rows+1, limits.Rows)
		}
		row, err := readRow(rows, limits.Value)
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, t.ended(ctx, rows)
}

func (t *task) first(ctx context.Context, rows *session.Rows, limits Limits) (params.Value, error) {
	if !rows.Next() {
		return params.Empty(), t.ended(ctx, rows)
	}
	row, err := readRow(rows, limits.Value)
	if err != nil {
		return nil, err
	}
	for range spareRows {
		if !rows.Next() {
			return row, t.ended(ctx, rows)
		}
	}
	return row, nil
}

// readRow is a row as a map. Of columns with the same name the last is kept.
func readRow(rows *session.Rows, limit int) (*params.Object, error) {
	columns, values := rows.Columns(), rows.Values()
	row := make([]params.Entry, len(columns))
	for i, column := range columns {
		if n := len(values[i]); n > limit { // bytes, at first
			if n = utf8.RuneCount(values[i]); n > limit {
				return nil, exceeded("size of result value", n, limit)
			}
		}
		row[i] = params.Entry{Key: column.Name, Value: pgtext.Value(column.OID, values[i])}
	}
	return params.New(row...), nil
}

func exceeded(what string, n, limit int) error {
	return &operator.Failure{Message: fmt.Sprintf("The %s exceeded the limit: %d > %d", what, n, limit)}
}
