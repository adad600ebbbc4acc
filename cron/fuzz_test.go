package cron_test

import (
	"testing"
	"time"

	"github.com/heitan/heitan/cron"
	"github.com/heitan/heitan/params"
)

func FuzzParsePattern(f *testing.F) {
	for _, seed := range []string{
		"* * * * *", "*/5 1-3,22-2/2 L jan-mar,12 fri-mon", "0 0 29 2 *|0 0 30 2 *", "0 0 1 * 1 *", "@daily", "/5 - , 1--2 |", "0 0 L-3 * ?",
	} {
		f.Add(seed, int64(1457863200))
	}
	z := zone(f, "America/Los_Angeles")
	f.Fuzz(func(t *testing.T, text string, seconds int64) {
		p, err := cron.ParsePattern(text)
		if err != nil {
			if p != nil {
				t.Fatal("a pattern and an error")
			}
			return
		}
		after := time.Unix(seconds, 0)
		next, ok := p.Next(after, z)
		if !ok {
			return
		}
		if !next.After(after) || next.Second() != 0 {
			t.Fatalf("%q: after %s comes %s", text, after, next)
		}
		again, err := cron.ParsePattern(p.String())
		if err != nil {
			t.Fatal(err)
		}
		if same, _ := again.Next(after, z); !same.Equal(next) {
			t.Fatalf("%q: %s, and read again: %s", text, next, same)
		}
	})
}

func FuzzParseSchedule(f *testing.F) {
	for _, seed := range []string{
		`{"daily>":"07:00:00","skip_on_overtime":true,"skip_delayed_by":"3h","start":"2024-01-01","end":"2024-12-31"}`,
		`{"hourly>":"30:00"}`, `{"weekly>":"Mon,09:00:00"}`, `{"monthly>":"31,-09:00:00"}`, `{"minutes_interval>":45,"delay":-3}`,
		`{"seconds_interval>":"7"}`, `{"cron>":"0 0 29 2 mon"}`, `{"_type":"cron","at":"* * * 1 *"}`, `{"daily":1,"x>":{},"at":[null]}`,
	} {
		f.Add([]byte(seed), int64(1457863200))
	}
	z := zone(f, "America/Sao_Paulo")
	f.Fuzz(func(t *testing.T, data []byte, seconds int64) {
		keys, err := params.ParseObject(data)
		if err != nil {
			return
		}
		s, problems := cron.ParseSchedule(keys, z)
		if (s == nil) != problems.HasErrors() {
			t.Fatalf("%s: schedule %v with problems %v", data, s, problems)
		}
		for _, p := range problems {
			if len(p.Message) > 1000 {
				t.Fatalf("a message of %d bytes", len(p.Message))
			}
		}
		if s == nil {
			return
		}
		now := time.Unix(seconds, 0)
		if first := s.First(now); first.Run.Before(now) && !first.Finished() {
			t.Fatalf("%s: first after %s is %v", data, now, first)
		} else if next := s.Next(first.Session); !first.Finished() && !next.Session.After(first.Session) {
			t.Fatalf("%s: after %v comes %v", data, first, next)
		}
		if last := s.LastSession(now); !last.Before(now) {
			t.Fatalf("%s: last before %s is %s", data, now, last)
		}
	})
}

func FuzzParseSLA(f *testing.F) {
	for _, seed := range []string{
		`{"time":"09:00","+notice":{"sh>":"notify.sh"}}`, `{"duration":"26:61:61","fail":true,"alert":"false"}`, `{"time":"","duration":1}`,
	} {
		f.Add([]byte(seed), int64(1457863200))
	}
	z := zone(f, "Australia/Lord_Howe")
	f.Fuzz(func(t *testing.T, data []byte, seconds int64) {
		keys, err := params.ParseObject(data)
		if err != nil {
			return
		}
		s, problems := cron.ParseSLA(keys)
		if (s == nil) != problems.HasErrors() {
			t.Fatalf("%s: SLA %v with problems %v", data, s, problems)
		}
		const limit = 1 << 36
		if start := time.Unix(seconds%limit, 0); s != nil && s.Deadline(start, z).Before(start) {
			t.Fatalf("%s: deadline of %s is %s", data, start, s.Deadline(start, z))
		}
	})
}
