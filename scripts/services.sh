#!/bin/sh
# Runs a command with the services that the tests use:
#
#   scripts/services.sh go test ./...
#
# It starts PostgreSQL, Redis, an S3 server and the Docker engine, each if the
# machine has it and it is not named in the environment already, on free loopback
# ports, tells the command by HEITAN_TEST_* where they listen, and ends them after
# the command. What does not start is said in one line.
set -u

[ $# -gt 0 ] || { echo "usage: scripts/services.sh COMMAND [ARGUMENT ...]" >&2; exit 2; }

work=$(mktemp -d)
chmod 755 "$work"
pids=""

say() { echo "services: $*" >&2; }

finish() {
	status=$?
	trap - EXIT INT TERM
	[ -z "${postgres_stop:-}" ] || $postgres_stop >/dev/null 2>&1
	for pid in $pids; do kill "$pid" 2>/dev/null; done
	for pid in $pids; do wait "$pid" 2>/dev/null; done
	rm -rf "$work"
	exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# free_port prints a loopback port that nothing listens on.
free_port() {
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])' 2>/dev/null ||
		echo $((20000 + $$ % 20000))
}

# eventually runs a command until it succeeds, for at most 30 seconds.
eventually() {
	tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ "$tries" -lt 300 ] || return 1
		sleep 0.1
	done
}

start_postgres() {
	PATH="$PATH:$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)"
	command -v initdb >/dev/null 2>&1 || { say "no PostgreSQL on this machine"; return; }
	dir="$work/postgres"
	mkdir "$dir"
	user=""
	if [ "$(id -u)" = 0 ]; then # PostgreSQL refuses to run as root
		user="runuser -u postgres --"
		chown postgres "$dir"
	fi
	port=$(free_port)
	(
		cd "$dir" &&
			$user initdb -D "$dir/data" -U test -A trust -E UTF8 --locale=C >"$work/initdb.log" 2>&1 &&
			$user pg_ctl -D "$dir/data" -l "$dir/log" -w -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$dir -c fsync=off -c max_connections=200" start >"$work/pg_ctl.log" 2>&1
	) || { say "PostgreSQL did not start: $(tail -n 1 "$work/initdb.log" "$work/pg_ctl.log" 2>/dev/null | tr '\n' ' ')"; return; }
	postgres_stop="$user $(command -v pg_ctl) -D $dir/data -m immediate stop"
	export HEITAN_TEST_POSTGRES="postgres://test@127.0.0.1:$port/postgres?sslmode=disable"
}

start_redis() {
	command -v redis-server >/dev/null 2>&1 || { say "no Redis on this machine"; return; }
	port=$(free_port)
	redis-server --bind 127.0.0.1 --port "$port" --save '' --dir "$work" >"$work/redis.log" 2>&1 &
	pids="$pids $!"
	eventually redis-cli -h 127.0.0.1 -p "$port" ping || { say "Redis did not start: $(tail -n 1 "$work/redis.log")"; return; }
	export HEITAN_TEST_REDIS="127.0.0.1:$port"
}

start_s3() {
	PATH="$PATH:$HOME/.local/bin"
	command -v moto_server >/dev/null 2>&1 || { say "no moto_server on this machine, so no S3"; return; }
	port=$(free_port)
	moto_server -H 127.0.0.1 -p "$port" >"$work/moto.log" 2>&1 &
	pids="$pids $!"
	eventually python3 -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:$port/moto-api/', timeout=1)" ||
		{ say "moto_server did not start: $(tail -n 1 "$work/moto.log")"; return; }
	export HEITAN_TEST_S3="http://127.0.0.1:$port"
}

start_docker() {
	if docker info >/dev/null 2>&1; then
		export HEITAN_TEST_DOCKER="${DOCKER_HOST:-unix:///var/run/docker.sock}"
		return
	fi
	command -v dockerd >/dev/null 2>&1 || { say "no Docker engine on this machine"; return; }
	[ "$(id -u)" = 0 ] || { say "the Docker engine is not running, and only root can start it"; return; }
	dockerd >"$work/dockerd.log" 2>&1 &
	pids="$pids $!"
	eventually docker info || { say "the Docker engine did not start: $(tail -n 1 "$work/dockerd.log")"; return; }
	export HEITAN_TEST_DOCKER="unix:///var/run/docker.sock"
}

[ -n "${HEITAN_TEST_POSTGRES:-}" ] || start_postgres
[ -n "${HEITAN_TEST_REDIS:-}" ] || start_redis
[ -n "${HEITAN_TEST_S3:-}" ] || start_s3
[ -n "${HEITAN_TEST_DOCKER:-}" ] || start_docker

"$@"
