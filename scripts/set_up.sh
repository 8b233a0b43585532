# shellcheck shell=bash
# Sets up the machine and .venv; sourced by the other scripts, which then have .venv/bin on PATH.
# A script that needs an environment of its own names its folder, and the newest Python that runs it.
# Each step is skipped once it has been done, and done again when pyproject.toml changes.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

VENV_FOLDER="${VENV_FOLDER:-.venv}"
VENV="$PWD/$VENV_FOLDER"
GL_PACKAGES=(libegl1 libegl-mesa0 libgl1-mesa-dri libopengl0)
OLDEST_PYTHON="${OLDEST_PYTHON:-11}" # 3.11
NEWEST_PYTHON="${NEWEST_PYTHON:-13}"

export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore

say() { printf '==> %s\n' "$*"; }

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

NO_PYTHON=77 # Exit status that asks whoever runs a suite to skip it, as automake has it.

# set_up EXTRAS: everything that running the package with some of its extras ("" for none) needs.
set_up() {
  "$VENV/bin/python" -m pip --version &>/dev/null || make_venv
  export PATH="$VENV/bin:$PATH"
  once "install-${1:-core}" install_package "$1"
  graphics_work &>/dev/null || install_graphics
}

# once NAME COMMAND...: run COMMAND unless it has succeeded here before, for this pyproject.toml.
once() {
  local stamp="$VENV/.done-$1" fingerprint
  fingerprint=$({ cat pyproject.toml && printf '%s' "$PWD"; } | sha256sum)
  shift
  if [[ ! -f $stamp || $(<"$stamp") != "$fingerprint" ]]; then
    "$@" || return
    printf '%s' "$fingerprint" >"$stamp"
  fi
}

# Editable, so that a pull or an edit takes effect without a second installation.
install_package() {
  say "Installing the package${1:+ with [$1]} and what it needs into $VENV_FOLDER"
  pip_install --editable ".${1:+[$1]}"
}

pip_install() { "$VENV/bin/python" -m pip install -qq "$@" </dev/null; }

# Its CPU build is asked for by name, because the default one brings several GB of CUDA.
install_torch() {
  pip_install "torch==$1+cpu" 2>/dev/null ||
    pip_install --index-url https://download.pytorch.org/whl/cpu "torch==$1+cpu"
}

make_venv() {
  local python
  python=$(newest_python venv,ensurepip) || {
    python=$(newest_python) || {
      say "No Python 3.$OLDEST_PYTHON to 3.$NEWEST_PYTHON runs here; install one to use $VENV_FOLDER"
      say "(Debian 12 has 3.11, apt-get install python3; pyenv has them all)."
      exit "$NO_PYTHON"
    }
    # Debian ships venv apart from Python.
    apt_install "python3.$(minor_version "$python")-venv"
  }
  say "Creating $VENV_FOLDER with $("$python" --version)"
  "$python" -m venv --clear "$VENV"
}

# newest_python [MODULES]: the newest supported Python on PATH that has some modules. It is run to
# find out: the first hit may be a version manager's shim for a version that is not switched on.
newest_python() {
  local minor name candidate
  for ((minor = NEWEST_PYTHON; minor >= OLDEST_PYTHON; minor--)); do
    for name in "python3.$minor" python3 python; do
      while read -r candidate; do
        if [[ $(minor_version "$candidate") == "$minor" ]] &&
          "$candidate" -c "import sys${1:+,$1}" &>/dev/null </dev/null; then
          printf '%s\n' "$candidate"
          return
        fi
      done < <(type -aP "$name")
    done
  done
  return 1
}

minor_version() {
  "$1" -c 'import sys; print(sys.version_info[1] if sys.version_info[0] == 3 else 0)' \
    2>/dev/null </dev/null || true
}

graphics_work() {
  "$VENV/bin/python" -c '
from vla_humanoid.sims.graphics import GraphicsUnavailable, select_backend
try:
    select_backend()
except GraphicsUnavailable as error:
    raise SystemExit(str(error)) from None' </dev/null
}

install_graphics() {
  apt_install "${GL_PACKAGES[@]}"
  graphics_work &>/dev/null || apt_install libosmesa6
  graphics_work || exit 1
}

apt_install() {
  command -v apt-get >/dev/null || fail "missing here: $* (Debian's names); install them, then run this again."
  [[ $(id -u) == 0 ]] || fail "missing here: $*. Run: sudo apt-get install $*"
  say "Installing $* with apt-get"
  local log
  log=$(mktemp)
  if ! { apt-get update && apt-get install -y --no-install-recommends "$@"; } \
    >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    fail "apt-get could not install $*"
  fi
  rm -f "$log"
}

export DEBIAN_FRONTEND=noninteractive
