#!/bin/sh
# Runs the benchmarks: whole-process figures and ratios in bench/, and those of
# the packages. COUNT (default 3) runs each; BENCH selects by pattern.
set -eu
count=${COUNT:-3}
pattern=${BENCH:-.}
go test ./bench -run '^$' -bench "$pattern" -benchtime 3x -count "$count" -timeout 60m
go test ./params ./expr/... ./cron ./engine ./store/... ./runner/... ./operator/... -run '^$' -bench "$pattern" -count "$count" -timeout 60m |
	grep -E '^(Benchmark|pkg:|cpu:|FAIL|panic)' || true
