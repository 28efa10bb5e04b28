#!/usr/bin/env bash
# Installs what the tests need, builds, and runs them all: the unit, protocol and simulation tests under
# AddressSanitizer with UndefinedBehaviorSanitizer (Clang), with the fuzz corpora; those of them that
# have threads under ThreadSanitizer (GCC) too; all others, and the longer simulation, in the Release
# build. Each build ends with ctest's summary. In CI on a slow machine ThreadSanitizer is left out.
set -euo pipefail
cd "$(dirname "$0")/.."
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1  # A second clone finds what the first one compiled.

usage() {
  cat <<'TEXT'
usage: tests/run.sh [--release-only] [--help]

  --release-only   all of them in the Release build, without the sanitizers

Example: tests/run.sh --release-only
Exit codes: 0 all tests passed, 1 something failed, 2 wrong usage.
TEXT
}

sanitizers=yes
tsan_latest=1800  # Seconds.
case "${1:-}" in
  "") ;;
  --release-only) sanitizers=no ;;
  --help | -h) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac

step() { printf '\n== %s (%s s)\n' "$*" "$SECONDS"; }

step "packages"
deploy/install-packages.sh test
for folder in bindings/node tests/stock/node-application; do
  (cd $folder && npm ci --no-audit --no-fund --loglevel=error)
done

step "build: release"
cmake --preset release -DCCBUS_TESTS=ON -DCCBUS_BENCH=ON -DCCBUS_BRIDGE=ON >/dev/null
if [ $sanitizers = yes ]; then ninja -C build/release unsanitized; else ninja -C build/release; fi

# sanitize PRESET LABELS [WITHOUT]: builds with a sanitizer, and runs the tests with these labels.
sanitize() {
  step "build: $1"
  cmake --preset "$1" -DCCBUS_BENCH=OFF >/dev/null
  ninja -C "build/$1" sanitized
  step "tests: $1"
  ctest --test-dir "build/$1" --output-on-failure --label-regex "$2" --label-exclude "${3:-none}" \
    --exclude-regex '_NOT_BUILT' --timeout 300 -j2
}

if [ $sanitizers = yes ]; then
  sanitize asan 'unit|protocol|simulation|fuzz'
  # CI has a limit of time, and machines differ by three.
  if [ "${CI:-}" = true ] && [ $SECONDS -gt $tsan_latest ]; then
    step "tsan: left out, since $SECONDS s have passed, more than $tsan_latest; without CI=true it runs"
  else
    sanitize tsan 'unit|protocol' sequential
  fi
fi

step "tests: release"
others=()  # A program that was not built is a test of its own for ctest, without a label.
if [ $sanitizers = yes ]; then
  others=(--label-exclude '^(unit|protocol|fuzz)$' --exclude-regex '_NOT_BUILT')
fi
ctest --test-dir build/release --output-on-failure --timeout 600 -j2 "${others[@]}"
