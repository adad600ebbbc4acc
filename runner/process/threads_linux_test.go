package process_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/heitan/heitan/runner"
	"github.com/heitan/heitan/runner/process"
)

func TestRunningCommandsDoNotHoldThreads(t *testing.T) {
	const commands = 100
	r := process.NewWithin(process.Options{Environ: os.Environ()}, noTree, 0)
	before := threads(t)
	var ends []<-chan runner.Outcome
	for i := range commands {
		spec := shell(t, "echo ready; exec sleep 1000")
		spec.Token += fmt.Sprint(i)
		_, output, ended := start(t, r, spec)
		ends = append(ends, ended)
		output.Await(t.Context(), t, "ready\n")
	}
	if after := threads(t); after > before+commands/2 {
		t.Errorf("%d commands raised the number of threads from %d to %d", commands, before, after)
	}
	if err := r.StopAll(t.Context(), 0); err != nil {
		t.Error(err)
	}
	for _, ended := range ends {
		<-ended
	}
}

func threads(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "\nThreads:")
	var n int
	if _, err := fmt.Sscan(rest, &n); err != nil {
		t.Fatal(err)
	}
	return n
}
