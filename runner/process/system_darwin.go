package process

import (
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// machine names this machine in handles. The name of a laptop changes with its
// network, its hardware's id does not.
func machine() string {
	if id, err := unix.Sysctl("kern.uuid"); err == nil {
		return id
	}
	name, _ := os.Hostname()
	return name
}

func signalName(s syscall.Signal) string { return unix.SignalName(s) }

// sessionAttr starts a process in a session and process group of its own.
func sessionAttr(*os.File) *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// startTime tells a process from a later one with its id.
func startTime(pid int) (int64, error) {
	info, err := unix.SysctlKinfoProc("kern.proc.pid", pid)
	if err != nil {
		return 0, fmt.Errorf("look at process %d: %w", pid, err)
	}
	return info.Proc.P_starttime.Nano(), nil
}
