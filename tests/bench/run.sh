#!/usr/bin/env bash
# Builds Release and measures, one program for each question. docs/performance.md says what the
# figures mean.
set -euo pipefail
cd "$(dirname "$0")/../.."

usage() {
  cat <<'TEXT'
usage: tests/bench/run.sh [--quick] [--json] [--built-in DIR]

  --quick          a few seconds: shows that everything works, not how fast it is
  --json           one JSON object in place of the tables
  --built-in DIR   take the programs from this build; build nothing

Example: tests/bench/run.sh
Exit codes: 0 measured, every count and value right; 1 something failed; 2 wrong usage.
TEXT
}

build=""
json=no
options=()
while [ $# -gt 0 ]; do
  case "$1" in
    --quick) options+=(--quick) ;;
    --json) json=yes; options+=(--json) ;;
    --built-in) build="${2:?--built-in needs a directory}"; shift ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

if [ -z "$build" ]; then
  build=build/bench
  cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release >&2
  ninja -C "$build" bench >&2
fi

commit=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
git diff --quiet HEAD -- service proto bindings tests 2>/dev/null || commit+=" and local changes"
processor=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -1)
cores=$(nproc)
build_type=$(sed -n 's/^CMAKE_BUILD_TYPE:[^=]*=//p' "$build/CMakeCache.txt")

questions=(handler allocations dealers start invoke instructions range write_batch get_multiple
  rich_query block_commit conflict)
if [ $json = yes ]; then
  printf '{"commit":"%s","cpu":"%s","cores":%s,"build_type":"%s"' \
    "$commit" "$processor" "$cores" "$build_type"
  for question in "${questions[@]}"; do
    answer=$("$build/bench_$question" "${options[@]}")
    printf ',"%s":%s' "$question" "$answer"
  done
  printf '}\n'
else
  printf 'commit %s, %s, %s cores, %s\n' "$commit" "$processor" "$cores" "$build_type"
  for question in "${questions[@]}"; do
    "$build/bench_$question" "${options[@]}"
  done
fi
