package process_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/heitan/heitan/runner"
	"github.com/heitan/heitan/runner/process"
	"github.com/heitan/heitan/runner/runnertest"
)

func TestProcessIsARunner(t *testing.T) {
	runnertest.Run(t, runnertest.Harness{
		New: func(t testing.TB) runner.Runner {
			return process.New(process.Options{
				Environ: os.Environ(),
				Log:     slog.New(slog.NewTextHandler(t.Output(), nil)),
			})
		},
		Remains:      remains,
		BackPressure: true,
		CPUTime:      true,
		PeakMemory:   true,
		Repeat:       30,
	})
}

// remains counts the sessions of processes that carry the token or work in the
// workspace. It looks at /proc in its own way.
func remains(t testing.TB, spec runner.Spec) runnertest.Remains {
	if runtime.GOOS != "linux" {
		return runnertest.Remains{}
	}
	dirs, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		t.Fatal(err)
	}
	sessions := map[int]bool{}
	for _, dir := range dirs {
		environ, err := os.ReadFile(filepath.Join(dir, "environ"))
		if err != nil || isZombie(dir) {
			continue
		}
		cwd, _ := os.Readlink(filepath.Join(dir, "cwd"))
		token := bytes.Contains(environ, []byte(process.TokenVariable+"="+spec.Token+"\x00"))
		if token || strings.HasPrefix(cwd, spec.Workspace) {
			pid, _ := strconv.Atoi(filepath.Base(dir))
			session, err := unix.Getsid(pid)
			if err == nil {
				sessions[session] = true
			}
		}
	}
	return runnertest.Remains{Running: len(sessions)}
}

func isZombie(dir string) bool {
	status, err := os.ReadFile(filepath.Join(dir, "status"))
	return err != nil || bytes.Contains(status, []byte("State:\tZ"))
}
