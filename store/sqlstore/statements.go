package sqlstore

import "strings"

// statements are the bulk statements, made once for a dialect.
type statements struct {
	tasks    *bulk
	finished *bulk
	fences   *bulk
	flags    *bulk
}

// The columns of tasks that its definition says, and those that change.
const (
	taskDefinition = "attempt_id, id, parent_id, full_name, is_group, config, pos, gate_id, upstreams"
	taskProgress   = "state, flags, started, tried, updated, retry_at, retries, checkpoint, subtasks, export, store, reset, omitted, error, cpu_time, peak_memory"
)

func newStatements(d Dialect) statements {
	return statements{
		tasks: newBulk(d,
			"INSERT INTO tasks ("+taskDefinition+", "+taskProgress+") VALUES ",
			"("+strings.Repeat("?, ", 24)+"?)",
			` ON CONFLICT (attempt_id, id) DO UPDATE SET
				state = excluded.state, flags = excluded.flags,
				started = excluded.started, tried = excluded.tried, updated = excluded.updated,
				retry_at = excluded.retry_at, retries = excluded.retries,
				checkpoint = excluded.checkpoint,
				subtasks = excluded.subtasks, export = excluded.export, store = excluded.store, reset = excluded.reset, omitted = excluded.omitted,
				error = excluded.error, cpu_time = excluded.cpu_time, peak_memory = excluded.peak_memory`),

		finished: newBulk(d,
			"INSERT INTO finished_results (attempt_id, id, full_name, subtasks, export, store, reset, omitted) VALUES ",
			"(?, ?, ?, ?, ?, ?, ?, ?)", ""),

		// The rows are locked in one order by everybody, so that two commits never
		// wait for each other.
		fences: newBulk(d,
			"SELECT attempt_id, fence FROM leases WHERE owner IS NOT NULL AND attempt_id IN (", "?",
			") ORDER BY attempt_id"+d.LockRows),

		// Flags and the end are only ever added: whoever asks for an attempt's end
		// beside its owner must not be overwritten. PostgreSQL cannot guess the
		// types of values that are not inserted.
		flags: newBulk(d,
			`UPDATE attempts SET flags = attempts.flags | v.column2, finished = COALESCE(v.column3, attempts.finished)
				FROM (VALUES `,
			"(CAST(? AS BIGINT), CAST(? AS INTEGER), CAST(? AS BIGINT))",
			`) AS v
				WHERE attempts.id = v.column1
				AND ((attempts.flags | v.column2) <> attempts.flags
					OR (v.column3 IS NOT NULL AND attempts.finished IS DISTINCT FROM v.column3))`),
	}
}
