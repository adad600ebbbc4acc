package cliopt

import (
	"errors"
	"slices"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/heitan/heitan/runner"
)

// RunField is what users call the options of "docker run".
const RunField = "docker.run_options"

// Run is what the options of "docker run" say.
type Run struct {
	Config   container.Config
	Host     container.HostConfig
	Network  network.NetworkingConfig
	Platform *ocispec.Platform
	Pull     runner.PullPolicy // "" if not said
	Notes    []string          // what the user should know

	endpoint network.EndpointSettings // of the first network
	readFile ReadFile
	dir      string
}

// ReadFile reads a file that an option names, relative to the task's folder. It
// bounds what it reads.
type ReadFile func(name string) ([]byte, error)

// ParseRun reads options of "docker run". Relative paths in them are meant from
// dir. Errors are *runner.SpecError.
func ParseRun(args []string, dir string, readFile ReadFile) (*Run, error) {
	run := &Run{dir: dir, readFile: readFile}
	if err := parse(runSyntax(), run, args); err != nil {
		return nil, err
	}
	return run, run.joinNetworks()
}

func (r *Run) note(text string) {
	if !slices.Contains(r.Notes, text) {
		r.Notes = append(r.Notes, text)
	}
}

func runSyntax() syntax[Run] {
	const (
		health  = "heitan does not look at the health of a task's container"
		windows = "it is for Windows containers only"
	)
	return syntax[Run]{
		field:   RunField,
		command: "docker run",
		options: slices.Concat(
			processOptions(), environmentOptions(), resourceOptions(), blockOptions(),
			networkOptions(), mountOptions(), securityOptions(), imageOptions(),
		),
		ignored: []idle{
			{name: "attach", short: "a"},
			{name: "detach-keys"},
			{name: "interactive", short: "i", flag: true},
			{name: "sig-proxy", flag: true},
			{name: "rm", flag: true},
			{name: "quiet", short: "q", flag: true},
			{name: "disable-content-trust", flag: true},
		},
		noted: []idle{
			{name: "workdir", short: "w", why: "the task's _workdir decides, as in Digdag"},
			{name: "cidfile", why: "heitan keeps the id itself"},
			{name: "stop-timeout", why: "the task's stop_grace decides"},
			{name: "health-cmd", why: health},
			{name: "health-interval", why: health},
			{name: "health-retries", why: health},
			{name: "health-start-period", why: health},
			{name: "health-start-interval", why: health},
			{name: "health-timeout", why: health},
		},
		refused: []idle{
			{name: "detach", short: "d", flag: true, why: "the task would end before its command; heitan waits for the container itself"},
			{name: "name", why: "heitan names the containers, so that it finds them again after a crash"},
			{name: "restart", why: "heitan starts a failed task again, see _retry"},
			{name: "kernel-memory", why: "Docker does not limit kernel memory any more"},
			{name: "use-api-socket", flag: true, why: "it would give the task all rights over the engine"},
			{name: "cpu-count", why: windows},
			{name: "cpu-percent", why: windows},
			{name: "io-maxbandwidth", why: windows},
			{name: "io-maxiops", why: windows},
		},
	}
}

// processOptions are about the process itself.
func processOptions() []option[Run] {
	return []option[Run]{
		{name: "entrypoint", apply: func(r *Run, value string) error {
			r.Config.Entrypoint = []string{value} // "" takes the image's away
			return nil
		}},
		text("user", "u", func(r *Run) *string { return &r.Config.User }),
		text("hostname", "h", func(r *Run) *string { return &r.Config.Hostname }),
		text("domainname", "", func(r *Run) *string { return &r.Config.Domainname }),
		text("stop-signal", "", func(r *Run) *string { return &r.Config.StopSignal }),
		text("runtime", "", func(r *Run) *string { return &r.Host.Runtime }),
		text("isolation", "", func(r *Run) *container.Isolation { return &r.Host.Isolation }),
		toggle("tty", "t", func(r *Run, on bool) { r.Config.Tty = on }),
		toggle("init", "", func(r *Run, on bool) { r.Host.Init = &on }),
		toggle("no-healthcheck", "", func(r *Run, on bool) {
			r.Config.Healthcheck = nil
			if on {
				r.Config.Healthcheck = &container.HealthConfig{Test: []string{"NONE"}}
			}
		}),
		{name: "log-driver", apply: func(r *Run, value string) error {
			if value == "none" {
				return errors.New("heitan reads the output from the engine's log, and the driver \"none\" keeps nothing")
			}
			r.Host.LogConfig.Type = value
			return nil
		}},
		pairs("log-opt", "", func(r *Run) *map[string]string { return &r.Host.LogConfig.Config }),
	}
}

// imageOptions are about the image.
func imageOptions() []option[Run] {
	return []option[Run]{
		{name: "platform", apply: func(r *Run, value string) (err error) {
			r.Platform, err = parsePlatform(value)
			return err
		}},
		{name: "pull", apply: func(r *Run, value string) error {
			switch policy := runner.PullPolicy(value); policy {
			case runner.PullAlways, runner.PullMissing, runner.PullNever:
				r.Pull = policy
				return nil
			}
			return errors.New("it is always, missing or never")
		}},
	}
}
