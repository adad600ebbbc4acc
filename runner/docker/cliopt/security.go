package cliopt

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"github.com/moby/moby/api/types/container"
)

func securityOptions() []option[Run] {
	return []option[Run]{
		list("cap-add", "", func(r *Run) *[]string { return &r.Host.CapAdd }),
		list("cap-drop", "", func(r *Run) *[]string { return &r.Host.CapDrop }),
		list("group-add", "", func(r *Run) *[]string { return &r.Host.GroupAdd }),
		list("device-cgroup-rule", "", func(r *Run) *[]string { return &r.Host.DeviceCgroupRules }),
		pairs("sysctl", "", func(r *Run) *map[string]string { return &r.Host.Sysctls }),
		pairs("storage-opt", "", func(r *Run) *map[string]string { return &r.Host.StorageOpt }),
		text("ipc", "", func(r *Run) *container.IpcMode { return &r.Host.IpcMode }),
		text("pid", "", func(r *Run) *container.PidMode { return &r.Host.PidMode }),
		text("userns", "", func(r *Run) *container.UsernsMode { return &r.Host.UsernsMode }),
		text("uts", "", func(r *Run) *container.UTSMode { return &r.Host.UTSMode }),
		text("cgroupns", "", func(r *Run) *container.CgroupnsMode { return &r.Host.CgroupnsMode }),
		toggle("privileged", "", func(r *Run, on bool) { r.Host.Privileged = on }),
		toggle("read-only", "", func(r *Run, on bool) { r.Host.ReadonlyRootfs = on }),
		{name: "device", apply: (*Run).addDevice},
		{name: "security-opt", apply: (*Run).addSecurity},
	}
}

// addDevice reads SOURCE[:TARGET][:PERMISSIONS], or VENDOR/CLASS=NAME of the
// Container Device Interface.
func (r *Run) addDevice(value string) error {
	if !strings.HasPrefix(value, "/") && strings.Contains(value, "=") {
		r.Host.DeviceRequests = append(r.Host.DeviceRequests, container.DeviceRequest{Driver: "cdi", DeviceIDs: []string{value}})
		return nil
	}
	parts := strings.Split(value, ":")
	device := container.DeviceMapping{PathOnHost: parts[0], PathInContainer: parts[0], CgroupPermissions: "rwm"}
	rest := parts[1:]
	if len(rest) > 0 && path.IsAbs(rest[0]) {
		device.PathInContainer, rest = rest[0], rest[1:]
	}
	if len(rest) > 0 && rest[0] != "" && strings.Trim(rest[0], "rwm") == "" {
		device.CgroupPermissions, rest = rest[0], rest[1:]
	}
	if len(rest) > 0 || !path.IsAbs(device.PathOnHost) {
		return fmt.Errorf("%q is not of the form SOURCE[:TARGET][:rwm]", value)
	}
	r.Host.Devices = append(r.Host.Devices, device)
	return nil
}

// addSecurity passes on the option. The docker command reads the file of a seccomp
// profile and gives the engine its content, and has a word for paths.
func (r *Run) addSecurity(value string) error {
	if value == "systempaths=unconfined" {
		r.Host.MaskedPaths, r.Host.ReadonlyPaths = []string{}, []string{}
		return nil
	}
	profile, ok := strings.CutPrefix(strings.Replace(value, ":", "=", 1), "seccomp=")
	if ok && profile != "unconfined" && profile != "builtin" {
		content, err := r.readFile(profile)
		if err != nil {
			return err
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, content); err != nil {
			return fmt.Errorf("%s is not a seccomp profile: %w", profile, err)
		}
		value = "seccomp=" + compact.String()
	}
	r.Host.SecurityOpt = append(r.Host.SecurityOpt, value)
	return nil
}
