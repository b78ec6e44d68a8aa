"""`bernard eval`: hands over to the evaluations, which lie beside this package in a checkout and are not installed with it.

Knows only where they are and what they are called; nothing else in this package knows of them.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
from pathlib import Path

from assistant.errors import InputError

_CHECKOUT = Path(__file__).resolve().parents[1]


def evaluate(options: argparse.Namespace) -> int:
    """Run what was typed after `eval`.

    Raises:
        InputError: This is an installed package without its evaluations.
    """
    if not (_CHECKOUT / "evals" / "cli.py").is_file():
        raise InputError(
            "The evaluations are not part of the installed package. Clone the project and run `make setup` there; then "
            "`bernard eval` works, from any folder."
        )
    if str(_CHECKOUT) not in sys.path:
        sys.path.insert(0, str(_CHECKOUT))
    status: int = importlib.import_module("evals.cli").main(options.arguments)
    return status
