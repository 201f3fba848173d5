#!/usr/bin/env bash
# The long check: tools/check.sh, the slow tests, and the contract without the tricks of speed.
#   bash tools/check_all.sh        hours; as check.sh, it takes real data from GANZOO_DATA
set -euo pipefail
cd "$(dirname "$0")/.."
source tools/suites.sh

bash tools/check.sh
lanes <<LANES
suite slow tensorflow -m slow tests
suite rooms-on-tensorflow tensorflow -m "not slow" tests --ignore=${contract// / --ignore=} --ignore=${apart// / --ignore=}
suite slow-contract-on-jax jax -m slow $contract
suite slow-contract-on-torch torch -m slow $contract
LANES
# Without the tests of the tricks themselves.
plain="tests/contract tests/backend/test_probes.py tests/backend/test_distribution.py"
GANZOO_PLAIN=1 lanes <<LANES
suite plain-contract-on-tensorflow tensorflow -m "not slow" $plain
suite plain-contract-on-jax jax -m "not slow" $plain
suite plain-contract-on-torch torch -m "not slow" $plain
LANES
echo "The long check passed in $((SECONDS / 60)) minutes."
