package cgroup

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ownGroup is where heitan itself lives beside its tasks.
const ownGroup = "heitan"

// taskPrefix begins the names of the groups that hold tasks.
const taskPrefix = "task-"

// controllers are what a group needs to limit and to measure.
func controllers() []string { return []string{"cpu", "memory"} }

// UnavailableError says why tasks cannot be put into groups, and what to do.
type UnavailableError struct {
	Reason, Hint string
	Err          error // may be nil
}

func (e *UnavailableError) Error() string {
	if e.Err != nil {
		return e.Reason + ": " + e.Err.Error()
	}
	return e.Reason
}

// Unwrap is the cause.
func (e *UnavailableError) Unwrap() error { return e.Err }

const delegateHint = "run heitan as a systemd service with Delegate=yes, or use the docker runner"

// Find prepares the group that the calling process lives in for groups of tasks
// below it. It reads self and mountinfo, which are /proc/self/cgroup and
// /proc/self/mountinfo. Where that is not possible it returns an
// *UnavailableError and changes nothing.
func Find(self, mountinfo string, pid int) (*Tree, error) {
	path, err := pathOf(self)
	if err != nil {
		return nil, err
	}
	root, err := mountOf(mountinfo)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(root, path)
	if filepath.Base(path) == ownGroup {
		dir = filepath.Dir(dir) // another runner of this process was first
	}
	return prepare(At(dir), pid)
}

func prepare(tree *Tree, pid int) (*Tree, error) {
	if err := tree.delegate(pid); err != nil {
		return nil, err
	}
	tree.sweep()
	return tree, nil
}

// pathOf reads the version 2 line of /proc/self/cgroup, "0::/path".
func pathOf(self string) (string, error) {
	text, err := os.ReadFile(self)
	if err != nil {
		return "", &UnavailableError{Reason: "this system has no control groups", Hint: "use the docker runner", Err: err}
	}
	for line := range strings.Lines(string(text)) {
		if path, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "0::"); ok {
			return path, nil
		}
	}
	return "", &UnavailableError{
		Reason: "this machine uses control groups of version 1",
		Hint:   "boot it with systemd.unified_cgroup_hierarchy=1, or use the docker runner",
	}
}

// mountOf finds the mount point of the version 2 hierarchy. See proc_pid_mountinfo(5):
// the file system's type follows the field "-", the mount point is the fifth.
func mountOf(mountinfo string) (string, error) {
	file, err := os.Open(mountinfo)
	if err != nil {
		return "", &UnavailableError{Reason: "the mounts cannot be read", Hint: "use the docker runner", Err: err}
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		separator := slices.Index(fields, "-")
		if separator < 5 || separator+1 >= len(fields) || fields[separator+1] != "cgroup2" {
			continue
		}
		return unescape(fields[4]), nil
	}
	return "", &UnavailableError{
		Reason: "control groups of version 2 are not mounted",
		Hint:   "mount -t cgroup2 none /sys/fs/cgroup, or use the docker runner",
		Err:    lines.Err(),
	}
}

// unescape undoes the octal escapes of white space in mountinfo.
func unescape(field string) string {
	return strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`).Replace(field)
}

// delegate makes sure that groups below dir get the controllers.
func (t *Tree) delegate(pid int) error {
	available, err := t.words("cgroup.controllers")
	if err != nil {
		return &UnavailableError{Reason: "the control group of heitan cannot be read", Hint: delegateHint, Err: err}
	}
	for _, c := range controllers() {
		if !slices.Contains(available, c) {
			return &UnavailableError{
				Reason: fmt.Sprintf("the control group of heitan (%s) has no %s controller", t.dir, c),
				Hint:   "use control groups of version 2 alone (systemd.unified_cgroup_hierarchy=1) and " + delegateHint,
			}
		}
	}
	if t.enabled() {
		return nil
	}
	if err := t.moveOut(pid); err != nil {
		return err
	}
	if err := t.write("cgroup.subtree_control", "+"+strings.Join(controllers(), " +")); err != nil {
		return &UnavailableError{Reason: "the control group of heitan must not be divided", Hint: delegateHint, Err: err}
	}
	return nil
}

// enabled reports whether groups below have the controllers already.
func (t *Tree) enabled() bool {
	enabled, err := t.words("cgroup.subtree_control")
	return err == nil && !slices.ContainsFunc(controllers(), func(c string) bool { return !slices.Contains(enabled, c) })
}

// moveOut moves the process pid, if it is alone in dir, into a group below. It
// moves nobody else's.
func (t *Tree) moveOut(pid int) error {
	there, err := t.words("cgroup.procs")
	if err != nil {
		return &UnavailableError{Reason: "the control group of heitan cannot be read", Hint: delegateHint, Err: err}
	}
	if len(there) == 0 {
		return nil
	}
	own := fmt.Sprint(pid)
	if len(there) > 1 || there[0] != own {
		return &UnavailableError{
			Reason: fmt.Sprintf("heitan shares its control group (%s) with other processes", t.dir),
			Hint:   delegateHint,
		}
	}
	if err := t.mkdir(filepath.Join(t.dir, ownGroup), 0o755); err != nil && !errors.Is(err, os.ErrExist) {
		return &UnavailableError{Reason: "no control group can be made", Hint: delegateHint, Err: err}
	}
	if err := t.write(filepath.Join(ownGroup, "cgroup.procs"), own); err != nil {
		return &UnavailableError{Reason: "heitan cannot be moved into a control group of its own", Hint: delegateHint, Err: err}
	}
	return nil
}
