package postgres_test

import (
	"testing"

	"github.com/heitan/heitan/store"
	"github.com/heitan/heitan/store/storetest"
)

func BenchmarkStore(b *testing.B) {
	storetest.Benchmark(b, func(b *testing.B) store.Store { return open(b, options(b)) })
}
