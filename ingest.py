"""Index guidance: `python ingest.py [PATH …]`, the same as `bernard ingest`."""

import sys

from assistant.__main__ import bernard


def main() -> int:
    """Run `bernard ingest` with the arguments given to this file."""
    return bernard(["ingest", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
