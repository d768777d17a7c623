#!/usr/bin/env bash
# docker-compose.yml is valid. Needs no Docker engine.
set -euo pipefail

cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
if command -v docker-compose >/dev/null; then
    docker-compose -f docker-compose.yml config -q
elif docker compose version >/dev/null 2>&1; then
    docker compose -f docker-compose.yml config -q
else
    echo "compose: neither docker-compose nor docker compose is here; ./dev setup installs it"
    exit 1
fi
echo "compose: docker-compose.yml is valid"
