#!/usr/bin/env bash
# Builds and tests the page of --report (reports/page/) in a folder of its own:
#   scripts/page.sh WORK build FILE       the built page into FILE
#   scripts/page.sh WORK types            its TypeScript is sound
#   scripts/page.sh WORK browser FILE...  these reports work in Chromium
# The packages come from the npm registry, once for each WORK. Exit status 77 where Node.js, the packages or
# the browser are not to be had.
set -euo pipefail
work=$1 command=$2
shift 2
sources=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../reports/page

lack() {
  echo "not tested: $1"
  exit 77
}

command -v node >/dev/null || lack "node is not installed"
command -v npm >/dev/null || lack "npm is not installed"
[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ] || lack "node is older than 18"
mkdir -p "$work"
exec 9>"$work/lock"
flock 9
if ! cmp -s "$sources/package-lock.json" "$work/installed"; then
  cp "$sources/package.json" "$sources/package-lock.json" "$work"
  (cd "$work" && npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=0 --fetch-timeout=60000) \
    >"$work/npm.log" 2>&1 || lack "npm ci failed: $(tail -n 1 "$work/npm.log")"
  cp "$sources/package-lock.json" "$work/installed"
fi
rm -rf "$work/src"
cp -r "$sources/src" "$sources"/*.mjs "$sources/tsconfig.json" "$work"
flock -u 9

case $command in
  build)
    node "$work/build.mjs" "$1"
    ;;
  types)
    cd "$work"
    node_modules/.bin/tsc --noEmit
    ;;
  browser)
    CHROMIUM=${CHROMIUM:-$(command -v chromium || true)}
    [ -n "$CHROMIUM" ] || lack "chromium is not installed"
    export CHROMIUM
    exec timeout 500 node "$work/browser_test.mjs" "$@"
    ;;
esac
