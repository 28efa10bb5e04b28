# Sourced by tests that need a container engine: one that runs, or one of the test's own.
# Afterwards compose_command is docker-compose in one of its two shapes.

engine_pid=
own_bridge=
compose_command=()

skip() { printf 'skipped: no container engine: %s\n' "$*" >&2; exit 77; }

# start_engine DIR: an own engine keeps everything below DIR.
start_engine() {
  local directory=$1
  deploy/install-packages.sh test || skip "the packages cannot be installed"
  if docker compose version >/dev/null 2>&1; then
    compose_command=(docker compose)
  elif command -v docker-compose >/dev/null; then
    compose_command=(docker-compose)
  else
    skip "neither 'docker compose' nor docker-compose is there"
  fi
  if docker info >/dev/null 2>&1; then
    echo "the engine that runs: $(docker version -f '{{.Server.Version}}'), ${compose_command[*]}"
    return
  fi
  [ "$(id -u)" -eq 0 ] || skip "none runs, and only root can start one"
  command -v dockerd >/dev/null || skip "none runs, and there is no dockerd"
  export DOCKER_HOST=unix://$directory/docker.sock
  ip link show docker0 >/dev/null 2>&1 || own_bridge=docker0
  dockerd --data-root "$directory/data" --exec-root "$directory/exec" --pidfile "$directory/pid" \
    --host "$DOCKER_HOST" >"$directory/dockerd.log" 2>&1 &
  engine_pid=$!
  local deadline=$((SECONDS + 60))
  until docker info >/dev/null 2>&1; do
    kill -0 $engine_pid 2>/dev/null && [ $SECONDS -lt $deadline ] || skip "$(tail -1 "$directory/dockerd.log")"
    sleep 0.2
  done
  echo "an engine of the test's own: $(docker version -f '{{.Server.Version}}'), ${compose_command[*]}"
}

# base_image DIR: prints the name of a Debian 12. Where none can be pulled it is made of packages, with
# this machine's own way to the archive and to npm's registry.
base_image() {
  local directory=$1
  if docker image inspect debian:12-slim >/dev/null 2>&1 || docker pull debian:12-slim >/dev/null 2>&1; then
    echo debian:12-slim
    return
  fi
  local root=$directory/root certificates=/etc/ssl/certs/ca-certificates.crt
  debootstrap --variant=minbase --include=ca-certificates bookworm "$root" http://deb.debian.org/debian \
    >"$directory/debootstrap.log" 2>&1 || {
    tail -3 "$directory/debootstrap.log" >&2
    skip "no image of Debian 12 can be pulled, and none can be made"
  }
  apt-config dump | grep -E '^Acquire::(Check|http|https)' >"$root/etc/apt/apt.conf.d/90host" || true
  cp "$certificates" "$root$certificates"
  rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale}/*
  tar -C "$root" -c . | docker import --change "ENV npm_config_cafile=$certificates" \
    --change 'CMD ["bash"]' - ccbus-test-base:$$ >/dev/null
  rm -rf "$root"
  echo ccbus-test-base:$$
}

# Two ports that nobody listens on.
free_ports() {
  python3 -c '
import socket
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print(*(s.getsockname()[1] for s in sockets))'
}

# stop_engine DIR IMAGE...: removes the images from an engine that goes on; or stops the test's own, and
# takes back what it did to this machine's network.
stop_engine() {
  local directory=$1
  shift
  if [ -z "$engine_pid" ]; then
    docker image rm --force "$@" ccbus-test-base:$$ >/dev/null 2>&1 || true
    return
  fi
  kill "$engine_pid" 2>/dev/null || true
  wait "$engine_pid" 2>/dev/null || true
  umount "$directory"/exec/netns/* 2>/dev/null || true  # It leaves the namespace of --network host.
  [ -n "$own_bridge" ] || return 0
  ip link delete "$own_bridge" 2>/dev/null || true
  # Its rules are those that name it; what others have changed meanwhile stays.
  iptables-save | grep -vi docker | iptables-restore || true
}
