package cliopt

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/moby/moby/api/types/mount"
)

func mountOptions() []option[Run] {
	return []option[Run]{
		{name: "volume", short: "v", apply: (*Run).AddVolume},
		{name: "mount", apply: func(r *Run, value string) error {
			m, err := parseMount(value, r.dir)
			r.Host.Mounts = append(r.Host.Mounts, m)
			return err
		}},
		{name: "tmpfs", apply: func(r *Run, value string) error {
			target, options, _ := strings.Cut(value, ":")
			if !path.IsAbs(target) {
				return fmt.Errorf("%q is not an absolute path", target)
			}
			put(&r.Host.Tmpfs, target, options)
			return nil
		}},
		text("volume-driver", "", func(r *Run) *string { return &r.Host.VolumeDriver }),
		list("volumes-from", "", func(r *Run) *[]string { return &r.Host.VolumesFrom }),
	}
}

// AddVolume reads [SOURCE:]TARGET[:OPTIONS], the value of --volume. A source that
// begins with "." is a folder below the task's; one without "/" is a volume's name.
func (r *Run) AddVolume(value string) error {
	parts := strings.Split(value, ":")
	if len(parts) > 3 {
		return fmt.Errorf("%q has more than three parts", value)
	}
	target := parts[min(1, len(parts)-1)]
	if !path.IsAbs(target) {
		return fmt.Errorf("%q is not an absolute path in the container", target)
	}
	if len(parts) == 1 {
		if r.Config.Volumes == nil {
			r.Config.Volumes = map[string]struct{}{}
		}
		r.Config.Volumes[target] = struct{}{}
		return nil
	}
	switch source := parts[0]; {
	case source == "":
		return fmt.Errorf("%q has an empty source", value)
	case strings.HasPrefix(source, "~"):
		return errors.New("\"~\" is not replaced by a home folder; write the path")
	case strings.HasPrefix(source, "."):
		parts[0] = filepath.Join(r.dir, source)
	}
	r.Host.Binds = append(r.Host.Binds, strings.Join(parts, ":"))
	return nil
}

// parseMount reads type=...,source=...,target=... and so on. Its type is volume
// unless said otherwise.
func parseMount(value, dir string) (mount.Mount, error) {
	m := mount.Mount{Type: mount.TypeVolume}
	fields, err := csv.NewReader(strings.NewReader(value)).Read()
	if err != nil {
		return m, fmt.Errorf("%q cannot be read: %w", value, err)
	}
	for _, field := range fields {
		key, v, hasValue := strings.Cut(field, "=")
		if err := mountField(&m, strings.ToLower(key), v, hasValue); err != nil {
			return m, err
		}
	}
	if m.Target == "" {
		return m, errors.New("the target is missing")
	}
	if m.Type == mount.TypeBind && strings.HasPrefix(m.Source, ".") {
		m.Source = filepath.Join(dir, m.Source)
	}
	return m, nil
}

func mountField(m *mount.Mount, key, value string, hasValue bool) (err error) {
	on := true
	switch key {
	case "readonly", "ro", "volume-nocopy", "bind-nonrecursive", "bind-create-src":
		if hasValue {
			if on, err = strconv.ParseBool(value); err != nil {
				return fmt.Errorf("%s is %q, neither true nor false", key, value)
			}
		}
	default:
		if !hasValue {
			return fmt.Errorf("%q has no value", key)
		}
	}
	switch key {
	case "type":
		m.Type = mount.Type(strings.ToLower(value))
	case "source", "src":
		m.Source = value
	case "target", "dst", "destination":
		m.Target = value
	case "readonly", "ro":
		m.ReadOnly = on
	case "consistency":
		m.Consistency = mount.Consistency(strings.ToLower(value))
	case "bind-propagation":
		at(&m.BindOptions).Propagation = mount.Propagation(strings.ToLower(value))
	case "bind-nonrecursive":
		at(&m.BindOptions).NonRecursive = on
	case "bind-create-src":
		at(&m.BindOptions).CreateMountpoint = on
	case "bind-recursive":
		return bindRecursive(at(&m.BindOptions), value)
	case "volume-nocopy":
		at(&m.VolumeOptions).NoCopy = on
	case "volume-subpath":
		at(&m.VolumeOptions).Subpath = value
	case "volume-label":
		name, v, _ := strings.Cut(value, "=")
		put(&at(&m.VolumeOptions).Labels, name, v)
	case "volume-driver":
		at(&at(&m.VolumeOptions).DriverConfig).Name = value
	case "volume-opt":
		name, v, _ := strings.Cut(value, "=")
		put(&at(&at(&m.VolumeOptions).DriverConfig).Options, name, v)
	case "image-subpath":
		at(&m.ImageOptions).Subpath = value
	case "tmpfs-size":
		at(&m.TmpfsOptions).SizeBytes, err = parseSize(value)
	case "tmpfs-mode":
		var mode uint64
		mode, err = strconv.ParseUint(value, 8, 32)
		at(&m.TmpfsOptions).Mode = fs.FileMode(mode)
	default:
		err = fmt.Errorf("%q is not known about a mount", key)
	}
	return err
}

// at is what a pointer points to, made if need be.
func at[T any](p **T) *T {
	if *p == nil {
		*p = new(T)
	}
	return *p
}

func bindRecursive(options *mount.BindOptions, value string) error {
	switch value {
	case "enabled":
	case "disabled":
		options.NonRecursive = true
	case "writable":
		options.ReadOnlyNonRecursive = true
	case "readonly":
		options.ReadOnlyForceRecursive = true
	default:
		return fmt.Errorf("bind-recursive is %q, not enabled, disabled, writable or readonly", value)
	}
	return nil
}
