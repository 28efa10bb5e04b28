#!/usr/bin/env bash
# Installs the Debian packages that ccbus needs: `run` to start the binaries, `run-bridge` to start
# ccbus-bridge as well, `build` to compile them, `bridge` to compile ccbus-bridge besides, `test` to run all tests as well; `node` to start
# chaincode for Node.js, `npm` to install it.
# Needs root (or sudo) only if a package is missing. docs/dependencies.md says why each is needed.
#
# Example: deploy/install-packages.sh build
set -euo pipefail

run=(libarchive13 libcpp-httplib0.11 libgnutls30 libicu72 libmicrohttpd12 libprometheus-cpp-core1.0 libprotobuf32 librdkafka1 libre2-9 librocksdb7.8
  libspdlog1.10 libssl3 libsystemd0 libyaml-cpp0.7 libzmq5)
run_bridge=(libgrpc++1.51)
build=(build-essential ca-certificates ccache cmake libarchive-dev libboost-context-dev libcli11-dev libcpp-httplib-dev libexpected-dev libicu-dev
  libgnutls28-dev libmicrohttpd-dev libprotobuf-dev librdkafka-dev libre2-dev librocksdb-dev libspdlog-dev libssl-dev libsystemd-dev libxxhash-dev libyaml-cpp-dev
  libzmq3-dev cppzmq-dev ninja-build nlohmann-json3-dev pkg-config prometheus-cpp-dev
  protobuf-compiler robin-map-dev)
bridge=(libgrpc++-dev)
test=(catch2 clang-14 clang-format-14 curl debootstrap e2fsprogs faketime fish git iproute2 jq
  libclang-rt-14-dev libexpat1-dev locales openssl prometheus python3 python3-protobuf python3-zmq valgrind zsh)

# The stock Go modules need Go 1.23. Debian 12 has 1.19, and its backports have 1.23.
has_go() {
  command -v go >/dev/null && printf 'go1.23\n%s\n' "$(go env GOVERSION)" | sort -V -C
}

# The stock Java packages need Java 11, and our programs on them 17.
has_java() {
  command -v javac >/dev/null && [ "$(javac -version 2>&1 | sed 's/^javac \([0-9]*\).*/\1/')" -ge 17 ]
}

wanted=()
backports=()
case "${1:-}" in  # A program that was installed in another way is good enough.
  run) wanted=("${run[@]}") ;;
  run-bridge) wanted=("${run[@]}" "${run_bridge[@]}") ;;
  node) command -v node >/dev/null || wanted=(nodejs) ;;
  npm) command -v npm >/dev/null || wanted=(nodejs npm) ;;
  build) wanted=("${build[@]}") ;;
  bridge) wanted=("${build[@]}" "${bridge[@]}") ;;
  test)
    wanted=("${build[@]}" "${bridge[@]}" "${test[@]}")
    { command -v node && command -v npm; } >/dev/null || wanted+=(nodejs npm)
    command -v dockerd >/dev/null || wanted+=(docker.io)  # Debian's package would replace another engine.
    docker compose version >/dev/null 2>&1 || command -v docker-compose >/dev/null ||
      wanted+=(docker-compose)
    has_go || backports=(golang-go)
    has_java || wanted+=(openjdk-17-jdk-headless)
    command -v mvn >/dev/null || wanted+=(maven)
    ;;
  *) echo "usage: deploy/install-packages.sh run|run-bridge|build|bridge|test|node|npm" >&2; exit 2 ;;
esac
missing=()
for package in "${wanted[@]}"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ $((${#missing[@]} + ${#backports[@]})) -eq 0 ] && exit 0

root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    echo "packages are missing: as root, run apt-get install ${missing[*]} ${backports[*]}" >&2
    exit 1
  }
  root=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# From where the other packages come.
add_backports() {
  local uri
  uri=$(apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' 'Codename: bookworm' 'Component: main' | head -1)
  [ -n "$uri" ] || { echo "apt has no source of Debian 12"; return 1; }
  echo "deb $uri bookworm-backports main" | "${root[@]}" tee /etc/apt/sources.list.d/bookworm-backports.list
}

install() {
  "${root[@]}" apt-get update || return
  if [ ${#missing[@]} -gt 0 ]; then
    "${root[@]}" apt-get install -y --no-install-recommends "${missing[@]}" || return
  fi
  if [ ${#backports[@]} -gt 0 ]; then
    add_backports && "${root[@]}" apt-get update &&
      "${root[@]}" apt-get install -y --no-install-recommends -t bookworm-backports "${backports[@]}"
  fi
}

if ! install >"$log" 2>&1; then
  tail -5 "$log" >&2
  echo "cannot install ${missing[*]} ${backports[*]}: check the network and apt's sources, then run this again" >&2
  exit 1
fi
