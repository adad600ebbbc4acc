package cliopt

import (
	"encoding/csv"
	"errors"
	"fmt"
	"strconv"
	"strings"

	units "github.com/docker/go-units"
	"github.com/moby/moby/api/types/blkiodev"
	"github.com/moby/moby/api/types/container"
)

func resourceOptions() []option[Run] {
	return []option[Run]{
		size("memory", "m", func(r *Run) *int64 { return &r.Host.Memory }),
		size("memory-reservation", "", func(r *Run) *int64 { return &r.Host.MemoryReservation }),
		swap("memory-swap", func(r *Run) *int64 { return &r.Host.MemorySwap }),
		{name: "memory-swappiness", apply: func(r *Run, value string) error {
			n, err := strconv.ParseInt(value, 10, 64)
			if err != nil || n < -1 || n > 100 {
				return fmt.Errorf("%q is not a number from 0 to 100", value)
			}
			r.Host.MemorySwappiness = &n
			return nil
		}},
		size("shm-size", "", func(r *Run) *int64 { return &r.Host.ShmSize }),
		{name: "cpus", apply: func(r *Run, value string) error {
			cores, err := strconv.ParseFloat(value, 64)
			if inRange := cores > 0 && cores <= 1e6; err != nil || !inRange { // NaN is not in range
				return fmt.Errorf("%q is not a number of cores", value)
			}
			r.Host.NanoCPUs = int64(cores * 1e9)
			return nil
		}},
		number("cpu-shares", "c", func(r *Run) *int64 { return &r.Host.CPUShares }),
		number("cpu-period", "", func(r *Run) *int64 { return &r.Host.CPUPeriod }),
		number("cpu-quota", "", func(r *Run) *int64 { return &r.Host.CPUQuota }),
		number("cpu-rt-period", "", func(r *Run) *int64 { return &r.Host.CPURealtimePeriod }),
		number("cpu-rt-runtime", "", func(r *Run) *int64 { return &r.Host.CPURealtimeRuntime }),
		text("cpuset-cpus", "", func(r *Run) *string { return &r.Host.CpusetCpus }),
		text("cpuset-mems", "", func(r *Run) *string { return &r.Host.CpusetMems }),
		text("cgroup-parent", "", func(r *Run) *string { return &r.Host.CgroupParent }),
		{name: "pids-limit", apply: func(r *Run, value string) error {
			n, err := strconv.ParseInt(value, 10, 64)
			if err != nil {
				return fmt.Errorf("%q is not a number", value)
			}
			r.Host.PidsLimit = &n
			return nil
		}},
		{name: "ulimit", apply: func(r *Run, value string) error {
			limit, err := units.ParseUlimit(value)
			r.Host.Ulimits = append(r.Host.Ulimits, limit)
			return err
		}},
		toggle("oom-kill-disable", "", func(r *Run, on bool) { r.Host.OomKillDisable = &on }),
		{name: "oom-score-adj", apply: func(r *Run, value string) error {
			n, err := strconv.Atoi(value)
			if err != nil || n < -1000 || n > 1000 {
				return fmt.Errorf("%q is not a number from -1000 to 1000", value)
			}
			r.Host.OomScoreAdj = n
			return nil
		}},
		{name: "gpus", apply: func(r *Run, value string) error {
			request, err := parseGPUs(value)
			r.Host.DeviceRequests = append(r.Host.DeviceRequests, request)
			return err
		}},
	}
}

// parseGPUs reads "all", a number, or fields such as
// count=2,capabilities=utility or "device=0,1" in quotes of its own.
func parseGPUs(value string) (container.DeviceRequest, error) {
	request := container.DeviceRequest{Capabilities: [][]string{{"gpu"}}}
	fields, err := csv.NewReader(strings.NewReader(value)).Read()
	if err != nil {
		return request, fmt.Errorf("%q cannot be read: %w", value, err)
	}
	for _, field := range fields {
		key, v, ok := strings.Cut(field, "=")
		if !ok {
			key, v = "count", field
		}
		switch key {
		case "count":
			if request.Count, err = gpuCount(v); err != nil {
				return request, err
			}
		case "device":
			request.DeviceIDs = strings.Split(v, ",")
		case "driver":
			request.Driver = v
		case "capabilities":
			request.Capabilities = [][]string{append(strings.Split(v, ","), "gpu")}
		case "options":
			for option := range strings.SplitSeq(v, ",") {
				name, setting, _ := strings.Cut(option, "=")
				put(&request.Options, name, setting)
			}
		default:
			return request, fmt.Errorf("%q is not known in %q", key, value)
		}
	}
	if request.Count != 0 && request.DeviceIDs != nil {
		return request, errors.New("a count and devices exclude each other")
	}
	if request.Count == 0 && request.DeviceIDs == nil {
		request.Count = 1
	}
	return request, nil
}

func gpuCount(value string) (int, error) {
	if value == "all" {
		return -1, nil
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%q is not a number of GPUs", value)
	}
	return n, nil
}

// blockOptions are about disks.
func blockOptions() []option[Run] {
	return []option[Run]{
		{name: "blkio-weight", apply: func(r *Run, value string) error {
			n, err := strconv.ParseUint(value, 10, 16)
			r.Host.BlkioWeight = uint16(n)
			return err
		}},
		{name: "blkio-weight-device", apply: func(r *Run, value string) error {
			path, weight, err := deviceRate(value, func(s string) (uint64, error) { return strconv.ParseUint(s, 10, 16) })
			r.Host.BlkioWeightDevice = append(r.Host.BlkioWeightDevice, &blkiodev.WeightDevice{Path: path, Weight: uint16(weight)})
			return err
		}},
		throttle("device-read-bps", bytesPerSecond, func(r *Run) *[]*blkiodev.ThrottleDevice { return &r.Host.BlkioDeviceReadBps }),
		throttle("device-write-bps", bytesPerSecond, func(r *Run) *[]*blkiodev.ThrottleDevice { return &r.Host.BlkioDeviceWriteBps }),
		throttle("device-read-iops", perSecond, func(r *Run) *[]*blkiodev.ThrottleDevice { return &r.Host.BlkioDeviceReadIOps }),
		throttle("device-write-iops", perSecond, func(r *Run) *[]*blkiodev.ThrottleDevice { return &r.Host.BlkioDeviceWriteIOps }),
	}
}

func throttle(name string, rate func(string) (uint64, error), at func(*Run) *[]*blkiodev.ThrottleDevice) option[Run] {
	return option[Run]{name: name, apply: func(r *Run, value string) error {
		path, n, err := deviceRate(value, rate)
		*at(r) = append(*at(r), &blkiodev.ThrottleDevice{Path: path, Rate: n})
		return err
	}}
}

// deviceRate reads /dev/PATH:RATE.
func deviceRate(value string, rate func(string) (uint64, error)) (string, uint64, error) {
	path, text, ok := strings.Cut(value, ":")
	if !ok || !strings.HasPrefix(path, "/dev/") {
		return "", 0, fmt.Errorf("%q is not of the form /dev/NAME:NUMBER", value)
	}
	n, err := rate(text)
	if err != nil {
		return "", 0, fmt.Errorf("%q is not of the form /dev/NAME:NUMBER", value)
	}
	return path, n, nil
}

func bytesPerSecond(text string) (uint64, error) {
	n, err := units.RAMInBytes(text)
	return uint64(max(n, 0)), err
}

func perSecond(text string) (uint64, error) { return strconv.ParseUint(text, 10, 64) }
