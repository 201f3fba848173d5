#!/usr/bin/env bash
# Sets up a virtual environment and passes every check on TensorFlow, JAX and PyTorch.
#   bash tools/check.sh            the folder of real data is taken from GANZOO_DATA
set -euo pipefail
cd "$(dirname "$0")/.."
source tools/suites.sh

# Pages are tested in Debian's Chromium, with node and npm; without them these tests are skipped.
programs() {
  local missing=()
  command -v chromium >/dev/null || missing+=(chromium)
  command -v node >/dev/null || missing+=(nodejs)
  command -v npm >/dev/null || missing+=(npm)
  if [ ${#missing[@]} = 0 ] || [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    return
  fi
  if { apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"; } >/dev/null 2>&1; then
    echo "Installed for the tests of pages: ${missing[*]}."
  else
    echo "Not installed: ${missing[*]}; the tests of pages are skipped."
  fi
}
programs &
installing=$!

# uv installs in a third of pip's time, and is told what pip is told of where packages lie. Neither
# compiles: what is imported is compiled as it is, which is a minute and a half less.
told() { "$python" -m pip config list | sed -n "s/^[^.]*\.$1='\(.*\)'$/\1/p" | sort -u | tr '\n' ' '; }
by_uv() {
  local index cert
  "$python" -m pip install --quiet --no-compile --disable-pip-version-check uv || return
  index="$(told index-url)" cert="$(told cert)"
  [ -z "$index" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-${index%% *}}"
  [ -z "$cert" ] || export SSL_CERT_FILE="${SSL_CERT_FILE:-${cert%% *}}"
  export UV_EXTRA_INDEX_URL="${UV_EXTRA_INDEX_URL:-$(told extra-index-url)}"
  export UV_FIND_LINKS="${UV_FIND_LINKS:-$(told find-links | tr ' ' ',')}"
  export UV_CONSTRAINT="${UV_CONSTRAINT:-$(told constraint)}"
  # As pip: the best version of all indexes. On the disk of the environment its files are linked.
  "$python" -m uv pip install --quiet --python "$python" --index-strategy unsafe-best-match \
    --cache-dir "$environment/.uv" "$@"
}
by_pip() { "$python" -m pip install --quiet --no-compile --disable-pip-version-check "$@"; }
[ -x "$python" ] || python3 -m venv "$environment"
needed=(-r requirements-check.txt -e ".[dev]")
by_uv "${needed[@]}" || by_pip "${needed[@]}"
rm -rf "$environment/.uv"
wait "$installing"

"$python" -m ruff check .
"$python" -m ruff format --check .
"$environment/bin/lint-imports" --no-logo
live=""
! command -v npm >/dev/null || live=" fatgan_electrons_fast dcgan_mnist"

# One process per backend. What does not depend on the backend runs once, on PyTorch, which compiles
# nothing before it begins.
quick='-m "not slow"'
lanes <<LANES
suite rooms torch $quick tests --ignore=${contract// / --ignore=} --ignore=${apart// / --ignore=}
suite contract-on-jax jax $quick $contract
suite contract-on-tensorflow tensorflow $quick $contract
suite apart tensorflow $quick $apart
suite contract-on-torch torch $quick $contract
job documentation bash tools/docs.sh docs/_build$live
job types $python -m mypy
LANES
echo "All checks passed on tensorflow, jax and torch in $((SECONDS / 60)) minutes."
