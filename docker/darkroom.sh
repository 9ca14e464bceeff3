#!/bin/sh
# The command line of Darkroom in a container: docker compose exec api darkroom --help
exec /app/docker/entrypoint.sh node /app/apps/cli/src/main.ts "$@"
