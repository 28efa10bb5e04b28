# The Node.js sample chaincode, on the stock Fabric shim. For a chaincode of your own, replace
# samples/asset-transfer with its folder.
#
# Example: docker build -f deploy/docker/node.Dockerfile -t ccbus-asset-transfer-node .
# If BASE has Node.js, that one is used: on arm64 use node:22-bookworm-slim, for zeromq's binaries.
ARG BASE=debian:12-slim

FROM ${BASE} AS modules
COPY deploy/install-packages.sh /tmp/
RUN /tmp/install-packages.sh npm
WORKDIR /chaincode
COPY bindings/node/package.json bindings/node/package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund --loglevel=error
COPY bindings/node/index.js bindings/node/register.js ./
COPY bindings/node/lib lib
COPY bindings/node/samples samples

FROM ${BASE}
COPY deploy/install-packages.sh /tmp/
RUN /tmp/install-packages.sh node \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* /tmp/install-packages.sh \
 && useradd --system --uid 7051 --no-create-home --shell /usr/sbin/nologin ccbus
COPY --from=modules /chaincode /chaincode
USER ccbus
ENV CORE_PEER_ADDRESS=service:7052 CORE_CHAINCODE_ID_NAME=node \
    CORE_MODULE_PATH=/chaincode/samples/asset-transfer
ENTRYPOINT ["/chaincode/lib/cli.js", "start"]
