#!/bin/sh
# Installs what the tests use beside Go, where this machine allows it: Docker,
# PostgreSQL, Redis, Python, Ruby, Node.js, busybox (Debian and its kin, as root
# or with sudo), and the S3 server moto (pip); with the argument `emulator` also
# what scripts/limits.sh needs. What cannot be installed is said in one line; its
# tests are skipped later.
set -u

say() { echo "install: $*" >&2; }

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

missing=""
need() { # command, package
	command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}

need dockerd docker.io
need busybox busybox-static
need redis-server redis-server
need ruby ruby
need python3 python3
need npm npm
if [ "${1:-}" = emulator ]; then
	need qemu-system-x86_64 qemu-system-x86
	need cpio cpio
fi
if ! command -v initdb >/dev/null 2>&1 && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
	missing="$missing postgresql"
fi

if [ -n "$missing" ]; then
	if ! command -v apt-get >/dev/null 2>&1; then
		say "this machine has no apt-get; not installed:$missing"
	elif [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null; then
		say "neither root nor sudo without a password; not installed:$missing"
	else
		export DEBIAN_FRONTEND=noninteractive
		as_root apt-get update -qq >/dev/null 2>&1
		for package in $missing; do
			extras=""
			case "$package" in qemu-*) extras=--no-install-recommends ;; esac # no windows and sound
			as_root apt-get install -y -qq $extras "$package" >/dev/null 2>&1 || say "apt-get could not install $package"
		done
	fi
fi

if ! command -v moto_server >/dev/null 2>&1 && command -v python3 >/dev/null 2>&1; then
	python3 -m pip install --quiet --user --break-system-packages 'moto[server]==5.2.1' >/dev/null 2>&1 ||
		python3 -m pip install --quiet --user 'moto[server]==5.2.1' >/dev/null 2>&1 ||
		say "pip could not install moto"
fi
exit 0
