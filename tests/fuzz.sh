#!/usr/bin/env bash
# Builds the fuzz targets of tests/fuzz with libFuzzer and the sanitizers, runs each for some minutes
# from its corpus, and prints the executions of each and what was found. What a run has learned stays
# in build/fuzz/learned/<target>, and the next run goes on from there; inputs that failed are in
# build/fuzz/found/<target>.
set -euo pipefail
cd "$(dirname "$0")/.."
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
export LSAN_OPTIONS=suppressions=$PWD/tests/fuzz/lsan.supp:print_suppressions=0

usage() {
  cat <<'TEXT'
usage: tests/fuzz.sh [--minutes N] [--target NAME]... [--merge] [--help]

  --minutes N      how long each target runs (1)
  --target NAME    this target only; may be repeated. The names are those of tests/fuzz/corpus
  --merge          afterwards, write inputs that cover what was learned into
                   tests/fuzz/corpus/<target>, at most 100 files and 200 KB

Example: tests/fuzz.sh --minutes 10 --target mango_query
Exit codes: 0 nothing found, 1 an input failed, 2 wrong usage or no build.
TEXT
}

wrong_usage() { usage >&2; exit 2; }

minutes=1
targets=()
merge=no
while [ $# -gt 0 ]; do
  case "$1" in
    --minutes) [[ "${2:-}" =~ ^[1-9][0-9]*$ ]] || wrong_usage; minutes=$2; shift 2 ;;
    --target) [ -n "${2:-}" ] || wrong_usage; targets+=("$2"); shift 2 ;;
    --merge) merge=yes; shift ;;
    --help | -h) usage; exit 0 ;;
    *) wrong_usage ;;
  esac
done

corpus=tests/fuzz/corpus
if [ ${#targets[@]} = 0 ]; then
  for folder in "$corpus"/*/; do
    target=$(basename "$folder")
    [ "$target" = canary ] || targets+=("$target")
  done
fi
for target in "${targets[@]}"; do
  [ -d "$corpus/$target" ] || { echo "no target $target; see $corpus" >&2; exit 2; }
done

cmake --preset fuzz >/dev/null || exit 2
ninja -C build/fuzz "${targets[@]/#/fuzz_}" || exit 2

# Copies files from one folder to another, until that has 100 files or 200 KB: all of them, or every
# second, third... in the order of their sizes.
copy_some() {
  local count bytes size file step at=0
  count=$(find "$2" -type f | wc -l)
  bytes=$(find "$2" -type f -printf '%s\n' | awk '{sum += $1} END {print sum + 0}')
  step=$(($(find "$1" -type f | wc -l) / (100 - count) + 1))
  while read -r size file; do
    [ $((at++ % step)) = 0 ] || continue
    [ $((bytes += size)) -le 200000 ] || return 0
    cp "$1/$file" "$2/$file"
  done < <(find "$1" -type f -printf '%s %f\n' | sort -n)
}

# Keeps the inputs that have a name (they found something, or show a form) and replaces the others.
merge_corpus() {
  local merged=build/fuzz/merged/$1
  rm -rf "$merged"
  mkdir -p "$merged"
  "build/fuzz/fuzz_$1" -merge=1 "$merged" "$corpus/$1" "build/fuzz/learned/$1" >"build/fuzz/merged/$1.log" 2>&1
  find "$corpus/$1" -type f -regextype posix-extended -regex '.*/[0-9a-f]{40}' -delete
  copy_some "$merged" "$corpus/$1"
}

failed=0
for target in "${targets[@]}"; do
  learned=build/fuzz/learned/$target
  found=build/fuzz/found/$target
  mkdir -p "$learned" "$found"
  log=build/fuzz/found/$target.log
  status=0
  "build/fuzz/fuzz_$target" -max_total_time=$((minutes * 60)) -max_len=2048 -len_control=0 -timeout=20 \
    -rss_limit_mb=2048 -malloc_limit_mb=512 -print_final_stats=1 -artifact_prefix="$found/" \
    "$learned" "$corpus/$target" >"$log" 2>&1 || status=$?
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  if [ $status = 0 ]; then
    printf '%-20s %12s executions\n' "$target" "$executions"
  else
    failed=1
    printf '%-20s %12s executions, then an input failed:\n' "$target" "${executions:-?}"
    grep -E 'broken invariant|terminate called|what\(\)|runtime error|^SUMMARY|Test unit written' "$log" |
      sed 's/^/  /' || tail -5 "$log"
  fi
  if [ $merge = yes ]; then merge_corpus "$target"; fi
done
exit $failed
