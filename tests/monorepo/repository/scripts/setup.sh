#!/usr/bin/env bash
# Makes .venv with whatever Python 3 comes first.
set -euo pipefail
cd "$(dirname "$0")/.."

python="${1:-}"
for candidate in python3 python; do
    if [ -z "$python" ] && command -v "$candidate" >/dev/null; then
        python="$candidate"
    fi
done
if [ -z "$python" ]; then
    echo "error: no python3 was found" >&2
    exit 1
fi

"$python" -m venv .venv
for part in backend frontend; do
    .venv/bin/python -m pip install -r "$part/requirements.lock"
done
.venv/bin/python -m pip install -e shared flake8 mypy pytest
echo "done: source .venv/bin/activate"
