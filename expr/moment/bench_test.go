package moment

import (
	"testing"
	"time"

	"github.com/dop251/goja"
)

func benchmarkEnv() Env {
	return Env{
		Now:  func() time.Time { return time.UnixMilli(presentMillis) },
		Zone: func() *time.Location { return time.UTC },
	}
}

func BenchmarkInstall(b *testing.B) {
	vm := goja.New()
	env := benchmarkEnv()
	b.ReportAllocs()
	for b.Loop() {
		if err := Install(vm, env); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNewVM is what an isolated script costs before it runs.
func BenchmarkNewVM(b *testing.B) {
	env := benchmarkEnv()
	b.Run("bare", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			goja.New()
		}
	})
	b.Run("with moment", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := Install(goja.New(), env); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkExpression(b *testing.B) {
	for _, script := range []string{
		`1 + 1`,
		`moment(session_time)`,
		`moment(session_time).add(1, 'day').format("YYYY-MM-DD")`,
		`moment(session_time).startOf('month').subtract(1, 'month').format("YYYY-MM-DD HH:mm:ss")`,
		`moment.utc(session_time).isoWeek()`,
		`moment("20180214", "YYYYMMDD").toISOString()`,
		`moment(session_time).diff(moment("2018-01-01"), 'days')`,
	} {
		b.Run(script, func(b *testing.B) {
			vm := goja.New()
			env := benchmarkEnv()
			tokyo := location(b, "America/Los_Angeles")
			env.Zone = func() *time.Location { return tokyo }
			if err := Install(vm, env); err != nil {
				b.Fatal(err)
			}
			if err := vm.Set("session_time", "2018-02-14T00:00:00-08:00"); err != nil {
				b.Fatal(err)
			}
			program := goja.MustCompile("", script, false)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := vm.RunProgram(program); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("first in a VM", func(b *testing.B) {
		env := benchmarkEnv()
		program := goja.MustCompile("", `moment("2018-02-14T00:00:00-08:00").add(1, 'day').format("YYYY-MM-DD")`, false)
		vm := goja.New()
		b.ReportAllocs()
		for b.Loop() {
			if err := Install(vm, env); err != nil {
				b.Fatal(err)
			}
			if _, err := vm.RunProgram(program); err != nil {
				b.Fatal(err)
			}
		}
	})
}
