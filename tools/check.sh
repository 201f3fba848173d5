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

# One process per backend. What does not depend on the backend runs once, on TensorFlow.
KERAS_BACKEND=tensorflow "$python" -m pytest -m "not slow" --durations=5
for backend in jax torch; do
  KERAS_BACKEND=$backend "$python" -m pytest -m "not slow" --durations=5 tests/backend
done
echo "All checks passed on tensorflow, jax and torch."
