#!/usr/bin/env bash
# Builds ccbusd and runs it under load for some minutes while one thing after the other goes wrong:
# chaincodes come and go, clients do not read, garbage, silent crowds, snapshots and resets, a full
# disk (as root), kills. Prints commits, latency, memory, descriptors and threads of each phase.
set -euo pipefail
cd "$(dirname "$0")/.."
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1

usage() {
  cat <<'TEXT'
usage: tests/soak.sh [--minutes N] [--seed N] [--help]

  --minutes N      how long (5)
  --seed N         for what is random (1)

Example: tests/soak.sh --minutes 30
Exit codes: 0 nothing was lost and all came back, 1 something was or did not, 2 wrong usage or no
build.
TEXT
}

wrong_usage() { usage >&2; exit 2; }

minutes=5
seed=1
while [ $# -gt 0 ]; do
  case "$1" in
    --minutes) [[ "${2:-}" =~ ^[1-9][0-9]*$ ]] || wrong_usage; minutes=$2; shift 2 ;;
    --seed) [[ "${2:-}" =~ ^[0-9]+$ ]] || wrong_usage; seed=$2; shift 2 ;;
    --help | -h) usage; exit 0 ;;
    *) wrong_usage ;;
  esac
done

cmake --preset release -DCCBUS_TESTS=ON >/dev/null || exit 2
ninja -C build/release soak || exit 2
exec build/release/soak --seconds $((minutes * 60)) --seed "$seed"
