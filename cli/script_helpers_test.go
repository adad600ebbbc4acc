package cli_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/heitan/heitan/cli"
)

// heitan is the real command. A script that sets NOW, as in
// `env NOW=2026-03-01T07:00:00Z`, starts it at that time.
func heitan() {
	env := cli.System()
	if text := os.Getenv("NOW"); text != "" {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		start := time.Now()
		env.Now = func() time.Time { return at.Add(time.Since(start)).In(time.Local) }
	}
	os.Exit(cli.Main(env))
}

// states is the command `states [TASK...]`, which reads the events of
// `heitan run --json` and prints what tasks became, one on a line: of all tasks,
// or of those whose full names are given. That tasks run is left out, as it is
// told late or never if they do not run for long.
func states() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var e struct {
			Event, Task, State string
			Skipped            bool
			Retries            int
			Time               time.Time
			RetryAt            *time.Time `json:"retry_at"`
		}
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if e.Event != "task" || e.State == "running" || len(os.Args) > 1 && !slices.Contains(os.Args[1:], e.Task) {
			continue
		}
		fmt.Print(e.Task, " ", e.State)
		if e.Skipped {
			fmt.Print(" skipped")
		}
		if e.Retries > 0 {
			fmt.Print(" retries=", e.Retries)
		}
		if e.RetryAt != nil {
			if wait := e.RetryAt.Sub(e.Time).Round(time.Second); wait > 0 {
				fmt.Print(" in ", wait)
			}
		}
		fmt.Println()
	}
}
