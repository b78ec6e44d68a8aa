"""Judging of what a language model wrote and the check let through: a sample to read, and the labels kept.

    python -m evals.judged draw data/written.jsonl data/to-judge.csv [--count 50] [--seed 1]
    python -m evals.judged keep data/to-judge.csv evals/data/judged/mine.jsonl
    python -m evals.judged count evals/data/judged/same_questions.jsonl

`draw` takes shown claims by chance from the file of `evals.written` and writes them with what they cite, the column "label"
empty. Whoever judges fills it with "supported", "partly supported", "not supported" or "contradicted", from the source
alone.
`keep` keeps the labels without the words: a claim and its citations stand there as a digest. Knows nothing of the checker.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import random
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.errors import InputError

LABELS = ("supported", "partly supported", "not supported", "contradicted")
_COLUMNS = ("id", "question", "claim", "verdict", "reasons", "quotes", "label", "note")


def draw(claims: Sequence[Mapping[str, Any]], count: int, seed: int) -> list[dict[str, str]]:
    """Rows to judge: shown claims drawn by chance, each once, in the order in which they were written."""
    shown = list({(line["id"], line["text"]): line for line in claims if line["shown"]}.values())
    if not shown:
        raise InputError("No claim in the file was shown; there is nothing to judge.")
    chosen = sorted(random.Random(seed).sample(range(len(shown)), min(count, len(shown))))
    return [_row(shown[number]) for number in chosen]


def _row(line: Mapping[str, Any]) -> dict[str, str]:
    quotes = "\n".join(citation["quote"] for citation in line["citations"])
    reasons = " ".join(line["reasons"])
    told = {"id": line["id"], "question": line["question"], "claim": line["text"], "verdict": line["verdict"]}
    return {**told, "reasons": reasons, "quotes": quotes, "label": "", "note": ""}


def kept(rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """The labels, without the words they are about.

    Raises:
        InputError: A row has no label, or another than `LABELS`.
    """
    found = []
    for number, row in enumerate(rows, start=2):
        if (label := row["label"].strip().lower()) not in LABELS:
            raise InputError(f"Row {number}: the label is “{row['label']}”. Use one of: {', '.join(LABELS)}.")
        digest = hashlib.sha256(f"{row['claim']}\n{row['quotes']}".encode()).hexdigest()
        found.append(
            {"question": row["id"], "digest": digest, "verdict": row["verdict"], "label": label, "note": row["note"]}
        )
    return found


def counted(labels: Sequence[Mapping[str, str]]) -> str:
    """A table: what was said of the claims by the check, and by whoever judged."""
    pairs = Counter((line["verdict"], line["label"]) for line in labels)
    rows = [f"| shown as | {' | '.join(LABELS)} |", f"|---|{'---|' * len(LABELS)}"]
    rows += [
        f"| {verdict} | {' | '.join(str(pairs[verdict, label]) for label in LABELS)} |"
        for verdict in dict.fromkeys(line["verdict"] for line in labels)
    ]
    totals = Counter(line["label"] for line in labels)
    return "\n".join([*rows, f"| all {len(labels)} | {' | '.join(str(totals[label]) for label in LABELS)} |"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw, keep or count. Returns the exit status: 0 done, 2 not."""
    parser = argparse.ArgumentParser(
        prog="python -m evals.judged", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    drawing = verbs.add_parser("draw", help="write a sample to judge")
    drawing.add_argument("claims", type=Path)
    drawing.add_argument("sheet", type=Path)
    drawing.add_argument("--count", type=int, default=50)
    drawing.add_argument("--seed", type=int, default=1)
    keeping = verbs.add_parser("keep", help="keep the labels of a judged sample")
    keeping.add_argument("sheet", type=Path)
    keeping.add_argument("labels", type=Path)
    verbs.add_parser("count", help="count labels that were kept").add_argument("labels", type=Path)
    options = parser.parse_args(arguments)
    try:
        if options.verb == "draw":
            _write_sheet(options.sheet, draw(_lines(options.claims), options.count, options.seed))
        else:
            labels = _lines(options.labels) if options.verb == "count" else kept(_sheet(options.sheet))
            if options.verb == "keep":
                options.labels.write_text("".join(f"{json.dumps(line)}\n" for line in labels), "utf-8")
            print(counted(labels))
    except (InputError, OSError) as error:
        print(f"judged: {error}", file=sys.stderr)
        return 2
    return 0


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _write_sheet(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    if path.exists():
        raise InputError(f"{path} is there already and may hold labels. Name another file, or move it away.")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} claims to judge are in {path}.")


def _sheet(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if missing := set(_COLUMNS) - set(reader.fieldnames or ()):
            raise InputError(f"{path} has no column “{sorted(missing)[0]}”. Keep the columns as `draw` wrote them.")
        return list(reader)


if __name__ == "__main__":
    sys.exit(main())
