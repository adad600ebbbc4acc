package cron_test

import (
	_ "embed"
	"strings"
	"testing"
	"time"
)

//go:embed testdata/cron4j.tsv
var cron4jAnswers string

func TestNextIsWhatCron4jSays(t *testing.T) {
	t.Parallel()
	for line := range strings.Lines(cron4jAnswers) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		columns := strings.Split(strings.TrimSpace(line), "\t")
		if len(columns) != 4 {
			t.Fatalf("line %q has %d columns", line, len(columns))
		}
		z, p := zone(t, columns[0]), pattern(t, columns[1])
		at, err := time.Parse(time.RFC3339, columns[2])
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for range 4 {
			at, _ = p.Next(at, z)
			got = append(got, at.Format(time.RFC3339))
		}
		expect(t, strings.Join(columns[:3], " "), columns[3], strings.Join(got, " "))
	}
}
