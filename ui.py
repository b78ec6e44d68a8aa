"""Serve the browser front end: `python ui.py`, the same as `bernard serve`."""

import sys

from assistant.__main__ import bernard


def main() -> int:
    """Run `bernard serve` with the arguments given to this file."""
    return bernard(["serve", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
