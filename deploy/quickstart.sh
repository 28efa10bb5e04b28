#!/usr/bin/env bash
# Builds ccbus and runs a real chaincode on it: a service on an embedded ledger, the C++ sample
# chaincode, real transactions, and the next commands to try.
set -euo pipefail
cd "$(dirname "$0")/.."
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1  # So that a second clone reuses the first one's objects.

usage() {
  cat <<'TEXT'
usage: deploy/quickstart.sh [--keep] [--help]

  --keep   leave the service and the chaincode running, on the default ports, and say how to stop them

Without --keep, free ports are used and everything is stopped at the end.
Example: deploy/quickstart.sh --keep
Exit codes: 0 all went well, 1 something failed (the last line says what to do), 2 wrong usage.
TEXT
}

keep=no
case "${1:-}" in
  "") ;;
  --keep) keep=yes ;;
  --help | -h) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac

build=build/release
work=$(mktemp -d "${TMPDIR:-/tmp}/ccbus-quickstart.XXXXXX")
pids=()

clean_up() {
  local status=$?
  if [ "$keep" = yes ] && [ $status -eq 0 ]; then return; fi
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true; done
  [ $status -ne 0 ] || rm -rf "$work"
}
trap clean_up EXIT

step() { printf '\n== %s\n' "$*"; }
give_up() { printf 'quickstart: %s\n' "$*" >&2; exit 1; }

# Runs a command quietly; shows its last lines if it fails.
quietly() {
  local advice=$1
  shift
  "$@" >"$work/log" 2>&1 || { tail -15 "$work/log" >&2; give_up "$advice (whole log: $work/log)"; }
}

# Builds, and reports the progress in steps of ten percent, with an estimate of the rest.
build() {
  local line told=0 tenth began=$SECONDS left
  ninja -C $build ccbusd ccbus asset-transfer 2>&1 | tee "$work/log" | while IFS= read -r line; do
    [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] || continue
    tenth=$((10 * BASH_REMATCH[1] / BASH_REMATCH[2]))
    [ $tenth -gt $told ] || continue
    left=$(((SECONDS - began) * (10 - tenth) / tenth))
    if [ $tenth -lt 3 ]; then  # The first files are small and say little of the rest.
      printf '  %d %%\n' $((10 * tenth))
    else
      printf '  %d %%, about %d s left\n' $((10 * tenth)) $left
    fi
    told=$tenth
  done
}

milliseconds() { date +%s%3N; }

# Waits until a command succeeds, for at most ten seconds.
wait_for() {
  local deadline=$((SECONDS + 10))
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.02
  done
}

step "1/5 Debian packages"
deploy/install-packages.sh build || give_up "the packages could not be installed; see above"
echo "all there"

step "2/5 build (Release, into $build; the first one takes about four minutes on two cores)"
if [ ! -f $build/build.ninja ]; then
  quietly "cmake failed; remove $build and try again" \
    cmake --preset release -DCCBUS_TESTS=OFF -DCCBUS_BENCH=OFF
fi
build || {
  tail -15 "$work/log" >&2
  give_up "the build failed; with less than 4 GiB of memory try 'ninja -j1 -C $build ccbusd ccbus asset-transfer'"
}
export PATH=$PWD/$build:$PATH
echo "$(ccbusd --version), $(ls -s --block-size=1K $build/ccbusd | cut -d' ' -f1) KiB"

step "3/5 the service, on an embedded ledger in $work/ledger"
settings=(--set "ledger.directory=$work/ledger")
if [ "$keep" = no ]; then
  settings+=(--set peer.listenAddress=127.0.0.1:0 --set peer.chaincodeListenAddress=127.0.0.1:0
    --set operations.listenAddress=127.0.0.1:0)
fi
started=$(milliseconds)
ccbusd "${settings[@]}" >"$work/ccbusd.out" 2>"$work/ccbusd.log" &
pids+=($!)
wait_for grep -q '^ready' "$work/ccbusd.out" || {
  tail -3 "$work/ccbusd.log" >&2
  give_up "the service did not start; if its ports are in use, stop what listens there (ss -ltnp)"
}
cat "$work/ccbusd.out"
chaincode_endpoint=$(awk '$1 == "chaincode" {print $2}' "$work/ccbusd.out")
CCBUS_ADDRESS=$(awk '$1 == "clients" {print $2}' "$work/ccbusd.out")
export CCBUS_ADDRESS

step "4/5 the chaincode: asset-transfer --peer.address $chaincode_endpoint --chaincode-id-name basic"
asset-transfer --peer.address "$chaincode_endpoint" --chaincode-id-name basic \
  >"$work/chaincode.log" 2>&1 &
pids+=($!)
registered() { ccbus status | grep -q '^basic .* ready'; }
wait_for registered || give_up "the chaincode did not register; see $work/chaincode.log"
ccbus status | sed -n '/^CHAINCODE/,/^$/p'

step "5/5 transactions: two are submitted, two are queries"
run() {
  printf '$ ccbus %s -C mychannel -n basic -c %s\n' "$1" "'$2'"
  ccbus "$1" -C mychannel -n basic -c "$2" || give_up "the transaction failed; see $work/ccbusd.log"
}
run invoke '{"Args":["CreateAsset","a1","blue","5","tom","300"]}'
echo "-- $(($(milliseconds) - started)) ms since the service was started"
run query '{"Args":["ReadAsset","a1"]}'
run invoke '{"Args":["TransferAsset","a1","jerry"]}'
run query '{"Args":["ReadAsset","a1"]}'

cat <<TEXT

== It works. Next:
TEXT
if [ "$keep" = yes ]; then
  cat <<TEXT
  export PATH=\$PWD/$build:\$PATH
  ccbus query -C mychannel -n basic -c '{"Args":["GetAllAssets"]}'
  ccbus status

Both keep running; their logs are in $work. To stop them and remove what they wrote:
  kill ${pids[*]} && rm -r $work
TEXT
else
  cat <<TEXT
  deploy/quickstart.sh --keep   the same, left running for you to play with
  $build/ccbusd --help    every option; deploy/ccbus.yaml explains every key
To write a chaincode of your own: bindings/cpp/README.md, bindings/node/README.md
TEXT
fi
