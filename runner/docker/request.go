package docker

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/client"

	"github.com/heitan/heitan/runner"
	"github.com/heitan/heitan/runner/docker/cliopt"
)

// The labels that heitan puts on its containers, besides those of the spec.
const (
	LabelManaged = "heitan.managed" // "true"
	LabelToken   = "heitan.token"   // the token of the start
)

// groupSignal makes the engine's init (tini) pass signals to the process group of
// the command, so that a shell's children get SIGTERM, too.
const groupSignal = "TINI_KILL_PROCESS_GROUP=1"

// The engine's log is where heitan reads the output. Of its drivers, "local"
// keeps bytes as they are (json-file does not), and as it is never rotated the
// output is there from the first byte on until the container is removed.
const (
	logDriver  = "local"
	logMaxSize = "1024g"
)

// maxOptionFile bounds the files that run options name.
const maxOptionFile = 4 << 20

// request is what a spec asks of the engine.
type request struct {
	create client.ContainerCreateOptions
	pull   runner.PullPolicy
	notes  []string // what the user should know
}

func containerName(token string) string { return "heitan-" + token }

// newRequest checks a spec and makes a request of it. Errors are *runner.SpecError.
func newRequest(spec runner.Spec) (*request, error) {
	if err := checkSpec(spec); err != nil {
		return nil, err
	}
	options, err := cliopt.ParseRun(spec.Container.RunOptions, spec.Dir, readIn(spec.Dir))
	if err != nil {
		return nil, err
	}
	if err := addContainer(options, spec.Container); err != nil {
		return nil, err
	}
	if err := addLimits(options, spec); err != nil {
		return nil, err
	}
	addDefaults(options)

	config := options.Config
	config.Image = spec.Container.Image
	config.Cmd = spec.Command
	config.WorkingDir = spec.Dir
	if config.Env, err = runner.MergeEnv(initEnv(options), options.Config.Env, spec.Env); err != nil {
		return nil, err
	}
	config.Labels = labelsOf(options.Config.Labels, spec)
	if err := mountWorkspace(options, spec); err != nil {
		return nil, err
	}
	return &request{
		create: client.ContainerCreateOptions{
			Name:             containerName(spec.Token),
			Config:           &config,
			HostConfig:       &options.Host,
			NetworkingConfig: &options.Network,
			Platform:         options.Platform,
		},
		pull:  options.Pull,
		notes: options.Notes,
	}, nil
}

func checkSpec(spec runner.Spec) error {
	if err := runner.CheckToken(spec.Token); err != nil {
		return err
	}
	for i, arg := range spec.Command {
		if !utf8.ValidString(arg) || strings.ContainsRune(arg, 0) {
			return &runner.SpecError{Reason: fmt.Sprintf("argument %d is not UTF-8 text, as the Docker engine needs it", i)}
		}
	}
	for _, entry := range spec.Env {
		if !utf8.ValidString(entry) {
			key, _, _ := strings.Cut(entry, "=")
			return &runner.SpecError{Reason: fmt.Sprintf("the environment variable %q is not UTF-8 text, as the Docker engine needs it", key)}
		}
	}
	// The engine would make a missing folder, as root.
	if info, err := os.Stat(spec.Dir); err != nil || !info.IsDir() || !filepath.IsAbs(spec.Dir) {
		return &runner.SpecError{Reason: fmt.Sprintf("the working directory %s does not exist", spec.Dir)}
	}
	return nil
}

// addContainer adds the settings that also have options of their own.
func addContainer(options *cliopt.Run, c runner.Container) error {
	if c.User != "" {
		if options.Config.User != "" {
			return twice("docker.user", "--user")
		}
		options.Config.User = c.User
	}
	if c.Network != "" {
		if options.Host.NetworkMode != "" {
			return twice("docker.network", "--network")
		}
		options.Host.NetworkMode = container.NetworkMode(c.Network)
	}
	if c.PullPolicy != "" {
		if options.Pull != "" && options.Pull != c.PullPolicy {
			return twice("docker.pull", "--pull")
		}
		options.Pull = c.PullPolicy
	}
	for _, m := range c.Mounts {
		if !strings.Contains(m, ":") {
			return &runner.SpecError{Field: "docker.mounts", Reason: fmt.Sprintf("%q is not of the form SOURCE:TARGET[:OPTIONS]", m)}
		}
		if err := options.AddVolume(m); err != nil {
			return &runner.SpecError{Field: "docker.mounts", Reason: "a mount cannot be read", Err: err}
		}
	}
	return nil
}

func twice(field, option string) error {
	return &runner.SpecError{
		Field:  cliopt.RunField,
		Reason: fmt.Sprintf("%s says what %s says, too", option, field),
		Hint:   "keep one of them",
	}
}

func addLimits(options *cliopt.Run, spec runner.Spec) error {
	if spec.Memory > 0 {
		if options.Host.Memory != 0 {
			return twice("memory", "--memory")
		}
		options.Host.Memory = spec.Memory
		if options.Host.MemorySwap == 0 {
			options.Host.MemorySwap = spec.Memory // no swap beyond it
		}
	}
	if spec.CPU > 0 {
		if options.Host.NanoCPUs != 0 || options.Host.CPUQuota != 0 {
			return twice("cpu", "--cpus")
		}
		options.Host.NanoCPUs = int64(spec.CPU * 1e9)
	}
	return nil
}

func addDefaults(options *cliopt.Run) {
	if options.Host.LogConfig.Type == "" && options.Host.LogConfig.Config == nil {
		options.Host.LogConfig = container.LogConfig{Type: logDriver, Config: map[string]string{"max-size": logMaxSize}}
	}
	// Without an init, the command is process 1 of its container, which ignores
	// SIGTERM unless it asks for it, and nobody collects orphans.
	if options.Host.Init == nil {
		on := true
		options.Host.Init = &on
	}
}

func initEnv(options *cliopt.Run) []string {
	if *options.Host.Init {
		return []string{groupSignal}
	}
	return nil
}

func labelsOf(labels map[string]string, spec runner.Spec) map[string]string {
	all := maps.Clone(labels)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, spec.Labels)
	all[LabelManaged], all[LabelToken] = "true", spec.Token
	return all
}

// mountWorkspace mounts the workspace at its own path.
func mountWorkspace(options *cliopt.Run, spec runner.Spec) error {
	if !spec.Container.SELinux {
		options.Host.Mounts = append(options.Host.Mounts, mount.Mount{
			Type: mount.TypeBind, Source: spec.Workspace, Target: spec.Workspace,
		})
		return nil
	}
	// Only the older way of mounting knows labels.
	if strings.Contains(spec.Workspace, ":") {
		return &runner.SpecError{
			Field:  "docker.selinux",
			Reason: fmt.Sprintf("the project's path %s contains \":\", which a mount with labels cannot have", spec.Workspace),
		}
	}
	options.Host.Binds = append(options.Host.Binds, spec.Workspace+":"+spec.Workspace+":rw,Z")
	return nil
}

// readIn reads files that options name, from the task's folder.
func readIn(dir string) cliopt.ReadFile {
	return func(name string) ([]byte, error) {
		path := name
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		content, err := io.ReadAll(io.LimitReader(file, maxOptionFile+1))
		if err == nil && len(content) > maxOptionFile {
			err = errors.New("it is larger than 4 MiB")
		}
		return content, err
	}
}
