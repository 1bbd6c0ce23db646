# Sourced by demo.sh and test.sh: what the build needs on Debian 12, and how to be quiet about it.
# shellcheck shell=bash disable=SC2034  # the lists are used by those who source this

export LC_ALL=C.UTF-8

build_packages=(g++ cmake ninja-build libboost-dev libboost-context-dev libboost-fiber-dev
  nlohmann-json3-dev libcli11-dev libfmt-dev librandom123-dev zlib1g-dev libzstd-dev libncurses-dev
  pkg-config)
test_packages=("${build_packages[@]}" libgtest-dev libgmock-dev librapidcheck-dev catch2
  libvterm-dev python3 python3-jsonschema chromium)
# For the page of --report; any Node.js does.
command -v npm >/dev/null || test_packages+=(nodejs npm)

# quietly WHAT COMMAND...: shows the command's output only if it fails, and gives its status.
quietly() {
  local what=$1 log status=0
  shift
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ "$status" -ne 0 ]; then
    cat "$log" >&2
    echo "$what failed (status $status): $*" >&2
  fi
  rm -f "$log"
  return "$status"
}

# install_packages PACKAGE...: installs those that are missing. Where there is no apt-get, it leaves the
# complaint to CMake, which says what it does not find.
install_packages() {
  local package missing=() as_root=()
  command -v apt-get >/dev/null && command -v dpkg-query >/dev/null || return 0
  for package in "$@"; do
    case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) in
      installed*) ;;
      *) missing+=("$package") ;;
    esac
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "Missing Debian packages, and neither root nor sudo to install them. As root:" >&2
      echo "  apt-get install --no-install-recommends ${missing[*]}" >&2
      return 1
    fi
    as_root=(sudo)
    sudo -v || return 1 # asks for the password, if at all, where it can be seen
  fi
  as_root+=(env DEBIAN_FRONTEND=noninteractive)
  echo "Installing Debian packages: ${missing[*]}" >&2
  quietly "apt-get update" "${as_root[@]}" apt-get update &&
    quietly "apt-get install" "${as_root[@]}" apt-get install -y --no-install-recommends "${missing[@]}"
}

# build PRESET FOLDER TARGET [CMAKE OPTION...]: configures and builds, from the project's root.
build() {
  local preset=$1 folder=$PWD/$2 target=$3 cache=$PWD/$2/CMakeCache.txt
  shift 3
  # A folder that was moved or copied here belongs to another place: CMake would refuse it.
  if [ -f "$cache" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" "$cache"; then
    rm -rf "$folder"
  fi
  [ ! -t 2 ] || echo "Building ($preset) …" >&2
  quietly "The configuration" cmake --preset "$preset" -B "$folder" "$@" &&
    quietly "The build" cmake --build "$folder" --target "$target" --parallel "$(nproc)"
}
