#!/usr/bin/env bash
# Renews constraints.txt: installs the newest versions that pyproject.toml allows into a fresh environment, checks that
# they agree with each other, and writes them down. Run the tests afterwards, then commit both files.
set -euo pipefail
cd "$(dirname "$0")/.."

environment="$(mktemp -d)"
trap 'rm -rf "$environment"' EXIT

"${PYTHON:-python3.11}" -m venv "$environment"
"$environment/bin/pip" install --quiet --editable '.[dev,bench]'
"$environment/bin/pip" check
{
    echo "# Exact versions of everything that \`make setup\` and \`make bench\` install, and that the tests passed with."
    echo "# Made by scripts/renew_constraints.sh; do not edit by hand."
    # What follows a plus sign names one build of a release; any build of it will do.
    "$environment/bin/pip" freeze --all --exclude pip --exclude-editable | sed 's/+[A-Za-z0-9.]*$//'
} > constraints.txt.new
mv constraints.txt.new constraints.txt
echo "constraints.txt: $(grep -c == constraints.txt) packages"
