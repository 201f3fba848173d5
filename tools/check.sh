#!/usr/bin/env bash
# Sets up a virtual environment and passes every check on TensorFlow, JAX and PyTorch.
#   bash tools/check.sh            the folder of real data is taken from GANZOO_DATA
set -euo pipefail
cd "$(dirname "$0")/.."
source tools/suites.sh

[ -x "$python" ] || python3 -m venv "$environment"
"$python" -m pip install --quiet --disable-pip-version-check -r requirements-check.txt -e ".[dev]"

"$python" -m ruff check .
"$python" -m ruff format --check .
"$python" -m mypy
"$environment/bin/lint-imports" --no-logo
bash tools/docs.sh

# One process per backend. What does not depend on the backend runs once, on TensorFlow.
quick='-m "not slow"'
suites <<SUITES
rooms tensorflow $quick tests --ignore=${contract// / --ignore=} --ignore=${apart// / --ignore=}
contract-on-jax jax $quick $contract
contract-on-tensorflow tensorflow $quick $contract
contract-on-torch torch $quick $contract
${apart// /-and-} tensorflow $quick $apart
SUITES
echo "All checks passed on tensorflow, jax and torch in $((SECONDS / 60)) minutes."
