package docker

import (
	"fmt"
	"strings"

	"github.com/containerd/errdefs"

	"github.com/heitan/heitan/runner"
	"github.com/heitan/heitan/runner/docker/cliopt"
)

// explainCreate tells a container that can never be made from one that cannot be
// made now.
func explainCreate(err error) error {
	said := err.Error()
	switch {
	case strings.Contains(said, "bind source path does not exist"):
		return &runner.SpecError{
			Reason: "the engine does not see the project's files",
			Hint:   "does it run on another machine, or heitan itself in a container? the project must be at the same path for both",
			Err:    err,
		}
	case errdefs.IsInvalidArgument(err):
		return &runner.SpecError{Field: cliopt.RunField, Reason: "the engine refuses the container", Err: err}
	}
	return err
}

// explainStart tells a container that can never be started from one that cannot
// be started now. The engine passes on what the OCI runtime says, in words only.
func explainStart(program string, err error) error {
	said := err.Error()
	contains := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(said, w) {
				return true
			}
		}
		return false
	}
	never := func(reason, hint string) error {
		return &runner.SpecError{Reason: reason, Hint: hint, Err: err}
	}
	switch {
	case contains("docker-init"):
		return never("the engine has no init for the container", "install docker-init (tini), or set docker.run_options: [--init=false]")
	case contains("port is already allocated", "address already in use"):
		return fmt.Errorf("%w (another container or program has the port: publish another one, or none)", err)
	case contains("executable file not found", "exec: ") && contains("no such file or directory", "not found"):
		return never(fmt.Sprintf("the program %q is not in the image", program), "")
	case contains("permission denied") && contains("exec"):
		return never(fmt.Sprintf("%s is not executable in the image", program), "chmod +x")
	case contains("exec format error"):
		return never(fmt.Sprintf("%s is not a program of the engine's machine", program), "is the image made for another processor? see docker.run_options: [--platform, ...]")
	case contains("could not select device driver"):
		return never("the engine does not know such devices", "GPUs need the NVIDIA Container Toolkit on its machine")
	case contains("error mounting", "invalid mount", "mkdir") && contains("read-only file system"):
		return never("the workspace cannot be mounted into a read-only image that has no such folder", "")
	case contains("unable to find user", "no matching entries in passwd", "unable to find group"):
		return never("the image has no such user or group", "see docker.user; a number needs no entry in the image")
	}
	return err
}
