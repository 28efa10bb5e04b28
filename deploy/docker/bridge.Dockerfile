# ccbus-bridge with the ccbus command. docs/deployment.md explains how to use it.
#
# Example: docker build -f deploy/docker/bridge.Dockerfile -t ccbus-bridge .      (from the top folder)
ARG BASE=debian:12-slim

FROM ${BASE} AS compile
# yes: use the stripped binaries in build/container, compiled for the same Debian, instead of compiling.
ARG PREBUILT=no
WORKDIR /src
COPY deploy/install-packages.sh deploy/
RUN [ "$PREBUILT" = yes ] || deploy/install-packages.sh bridge
COPY . .
ARG COMMIT=unknown
RUN mkdir /out \
 && if [ "$PREBUILT" = yes ]; then \
      cp build/container/* /out/; \
    else \
      cmake --preset release -DCCBUS_TESTS=OFF -DCCBUS_BENCH=OFF -DCCBUS_BRIDGE=ON -DCCBUS_COMMIT="$COMMIT" \
      && ninja -C build/release ccbus ccbus-bridge \
      && strip -o /out/ccbus build/release/ccbus \
      && strip -o /out/ccbus-bridge build/release/ccbus-bridge; \
    fi

FROM ${BASE}
COPY deploy/install-packages.sh /tmp/
RUN /tmp/install-packages.sh run-bridge \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* /tmp/install-packages.sh \
 && useradd --system --uid 7051 --no-create-home --shell /usr/sbin/nologin ccbus
COPY --from=compile /out/ccbus /out/ccbus-bridge /usr/local/bin/
RUN install -d -o ccbus -g ccbus /var/lib/ccbus-bridge
USER ccbus
ENV CCBUS_BRIDGE_DIRECTORY=/var/lib/ccbus-bridge
VOLUME /var/lib/ccbus-bridge
EXPOSE 7151 7152
HEALTHCHECK --interval=5s --timeout=7s --start-period=10s --retries=3 \
  CMD ["ccbus", "healthcheck", "--timeout", "3s", "--address", "http://127.0.0.1:9444"]
CMD ["ccbus-bridge"]
