#!/usr/bin/env bash
# Builds the documentation; warnings, dead links among them, are errors.
#   bash tools/docs.sh [FOLDER [NAME...]]    pages go to docs/_build unless a folder is named
# NAMEs are models that get a live page, `all` is each that can have one: about 20 seconds a model. These
# need `pip install -e ".[docs,export]"` and npm. The rest needs `.[docs]`, a backend, and no network.
set -euo pipefail
site="$(realpath -m "${1:-$(dirname "$0")/../docs/_build}")"
live=("${@:2}")
cd "$(dirname "$0")/.."
python="${python:-python}"
sources="$(mktemp -d)"
trap 'rm -rf "$sources"' EXIT
"$python" -m tools.docs_pages "$sources" "${live[@]}"
"$python" -m sphinx -b html -c docs -d "$sources/.doctrees" --fail-on-warning --keep-going -q -j auto "$sources" "$site"
rm -f "$site/.buildinfo"
echo '<!doctype html><meta http-equiv="refresh" content="0; url=docs/index.html"><a href="docs/index.html">ganzoo</a>' >"$site/index.html"
[ ${#live[@]} = 0 ] || "$python" -m tools.live_pages "$site/docs/live" "${live[@]}"
"$python" -m tools.dead_links "$site"
echo "The documentation is in $site, built in $SECONDS seconds."
