package process

import (
	"bytes"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/heitan/heitan/runner"
)

// When a gauge looks first, and how rarely it does in the end: each pause is
// twice the one before.
const (
	gaugeFirst = 100 * time.Millisecond
	gaugeLast  = 10 * time.Second
)

// The bounds of one look.
const (
	gaugeProcesses = 200
	gaugeThreads   = 50
)

// gauge measures the peak memory of a command that has no control group. Linux
// counts as a process's peak (ru_maxrss) also what its parent, heitan, had in
// memory at the fork, so that value serves only if it is larger than heitan's own.
// For the others the gauge looks now and then at the peaks (VmHWM) of the command's
// process and its descendants. Their largest is the measure, as for ru_maxrss.
// Commands that are done before the first look, and end below heitan's own peak,
// are not measured.
type gauge struct {
	pid      int
	baseline int64 // KiB

	mu    sync.Mutex
	timer *time.Timer // nil when the gauge is stopped
	pause time.Duration
	peak  int64 // bytes
}

// startGauge starts measuring a process that was just started.
func startGauge(pid int) *gauge {
	g := &gauge{pid: pid, baseline: ownPeakMemory(), pause: gaugeFirst}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.timer = time.AfterFunc(g.pause, g.look)
	return g
}

func (g *gauge) look() {
	seen := peakOfTree(g.pid)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.timer == nil {
		return // the id may be another process's by now
	}
	g.peak = max(g.peak, seen)
	g.pause = min(2*g.pause, gaugeLast)
	g.timer.Reset(g.pause)
}

// stop must be called before the process is collected or right after.
func (g *gauge) stop() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.timer.Stop()
	g.timer = nil
}

// usage is what the process and the children it waited for used.
func (g *gauge) usage(state *os.ProcessState) runner.Usage {
	usage := runner.Usage{CPUTime: state.UserTime() + state.SystemTime()}
	if maxRSS := maxRSSOf(state); maxRSS > g.baseline {
		usage.PeakMemory = maxRSS << 10
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	usage.PeakMemory = max(usage.PeakMemory, g.peak)
	return usage
}

// peakOfTree is the largest peak among a process and its descendants, in bytes.
func peakOfTree(pid int) int64 {
	var peak int64
	next := []int{pid}
	for n := 0; n < len(next) && n < gaugeProcesses; n++ {
		dir := "/proc/" + strconv.Itoa(next[n])
		status, err := os.ReadFile(dir + "/status")
		if err != nil {
			continue
		}
		peak = max(peak, peakInStatus(status))
		next = append(next, childrenOf(dir)...)
	}
	return peak
}

// peakInStatus reads the line "VmHWM:    1234 kB" of proc_pid_status(5).
func peakInStatus(status []byte) int64 {
	_, rest, _ := bytes.Cut(status, []byte("\nVmHWM:"))
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	fields := bytes.Fields(line)
	if len(fields) != 2 {
		return 0 // a zombie has no memory
	}
	kib, _ := strconv.ParseInt(string(fields[0]), 10, 64)
	return kib << 10
}

// childrenOf are the children that the threads of a process started.
func childrenOf(dir string) []int {
	task, err := os.Open(dir + "/task")
	if err != nil {
		return nil
	}
	defer task.Close()
	threads, err := task.Readdirnames(gaugeThreads)
	if err != nil {
		return nil
	}
	var children []int
	for _, thread := range threads {
		text, err := os.ReadFile(dir + "/task/" + thread + "/children")
		if err != nil {
			continue
		}
		for field := range bytes.FieldsSeq(text) {
			if pid, err := strconv.Atoi(string(field)); err == nil {
				children = append(children, pid)
			}
		}
	}
	return children
}

// maxRSSOf is ru_maxrss of an ended process and the children it waited for, in KiB.
func maxRSSOf(state *os.ProcessState) int64 {
	if r, ok := state.SysUsage().(*syscall.Rusage); ok {
		return r.Maxrss
	}
	return 0
}

// ownPeakMemory is the most memory that heitan has used so far, in KiB.
func ownPeakMemory() int64 {
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		return 0
	}
	return own.Maxrss
}
