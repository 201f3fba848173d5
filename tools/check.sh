#!/usr/bin/env bash
# Sets up a virtual environment and passes every check on TensorFlow, JAX and PyTorch.
#   bash tools/check.sh            the folder of real data is taken from GANZOO_DATA
set -euo pipefail
cd "$(dirname "$0")/.."
environment="${GANZOO_CHECK_ENV:-.venv-check}"
python="$environment/bin/python"

[ -x "$python" ] || python3 -m venv "$environment"
"$python" -m pip install --quiet --disable-pip-version-check -r requirements-check.txt -e ".[dev]"

"$python" -m ruff check .
"$python" -m ruff format --check .
"$python" -m mypy

# One process per backend. What does not depend on the backend runs once, on TensorFlow. Two suites
# run side by side, as each leaves much of a second core idle; what the second says is shown when the
# first is done.
suite() { KERAS_BACKEND=$1 "$python" -m pytest -m "not slow" --durations=5 "${@:2}"; }
apart=(tests/metrics tests/faults)
beside="$(mktemp)"
(
  suite jax tests/backend && suite torch tests/backend && suite tensorflow "${apart[@]}"
) >"$beside" 2>&1 &
others=$!
trap 'pkill -P "$others" || true; rm -f "$beside"' EXIT
suite tensorflow tests "${apart[@]/#/--ignore=}" && first=0 || first=$?
echo "The first suite is done; JAX, PyTorch and ${apart[*]} follow."
wait "$others" && second=0 || second=$?
cat "$beside"
[ "$first" -eq 0 ] && [ "$second" -eq 0 ] || exit 1
echo "All checks passed on tensorflow, jax and torch."
