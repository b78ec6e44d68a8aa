#!/usr/bin/env bash
# Makes a virtual environment in the folder named, with the first Python found that is new enough. PYTHON names another.
set -euo pipefail

enough='import sys; sys.exit(sys.version_info < (3, 11))'
if [[ -x "$1/bin/python" ]] && "$1/bin/python" -c "$enough" 2>/dev/null; then
    exit 0
fi
for python in ${PYTHON:-python3.11 python3.12 python3.13 python3}; do
    if "$python" -c "$enough" 2>/dev/null; then
        rm -rf "$1"
        if "$python" -m venv "$1"; then
            exit 0
        fi
        rm -rf "$1"
        echo "$python could not make a virtual environment. On Debian and Ubuntu: apt install python3-venv" >&2
        exit 1
    fi
done
echo "Bernard needs Python 3.11 or newer, and none of ${PYTHON:-python3.11, python3.12, python3.13, python3} is." >&2
echo "Install it (on Debian and Ubuntu: apt install python3.11 python3.11-venv), or name it: make setup PYTHON=/path/to/python3" >&2
exit 1
