package sqlite_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/heitan/heitan/store"
	"github.com/heitan/heitan/store/sqlite"
	"github.com/heitan/heitan/store/storetest"
)

func BenchmarkStore(b *testing.B) {
	storetest.Benchmark(b, func(b *testing.B) store.Store {
		return open(b, sqlite.Options{Path: filepath.Join(b.TempDir(), "heitan.db")})
	})
}

// BenchmarkOneRow takes turns with a bare SQLite commit that is on disk, because
// disks have moods, and reports how many times as long the store's commit takes.
func BenchmarkOneRow(b *testing.B) {
	s := open(b, sqlite.Options{Path: filepath.Join(b.TempDir(), "heitan.db")})
	a, fence, err := submit(b.Context(), s, "alice", "daily", 1)
	must(b, err)
	floor := bareCommit(b)
	var bare, ours time.Duration
	n := 0
	for b.Loop() {
		n++
		begin := time.Now()
		floor(n)
		middle := time.Now()
		_, err := s.Commit(b.Context(), commitOf(a.ID, fence, 1, n))
		must(b, err)
		bare, ours = bare+middle.Sub(begin), ours+time.Since(middle)
	}
	b.ReportMetric(float64(bare.Nanoseconds())/float64(n), "bare-ns")
	b.ReportMetric(float64(ours.Nanoseconds())/float64(n), "ours-ns")
	b.ReportMetric(float64(ours)/float64(bare), "times-bare")
}

// bareCommit returns the least that a commit can be.
func bareCommit(b *testing.B) func(n int) {
	db := raw(b, filepath.Join(b.TempDir(), "bare.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate")
	db.SetMaxOpenConns(1)
	_, err := db.ExecContext(b.Context(), "CREATE TABLE tasks (id INTEGER PRIMARY KEY, state INTEGER, text TEXT)")
	must(b, err)
	insert, err := db.PrepareContext(b.Context(), "INSERT INTO tasks VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state")
	must(b, err)
	b.Cleanup(func() { must(b, insert.Close()) })
	ctx := context.Background() // one that cannot end is cheaper
	return func(n int) {
		_, err := insert.ExecContext(ctx, int64(1), int64(n), "+billing+load+step")
		must(b, err)
	}
}

func BenchmarkOpen(b *testing.B) {
	b.Run("existing", func(b *testing.B) {
		path := filepath.Join(b.TempDir(), "heitan.db")
		closeNow(b, openUnclosed(b, path))
		for b.Loop() {
			s, err := sqlite.Open(b.Context(), sqlite.Options{Path: path, Owner: "alice"})
			must(b, err)
			b.StopTimer()
			closeNow(b, s)
			b.StartTimer()
		}
	})
	b.Run("fresh", func(b *testing.B) {
		folder := b.TempDir()
		n := 0
		for b.Loop() {
			n++
			s, err := sqlite.Open(b.Context(), sqlite.Options{Path: filepath.Join(folder, fmt.Sprint(n)), Owner: "alice"})
			must(b, err)
			b.StopTimer()
			closeNow(b, s)
			b.StartTimer()
		}
	})
}
