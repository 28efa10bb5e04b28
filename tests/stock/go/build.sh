#!/usr/bin/env bash
# Builds the programs of this folder, and checks them with `go vet`.
#
# Example: tests/stock/go/build.sh go build/release/tests/stock/go
# Exit codes: 0 they are built, 1 they are not, 2 wrong usage.
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: tests/stock/go/build.sh GO FOLDER" >&2; exit 2; }
go=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
cd "$(dirname "$0")"
export GOFLAGS=-mod=readonly

unformatted=$("$("$go" env GOROOT)/bin/gofmt" -l .)
[ -z "$unformatted" ] || { echo "not formatted by gofmt: $unformatted" >&2; exit 1; }
"$go" vet ./...
"$go" build -o "$folder/" ./...
# go.test.js asks this one which functions of the shim have run. The program itself has to be counted, too:
# otherwise nothing is written at its end.
"$go" build -o "$folder/contract" -cover \
  -coverpkg=ccbus.example/stock/contract,github.com/hyperledger/fabric-chaincode-go/v2/... ./contract
