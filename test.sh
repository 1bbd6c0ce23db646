#!/usr/bin/env bash
# Builds everything (installing what is missing on Debian 12) and runs every test:
#   ./test.sh [release|dev|asan|tsan]     default: release
# Shows the output of what fails. The last line is "N passed, N failed, N skipped"; a build that fails counts
# as one failure. Exit status: 0 all passed, 1 something failed or nothing ran, 2 bad usage.
set -euo pipefail
preset=${1:-release}
case $preset in
  release | dev | asan | tsan) ;;
  *)
    echo "usage: ./test.sh [release|dev|asan|tsan]" >&2
    exit 2
    ;;
esac
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
# shellcheck source=scripts/dependencies.sh
source scripts/dependencies.sh

# Whatever ends the script before the tests have results is one failure.
trap 'echo "0 passed, 1 failed, 0 skipped"' EXIT

install_packages "${test_packages[@]}"
folder=build/$preset
build "$preset" "$folder" all

results=$PWD/$folder/test-results.xml
log=$PWD/$folder/test-output.txt
rm -f "$results"
[ ! -t 2 ] || echo "Running the tests …" >&2
status=0
ctest --preset "$preset" --parallel "$(nproc)" --no-tests=error --output-junit "$results" \
  >"$log" 2>&1 </dev/null || status=$?
if [ ! -s "$results" ]; then
  cat "$log" >&2
  exit 1
fi
trap - EXIT
exec python3 scripts/test_results.py "$results" "$status"
