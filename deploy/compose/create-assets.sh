#!/bin/sh
# Puts load on the chaincode `basic` with CreateAsset, once LOAD_CHAINCODES processes of it have
# registered. LOAD_OPTIONS are options of `ccbus bench invoke`; the exit code is that of the bench.
set -eu

await-chaincode basic "$LOAD_CHAINCODES"
run=$(date +%s)  # The ledger outlives this container, and an asset is created only once.
# shellcheck disable=SC2086  # The options must be split into words.
exec ccbus bench invoke -n basic -c "{\"Args\":[\"CreateAsset\",\"$run-{{n}}\",\"blue\",\"5\",\"tom\",\"300\"]}" \
  $LOAD_OPTIONS
