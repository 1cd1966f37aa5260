# syntax=docker/dockerfile:1

# Two stages: one installs what production needs, the other runs it. Nothing is compiled: Node.js
# runs the sources. The runtime is the one that package-lock.json pins, whatever the first stage has.
FROM node:26.10.0-trixie-slim AS install
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No install scripts: every native part comes ready in a package of its own for the platform.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
# What only compilers, editors and debuggers read; of echarts the one file that is used.
RUN find node_modules -type f \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' \) -delete \
 && rm -rf node_modules/node-linux-*/include node_modules/node-linux-*/share node_modules/@types \
 && find node_modules/echarts -type f ! -name package.json ! -name echarts.esm.min.mjs ! -name 'LICENSE*' ! -name NOTICE -delete \
 && find node_modules -type d -empty -delete
# The one library that the runtime needs and the second stage does not have.
RUN mkdir /lib-of-node \
 && cp -L "$(ldd node_modules/.bin/node | sed -n 's/.*=> \([^ ]*libatomic[^ ]*\).*/\1/p')" /lib-of-node/
COPY bin ./bin
COPY examples ./examples
COPY src ./src
COPY commands ./commands
COPY adapters ./adapters
# Fails here, and not in production, when something is missing.
RUN node_modules/.bin/node src/main.ts check-config && mkdir /data

# glibc, libstdc++, certificate authorities and time zones: no shell, no package manager.
FROM gcr.io/distroless/cc-debian13:nonroot
LABEL org.opencontainers.image.title="Signalbox" \
      org.opencontainers.image.description="A ChatOps release bot" \
      org.opencontainers.image.licenses="Apache-2.0"
# Where the loader looks whatever the environment is: processes that we start have none of ours.
COPY --from=install /lib-of-node/ /usr/lib/
# Owned by root: the process can read its code and not change it.
COPY --from=install /app /app
COPY --from=install --chown=65532:65532 /data /data
WORKDIR /data
ENV NODE_ENV=production \
    PATH=/app/node_modules/.bin \
    SIGNALBOX_DATA=/data \
    SIGNALBOX_HOST=0.0.0.0 \
    SIGNALBOX_PORT=7777
USER 65532:65532
EXPOSE 7777
VOLUME ["/data"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.SIGNALBOX_PORT + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/src/main.ts"]
CMD ["start"]
