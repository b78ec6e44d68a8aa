"""`python -m assistant` is `bernard`; also what ingest.py and ui.py are.

Python started outside `.venv` lacks Bernard's packages, and is told so in words.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

_NOTHING_DONE = 2


def bernard(arguments: Sequence[str]) -> int:
    """Run one verb; returns the exit status."""
    try:
        from assistant.cli import main

        return main(arguments)
    except ModuleNotFoundError as missing:
        if not missing.name or missing.name.split(".")[0] == "assistant":
            raise
        sys.stderr.write(
            f"bernard: This Python ({sys.executable}) has no {missing.name}, which Bernard needs. Run `make setup` once, "
            f"and then `.venv/bin/bernard {' '.join(arguments[:1]) or '--help'}`.\n"
        )
        return _NOTHING_DONE


if __name__ == "__main__":
    sys.exit(bernard(sys.argv[1:]))
