package docker

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/heitan/heitan/runner"
	"github.com/heitan/heitan/runner/internal/shebang"
)

// defaultPath is searched when neither image nor spec has a PATH.
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// maxSeen bounds how many programs are remembered.
const maxSeen = 10_000

// programs remembers which programs are in which images.
type programs struct {
	mu   sync.Mutex
	seen map[[3]string]bool // image id, PATH, program
}

func (p *programs) has(key [3]string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen[key]
}

func (p *programs) add(key [3]string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.seen == nil || len(p.seen) >= maxSeen {
		p.seen = map[[3]string]bool{}
	}
	p.seen[key] = true
}

// checkProgram looks whether the container's program can be run before it is
// started. The engine itself does so only for a container without an init: with
// one, the init is what it runs, and a missing program is exit code 127.
func (r *Runner) checkProgram(ctx context.Context, spec runner.Spec, c container.InspectResponse) error {
	if c.HostConfig == nil || c.HostConfig.Init == nil || !*c.HostConfig.Init || c.Path == "" {
		return nil
	}
	program := c.Path
	if strings.Contains(program, "/") {
		file := program
		if !path.IsAbs(file) {
			file = path.Join(c.Config.WorkingDir, file)
		}
		if below(spec.Workspace, file) {
			return r.checkOwnProgram(ctx, program, file, c)
		}
		return r.checkFiles(ctx, program, "", []string{file}, c)
	}
	search := searchPath(c.Config.Env)
	var files []string
	for folder := range strings.SplitSeq(search, ":") {
		if path.IsAbs(folder) {
			files = append(files, path.Join(folder, program))
		}
	}
	return r.checkFiles(ctx, program, search, files, c)
}

// checkOwnProgram looks at a program in the workspace, whose interpreter has to be
// in the image.
func (r *Runner) checkOwnProgram(ctx context.Context, name, file string, c container.InspectResponse) error {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return &runner.SpecError{Reason: fmt.Sprintf("the program %s does not exist", name)}
	case info.IsDir():
		return &runner.SpecError{Reason: name + " is a directory, not a program"}
	case info.Mode()&0o111 == 0:
		return &runner.SpecError{Reason: name + " is not executable", Hint: "chmod +x " + name}
	}
	interpreter := shebang.Interpreter(file)
	if !path.IsAbs(interpreter) || below(filepath.Dir(file), interpreter) {
		return nil
	}
	if err := r.checkFiles(ctx, interpreter, "", []string{interpreter}, c); err != nil {
		return &runner.SpecError{Reason: "the interpreter of " + name + " cannot be run", Hint: "see its first line", Err: err}
	}
	return nil
}

// checkFiles makes sure that one of the files is in the container and executable.
// If the engine cannot tell, the start will.
func (r *Runner) checkFiles(ctx context.Context, program, search string, files []string, c container.InspectResponse) error {
	key := [3]string{c.Image, search, program}
	if r.programs.has(key) {
		return nil
	}
	missing := &runner.SpecError{Reason: fmt.Sprintf("the program %q is not in the image %s", program, c.Config.Image)}
	if search != "" {
		missing.Hint = "PATH is " + search
	}
	for _, file := range files {
		found, err := ask(ctx, r.engine, "look for "+file, func(ctx context.Context, cl *client.Client) (client.ContainerStatPathResult, error) {
			return cl.ContainerStatPath(ctx, c.ID, client.ContainerStatPathOptions{Path: file})
		})
		switch {
		case errdefs.IsNotFound(err):
			continue
		case err != nil:
			return nil //nolint:nilerr // see above
		case found.Stat.Mode.IsDir():
			missing = &runner.SpecError{Reason: file + " is a directory in the image, not a program"}
			continue
		case found.Stat.Mode.IsRegular() && found.Stat.Mode&fs.FileMode(0o111) == 0:
			missing = &runner.SpecError{Reason: file + " is not executable in the image"}
			continue
		}
		r.programs.add(key)
		return nil
	}
	return missing
}

func searchPath(env []string) string {
	for _, entry := range slices.Backward(env) {
		if value, ok := strings.CutPrefix(entry, "PATH="); ok {
			return value
		}
	}
	return defaultPath
}

// below reports whether a path is in a folder.
func below(folder, file string) bool {
	rel, err := filepath.Rel(folder, file)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, "../")
}
