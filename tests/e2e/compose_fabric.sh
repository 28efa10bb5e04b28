# Sourced by compose.sh: chaincode in Go and in Java and an application in JavaScript, with nothing changed in
# them, on deploy/compose/fabric.yml. The folders are those of tests/stock/fabric-samples, in the place of a
# clone of fabric-samples. Where an image of theirs would be pulled, one of Debian's packages is made.

samples=$work/fabric-samples

# image_of NAME INSTRUCTION...: an image of the base and what the lines add.
image_of() {
  local image=ccbus-test-$1:$tag
  shift
  printf '%s\n' "FROM $CCBUS_BASE" 'COPY install-packages.sh /tmp/' "$@" >"$work/Dockerfile"
  docker build --quiet --network host -f "$work/Dockerfile" -t "$image" deploy >"$work/build.log" 2>&1 || {
    tail -5 "$work/build.log" >&2
    give_up "$image could not be built"
  }
  echo "$image"
}

step "unmodified Fabric: programs and images"
cp -r tests/stock/fabric-samples "$samples"
(cd "$samples/asset-transfer-basic/chaincode-external" && CGO_ENABLED=0 go build -o chaincode . 2>&1) | tail -5
(cd "$samples/asset-transfer-basic/chaincode-java" && mvn --batch-mode --quiet package)
(cd "$samples/asset-transfer-basic/application-gateway-javascript" && npm install --no-audit --no-fund --loglevel=error)
CCBUS_NODE_IMAGE=$(image_of node 'RUN /tmp/install-packages.sh npm')
java=$(image_of java 'RUN mkdir -p /usr/share/man/man1 && apt-get update && apt-get install -y --no-install-recommends openjdk-17-jre-headless')
CCBUS_GO_CHAINCODE_IMAGE=fabric-samples-basic-go:$tag CCBUS_JAVA_CHAINCODE_IMAGE=fabric-samples-basic-java:$tag
fabric_images+=("$CCBUS_NODE_IMAGE" "$java" "$CCBUS_GO_CHAINCODE_IMAGE" "$CCBUS_JAVA_CHAINCODE_IMAGE")
cat >"$samples/asset-transfer-basic/chaincode-external/Dockerfile" <<DOCKERFILE
FROM $CCBUS_BASE
COPY chaincode /usr/local/bin/
USER 7051
CMD ["chaincode"]
DOCKERFILE
cat >"$samples/asset-transfer-basic/chaincode-java/Dockerfile" <<DOCKERFILE
FROM $java
COPY build/libs /chaincode
USER 7051
CMD ["java", "-jar", "/chaincode/chaincode.jar"]
DOCKERFILE
read -r CCBUS_GATEWAY_PORT _ < <(free_ports)
export CCBUS_NODE_IMAGE CCBUS_GO_CHAINCODE_IMAGE CCBUS_JAVA_CHAINCODE_IMAGE CCBUS_GATEWAY_PORT
export COMPOSE_FILE=deploy/compose/fabric.yml FABRIC_SAMPLES=$samples

step "unmodified Fabric, as documented"
fabric=$(tests/docs/commands.py --print docs/deployment.md fabric)
eval "${fabric//\~\/fabric-samples/$samples}" >"$work/fabric.log" 2>&1 &
documented=$!
for application in application application-java; do
  wait_for 180 "$application has ended" exited $application
  docker logs "$(container_of $application)" 2>&1 | tail -6
  [ "$(exit_code $application)" -eq 0 ] || give_up "$application failed"
done
docker logs "$(container_of network)" 2>&1 | grep '^basic' || give_up "the status shows no chaincode"

step "unmodified Fabric: what ends comes back by itself"
chaincode_is_back() {
  compose run --rm network >"$work/network.log" 2>&1 && compose run --rm "$1" >"$work/application.log" 2>&1
}
signal_service KILL chaincode-go
wait_for 60 "the chaincode is restarted" restarted chaincode-go
wait_for 60 "and called again" chaincode_is_back application
signal_service KILL bridge
wait_for 60 "the bridge is restarted" restarted bridge
wait_for 90 "and has called both chaincodes" chaincode_is_back application-java
signal_service KILL service
wait_for 60 "the service is restarted" restarted service
wait_for 90 "and has both chaincodes" chaincode_is_back application
compose down --volumes >/dev/null 2>&1
wait "$documented" || true  # Its containers were taken down.
documented=
