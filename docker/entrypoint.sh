#!/bin/sh
# Runs a command of Darkroom in a container. Where no B2 variable is set, objects lie in the local-b2 of LOCAL_STORE_URL, if there is one.
set -eu
if [ -n "${LOCAL_STORE_URL:-}" ] && [ -z "${B2_KEY_ID:-}${B2_APPLICATION_KEY:-}${B2_BUCKET_NAME:-}${B2_ENDPOINT:-}" ]; then
  export B2_KEY_ID=localkey B2_APPLICATION_KEY=localsecret
  export B2_BUCKET_NAME=darkroom B2_PUBLIC_BUCKET_NAME=darkroom-public
  export B2_ENDPOINT="$LOCAL_STORE_URL" B2_REGION=local-000
  # What browsers and clients reach; the containers themselves use B2_ENDPOINT.
  export B2_PUBLIC_ENDPOINT="${B2_PUBLIC_ENDPOINT:-${LOCAL_STORE_PUBLIC_URL:-}}"
fi
exec "$@"
