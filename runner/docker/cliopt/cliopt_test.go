package cliopt

import (
	"errors"
	"io/fs"
	"net/netip"
	"strings"
	"testing"

	units "github.com/docker/go-units"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/moby/moby/api/types/blkiodev"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/api/types/network"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/heitan/heitan/runner"
)

var sameRun = []cmp.Option{
	cmpopts.IgnoreUnexported(Run{}),
	cmpopts.EquateEmpty(),
	cmp.AllowUnexported(network.Port{}),
	cmp.Comparer(func(a, b netip.Addr) bool { return a == b }),
	cmp.Comparer(func(a, b network.Port) bool { return a == b }),
}

func files(name string) ([]byte, error) {
	content, ok := map[string]string{
		"vars.env":  "\ufeff# comment\n\nA=1\r\n  B= two words \nC\nD=\n",
		"bad.env":   "A=1\nnot ok=2\n",
		"labels":    "team=batch\nempty\n",
		"seccomp":   "{ \"a\": [1, 2] }\n",
		"no-json":   "{",
		"no-utf8":   "A=\xff\n",
		"path/file": "",
	}[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return []byte(content), nil
}

func port(text string) network.Port { return network.MustParsePort(text) }

func TestRunOptions(t *testing.T) {
	t.Parallel()
	cases := []struct {
		args string // separated by spaces
		want Run
	}{
		{"", Run{}},
		{"-e A=1 --env B=x=y -eC=", Run{Config: container.Config{Env: []string{"A=1", "B=x=y", "C="}}}},
		{"-e HOME", Run{Notes: []string{"docker.run_options: the variable HOME has no value: heitan does not pass on its own environment; use _env"}}},
		{"--env-file vars.env", Run{
			Config: container.Config{Env: []string{"A=1", "B= two words ", "D="}},
			Notes:  []string{"docker.run_options: the variable C has no value: heitan does not pass on its own environment; use _env"},
		}},
		{"-l a=b --label c --label-file labels", Run{Config: container.Config{Labels: map[string]string{"a": "b", "c": "", "team": "batch", "empty": ""}}}},
		{"-u 1000:1000 -h box --domainname d --entrypoint /x --stop-signal SIGINT -t --init=false --runtime runsc", Run{
			Config: container.Config{User: "1000:1000", Hostname: "box", Domainname: "d", Entrypoint: []string{"/x"}, StopSignal: "SIGINT", Tty: true},
			Host:   container.HostConfig{Init: new(false), Runtime: "runsc"},
		}},
		{"-m 512m --memory-reservation=1g --memory-swap -1 --shm-size 64m --memory-swappiness 0 --oom-kill-disable --oom-score-adj -5", Run{Host: container.HostConfig{
			ShmSize: 64 << 20, OomScoreAdj: -5,
			Resources: container.Resources{
				Memory: 512 << 20, MemoryReservation: 1 << 30, MemorySwap: -1, MemorySwappiness: new(int64(0)), OomKillDisable: new(true),
			},
		}}},
		{"--cpus 1.5 -c 512 --cpu-period 1 --cpu-quota 2 --cpuset-cpus 0-1 --cpuset-mems 0 --pids-limit 100 --ulimit nofile=10:20", Run{Host: container.HostConfig{
			Resources: container.Resources{
				NanoCPUs: 1_500_000_000, CPUShares: 512, CPUPeriod: 1, CPUQuota: 2, CpusetCpus: "0-1", CpusetMems: "0", PidsLimit: new(int64(100)),
				Ulimits: []*units.Ulimit{{Name: "nofile", Soft: 10, Hard: 20}},
			},
		}}},
		{"--blkio-weight 10 --blkio-weight-device /dev/sda:20 --device-read-bps /dev/sda:1m --device-write-iops /dev/sdb:7", Run{Host: container.HostConfig{
			Resources: container.Resources{
				BlkioWeight:          10,
				BlkioWeightDevice:    []*blkiodev.WeightDevice{{Path: "/dev/sda", Weight: 20}},
				BlkioDeviceReadBps:   []*blkiodev.ThrottleDevice{{Path: "/dev/sda", Rate: 1 << 20}},
				BlkioDeviceWriteIOps: []*blkiodev.ThrottleDevice{{Path: "/dev/sdb", Rate: 7}},
			},
		}}},
		{"--gpus all", gpus(container.DeviceRequest{Count: -1, Capabilities: [][]string{{"gpu"}}})},
		{"--gpus 2", gpus(container.DeviceRequest{Count: 2, Capabilities: [][]string{{"gpu"}}})},
		{"--gpus \"device=0,1\",\"capabilities=utility,compute\",driver=nvidia", gpus(container.DeviceRequest{
			Driver: "nvidia", DeviceIDs: []string{"0", "1"}, Capabilities: [][]string{{"utility", "compute", "gpu"}},
		})},
		{"--network host --add-host a:1.2.3.4 --add-host=b=::1 --dns 8.8.8.8 --dns-opt x --dns-search y --link db:d", Run{Host: container.HostConfig{
			NetworkMode: "host", ExtraHosts: []string{"a:1.2.3.4", "b:::1"}, DNS: []netip.Addr{netip.MustParseAddr("8.8.8.8")},
			DNSOptions: []string{"x"}, DNSSearch: []string{"y"}, Links: []string{"db:d"},
		}}},
		{"--net mine --network-alias web --ip 10.0.0.9", Run{
			Host: container.HostConfig{NetworkMode: "mine"},
			Network: network.NetworkingConfig{EndpointsConfig: map[string]*network.EndpointSettings{
				"mine": {Aliases: []string{"web"}, IPAMConfig: &network.EndpointIPAMConfig{IPv4Address: netip.MustParseAddr("10.0.0.9")}},
			}},
		}},
		{"--network name=mine,alias=a,alias=b,driver-opt=x=y --network other", Run{
			Host: container.HostConfig{NetworkMode: "mine"},
			Network: network.NetworkingConfig{EndpointsConfig: map[string]*network.EndpointSettings{
				"mine": {Aliases: []string{"a", "b"}, DriverOpts: map[string]string{"x": "y"}}, "other": {},
			}},
		}},
		{"-p 80 -p 8080:81/udp -p 127.0.0.1::82 --expose 9000-9001 -P", Run{
			Config: container.Config{ExposedPorts: network.PortSet{
				port("80"): {}, port("81/udp"): {}, port("82"): {}, port("9000"): {}, port("9001"): {},
			}},
			Host: container.HostConfig{PublishAllPorts: true, PortBindings: network.PortMap{
				port("80"): {{}}, port("81/udp"): {{HostPort: "8080"}}, port("82"): {{HostIP: netip.MustParseAddr("127.0.0.1")}},
			}},
		}},
		{"-v /a:/b:ro -v ./c:/d -v name:/e -v /f --volumes-from x --volume-driver nfs --tmpfs /g:size=1m --tmpfs /h", Run{
			Config: container.Config{Volumes: map[string]struct{}{"/f": {}}},
			Host: container.HostConfig{
				Binds: []string{"/a:/b:ro", "/work/c:/d", "name:/e"}, VolumesFrom: []string{"x"}, VolumeDriver: "nfs",
				Tmpfs: map[string]string{"/g": "size=1m", "/h": ""},
			},
		}},
		{"--mount type=bind,src=./a,dst=/b,ro,bind-propagation=rslave --mount source=v,target=/c,volume-opt=o=addr=x,volume-nocopy=false", Run{
			Host: container.HostConfig{Mounts: []mount.Mount{
				{Type: mount.TypeBind, Source: "/work/a", Target: "/b", ReadOnly: true, BindOptions: &mount.BindOptions{Propagation: "rslave"}},
				{Type: mount.TypeVolume, Source: "v", Target: "/c", VolumeOptions: &mount.VolumeOptions{DriverConfig: &mount.Driver{Options: map[string]string{"o": "addr=x"}}}},
			}},
		}},
		{"--mount type=tmpfs,target=/t,tmpfs-size=1m,tmpfs-mode=1777", Run{Host: container.HostConfig{Mounts: []mount.Mount{
			{Type: mount.TypeTmpfs, Target: "/t", TmpfsOptions: &mount.TmpfsOptions{SizeBytes: 1 << 20, Mode: 0o1777}},
		}}}},
		{"--cap-add NET_ADMIN --cap-drop ALL --privileged --read-only --group-add 5 --ipc host --pid host --userns host --uts host --cgroupns private", Run{Host: container.HostConfig{
			CapAdd: []string{"NET_ADMIN"}, CapDrop: []string{"ALL"}, Privileged: true, ReadonlyRootfs: true, GroupAdd: []string{"5"},
			IpcMode: "host", PidMode: "host", UsernsMode: "host", UTSMode: "host", CgroupnsMode: "private",
		}}},
		{"--device /dev/fuse --device /dev/a:/dev/b:r --device /dev/c:rw --device vendor.com/class=x", Run{Host: container.HostConfig{Resources: container.Resources{
			Devices: []container.DeviceMapping{
				{PathOnHost: "/dev/fuse", PathInContainer: "/dev/fuse", CgroupPermissions: "rwm"},
				{PathOnHost: "/dev/a", PathInContainer: "/dev/b", CgroupPermissions: "r"},
				{PathOnHost: "/dev/c", PathInContainer: "/dev/c", CgroupPermissions: "rw"},
			},
			DeviceRequests: []container.DeviceRequest{{Driver: "cdi", DeviceIDs: []string{"vendor.com/class=x"}}},
		}}}},
		{"--security-opt no-new-privileges --security-opt seccomp=seccomp --security-opt seccomp=unconfined --sysctl net.x=1 --storage-opt size=1g", Run{Host: container.HostConfig{
			SecurityOpt: []string{"no-new-privileges", `seccomp={"a":[1,2]}`, "seccomp=unconfined"},
			Sysctls:     map[string]string{"net.x": "1"}, StorageOpt: map[string]string{"size": "1g"},
		}}},
		{"--log-driver awslogs --log-opt awslogs-group=g --annotation a=b", Run{Host: container.HostConfig{
			LogConfig: container.LogConfig{Type: "awslogs", Config: map[string]string{"awslogs-group": "g"}}, Annotations: map[string]string{"a": "b"},
		}}},
		{"--platform linux/arm/v7 --pull never", Run{Platform: &ocispec.Platform{OS: "linux", Architecture: "arm", Variant: "v7"}, Pull: runner.PullNever}},
		{"--rm -i -a stdout --sig-proxy=false -it", Run{Config: container.Config{Tty: true}}},
		{"-w /app --workdir=/b", Run{Notes: []string{"docker.run_options: --workdir has no effect: the task's _workdir decides, as in Digdag"}}},
		{"--no-healthcheck", Run{Config: container.Config{Healthcheck: &container.HealthConfig{Test: []string{"NONE"}}}}},
	}
	for _, c := range cases {
		t.Run(c.args, func(t *testing.T) {
			t.Parallel()
			got, err := ParseRun(strings.Fields(c.args), "/work", files)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&c.want, got, sameRun...); diff != "" {
				t.Errorf("run (-want +got):\n%s", diff)
			}
		})
	}
}

func gpus(request container.DeviceRequest) Run {
	return Run{Host: container.HostConfig{Resources: container.Resources{DeviceRequests: []container.DeviceRequest{request}}}}
}

func TestRefusedRunOptionsAreExplained(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"--memroy 1g":                        "did you mean `--memory`",
		"-Z":                                 "-Z is not an option",
		"--name x":                           "heitan names the containers",
		"-d":                                 "would end before its command",
		"--detach=true":                      "would end before its command",
		"--restart always":                   "_retry",
		"--memory":                           "--memory needs a value",
		"--memory lots":                      "not an amount of memory",
		"--cpus x":                           "not a number of cores",
		"--cpus NaN":                         "not a number of cores",
		"--privileged=perhaps":               "neither true nor false",
		"busybox":                            "\"busybox\" is not an option",
		"-e A=1 busybox sh":                  "\"busybox\" is not an option",
		"--env-file missing.env":             "missing.env",
		"--env-file bad.env":                 "bad.env:2",
		"--env-file no-utf8":                 "no-utf8:1 is not UTF-8",
		"-e =x":                              "name of a variable",
		"--log-driver none":                  "keeps nothing",
		"-v relative":                        "not an absolute path",
		"-v ~/x:/y":                          "home folder",
		"-v a:b:c:d":                         "three parts",
		"-v :/x":                             "empty source",
		"--mount type=bind,src=/a":           "target is missing",
		"--mount type=bind,dst=/a,colour=no": "\"colour\" is not known",
		"--mount ro=maybe,dst=/a":            "neither true nor false",
		"--device fuse":                      "SOURCE",
		"--device /dev/a:/dev/b:xyz":         "SOURCE",
		"--gpus none":                        "not a number of GPUs",
		"--gpus count=1,device=0":            "exclude each other",
		"--security-opt seccomp=no-json":     "not a seccomp profile",
		"--security-opt seccomp=gone":        "gone",
		"--ip 10.0.0.1":                      "network of one's own",
		"--network host --network-alias a":   "network of one's own",
		"--ip ten":                           "not an IP address",
		"--network alias=a":                  "names no network",
		"--dns google":                       "not an IP address",
		"--add-host x":                       "NAME:ADDRESS",
		"-p x":                               "--publish",
		"--expose 0x":                        "--expose",
		"--ulimit nofile":                    "--ulimit",
		"--platform a/b/c/d":                 "not a platform",
		"--pull sometimes":                   "always, missing or never",
		"--blkio-weight-device /dev/a":       "/dev/NAME:NUMBER",
		"--sysctl =1":                        "no name",
		"--tmpfs here":                       "not an absolute path",
		"--cpu-count 3":                      "Windows",
	}
	for args, mention := range cases {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			_, err := ParseRun(strings.Fields(args), "/work", files)
			wrong, ok := errors.AsType[*runner.SpecError](err)
			if !ok {
				t.Fatalf("got %v", err)
			}
			if wrong.Field != RunField || !strings.Contains(wrong.Error()+" "+wrong.Hint, mention) {
				t.Errorf("got %q with the hint %q, want %q", wrong, wrong.Hint, mention)
			}
		})
	}
}

func TestBuildOptions(t *testing.T) {
	t.Parallel()
	args := "--build-arg A=1 --build-arg=B= --build-arg C --no-cache --network host -m 1g --label x=y --add-host a:1 --rm -q --platform linux/arm64 --cache-from i"
	got, err := ParseBuild(strings.Fields(args))
	if err != nil {
		t.Fatal(err)
	}
	o := got.Options
	if *o.BuildArgs["A"] != "1" || *o.BuildArgs["B"] != "" || o.BuildArgs["C"] != nil || len(got.Notes) != 1 {
		t.Errorf("got the arguments %v and notes %q", o.BuildArgs, got.Notes)
	}
	if !o.NoCache || o.NetworkMode != "host" || o.Memory != 1<<30 || o.Labels["x"] != "y" ||
		o.ExtraHosts[0] != "a:1" || o.Platforms[0].Architecture != "arm64" || o.CacheFrom[0] != "i" {
		t.Errorf("got %+v", o)
	}
	for args, mention := range map[string]string{
		"-t x": "names the image", "-f x": "writes the Dockerfile", "--secret id=a": "BuildKit", "--no-cach": "--no-cache", ".": "not an option",
	} {
		_, err := ParseBuild(strings.Fields(args))
		wrong, ok := errors.AsType[*runner.SpecError](err)
		if !ok || wrong.Field != BuildField || !strings.Contains(wrong.Error()+wrong.Hint, mention) {
			t.Errorf("%s: got %v", args, err)
		}
	}
}

func FuzzParseRun(f *testing.F) {
	for _, seed := range []string{
		"-e\nA=1", "--mount\ntype=bind,src=/a,dst=/b", "-p\n1-2:3-4", "--gpus\n\"device=1,2\"", "--network\nname=a,ip=1.2.3.4",
		"--device\n/dev/a:b:c", "-vabc", "--expose\n1-65535/udp", "--security-opt\nseccomp=seccomp", "-it\n--\nx", "--env-file\nvars.env",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, args string) {
		_, err := ParseRun(strings.Split(args, "\n"), "/work", files)
		if _, ok := errors.AsType[*runner.SpecError](err); err != nil && !ok {
			t.Errorf("got %T: %v", err, err)
		}
	})
}
