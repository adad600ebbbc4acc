package sqlstore

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
)

// addTask adds a row of the statement tasks.
func (w *writer) addTask(attempt heitan.AttemptID, t *engine.Task) error {
	w.int(int64(attempt))
	w.int(int64(t.ID))
	w.int(int64(t.Parent))
	w.text(storable(t.FullName))
	w.bool(t.Group)
	w.doc(t.Config)
	w.pos(t.Pos)
	w.int(int64(t.Gate))
	w.ids(t.Upstreams)

	w.int(int64(t.State))
	w.int(int64(t.Flags))
	w.time(t.Started)
	w.time(t.Tried)
	w.time(t.Updated)
	w.time(t.RetryAt)
	w.int(int64(t.Retries))
	w.doc(t.Checkpoint)
	w.result(t.Result)
	if t.Error != nil {
		w.json(t.Error) // even an empty one says that the task failed
	} else {
		w.doc(nil)
	}
	w.int(t.Usage.CPUTime.Microseconds())
	w.int(t.Usage.PeakMemory)
	return w.row()
}

func (w *writer) result(r engine.Result) {
	w.doc(r.Subtasks)
	w.doc(r.Export)
	w.doc(r.Store)
	w.list(r.Reset)
	w.bool(r.Omitted)
}

// Tasks is documented at [store.Attempts].
func (s *Store) Tasks(ctx context.Context, id heitan.AttemptID) ([]engine.Task, error) {
	var tasks []engine.Task
	var r taskRow
	columns := r.columns()
	scan := func(rows *sql.Rows) error {
		if err := rows.Scan(columns...); err != nil {
			return err
		}
		t, err := r.task()
		if err != nil {
			return fmt.Errorf("task %d: %w", r.id, err)
		}
		tasks = append(tasks, t)
		return nil
	}
	err := s.each(ctx, "read tasks of attempt "+id.String(),
		"SELECT id, parent_id, full_name, is_group, config, pos, gate_id, upstreams, "+taskProgress+
			" FROM tasks WHERE attempt_id = $1 ORDER BY id", []any{int64(id)}, scan)
	if err != nil {
		return nil, err
	}
	return tasks, nil
}

// Finished is documented at [store.Attempts].
func (s *Store) Finished(ctx context.Context, id heitan.AttemptID) (map[string]engine.Result, error) {
	results := make(map[string]engine.Result)
	var name string
	var r resultColumns
	scan := func(rows *sql.Rows) error {
		if err := rows.Scan(&name, &r.subtasks, &r.export, &r.store, &r.reset, &r.omitted); err != nil {
			return err
		}
		result, err := r.result()
		if err != nil {
			return fmt.Errorf("task %s: %w", name, err)
		}
		results[name] = result
		return nil
	}
	err := s.each(ctx, "read finished results of attempt "+id.String(),
		"SELECT full_name, subtasks, export, store, reset, omitted FROM finished_results WHERE attempt_id = $1 ORDER BY id",
		[]any{int64(id)}, scan)
	if err != nil {
		return nil, err
	}
	return results, nil
}
