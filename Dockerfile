# syntax=docker/dockerfile:1
# whitewalker on processors. docs/operations.md tells how to run it: as nobody in particular, with a root file system that
# nobody can write to.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package's script is needed: sharp, libsql and ONNX Runtime bring their binaries.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json LICENSE ./
COPY commands commands
COPY examples examples
COPY playground playground
COPY presets presets
COPY weights weights
COPY src src
# What only compiling, GPUs and other systems need stays behind.
RUN npm run build \
    && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
    && rm -rf node_modules/@tensorflow src commands playground \
    && find node_modules/onnxruntime-node/bin -mindepth 3 -maxdepth 3 -type d \
      ! -path "*/linux/$(node -p process.arch)" -exec rm -rf {} +

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    DATA_DIR=/data \
    METRICS_PORT=9464
WORKDIR /app
COPY --from=build /app ./
# A volume that is made here takes this folder's owner over.
RUN install -d -o node -g node -m 0700 /data
VOLUME /data
USER 1000:1000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.METRICS_PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/src/main.js"]
CMD ["bot"]
