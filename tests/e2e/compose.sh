#!/usr/bin/env bash
# The images and compose files of deploy/ on a real engine: the commands of docs/deployment.md as they are
# written; then crashes, a cut network, chaincode that is scaled under load, and Prometheus beside it.
set -euo pipefail
cd "$(dirname "$0")/../.."

usage() {
  cat <<'TEXT'
usage: tests/e2e/compose.sh [--built-in DIR] [--help]

  --built-in DIR   put the binaries of this build tree into the images; without it they are compiled
                   within the build of the image, as a user's are, and build/release has the client

An engine that runs is used. Otherwise one is started for the test, which needs root.
Example: tests/e2e/compose.sh --built-in build/release
Exit codes: 0 all checks hold, 1 one does not, 2 wrong usage, 77 skipped: no engine can be had.
TEXT
}

built=build/release
prebuilt=no
case "${1:-}" in
  "") ;;
  --built-in) built=${2:-} prebuilt=yes ;;
  --help | -h) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac
for binary in ccbusd ccbus ccbus-bridge asset-transfer; do
  [ -x "$built/$binary" ] || { echo "compose: '$built' holds no $binary; see --help" >&2; exit 2; }
done

. tests/support/container_engine.sh
. tests/support/prometheus_checks.sh

work=$(mktemp -d "${TMPDIR:-/tmp}/ccbus-compose.XXXXXX")
tag=e2e-$$
export COMPOSE_PROJECT_NAME=ccbus-$tag
export CCBUS_IMAGE=ccbus:$tag CCBUS_ASSET_TRANSFER_IMAGE=ccbus-asset-transfer:$tag
export CCBUS_ASSET_TRANSFER_NODE_IMAGE=ccbus-asset-transfer-node:$tag CCBUS_PROMETHEUS_IMAGE=ccbus-test-prometheus:$tag
export CCBUS_BRIDGE_IMAGE=ccbus-bridge:$tag
images=("$CCBUS_IMAGE" "$CCBUS_ASSET_TRANSFER_IMAGE" "$CCBUS_ASSET_TRANSFER_NODE_IMAGE" "$CCBUS_BRIDGE_IMAGE")
fabric_images=()  # Of compose_fabric.sh.
export CCBUS_BASE CCBUS_PREBUILT=$prebuilt
writer=
documented=

clean_up() {
  local status=$?
  [ -z "$writer" ] || { kill "$writer" && wait "$writer"; } 2>/dev/null || true
  if [ -n "${COMPOSE_FILE:-}" ]; then
    [ $status -eq 0 ] || compose logs --tail=20 >&2 || true
    compose down --volumes --timeout 5 >/dev/null 2>&1 || true
  fi
  [ -z "$documented" ] || kill "$documented" 2>/dev/null || true
  stop_engine "$work" "${images[@]}" "${fabric_images[@]}" "$CCBUS_PROMETHEUS_IMAGE"
  rm -rf --one-file-system "$work" build/container
  exit $status
}
trap clean_up EXIT

step() { printf '\n== %s (%s s)\n' "$*" "$SECONDS"; }
give_up() { printf 'compose: %s\n' "$*" >&2; exit 1; }
compose() { "${compose_command[@]}" "$@"; }
docker-compose() { if [ "${compose_command[0]}" = docker ]; then docker compose "$@"; else command docker-compose "$@"; fi; }

# wait_for SECONDS WHAT COMMAND...: waits until the command succeeds.
wait_for() {
  local deadline=$((SECONDS + $1)) what=$2 began=$SECONDS
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || give_up "not within $((deadline - began)) s: $what"
    sleep 0.2
  done
  echo "$what: after $((SECONDS - began)) s"
}

container_of() { compose ps --all --quiet "$1" | head -1; }
# Kills the process itself, as in a crash: after `docker kill` an engine does not restart it.
signal_service() { kill "-$1" "$(docker inspect -f '{{.State.Pid}}' "$(container_of "$2")")"; }
health_is() { [ "$(docker inspect -f '{{.State.Health.Status}}' "$(container_of service)")" = "$1" ]; }
restarted() { [ "$(docker inspect -f '{{.RestartCount}}' "$(container_of "$1")")" -ge 1 ]; }
exited() { [ "$(docker inspect -f '{{.State.Status}}' "$(container_of "$1")")" = exited ]; }
exit_code() { docker inspect -f '{{.State.ExitCode}}' "$(container_of "$1")"; }
# status_of PATH CURL-OPTION...: what the operations endpoint answers, through its published port.
status_of() {
  local path=$1
  shift
  curl --silent --insecure --max-time 2 -o /dev/null -w '%{http_code}' "$@" "https://127.0.0.1:$CCBUS_OPERATIONS_PORT$path"
}
healthz() { status_of /healthz; }
healthz_is() { [ "$(healthz)" = "$1" ]; }

outside() { "$built/ccbus" "$@"; }
# use_key FOLDER NAME: what outside() connects with.
use_key() { export CCBUS_KEY=$1/$2.key CCBUS_SERVER_KEY=$1/server.key; }

# says_of_key SERVICE KEY SENTENCE: a chaincode of the service with this key says so in its log. It goes on
# trying until it is removed.
says_of_key() {
  local service=$1 key=$2 sentence=$3 container
  container=$(compose run --detach --no-deps -e "CCBUS_KEY=$key" "$service" | tail -1)
  said() { docker logs "$container" 2>&1 | grep -q "$sentence"; }
  wait_for 30 "$service with $key says: $sentence" said
  docker rm --force "$container" >/dev/null
}

# A client with a key that nobody has allowed, and one that has the key of another service.
check_wrong_client() {
  local said
  if said=$(outside status --key "$work/wrong.key" 2>&1); then give_up "a client with an unknown key got in"; fi
  grep -q "does not accept this key" <<<"$said" || give_up "an unknown key is told: $said"
  if said=$(outside status --server-key "$work/wrong.key" 2>&1); then give_up "a client took another service for this one"; fi
  grep -q "the server key that was given is not the one" <<<"$said" || give_up "a wrong server key is told: $said"
}
# registered NAME COUNT COMMAND...: succeeds if the status that the command prints shows that many.
registered() {
  local name=$1 count=$2 status
  shift 2
  status=$("$@") || return 1
  [ "$(grep -c "^$name .* ready" <<<"$status")" -eq "$count" ]
}

# Runs a command as a reader types it: with a terminal, which `exec` of compose needs.
as_typed() {
  local words=$1
  [ "${compose_command[0]}" != docker ] || words=${words//docker-compose/docker compose}
  script --quiet --return --command "$words" /dev/null </dev/null
}

create() { printf '{"Args":["CreateAsset","%s","blue","5","tom","300"]}' "$1"; }

# Writes assets, one after the other, and records those that were acknowledged.
write_assets() {
  local chaincode=$1 n=0
  while :; do
    n=$((n + 1))
    if outside invoke -C mychannel -n "$chaincode" -c "$(create "w$n")" --timeout 2s >/dev/null 2>&1; then
      echo "w$n" >>"$work/acknowledged"
    fi
  done
}

acknowledged() { wc -l <"$work/acknowledged"; }
more_than() { [ "$(acknowledged)" -gt "$1" ]; }

check_acknowledged() {
  outside query -C mychannel -n basic -c '{"Args":["GetAllAssets"]}' | jq -r '.[].ID' | sort >"$work/there"
  sort "$work/acknowledged" | comm -23 - "$work/there" >"$work/lost"
  [ ! -s "$work/lost" ] || give_up "acknowledged and not there: $(head -3 "$work/lost" | tr '\n' ' ')"
  echo "all $(acknowledged) acknowledged transactions are there"
}

step "an engine"
start_engine "$work"
CCBUS_BASE=$(base_image "$work")
echo "base image: $CCBUS_BASE"

step "images"
if [ $prebuilt = yes ]; then
  mkdir -p build/container
  for binary in ccbusd ccbus ccbus-bridge asset-transfer; do strip -o build/container/$binary "$built/$binary"; done
fi
build_image() {
  local image=$1
  shift
  docker build --quiet --network host --build-arg "BASE=$CCBUS_BASE" --build-arg "PREBUILT=$prebuilt" "$@" -t "$image" . >"$work/build.log" 2>&1 || {
    tail -20 "$work/build.log" >&2
    give_up "$image could not be built"
  }
  echo "$image: $(docker image inspect -f '{{.Size}}' "$image" | awk '{printf "%d MB", $1 / 1e6}') ($SECONDS s)"
}
build_image "$CCBUS_ASSET_TRANSFER_IMAGE" -f deploy/docker/Dockerfile --target asset-transfer
build_image "$CCBUS_IMAGE" -f deploy/docker/Dockerfile
build_image "$CCBUS_ASSET_TRANSFER_NODE_IMAGE" -f deploy/docker/node.Dockerfile
build_image "$CCBUS_BRIDGE_IMAGE" -f deploy/docker/bridge.Dockerfile
# Debian's Prometheus instead of the image that monitoring.yml names.
docker build --quiet --network host -t "$CCBUS_PROMETHEUS_IMAGE" - >"$work/build.log" 2>&1 <<DOCKERFILE || {
FROM $CCBUS_BASE
RUN apt-get update && apt-get install -y --no-install-recommends prometheus && install -d -o nobody /prometheus
USER nobody
ENTRYPOINT ["prometheus"]
DOCKERFILE
  tail -5 "$work/build.log" >&2
  give_up "$CCBUS_PROMETHEUS_IMAGE could not be built"
}
"$built/ccbus" keygen wrong --out "$work" >/dev/null
for image in "${images[@]}"; do
  inside() { docker run --rm --network none --entrypoint sh "$image" -c "$1"; }
  [ "$(inside 'id -u')" -ne 0 ] || give_up "$image runs as root"
  ! inside 'command -v gcc g++ cmake ninja npm strip' || give_up "$image has tools to build with"
done
echo "none runs as root, none has a tool to build with"

step "quickstart, as documented"
export CCBUS_PORT=7051 CCBUS_OPERATIONS_PORT=9443
for port in $CCBUS_PORT $CCBUS_OPERATIONS_PORT; do
  ! (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || give_up "port $port, which the documents name, is taken"
done
export COMPOSE_FILE=deploy/compose/quickstart.yml
quickstart=$(tests/docs/commands.py --print docs/deployment.md quickstart)
look=$(tests/docs/commands.py --print docs/deployment.md look)
eval "$quickstart" >"$work/up.log" 2>&1 &
documented=$!
wait_for 180 "the client has ended" exited client
docker logs "$(container_of client)"
[ "$(exit_code client)" -eq 0 ] || give_up "the client failed"
wait_for 30 "health is green" health_is healthy
while IFS= read -r command; do
  printf '$ %s\n' "$command"
  as_typed "$command" || give_up "it fails: $command"
done <<<"$look"
wait "$documented" || true  # Its containers were taken down.
documented=
[ -z "$(compose ps --all --quiet)" ] || give_up "containers are left after what the documents end with"

step "quickstart, in the background"
read -r CCBUS_PORT CCBUS_OPERATIONS_PORT < <(free_ports)
export CCBUS_ADDRESS=127.0.0.1:$CCBUS_PORT
compose up -d >"$work/up.log" 2>&1 || { tail -5 "$work/up.log" >&2; give_up "quickstart does not start"; }
wait_for 120 "the client has ended" exited client
[ "$(exit_code client)" -eq 0 ] || give_up "the client failed"
wait_for 30 "health is green" health_is healthy
healthz_is 200 || give_up "/healthz is not 200 through the published port"
[ "$(status_of /metrics)" = 401 ] || give_up "/metrics asks for no token"

step "keys, as documented"
host=$(tests/docs/commands.py --print docs/deployment.md host)
PATH=$(realpath "$built"):$PATH eval "${host//\/tmp\/ccbus-keys/$work\/keys}"
use_key "$work/keys" operator
reader=(-H "Authorization: Bearer $(cat "$work/keys/monitoring/read.token")")
[ "$(status_of /metrics "${reader[@]}")" = 200 ] || give_up "the token to read does not read"
[ "$(status_of /logspec "${reader[@]}" -X PUT -d '{"spec":"debug"}')" = 403 ] || give_up "the token to read writes"
made=$(sha256sum "$work/keys/server.key_secret")
compose up -d keys >/dev/null 2>&1  # Again: what is there stays.
wait_for 30 "the keys have been looked at again" exited keys
docker cp "$(container_of service):/etc/ccbus/server.key_secret" "$work/keys/"
[ "$made" = "$(sha256sum "$work/keys/server.key_secret")" ] || give_up "a second start has made another key"
says_of_key chaincode /etc/ccbus/server.key "does not accept this key"
says_of_key chaincode /etc/ccbus/node.key "may not register"
says_of_key chaincode-node /etc/ccbus/server.key "does not accept this key"
check_wrong_client

step "invoked from outside, the service crashes"
: >"$work/acknowledged"
write_assets basic &
writer=$!
wait_for 60 "20 transactions" more_than 20
signal_service KILL service
wait_for 60 "the service is restarted" restarted service
before=$(acknowledged)
wait_for 60 "both chaincodes are back by themselves, and transactions go on" more_than $((before + 20))
wait_for 60 "basic" registered basic 1 outside status
wait_for 60 "node" registered node 1 outside status

step "a chaincode crashes"
signal_service KILL chaincode
wait_for 60 "the chaincode is restarted" restarted chaincode
before=$(acknowledged)
wait_for 60 "transactions go on" more_than $((before + 20))

step "scaled up and down, and transactions go on"
compose up -d --no-recreate --scale chaincode=4 service chaincode chaincode-node >/dev/null 2>&1
wait_for 60 "four processes of basic" registered basic 4 outside status
before=$(acknowledged)
compose up -d --no-recreate --scale chaincode=2 service chaincode chaincode-node >/dev/null 2>&1
wait_for 60 "two of them" registered basic 2 outside status
wait_for 60 "transactions went on" more_than $((before + 20))
kill "$writer" && wait "$writer" 2>/dev/null || true
writer=
check_acknowledged

step "a chaincode loses the network"
network=${COMPOSE_PROJECT_NAME}_default
docker network disconnect "$network" "$(container_of chaincode-node)"
wait_for 120 "the service has noticed" registered node 0 outside status
if outside query -C mychannel -n node -c '{"Args":["GetAllAssets"]}' >/dev/null 2>&1; then
  give_up "a chaincode that is cut off has answered"
fi
docker network connect "$network" "$(container_of chaincode-node)"
wait_for 120 "healed, it is back" registered node 1 outside status
outside invoke -C mychannel -n node -c "$(create healed)" >/dev/null

step "a service that hangs"
signal_service STOP service
wait_for 60 "health is red" health_is unhealthy
! healthz_is 200 || give_up "/healthz answers while the service hangs"
signal_service CONT service
wait_for 60 "health is green" health_is healthy
healthz_is 200 || give_up "/healthz is not 200 again"

step "stopped and started: the volume keeps the ledger"
compose stop service >/dev/null 2>&1
[ "$(exit_code service)" -eq 0 ] || give_up "a stop ended with exit code $(exit_code service)"
compose start service >/dev/null 2>&1
wait_for 60 "both processes of basic are back" registered basic 2 outside status
check_acknowledged
compose down --volumes >/dev/null 2>&1

step "a ledger on a bind mount, as documented"
volume=$(tests/docs/commands.py --print docs/deployment.md volume)
volume=${volume//\/srv\/ccbus/$work/srv}
eval "${volume% ccbus} $CCBUS_IMAGE" >/dev/null
wait_for 30 "the ledger is in the folder" test -e "$work/srv/channels/mychannel"
docker rm --force ccbus >/dev/null

step "load on eight chaincodes, as documented"
export COMPOSE_FILE=deploy/compose/load.yml
export LOAD_CHAINCODES=8 LOAD_OPTIONS="--clients 2 --in-flight 8 --warmup 1s --duration 5s"
load=$(tests/docs/commands.py --print docs/deployment.md load)
eval "$load" >"$work/load.log" 2>&1 || {
  tail -30 "$work/load.log" >&2
  give_up "the load ended with another exit code than 0"
}
docker logs "$(container_of load)" 2>&1 | tail -12
compose down --volumes >/dev/null 2>&1
status=0
LOAD_OPTIONS="--clients none" eval "$load" >/dev/null 2>&1 || status=$?
[ $status -eq 2 ] || give_up "wrong usage of the load ended with exit code $status, not 2"
compose down --volumes >/dev/null 2>&1

step "watched, as documented; and scaled from eight to ten under load"
read -r prometheus_port _ < <(free_ports)
export COMPOSE_FILE=deploy/compose/load.yml:deploy/compose/monitoring.yml CCBUS_PROMETHEUS_PORT=$prometheus_port
export LOAD_OPTIONS="--clients 2 --in-flight 8 --warmup 1s --duration 45s"
services=(service chaincode load prometheus)  # Without Grafana: Debian has no package of it.
inside_status() { compose exec -T service ccbus status; }
watched=$(tests/docs/commands.py --print docs/deployment.md watched)
eval "$watched ${services[*]}" >"$work/watched.log" 2>&1 &
documented=$!
wait_for 60 "eight chaincodes" registered basic 8 inside_status
wait_for 30 "Prometheus scrapes the service" service_is_scraped
check_dashboards 30 >"$work/dashboards.log" || { tail -1 "$work/dashboards.log" >&2; exit 1; }
tail -1 "$work/dashboards.log"
check_rules 30 >"$work/rules.log" || { tail -1 "$work/rules.log" >&2; exit 1; }
tail -1 "$work/rules.log"
compose up -d --no-recreate --scale chaincode=10 "${services[@]}" >/dev/null 2>&1
wait_for 60 "ten chaincodes" registered basic 10 inside_status
! exited load || give_up "the load had ended before chaincode was scaled"
wait_for 150 "the load has ended" exited load
docker logs "$(container_of load)" 2>&1 | tail -12
[ "$(exit_code load)" -eq 0 ] || give_up "the load failed when chaincode was scaled"
check_no_alert
compose down --volumes >/dev/null 2>&1
wait "$documented" || true  # Its containers were taken down.
documented=

. tests/e2e/compose_fabric.sh

step "production, as documented"
export COMPOSE_FILE=deploy/compose/production.yml CCBUS_SECRETS=$work/secrets CCBUS_BIND=127.0.0.1
CCBUS_NOFILE=$(ulimit -Hn)  # The engine cannot give more than it has.
export CCBUS_NOFILE
unset CCBUS_KEY CCBUS_SERVER_KEY
secrets=$(tests/docs/commands.py --print docs/deployment.md secrets)
secrets=${secrets//\$PWD\/deploy\/compose\/secrets/$work\/secrets}
secrets=${secrets//deploy\/compose\/secrets/$work\/secrets}
eval "${secrets/ ccbus make-keys/ $CCBUS_IMAGE make-keys}"
production=$(tests/docs/commands.py --print docs/deployment.md production)
while IFS= read -r command; do
  printf '$ %s\n' "$command"
  as_typed "$command" || give_up "it fails: $command"
  case $command in *" up "*) wait_for 60 "health is green" health_is healthy ;; esac
done <<<"$production"
use_key "$work/secrets" operator
wait_for 60 "basic" registered basic 1 outside status
wait_for 60 "node" registered node 1 outside status
use_key "$work/secrets" client
outside invoke -C mychannel -n basic -c "$(create p1)" >/dev/null || give_up "a client cannot invoke"
if said=$(outside channel create -C payroll 2>&1); then give_up "a client has created a channel"; fi
grep -q "access denied: key \[client\]" <<<"$said" || give_up "a client that creates a channel is told: $said"
says_of_key chaincode /run/secrets/server-public.key "has no secret key"
check_wrong_client
wait_for 30 "Prometheus scrapes the service" service_is_scraped
published=$(docker ps --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME" --format '{{.Ports}}' |
  grep -o '[0-9.]*:[0-9]*->[0-9]*' | sort)
[ "$published" = "$(printf '%s\n' "127.0.0.1:$CCBUS_PORT->7051" "127.0.0.1:$CCBUS_PROMETHEUS_PORT->9090" | sort)" ] ||
  give_up "published: $published"
for service in service chaincode chaincode-node prometheus; do
  limits=$(docker inspect -f '{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}} {{.HostConfig.RestartPolicy.Name}} {{index .HostConfig.LogConfig.Config "max-size"}} {{.HostConfig.ReadonlyRootfs}}' "$(container_of "$service")")
  [[ $limits =~ ^[1-9][0-9]*\ [1-9][0-9]*\ unless-stopped\ 10m\ true$ ]] || give_up "$service has the limits: $limits"
done
secrets_of() { docker exec "$(container_of "$1")" ls /run/secrets; }
[ "$(secrets_of chaincode)" = "$(printf 'chaincode.key\nserver-public.key')" ] || give_up "a chaincode sees the secrets of others"
compose down --volumes >/dev/null 2>&1

step "all checks hold"
