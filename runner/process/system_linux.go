package process

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// machine names this machine in handles.
func machine() string {
	name, _ := os.Hostname()
	return name
}

func signalName(s syscall.Signal) string { return unix.SignalName(s) }

// sessionAttr starts a process in a session and process group of its own, and in
// a cgroup if the descriptor of one is given.
func sessionAttr(cgroup *os.File) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setsid: true}
	if cgroup != nil {
		attr.UseCgroupFD = true
		attr.CgroupFD = int(cgroup.Fd())
	}
	return attr
}
