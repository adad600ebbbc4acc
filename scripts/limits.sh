#!/bin/sh
# Proves the limits of CPU and memory of processes, for which the kernel must hand
# heitan a control group of version 2 with its controllers: boots Debian's kernel
# in an emulator, with heitan and busybox as all there is, and runs workflows there.
# What is missing is said in one line; with HEITAN_TEST_REQUIRE that is a failure.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root="$work/root"

missing() {
	echo "limits: not shown: $*" >&2
	[ -z "${HEITAN_TEST_REQUIRE:-}" ] || exit 1
	exit 0
}

for program in qemu-system-x86_64 busybox cpio; do
	command -v "$program" >/dev/null 2>&1 || missing "no $program on this machine"
done
[ "$(uname -m)" = x86_64 ] || missing "the emulator is set up for x86_64"

newest_kernel() {
	apt-cache depends linux-image-cloud-amd64 2>/dev/null | sed -n 's/.*Depends: *//p' | head -n 1
}

# Prints the path of a kernel: that of this machine, or that of Debian's package.
kernel() {
	for image in /boot/vmlinuz-*; do
		[ ! -r "$image" ] || { echo "$image"; return; }
	done
	package=$(newest_kernel)
	if [ -z "$package" ]; then
		apt-get update -qq >/dev/null 2>&1 || return 1
		package=$(newest_kernel)
	fi
	[ -n "$package" ] || return 1
	(cd "$work" && apt-get download -qq "$package" >/dev/null 2>&1 && dpkg -x "$package"_*.deb image) || return 1
	ls "$work"/image/boot/vmlinuz-*
}
image=$(kernel) || missing "no Linux kernel to boot"

mkdir -p "$root/bin" "$root/proc" "$root/sys" "$root/dev" "$root/tmp" "$root/work"
CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$root/bin/heitan" ./cmd/heitan
cp "$(command -v busybox)" "$root/bin/busybox"

cat >"$root/work/memory.dig" <<'DIG'
+fits:
  sh>: exec dd if=/dev/zero of=/dev/null bs=8M count=1
  memory: 64 MB
+too_large:
  sh>: exec dd if=/dev/zero of=/dev/null bs=96M count=1
  memory: 32 MB
DIG
cat >"$root/work/cpu.dig" <<'DIG'
+quarter:
  cpu: 0.25
  sh>: |
    i=0; while [ $i -lt 60000 ]; do i=$((i + 1)); done
    group=/sys/fs/cgroup$(cut -d: -f3 /proc/self/cgroup)
    echo "allowed: $(cat $group/cpu.max)"
    sed -n 's/^nr_throttled/throttled:/p' $group/cpu.stat
DIG
cat >"$root/init" <<'INIT'
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin HOME=/tmp
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mount -t tmpfs tmp /tmp
mount -t cgroup2 none /sys/fs/cgroup
echo "+cpu +memory" >/sys/fs/cgroup/cgroup.subtree_control
cd /work
for workflow in memory cpu; do
	# A control group of its own, as a service manager gives to a service.
	mkdir /sys/fs/cgroup/$workflow
	sh -c "echo \$\$ >/sys/fs/cgroup/$workflow/cgroup.procs; exec heitan run $workflow.dig --no-save" 2>&1 | cat
done
poweroff -f
INIT
chmod +x "$root/init"
(cd "$root" && find . | cpio -o -H newc 2>/dev/null | gzip -1) >"$work/initrd"

echo "limits: booting $(basename "$image")" >&2
timeout 300 qemu-system-x86_64 -m 1024 -smp 2 -nographic -no-reboot -kernel "$image" -initrd "$work/initrd" \
	-append "console=ttyS0 quiet panic=-1" </dev/null >"$work/log" 2>&1 || true

status=0
shows() { # what, pattern
	if grep -Eq "$2" "$work/log"; then
		echo "ok: $1"
	else
		echo "not ok: $1"
		status=1
	fi
}
shows "a task within its memory limit succeeds" 'error: 1 task of 2 failed'
shows "a task that needs more is ended, and told its limit and its peak" '137: it used more memory than it may: limit 32 MB, peak [0-9.]+ MB'
shows "a task gets the CPU time that it may have" 'allowed: 25000 100000'
shows "a task that wants more is held back" 'throttled: [1-9]'
[ "$status" = 0 ] || cat "$work/log"
exit "$status"
