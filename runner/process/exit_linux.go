package process

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// awaitExit returns when the process has ended, or at once if it cannot tell.
// os.Process.Wait alone would hold a thread for every running command; the
// runtime's poller watches all of them with none.
func awaitExit(p *os.Process) {
	var pidfd *os.File
	err := p.WithHandle(func(handle uintptr) {
		fd, err := unix.FcntlInt(handle, unix.F_DUPFD_CLOEXEC, 0)
		if err != nil {
			return
		}
		if unix.SetNonblock(fd, true) != nil {
			_ = unix.Close(fd)
			return
		}
		pidfd = os.NewFile(uintptr(fd), "pidfd")
	})
	if err != nil || pidfd == nil {
		return
	}
	defer pidfd.Close()
	conn, err := pidfd.SyscallConn()
	if err != nil {
		return
	}
	_ = conn.Read(func(fd uintptr) bool {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 0)
		return n > 0 || err != nil && !errors.Is(err, unix.EINTR)
	})
}
