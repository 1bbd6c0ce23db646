#!/usr/bin/env bash
# Builds the command (installing what is missing on Debian 12) and runs the article's strategies side by side.
# Options go to `cacherace run`: ./demo.sh --runs 1000
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
# shellcheck source=scripts/dependencies.sh
source scripts/dependencies.sh

install_packages "${build_packages[@]}"
build release build/demo cacherace -DCACHERACE_TESTS=OFF

options=("$@")
[ -t 2 ] || options+=(--no-progress)
exec build/demo/cacherace run article/side-by-side "${options[@]}"
