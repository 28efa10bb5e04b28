#!/usr/bin/env bash
# Builds Release and measures, one program for each question, all of them in turns for several
# rounds; ends with the table of aims. docs/performance.md explains the figures.
set -euo pipefail
cd "$(dirname "$0")/../.."
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1  # So that a second tree reuses the first one's objects.

usage() {
  cat <<'TEXT'
usage: tests/bench/run.sh [--rounds N] [--only QUESTION]... [--against COMMIT] [--quick] [--json]
                          [--built-in DIR]

  --rounds N       how often each program runs (5)
  --only QUESTION  this program alone; may be given several times
  --against COMMIT build that commit's ccbusd under build/against too, and measure sdk, handler
                   and invoke with both in turns, by the same drivers
  --quick          one round, little of everything: shows that it works, not how fast it is
  --json           one JSON object in place of the tables
  --built-in DIR   take the programs from this build; build nothing

Questions: sdk handler allocations dealers dealer_memory start invoke instructions range write_batch
get_multiple rich_query block_commit conflict signed curve bridge.
Progress goes to stderr. A program from which other machines took more than 0.06 of a processor
runs again, at most twice.

Example: tests/bench/run.sh --rounds 3 --only handler --only invoke
Exit codes: 0 measured, every count and value right, whatever became of the aims; 1 something
failed; 2 wrong usage.
TEXT
}

wrong_usage() {
  echo "run.sh: $1" >&2
  usage >&2
  exit 2
}

all_questions=(sdk handler allocations dealers dealer_memory start invoke instructions range write_batch
  get_multiple rich_query block_commit conflict signed curve bridge)
lost_max=0.06
runs_again_max=2

build=""
against=""
rounds=5
questions=()
options=()
report=()
while [ $# -gt 0 ]; do
  case "$1" in
    --rounds) rounds="${2:-}"; shift
      [[ "$rounds" =~ ^[1-9][0-9]?$ ]] || wrong_usage "--rounds '$rounds': a number from 1 to 99" ;;
    --only) questions+=("${2:-}"); shift
      [[ " ${all_questions[*]} " == *" ${questions[-1]} "* ]] ||
        wrong_usage "--only '${questions[-1]}': not one of ${all_questions[*]}" ;;
    --against) against=$(git rev-parse --verify --quiet --short "${2:-}^{commit}") ||
        wrong_usage "--against '${2:-}': no commit"
      shift ;;
    --quick) options+=(--quick); rounds=1; runs_again_max=0 ;;
    --json) report+=(--json) ;;
    --built-in) build="${2:-}"; shift
      [ -f "$build/CMakeCache.txt" ] || wrong_usage "--built-in '$build': no build is there" ;;
    --help | -h) usage; exit 0 ;;
    *) wrong_usage "'$1' is not known" ;;
  esac
  shift
done
[ ${#questions[@]} -gt 0 ] || questions=("${all_questions[@]}")

if [ -z "$build" ]; then
  build=build/bench
  if pkg-config --exists grpc++; then bridge=ON; else bridge=OFF; fi
  cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCCBUS_BRIDGE=$bridge >&2
  ninja -C "$build" bench >&2
fi
answers=$build/bench-answers.jsonl

if [ -n "$against" ]; then
  other=$PWD/build/against/$against
  mkdir -p "$other/source"
  git archive "$against" | tar -x -C "$other/source"
  export CCACHE_BASEDIR=$other/source
  cmake -S "$other/source" -B "$other/build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCCBUS_TESTS=OFF -DCCBUS_BENCH=OFF >&2
  ninja -C "$other/build" ccbusd >&2
fi

say_where_and_what() {
  local commit processor build_type
  commit=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
  git diff --quiet HEAD -- service proto bindings tests 2>/dev/null || commit+=" and local changes"
  processor=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -1)
  build_type=$(sed -n 's/^CMAKE_BUILD_TYPE:[^=]*=//p' "$build/CMakeCache.txt")
  printf '{"about":{"commit":"%s","cpu":"%s","cores":%s,"build_type":"%s","rounds":%s}}\n' \
    "$commit" "$processor" "$(nproc)" "$build_type" "$rounds"
}

# The processor time of the machine since its start, in ticks: in all, and given to other machines.
ticks() {
  awk '$1 == "cpu" { print $2 + $3 + $4 + $5 + $6 + $7 + $8 + $9, $9 }' /proc/stat
}

# Runs the program of one question once; sets `answer`, and `lost` to the part of one processor that
# other machines took meanwhile. A program that fails does not affect the answers of the others.
run_once() {
  local before after
  before=$(ticks)
  if ! answer=$("$build/bench_$1" --json "${options[@]}"); then
    echo "  $1 failed" >&2
    answer='{"not_measured":"the program failed"}'
    exit_code=1
  fi
  after=$(ticks)
  lost=$(awk -v cores="$(nproc)" '{ all = $3 - $1; printf "%.3f", all ? ($4 - $2) / all * cores : 0 }' \
    <<<"$before $after")
}

# The same, and again if other machines took too much.
run_undisturbed() {
  local again
  for ((again = 0; again <= runs_again_max; ++again)); do
    run_once "$1"
    awk "BEGIN { exit !($lost > $lost_max) }" || return 0
    if [ $again -lt $runs_again_max ]; then
      echo "  $1 lost $lost of a processor to other machines: once more" >&2
    fi
  done
  [ $runs_again_max -eq 0 ] || echo "  $1 lost $lost of a processor again: taken as it is" >&2
}

# Asks one question and keeps the answer; for the commit of `against` if it is given.
ask() {
  local question=$1 of=${2:-}
  echo "round $round of $rounds: $question${of:+ of $of} ($SECONDS s)" >&2
  if [ -n "$of" ]; then
    CCBUSD=$other/build/ccbusd run_undisturbed "$question"
  else
    run_undisturbed "$question"
  fi
  printf '{"question":"%s","against":"%s","lost":%s,"answer":%s}\n' \
    "$question" "$of" "$lost" "$answer" >>"$answers"
}

exit_code=0
say_where_and_what >"$answers"
for ((round = 1; round <= rounds; ++round)); do
  for question in "${questions[@]}"; do
    ask "$question"
    if [ -n "$against" ] && [[ $question =~ ^(sdk|handler|invoke)$ ]]; then ask "$question" "$against"; fi
  done
done
tests/bench/aims.py "${report[@]}" "$answers"
exit $exit_code
