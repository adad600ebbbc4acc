package process

import (
	"errors"
	"syscall"

	"golang.org/x/sys/unix"
)

// process is a process group, which is what there is to find a task's processes
// by on systems whose processes do not show their environment. Processes that
// leave it for a session of their own are not found.
type process struct{ pid int }

// members is the command's process group while anything of it lives.
func (f *family) members() ([]member, error) {
	group := process{f.session()}
	for p := range f.known() {
		group = p
	}
	if group.pid > 1 && group.alive() {
		return []member{{group, group.pid}}, nil
	}
	return nil, nil
}

// group is 0: the members are process groups already.
func (f *family) group() int { return 0 }

func (p process) alive() bool {
	err := unix.Kill(-p.pid, 0)
	return err == nil || errors.Is(err, unix.EPERM)
}

func (p process) signal(signal syscall.Signal) { _ = unix.Kill(-p.pid, signal) }

// survivingLeader is the leader of a command that an earlier heitan started, if
// it still lives. Without a handle, after a crash in the instant between the start
// and its checkpoint, it cannot be found.
func survivingLeader(state handleState) leader {
	if state.PID <= 1 || state.Started == 0 {
		return leader{}
	}
	if started, err := startTime(state.PID); err != nil || started != state.Started {
		return leader{}
	}
	return leader{state.PID, state.Started}
}
