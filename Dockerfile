# One image for every process of Darkroom: the command decides which one runs.

FROM node:26-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc turbo.json tsconfig.json ./
COPY apps apps
COPY packages packages
COPY e2e/package.json e2e/package.json
COPY bench/package.json bench/package.json
COPY chaos/package.json chaos/package.json
RUN npm install --no-save --ignore-scripts && npm run build --workspace @darkroom/web

FROM node:26-bookworm-slim AS production-dependencies
WORKDIR /app
COPY --from=build /app /app
# Nothing that ships needs an install script: sharp brings its binaries as packages, Postgres is a service of its own.
RUN rm -rf node_modules && npm install --no-save --omit=dev --ignore-scripts

FROM node:26-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0
RUN apt-get update \
 && apt-get install -y --no-install-recommends bubblewrap ffmpeg tini \
 && rm -rf /var/lib/apt/lists/* \
 && mkdir -p /data && chown node:node /data
WORKDIR /app
COPY --from=production-dependencies /app /app
USER node
VOLUME /data
EXPOSE 3000 9000
ENTRYPOINT ["tini", "--"]
CMD ["node", "apps/api/src/main.ts"]
