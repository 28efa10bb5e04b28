#!/bin/sh
# Waits until COUNT processes (1 by default) have registered the chaincode NAME, for at most a minute.
#
# Example: await-chaincode basic 4
# Exit codes: 0 they have, 1 they have not, 2 wrong usage.
set -eu
[ $# -ge 1 ] || { echo "usage: await-chaincode NAME [COUNT]" >&2; exit 2; }
name=$1 count=${2:-1} deadline=$(($(date +%s) + 60))

ready() { ccbus status | grep -c "^$name .* ready" || true; }
until [ "$(ready)" -ge "$count" ]; do
  [ "$(date +%s)" -lt "$deadline" ] || {
    echo "of chaincode $name, $(ready) of $count processes have registered" >&2
    exit 1
  }
  sleep 0.2
done
