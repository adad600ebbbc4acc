package process

import (
	"os/exec"
	"syscall"
	"testing"
)

func TestAGaugeSeesThePeakOfDescendants(t *testing.T) {
	t.Parallel()
	const held = 50 << 20
	cmd := exec.CommandContext(t.Context(), "sh", "-c",
		`{ head -c 52428800 /dev/zero; sleep 1000; } | dd of=/dev/null bs=60M count=1 iflag=fullblock 2>/dev/null`)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait() // it was killed
	}()
	for peakOfTree(cmd.Process.Pid) < held {
		if err := t.Context().Err(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAPeakBelowHeitansOwnIsNotTheCommands(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), "true")
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	own := maxRSSOf(cmd.ProcessState)
	for _, c := range []struct{ baseline, peak, want int64 }{
		{own, 0, 0},
		{own, 4096, 4096},
		{own - 1, 4096, own << 10},
		{own - 1, own<<10 + 1, own<<10 + 1},
	} {
		g := &gauge{baseline: c.baseline, peak: c.peak}
		if got := g.usage(cmd.ProcessState).PeakMemory; got != c.want {
			t.Errorf("%+v: got %d", c, got)
		}
	}
}

func TestPeaksAreReadFromStatus(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]int64{
		"Name:\tx\nVmHWM:\t    1234 kB\nVmRSS:\t 1 kB\n": 1234 << 10,
		"Name:\tVmHWM: 5 kB\nState:\tZ\n":                0,
		"\nVmHWM:":                                       0,
		"":                                               0,
	} {
		if got := peakInStatus([]byte(status)); got != want {
			t.Errorf("%q: got %d, want %d", status, got, want)
		}
	}
}
