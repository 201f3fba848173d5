# Sourced by check.sh and check_all.sh: the environment, and test suites two at a time.
environment="${GANZOO_CHECK_ENV:-.venv-check}"
python="$environment/bin/python"
contract="tests/backend tests/contract"    # per backend
# On TensorFlow alone, a suite of their own: what it makes that others do not, and what takes long.
apart="tests/faults tests/export tests/test_feeding.py"
export python
# Where nothing may be kept of what Python compiles, each of the hundred processes that tests begin
# compiles Keras and its backend anew: 10 seconds of TensorFlow, 16 of PyTorch.
unset PYTHONDONTWRITEBYTECODE
# Two suites share the cores; more threads of OpenMP than cores wait for each other.
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-$((($(nproc) + 1) / 2))}"

# job NAME COMMAND...: one process; its output is shown in one piece.
job() {
  local name=$1 begun=$SECONDS log failed=0
  log="$(mktemp)"
  "${@:2}" >"$log" 2>&1 || failed=$?
  {
    echo "=== $name: $(((SECONDS - begun + 30) / 60)) min, exit code $failed"
    cat "$log"
  }
  rm -f "$log"
  return "$failed"
}
# suite NAME BACKEND PYTEST_ARGUMENTS...: tests in one process.
suite() { KERAS_BACKEND=$2 job "$1" "$python" -m pytest --durations=25 "${@:3}"; }
export -f job suite

# lanes: reads lines that are each a job or a suite, longest first, and keeps two of them running. One
# leaves much of a second core idle.
lanes() { xargs -P 2 -L 1 bash -c '"$@"' lane; }
