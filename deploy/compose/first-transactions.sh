#!/bin/sh
# Two transactions and a query on each of the two chaincodes, as an application would run them.
set -eu

run() {
  printf '$ ccbus %s -C mychannel -n %s -c %s\n' "$1" "$2" "'$3'"
  ccbus "$1" -C mychannel -n "$2" -c "$3"
}

for chaincode in basic node; do
  await-chaincode "$chaincode"
  id="asset-$(date +%s)"  # A new id each time, since the ledger outlives this container.
  run invoke "$chaincode" "{\"Args\":[\"CreateAsset\",\"$id\",\"blue\",\"5\",\"tom\",\"300\"]}"
  run invoke "$chaincode" "{\"Args\":[\"TransferAsset\",\"$id\",\"jerry\"]}"
  run query "$chaincode" "{\"Args\":[\"ReadAsset\",\"$id\"]}"
done
echo "both chaincodes work"
