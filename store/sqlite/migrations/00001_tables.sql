-- Times are microseconds since 1970, but for session_time, which is in seconds.
-- Documents are JSON text.

-- +goose Up
CREATE TABLE projects (
    id      INTEGER PRIMARY KEY,
    name    TEXT    NOT NULL UNIQUE,
    created INTEGER NOT NULL
);

CREATE TABLE revisions (
    id         INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES projects,
    name       TEXT    NOT NULL,
    created    INTEGER NOT NULL,
    UNIQUE (project_id, name)
);

CREATE TABLE sessions (
    id           INTEGER PRIMARY KEY,
    project_id   INTEGER NOT NULL REFERENCES projects,
    workflow     TEXT    NOT NULL,
    session_time INTEGER NOT NULL,
    uuid         TEXT    NOT NULL,
    UNIQUE (project_id, workflow, session_time)
);

CREATE TABLE attempts (
    id            INTEGER PRIMARY KEY,
    session_id    INTEGER NOT NULL REFERENCES sessions,
    attempt_index INTEGER NOT NULL,
    name          TEXT    NOT NULL,
    key           TEXT    NOT NULL,
    revision_id   INTEGER NOT NULL REFERENCES revisions,
    timezone      TEXT    NOT NULL,
    params        TEXT,
    flags         INTEGER NOT NULL,
    created       INTEGER NOT NULL,
    finished      INTEGER,
    UNIQUE (session_id, name),
    UNIQUE (session_id, attempt_index)
);

-- The owner is null once the attempt was given up.
CREATE TABLE leases (
    attempt_id INTEGER PRIMARY KEY REFERENCES attempts,
    owner      TEXT,
    fence      INTEGER NOT NULL,
    until      INTEGER
);
CREATE INDEX leases_owner ON leases (owner) WHERE owner IS NOT NULL;

CREATE TABLE tasks (
    attempt_id  INTEGER NOT NULL REFERENCES attempts,
    id          INTEGER NOT NULL,
    parent_id   INTEGER NOT NULL, -- 0 for the root
    full_name   TEXT    NOT NULL,
    is_group    INTEGER NOT NULL,
    config      TEXT,
    pos         TEXT,             -- file:line:column
    gate_id     INTEGER NOT NULL, -- the first task that waits for the same siblings, or 0
    upstreams   TEXT,             -- on the gate's first task: 1,2,3

    state       INTEGER NOT NULL,
    flags       INTEGER NOT NULL,
    started     INTEGER,
    tried       INTEGER,
    updated     INTEGER,
    retry_at    INTEGER,
    retries     INTEGER NOT NULL,
    checkpoint  TEXT,
    subtasks    TEXT,
    export      TEXT,
    store       TEXT,
    reset       TEXT,
    omitted     INTEGER NOT NULL,
    error       TEXT,
    cpu_time    INTEGER NOT NULL, -- microseconds
    peak_memory INTEGER NOT NULL, -- bytes
    PRIMARY KEY (attempt_id, id)
);

-- What an attempt was submitted with: results that earlier attempts have reached.
CREATE TABLE finished_results (
    attempt_id INTEGER NOT NULL REFERENCES attempts,
    id         INTEGER NOT NULL,
    full_name  TEXT    NOT NULL,
    subtasks   TEXT,
    export     TEXT,
    store      TEXT,
    reset      TEXT,
    omitted    INTEGER NOT NULL,
    PRIMARY KEY (attempt_id, id)
);

CREATE TABLE params (
    key    TEXT    PRIMARY KEY,
    value  TEXT    NOT NULL,
    set_at INTEGER NOT NULL
);
CREATE INDEX params_set_at ON params (set_at);
