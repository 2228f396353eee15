# syntax=docker/dockerfile:1
# Node's current LTS; the least that works is Node 20.19. Debian 12, whose ffmpeg the tests run with.
ARG BASE=node:24-bookworm-slim

FROM ${BASE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build \
 && node bin/cabinwatch.js models build \
 && npm prune --omit=dev \
 # onnxruntime-node brings the libraries of every platform along.
 && find node_modules/onnxruntime-node/bin -mindepth 2 -maxdepth 2 -type d ! -name linux -exec rm -rf {} +

FROM ${BASE}
# tini forwards signals and collects the ffmpeg processes that end.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ffmpeg espeak-ng tini tzdata \
 && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json /app/LICENSE /app/THIRD-PARTY-LICENCES.md ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/bin bin
COPY --from=build /app/dist dist
COPY --from=build /app/.cache/models .cache/models
# The page is bundled into .cache when the service starts.
RUN mkdir /data && chown node:node /data /app/.cache
VOLUME /data
# What the configuration names by a relative path, the records among it, lies in the volume.
WORKDIR /data
USER node
# Page and API, live views, cameras that push, the built-in MQTT broker.
EXPOSE 8080 8000 1935 1883
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.CABINWATCH_PORT || 8080}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tini", "--", "node", "/app/bin/cabinwatch.js"]
CMD ["serve", "--config", "/data/cabinwatch.yaml"]
