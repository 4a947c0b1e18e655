#!/usr/bin/env bash
# Checks deploy/ as far as that goes without AWS, a cluster and Docker; it has its own lock and its own modules.
# Ends with `N passed, N failed` alone on a line; exits non-zero when anything failed.
set -uo pipefail
cd "$(dirname "$0")/../deploy"

if ! npm ci --no-audit --no-fund --ignore-scripts; then
  printf '\n0 passed, 1 failed\n'
  exit 1
fi
npm run --silent check
