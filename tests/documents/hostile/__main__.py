"""Makes the hostile set, reads each file in a process of its own as an ingest does, and prints what became of each."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from assistant.documents.library import Found, find_files, load_file
from assistant.documents.workers import Workers
from assistant.errors import DocumentError, SkippedDocument
from assistant.settings import ReadingSettings
from tests.documents.hostile import all_cases, make_places
from tests.documents.hostile.texts import bait


def main() -> None:
    """Print file, outcome, reason and seconds; words on the command line choose files by parts of their names."""
    wanted = sys.argv[1:]
    with tempfile.TemporaryDirectory() as made, Workers(ReadingSettings.model_validate({"workers": 1})) as workers:
        folder = Path(made)
        (folder / "secret.txt").write_text("Nobody may read this.")
        make_places(folder / "places", folder / "secret.txt")
        for case in [*all_cases("http://127.0.0.1:9", f"file://{folder}/secret.txt"), *bait(200_000)]:
            if not wanted or any(word in case.name for word in wanted):
                data = case.make()
                _show(workers, Found(folder / case.name, case.name), data)
        for found in find_files([folder / "places"]):
            if not wanted or any(word in found.relative for word in wanted):
                try:
                    _show(workers, found, load_file(found))
                except DocumentError as error:
                    kind = "skipped" if isinstance(error, SkippedDocument) else "failed"
                    print(f"{found.relative!r:60} {kind:8} {0:6.2f} s  {error}")


def _show(workers: Workers, found: Found, data: bytes) -> None:
    started = time.perf_counter()
    ((_, outcomes),) = workers.read([(found, data)])
    seconds = time.perf_counter() - started
    for outcome in outcomes:
        kind = "indexed" if outcome.document else "failed" if outcome.failed else "skipped"
        said = outcome.reason
        if outcome.document:
            said = f"{len(outcome.document.blocks)} blocks, {len(outcome.document.text):,} characters"
        print(f"{outcome.relative!r:60} {kind:8} {seconds:6.2f} s  {said}", flush=True)


if __name__ == "__main__":
    main()
