package cliopt

import (
	"fmt"
	"slices"
	"strings"

	units "github.com/docker/go-units"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// BuildField is what users call the options of "docker build".
const BuildField = "docker.build_options"

// Build is what the options of "docker build" say.
type Build struct {
	Options client.ImageBuildOptions
	Notes   []string // what the user should know
}

func (b *Build) note(text string) {
	if !slices.Contains(b.Notes, text) {
		b.Notes = append(b.Notes, text)
	}
}

// ParseBuild reads options of "docker build". Errors are *runner.SpecError.
func ParseBuild(args []string) (*Build, error) {
	build := &Build{}
	return build, parse(buildSyntax(), build, args)
}

func buildSyntax() syntax[Build] {
	const (
		buildKit = "it needs BuildKit; heitan builds by the engine's classic builder"
		ours     = "heitan writes the Dockerfile, from docker.image and docker.build"
	)
	of := func(b *Build) *client.ImageBuildOptions { return &b.Options }
	return syntax[Build]{
		field:   BuildField,
		command: "docker build",
		options: []option[Build]{
			{name: "build-arg", apply: func(b *Build, value string) error {
				name, v, ok := strings.Cut(value, "=")
				if !ok {
					b.note(BuildField + ": the argument " + name + " has no value: heitan does not pass on its own environment")
					return nil
				}
				if of(b).BuildArgs == nil {
					of(b).BuildArgs = map[string]*string{}
				}
				of(b).BuildArgs[name] = &v
				return nil
			}},
			pairs("label", "", func(b *Build) *map[string]string { return &of(b).Labels }),
			toggle("no-cache", "", func(b *Build, on bool) { of(b).NoCache = on }),
			toggle("pull", "", func(b *Build, on bool) { of(b).PullParent = on }),
			toggle("force-rm", "", func(b *Build, on bool) { of(b).ForceRemove = on }),
			toggle("squash", "", func(b *Build, on bool) { of(b).Squash = on }),
			text("network", "", func(b *Build) *string { return &of(b).NetworkMode }),
			text("cgroup-parent", "", func(b *Build) *string { return &of(b).CgroupParent }),
			text("cpuset-cpus", "", func(b *Build) *string { return &of(b).CPUSetCPUs }),
			text("cpuset-mems", "", func(b *Build) *string { return &of(b).CPUSetMems }),
			text("isolation", "", func(b *Build) *container.Isolation { return &of(b).Isolation }),
			number("cpu-shares", "c", func(b *Build) *int64 { return &of(b).CPUShares }),
			number("cpu-period", "", func(b *Build) *int64 { return &of(b).CPUPeriod }),
			number("cpu-quota", "", func(b *Build) *int64 { return &of(b).CPUQuota }),
			size("memory", "m", func(b *Build) *int64 { return &of(b).Memory }),
			swap("memory-swap", func(b *Build) *int64 { return &of(b).MemorySwap }),
			size("shm-size", "", func(b *Build) *int64 { return &of(b).ShmSize }),
			list("add-host", "", func(b *Build) *[]string { return &of(b).ExtraHosts }),
			list("security-opt", "", func(b *Build) *[]string { return &of(b).SecurityOpt }),
			list("cache-from", "", func(b *Build) *[]string { return &of(b).CacheFrom }),
			{name: "ulimit", apply: func(b *Build, value string) error {
				limit, err := units.ParseUlimit(value)
				of(b).Ulimits = append(of(b).Ulimits, limit)
				return err
			}},
			{name: "platform", apply: func(b *Build, value string) error {
				platform, err := parsePlatform(value)
				if err != nil {
					return fmt.Errorf("platform: %w", err)
				}
				of(b).Platforms = []ocispec.Platform{*platform}
				return nil
			}},
		},
		ignored: []idle{
			{name: "rm", flag: true},
			{name: "quiet", short: "q", flag: true},
			{name: "progress"},
			{name: "compress", flag: true},
			{name: "disable-content-trust", flag: true},
			{name: "load", flag: true},
			{name: "debug", short: "D", flag: true},
		},
		noted: []idle{
			{name: "iidfile", why: "heitan keeps the id itself"},
			{name: "metadata-file", why: "heitan keeps the id itself"},
		},
		refused: []idle{
			{name: "tag", short: "t", why: "heitan names the image, so that it finds it again"},
			{name: "file", short: "f", why: ours},
			{name: "target", why: ours},
			{name: "secret", why: buildKit},
			{name: "ssh", why: buildKit},
			{name: "output", short: "o", why: buildKit},
			{name: "cache-to", why: buildKit},
			{name: "push", flag: true, why: buildKit},
			{name: "attest", why: buildKit},
			{name: "provenance", why: buildKit},
			{name: "sbom", why: buildKit},
			{name: "builder", why: buildKit},
			{name: "build-context", why: buildKit},
			{name: "allow", why: buildKit},
			{name: "annotation", why: buildKit},
			{name: "no-cache-filter", why: buildKit},
		},
	}
}
