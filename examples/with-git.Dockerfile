# syntax=docker/dockerfile:1

# The image of Signalbox with the `git` program, for release notes from plain Git (docs/notes.md). It has
# a shell and a package manager, which the image itself does without: take it only where you need it.
#   docker build --file examples/with-git.Dockerfile --build-arg IMAGE=signalbox --tag signalbox-git .
ARG IMAGE=signalbox
FROM ${IMAGE} AS signalbox

FROM debian:trixie-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates git libatomic1 openssh-client \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 65532 --home-dir /data --no-create-home --shell /usr/sbin/nologin signalbox
COPY --from=signalbox /app /app
COPY --from=signalbox --chown=65532:65532 /data /data
WORKDIR /data
ENV NODE_ENV=production \
    PATH=/app/node_modules/.bin:/usr/bin:/bin \
    SIGNALBOX_DATA=/data \
    SIGNALBOX_HOST=0.0.0.0 \
    SIGNALBOX_PORT=7777
USER 65532:65532
EXPOSE 7777
VOLUME ["/data"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "/app/src/main.ts"]
CMD ["start"]
