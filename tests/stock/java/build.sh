#!/usr/bin/env bash
# Builds the programs of this folder by Maven: from its local repository, or else from where Maven is set up
# to download.
#
# Example: tests/stock/java/build.sh mvn build/release/tests/stock/java
# Exit codes: 0 they are built, 1 they are not, 2 wrong usage.
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: tests/stock/java/build.sh MVN FOLDER" >&2; exit 2; }
mvn=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
cd "$(dirname "$0")"

package() {
  "$mvn" --batch-mode --quiet "$@" -Dmaven.test.skip=true -Dstock.folder="$folder" package
}

rm -rf "$folder"/*/lib # Of other versions.
package --offline >"$folder/offline.log" 2>&1 || package

# Which classes the contracts load, so that the tests' many starts of them are short. They end by themselves:
# nobody listens on port 1.
for program in contract=ccbus.example.stock.contract.Main assets=org.hyperledger.fabric.contract.ContractRouter; do
  of=$folder/${program%=*}
  java -XX:+UseSerialGC -XX:ArchiveClassesAtExit="$of/classes.jsa" -cp "$of/program.jar:$of/lib/*" \
    "${program#*=}" --id none --peer.address 127.0.0.1:1 >"$of/classes.log" 2>&1
done
