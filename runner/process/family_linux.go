package process

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// process is a process that cannot be mistaken for a later one with its id.
type process struct {
	pid   int
	start int64 // when it was started, in clock ticks since boot
}

// stat is what /proc/PID/stat tells of a living process.
type stat struct {
	member
	parent  int
	session int
	ended   bool // but was not collected by its parent
}

// members are the living processes of the family. Which they are is told by
//   - the command's session, until the command is over,
//   - the token in their environment, and the sessions of those that have it,
//   - the task's cgroup, if it has one,
//   - having been found before, and
//   - being a descendant of one of those.
func (f *family) members() ([]member, error) {
	living, err := processes()
	if err != nil {
		return nil, fmt.Errorf("list processes: %w", err)
	}
	known := f.known()
	for _, pid := range f.confine.pids() {
		if p, err := readStat(pid); err == nil {
			known[p.process] = true
		}
	}
	session := f.session()
	if now, err := readStat(session); err == nil && now.start != f.leader.start {
		session = 0 // another process has got the leader's id
	}
	mark := []byte(TokenVariable + "=" + f.token)
	ours := map[int]bool{}
	sessions := map[int]bool{}
	for _, p := range living {
		switch {
		case known[p.process] || session != 0 && p.session == session:
			ours[p.pid] = true
		case carries(p.pid, mark):
			ours[p.pid] = true
			sessions[p.session] = p.session != 0
		}
	}
	delete(sessions, ownSession())
	return descendants(living, ours, sessions), nil
}

// group is the command's process group, or 0 if it might be another's, because
// the process that it is named after was collected.
func (f *family) group() int {
	id := f.session()
	if now, err := readStat(id); err != nil || now.start != f.leader.start {
		return 0
	}
	return id
}

// descendants are the processes that are ours, in one of the sessions, or
// descend from such; parents come before their children.
func descendants(living []stat, ours, sessions map[int]bool) []member {
	children := make(map[int][]int, len(living))
	byPID := make(map[int]stat, len(living))
	var next []int
	for _, p := range living {
		children[p.parent] = append(children[p.parent], p.pid)
		byPID[p.pid] = p
		if ours[p.pid] || sessions[p.session] {
			next = append(next, p.pid)
		}
	}
	var found []member
	seen := map[int]bool{os.Getpid(): true, 1: true}
	slices.SortFunc(next, func(a, b int) int { return cmp.Or(cmp.Compare(byPID[a].start, byPID[b].start), a-b) })
	for ; len(next) > 0; next = next[1:] {
		pid := next[0]
		if seen[pid] {
			continue
		}
		seen[pid] = true
		found = append(found, byPID[pid].member)
		next = append(next, children[pid]...)
	}
	return found
}

// processes are all living processes that this one can see.
func processes() ([]stat, error) {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return nil, err
	}
	living := make([]stat, 0, len(names))
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		if p, err := readStat(pid); err == nil && !p.ended {
			living = append(living, p)
		}
	}
	return living, nil
}

// readStat reads what is known of a process, also of one that has ended.
func readStat(pid int) (stat, error) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return stat{}, err
	}
	return parseStat(pid, text)
}

// parseStat understands proc_pid_stat(5). The name, the second field, may contain
// spaces and parentheses; the rest follows its last parenthesis.
func parseStat(pid int, text []byte) (stat, error) {
	end := bytes.LastIndexByte(text, ')')
	fields := bytes.Fields(text[end+1:])
	if end < 0 || len(fields) < 20 {
		return stat{}, fmt.Errorf("process %d has an unknown stat format", pid)
	}
	parent, err1 := strconv.Atoi(string(fields[1]))
	group, err2 := strconv.Atoi(string(fields[2]))
	session, err3 := strconv.Atoi(string(fields[3]))
	start, err4 := strconv.ParseInt(string(fields[19]), 10, 64)
	return stat{
		member:  member{process{pid, start}, group},
		parent:  parent,
		session: session,
		ended:   fields[0][0] == 'Z' || fields[0][0] == 'X',
	}, errors.Join(err1, err2, err3, err4)
}

// carries reports whether the process was started with the variable in its
// environment. That of other users' processes cannot be read.
func carries(pid int, variable []byte) bool {
	environ, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/environ")
	if err != nil {
		return false
	}
	for entry := range bytes.SplitSeq(environ, []byte{0}) {
		if bytes.Equal(entry, variable) {
			return true
		}
	}
	return false
}

func ownSession() int {
	session, _ := unix.Getsid(0)
	return session
}

func (p process) alive() bool {
	now, err := readStat(p.pid)
	return err == nil && now.process == p && !now.ended
}

// signal signals the process and never another one that got its id meanwhile.
func (p process) signal(signal syscall.Signal) {
	fd, err := unix.PidfdOpen(p.pid, 0)
	if err != nil {
		if errors.Is(err, unix.ENOSYS) && p.alive() { // before Linux 5.3
			_ = unix.Kill(p.pid, signal)
		}
		return
	}
	defer func() { _ = unix.Close(fd) }()
	if p.alive() {
		_ = unix.PidfdSendSignal(fd, signal, nil, 0)
	}
}

// startTime tells a process from a later one with its id.
func startTime(pid int) (int64, error) {
	p, err := readStat(pid)
	return p.start, err
}

// survivingLeader is unknown: the token finds what is left of an earlier heitan.
func survivingLeader(handleState) leader { return leader{} }
