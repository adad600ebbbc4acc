package cron_test

import (
	"strings"
	"testing"
	"time"

	"github.com/heitan/heitan/cron"
	"github.com/heitan/heitan/params"
)

func BenchmarkNext(b *testing.B) {
	for _, bench := range []struct{ name, pattern, zone, after string }{
		{"every minute", "* * * * *", "Asia/Tokyo", "2026-06-01 10:00:00 +0900"},
		{"daily", "0 0 * * *", "Asia/Tokyo", "2026-06-01 00:00:00 +0900"},
		{"daily in a zone with changes", "0 0 * * *", "America/Los_Angeles", "2026-06-01 00:00:00 -0700"},
		{"daily after a change", "0 0 * * *", "America/Los_Angeles", "2016-03-13 04:00:00 -0700"},
		{"working days in spring", "*/5 9-17 * 3-5 1-5", "Europe/London", "2026-05-31 18:00:00 +0100"},
		{"the longest wait", "0 0 29 2 mon", "UTC", "2072-02-29 00:00:00 +0000"},
		{"ten alternatives", strings.Repeat("0 5 * * *|", 10), "Asia/Tokyo", "2026-06-01 10:00:00 +0900"},
	} {
		b.Run(bench.name, func(b *testing.B) {
			p, z, after := pattern(b, bench.pattern), zone(b, bench.zone), moment(b, bench.after)
			b.ReportAllocs()
			for b.Loop() {
				if _, ok := p.Next(after, z); !ok {
					b.Fatal("no next time")
				}
			}
		})
	}
}

func BenchmarkLastBefore(b *testing.B) {
	for _, bench := range []struct{ name, pattern, session string }{
		{"daily", "0 0 * * *", "2026-06-01 00:00:00 +0000"},
		{"every minute of eleven months, at their end", "* * * 1-11 *", "2026-11-30 23:58:00 +0000"},
	} {
		b.Run(bench.name, func(b *testing.B) {
			s, session := schedule(b, "UTC", "cron>", bench.pattern), moment(b, bench.session)
			b.ReportAllocs()
			for b.Loop() {
				s.LastBefore(session)
			}
		})
	}
}

func BenchmarkParsePattern(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := cron.ParsePattern("*/5 9-17 * jan-mar 1-5"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseSchedule(b *testing.B) {
	section := params.Of("daily>", "07:00:00", "skip_on_overtime", true, "skip_delayed_by", "3h", "start", "2024-01-01", "end", "2024-12-31")
	b.ReportAllocs()
	for b.Loop() {
		if s, _ := cron.ParseSchedule(section, time.UTC); s == nil {
			b.Fatal("no schedule")
		}
	}
}
