"""How long 10,000 responses take from a file to candidate themes, and how much memory: `python -m evals.consult_load`.

Made of the arguments of IBM's set, shuffled and joined. Bars: 300 s by the clock and 2,048 MiB on two cores.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.consult import Consultation
from assistant.settings import load_settings
from evals.consultations import rows_of
from evals.sets import PUBLIC

_RESPONSES = 10_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure. Returns the exit status: 0 measured, 2 not."""
    parser = argparse.ArgumentParser(prog="python -m evals.consult_load", description=__doc__)
    parser.add_argument(
        "--sets", type=Path, default=PUBLIC, metavar="FOLDER", help="holds ibm_kpa/ (default: ../shared/evals)"
    )
    folder = parser.parse_args(arguments).sets / "ibm_kpa"
    if not folder.is_dir():
        print(f"consult_load: there is no folder {folder} to take arguments from.", file=sys.stderr)
        return 2
    texts = [row["argument"] for part in ("train", "dev") for row in rows_of(folder / f"arguments_{part}.csv")]
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "many.csv"
        _write(file, texts)
        settings = load_settings()
        models = settings.data_dir.absolute() / "models"
        models.mkdir(parents=True, exist_ok=True)
        (Path(place) / "models").symlink_to(models)
        begun, used = time.monotonic(), sum(os.times()[:2])
        with Consultation.new("many", file, settings.model_copy(update={"data_dir": Path(place)})) as consultation:
            question = consultation.question()
            themes, statements = question.form_themes(), len(question.statements)
        seconds, worked = time.monotonic() - begun, sum(os.times()[:2]) - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{_RESPONSES:,} responses, {statements:,} statements, {len(themes)} candidate themes")
    print(f"{seconds:.0f} s by the clock, {worked:.0f} s of processor (bar 300 s on two cores)")
    print(f"{peak:.0f} MiB at most (bar 2,048)")
    return 0


def _write(file: Path, texts: Sequence[str]) -> None:
    """Responses of one to four arguments each."""
    rng = np.random.default_rng(0)
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["Response ID", "Why do you say so?"])
        for number in range(_RESPONSES):
            chosen = rng.choice(len(texts), size=int(rng.integers(1, 5)))
            writer.writerow([f"R{number}", " ".join(f"{texts[at].strip(' .').capitalize()}." for at in chosen)])


if __name__ == "__main__":
    sys.exit(main())
