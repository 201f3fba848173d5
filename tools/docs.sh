#!/usr/bin/env bash
# Builds the documentation; warnings, dead links among them, are errors.
#   bash tools/docs.sh [FOLDER]    pages go to docs/_build unless a folder is named
# It needs `pip install -e ".[docs]"` and a backend, and no network.
set -euo pipefail
site="$(realpath -m "${1:-$(dirname "$0")/../docs/_build}")"
cd "$(dirname "$0")/.."
python="${python:-python}"
sources="$(mktemp -d)"
trap 'rm -rf "$sources"' EXIT
"$python" -m tools.docs_pages "$sources"
"$python" -m sphinx -b html -c docs -d "$sources/.doctrees" --fail-on-warning --keep-going -q -j auto "$sources" "$site"
rm -f "$site/.buildinfo"
echo '<!doctype html><meta http-equiv="refresh" content="0; url=docs/index.html"><a href="docs/index.html">ganzoo</a>' >"$site/index.html"
echo "The documentation is in $site, built in $SECONDS seconds."
