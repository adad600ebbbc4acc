package sqlstore

import (
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
)

// taskRow is a row of tasks as the driver hands it over. Text is only valid
// until the next row.
type taskRow struct {
	id, parent, gate      int64
	fullName              string
	group                 bool
	config, pos           sql.RawBytes
	upstreams             sql.RawBytes
	state, flags          uint8
	started, tried        microseconds
	updated, retryAt      microseconds
	retries               int
	checkpoint            sql.RawBytes
	result                resultColumns
	error                 sql.RawBytes
	cpuMicros, peakMemory int64

	file string // of the row before
}

// columns are where the columns of a row go, in the order of the query.
func (r *taskRow) columns() []any {
	return []any{
		&r.id, &r.parent, &r.fullName, &r.group, &r.config, &r.pos, &r.gate, &r.upstreams,
		&r.state, &r.flags, &r.started, &r.tried, &r.updated, &r.retryAt, &r.retries, &r.checkpoint,
		&r.result.subtasks, &r.result.export, &r.result.store, &r.result.reset, &r.result.omitted,
		&r.error, &r.cpuMicros, &r.peakMemory,
	}
}

func (r *taskRow) task() (engine.Task, error) {
	var d decoder
	t := engine.Task{
		ID:         heitan.TaskID(r.id),
		Parent:     heitan.TaskID(r.parent),
		FullName:   r.fullName,
		Group:      r.group,
		Config:     d.doc(r.config),
		Pos:        d.pos(r.pos, r.file),
		Gate:       heitan.TaskID(r.gate),
		Upstreams:  d.ids(r.upstreams),
		State:      heitan.TaskState(r.state),
		Flags:      heitan.TaskFlags(r.flags),
		Started:    r.started.Time,
		Tried:      r.tried.Time,
		Updated:    r.updated.Time,
		RetryAt:    r.retryAt.Time,
		Retries:    r.retries,
		Checkpoint: d.doc(r.checkpoint),
		Result:     d.result(&r.result),
		Error:      d.doc(r.error),
		Usage: heitan.Usage{
			CPUTime:    time.Duration(r.cpuMicros) * time.Microsecond,
			PeakMemory: r.peakMemory,
		},
	}
	r.file = t.Pos.File
	return t, d.err
}

// resultColumns are the columns of an engine.Result.
type resultColumns struct {
	subtasks, export, store, reset sql.RawBytes
	omitted                        bool
}

func (r *resultColumns) result() (engine.Result, error) {
	var d decoder
	return d.result(r), d.err
}

// decoder reads columns of text and keeps the first error.
type decoder struct{ err error }

// doc is nil for null.
func (d *decoder) doc(text []byte) *params.Object {
	if text == nil {
		return nil
	}
	o, err := params.ParseObject(text)
	d.keep(err)
	return o
}

func (d *decoder) result(r *resultColumns) engine.Result {
	return engine.Result{
		Subtasks: d.doc(r.subtasks),
		Export:   d.doc(r.export),
		Store:    d.doc(r.store),
		Reset:    d.list(r.reset),
		Omitted:  r.omitted,
	}
}

func (d *decoder) list(text []byte) []string {
	if text == nil {
		return nil
	}
	v, err := params.Parse(text)
	d.keep(err)
	list, ok := v.(params.List)
	items := make([]string, len(list))
	for i, item := range list {
		var isText bool
		items[i], isText = item.(string)
		ok = ok && isText
	}
	if !ok {
		d.keep(fmt.Errorf("expected a list of strings but got %.100s", text))
	}
	return items
}

// ids reads what writer.ids has written.
func (d *decoder) ids(text []byte) []heitan.TaskID {
	if text == nil {
		return nil
	}
	var ids []heitan.TaskID
	for item := range strings.SplitSeq(string(text), ",") {
		n, err := strconv.ParseInt(item, 10, 64)
		d.keep(err)
		ids = append(ids, heitan.TaskID(n))
	}
	return ids
}

// pos reads what writer.pos has written. Tasks of one file share its name.
func (d *decoder) pos(text []byte, file string) params.Pos {
	if text == nil {
		return params.Pos{}
	}
	rest, column := d.cutNumber(string(text))
	name, line := d.cutNumber(rest)
	if name == file {
		name = file
	}
	return params.Pos{File: name, Line: line, Column: column}
}

// cutNumber splits the last number off `...:number`.
func (d *decoder) cutNumber(text string) (string, int32) {
	i := strings.LastIndexByte(text, ':')
	n, err := strconv.ParseInt(text[i+1:], 10, 32)
	d.keep(err)
	return text[:max(i, 0)], int32(n)
}

func (d *decoder) keep(err error) {
	if d.err == nil {
		d.err = err
	}
}

// microseconds is a time, zero for null.
type microseconds struct{ time.Time }

// Scan implements [sql.Scanner].
func (m *microseconds) Scan(src any) error {
	switch src := src.(type) {
	case nil:
		m.Time = time.Time{}
	case int64:
		m.Time = time.UnixMicro(src).UTC()
	default:
		return fmt.Errorf("expected microseconds but got a %T", src)
	}
	return nil
}
