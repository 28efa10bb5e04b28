#!/usr/bin/env bash
# A Prometheus with the configuration of deploy/prometheus scrapes a service under load: every rule and
# every query of the dashboards returns data, and no alert fires.
set -euo pipefail
cd "$(dirname "$0")/../.."

usage() {
  cat <<'TEXT'
usage: tests/e2e/prometheus.sh BUILD [--help]

  BUILD   the build tree with ccbusd, ccbus and asset-transfer

Example: tests/e2e/prometheus.sh build/release
Exit codes: 0 all checks hold, 1 one does not, 2 wrong usage.
TEXT
}

case "${1:-}" in
  --help | -h) usage; exit 0 ;;
  "") usage >&2; exit 2 ;;
esac
build=$(realpath "$1")
work=$(mktemp -d "${TMPDIR:-/tmp}/ccbus-prometheus.XXXXXX")
pids=()

clean_up() {
  local status=$?
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true; done
  [ $status -eq 0 ] || tail -n 5 "$work"/*.log >&2
  rm -rf "$work"
  exit $status
}
trap clean_up EXIT

give_up() { printf 'prometheus: %s\n' "$*" >&2; exit 1; }

# wait_for SECONDS WHAT COMMAND...: waits until the command succeeds.
wait_for() {
  local seconds=$1 what=$2 deadline=$((SECONDS + $1))
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || give_up "not within $seconds s: $what"
    sleep 0.2
  done
}
. tests/support/prometheus_checks.sh

# A certificate and a token for the operations endpoint, as deploy/compose/make-keys.sh makes them.
"$build/ccbus" dev crypto --out "$work" --orgs Ops >/dev/null
tls=$work/organizations/peerOrganizations/ops.example.com/peers/peer0.ops.example.com/tls
openssl rand -hex 32 | tr -d '\n' >"$work/read.token"
echo "read $(sha256sum <"$work/read.token" | cut -d' ' -f1) prometheus" >"$work/tokens"

"$build/ccbusd" --json --set "ledger.directory=$work/ledger" --set peer.listenAddress=127.0.0.1:0 \
  --set peer.chaincodeListenAddress=127.0.0.1:0 --set operations.listenAddress=127.0.0.1:0 \
  --set operations.tls.enabled=true --set "operations.tls.cert.file=$tls/server.crt" \
  --set "operations.tls.key.file=$tls/server.key" --set "operations.tokens=$work/tokens" \
  >"$work/ready" 2>"$work/ccbusd.log" &
pids+=($!)
wait_for 60 "the service is ready" grep -q '"ready"' "$work/ready"
operations=$(jq -r .operations_endpoint "$work/ready")
CCBUS_ADDRESS=$(jq -r .client_endpoint "$work/ready")
export CCBUS_ADDRESS
"$build/asset-transfer" --peer.address "$(jq -r .chaincode_endpoint "$work/ready")" \
  --chaincode-id-name basic 2>"$work/chaincode.log" &
pids+=($!)
registered() { "$build/ccbus" status | grep -q '^basic .* ready'; }
wait_for 60 "the chaincode has registered" registered

curl --silent --fail --cacert "$tls/ca.crt" -H "Authorization: Bearer $(cat "$work/read.token")" \
  "$operations/metrics" | promtool check metrics >"$work/metrics.log" 2>&1 || {
  grep -vE "^(blockcutter|chaincode|endorser|ledger|process)_" "$work/metrics.log" >"$work/complaints.log" || true  # Fabric's names and those of process_*.
  [ ! -s "$work/complaints.log" ] || give_up "promtool complains about a metric of ours"
}

# Load until the end of the test.
asset() { printf '{"Args":["CreateAsset","%s","blue","5","tom","300"]}' "$1"; }
load() {
  local n=0
  while :; do
    n=$((n + 1))
    "$build/ccbus" invoke -C mychannel -n basic -c "$(asset "a$n")" >/dev/null || return 1
  done
}
load 2>"$work/load.log" &
pids+=($!)

prometheus_port=$(python3 -c 'import socket; print(socket.create_server(("127.0.0.1", 0)).getsockname()[1])')
cp deploy/prometheus/ccbus_rules.yml "$work/"
sed -e "s/service:9443/${operations#https://}/" -e 's/interval: 5s/interval: 1s/' \
  -e "s|/etc/ccbus/monitoring/ca.crt|$tls/ca.crt|; s|/etc/ccbus/monitoring|$work|" \
  deploy/prometheus/prometheus.yml >"$work/prometheus.yml"
promtool check config "$work/prometheus.yml"
prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/data" \
  --web.listen-address="127.0.0.1:$prometheus_port" >"$work/prometheus.log" 2>&1 &
pids+=($!)
wait_for 60 "the service is scraped" service_is_scraped
check_dashboards 60
check_rules 60
check_no_alert
kill "${pids[0]}" && wait "${pids[0]}" || give_up "the service did not stop as it should"
down() { ask_prometheus alerts | jq -e '.data.alerts[] | select(.labels.alertname == "CcbusDown")'; }
wait_for 60 "the alert that the service is down" down
echo "no alert while all is well; CcbusDown once the service is gone"
