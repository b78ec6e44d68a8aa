"""Readings of the shipped questions by somebody else: a blind list to fill in, and how far readers agree.

    python -m evals.readings draw data/to-read.csv [--seed 1]
    python -m evals.readings keep data/to-read.csv evals/data/readings/mine.jsonl [--seed 1]
    python -m evals.readings count [--differences]

`draw` writes the questions in an order and with names that tell nothing. Whoever reads them fills in, from the notes in
corpus/ alone, how each should end, the notes that answer, and the sentences that do, word for word. `keep` puts the
own names of the questions back. `count` compares all readings kept with what the set expects and with one another. Knows
nothing of the assistant.
"""

from __future__ import annotations

import argparse
import csv
import io
import math
import random
import sys
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.answer import Status
from assistant.errors import BernardError, InputError
from evals.children import REPOSITORY
from evals.metrics import Estimate, alpha_with_interval, estimate, normalised
from evals.shipped import CORPUS, QUESTIONS, ShippedQuestion, load_shipped
from evals.tables import decoded, rows_of

READINGS = REPOSITORY / "evals" / "data" / "readings"
"""Where the readings are: one .jsonl file a reader."""
EXPECTED = "the set"
_COLUMNS = ("name", "earlier questions", "question", "status", "documents", "evidence", "sure", "note")
_STATUSES = (
    Status.ANSWERED,
    Status.NOT_IN_GUIDANCE,
    Status.NEEDS_CLARIFICATION,
    Status.OUT_OF_SCOPE,
    Status.BLOCKED,
)
_BETWEEN = "||"
"""Parts several things in one cell; so do line breaks."""


class Reading(BaseModel):
    """What one reader said of one question.

    Attributes:
        id: Of the question.
        status: How a good answer ends.
        documents: File names of the notes that answer, or come nearest; the best first.
        evidence: Sentences that answer, as the reader copied them.
        sure: 1 for a guess, 3 for sure; None where the reader did not say.
        note: What is odd about the question; "" for nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    status: Status
    documents: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    sure: Annotated[int, Field(ge=1, le=3)] | None = None
    note: str = ""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.status not in _STATUSES:
            raise ValueError(f"the status is “{self.status}”; use one of: {', '.join(_STATUSES)}")
        return self


class Agreed(BaseModel):
    """How far two readings agree.

    Attributes:
        questions: What both have read.
        status: Krippendorff's alpha of the status.
        same_status: Share of the questions with the same status.
        document: Of the questions both call answered and name documents for: the share where one's best is the other's.
        evidence: Of those for which both copied sentences: the share with one in common.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")

    questions: int
    status: Estimate
    same_status: Estimate
    document: Estimate
    evidence: Estimate


def blind(questions: Sequence[ShippedQuestion], seed: int) -> dict[str, ShippedQuestion]:
    """The questions by names that tell nothing, in an order that tells nothing; the same for the same seed."""
    shuffled = random.Random(seed).sample(list(questions), len(questions))
    return {f"q{number:03}": question for number, question in enumerate(shuffled)}


def to_fill_in(questions: Mapping[str, ShippedQuestion]) -> str:
    """The list as a table for a spreadsheet program."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(_COLUMNS)
    for name, one in questions.items():
        table.writerow([name, "\n".join(one.history), one.question, *[""] * 5])
    return written.getvalue()


def filled_in(text: str, questions: Mapping[str, ShippedQuestion]) -> list[Reading]:
    """The readings in a table; rows without a status are left out.

    Raises:
        InputError: A column lacks, or a row cannot be used; the message names every such row.
    """
    head, *rows = rows_of(text) or [[]]
    if lacking := [column for column in ("name", "status") if column not in head]:
        raise InputError(f"The table has no column {' and no column '.join(lacking)}.")
    found, faults = [], []
    for number, row in enumerate(rows, start=2):
        cells = dict(zip(head, (cell.strip() for cell in row), strict=False))
        if not cells.get("status"):
            continue
        if cells["name"] not in questions:
            faults.append(f"Row {number}: there is no question “{cells['name']}” in the list drawn with this seed.")
            continue
        try:
            found.append(_reading(questions[cells["name"]].id, cells))
        except ValidationError as error:
            what = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
            faults.append(f"Row {number}: {what}.")
    if faults:
        raise InputError("\n".join(["The readings cannot be used as they are:", *faults]))
    return found


def _reading(id: str, cells: Mapping[str, str]) -> Reading:
    several = {column: tuple(_parts(cells.get(column, ""))) for column in ("documents", "evidence")}
    told = {"id": id, "status": cells["status"].lower(), "sure": cells.get("sure") or None, "note": cells.get("note", "")}
    return Reading.model_validate({**told, **several})


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.replace(_BETWEEN, "\n").split("\n") if part.strip()]


def load_readings(folder: Path = READINGS) -> dict[str, list[Reading]]:
    """All readings kept, by the name of the reader's file.

    Raises:
        InputError: A file cannot be read, or a line of it is no reading.
    """
    found = {}
    for file in sorted(folder.glob("*.jsonl")):
        try:
            lines = file.read_text("utf-8").splitlines()
            found[file.stem] = [Reading.model_validate_json(line) for line in lines]
        except (OSError, ValidationError) as error:
            raise InputError(f"{file} cannot be read as readings: {error}") from None
    return found


def expected(questions: Sequence[ShippedQuestion]) -> list[Reading]:
    """What the set itself says, as a reading."""
    return [
        Reading(
            id=one.id,
            status=Status.ANSWERED if one.answerable else one.expected_status,
            documents=tuple(Path(path).name for path in one.documents),
            evidence=(*one.evidence, *one.also),
        )
        for one in questions
    ]


def agreement(first: Sequence[Reading], second: Sequence[Reading], clusters: Mapping[str, str]) -> Agreed:
    """How far two readings agree, with 95 % intervals of a bootstrap over documents.

    Args:
        first: One reading.
        second: The other.
        clusters: The document of each question, by its id.
    """
    others = {one.id: one for one in second}
    pairs = [(one, others[one.id]) for one in first if one.id in others]
    of_pair = [clusters[one.id] for one, _ in pairs]
    answered = [pair for pair in pairs if {one.status for one in pair} == {Status.ANSWERED}]
    placed = [pair for pair in answered if all(one.documents for one in pair)]
    quoted = [pair for pair in answered if all(one.evidence for one in pair)]
    return Agreed(
        questions=len(pairs),
        status=alpha_with_interval([(str(one.status), str(other.status)) for one, other in pairs], of_pair),
        same_status=estimate([float(one.status == other.status) for one, other in pairs], of_pair),
        document=estimate([float(_share_document(*pair)) for pair in placed], [clusters[one.id] for one, _ in placed]),
        evidence=estimate([float(_share_evidence(*pair)) for pair in quoted], [clusters[one.id] for one, _ in quoted]),
    )


def _share_document(one: Reading, other: Reading) -> bool:
    return one.documents[0] in other.documents or other.documents[0] in one.documents


def _share_evidence(one: Reading, other: Reading) -> bool:
    """Whether a sentence of one stands in one of the other: readers copy more or less of a list."""
    ours, theirs = ([f" {normalised(text)} " for text in reading.evidence] for reading in (one, other))
    return any(mine in yours or yours in mine for mine in ours for yours in theirs)


def table(readings: Mapping[str, Sequence[Reading]], clusters: Mapping[str, str]) -> str:
    """How far each two readings agree, as a table in Markdown."""
    rows = ["| readings | questions | status, alpha | same status | a document in common | a sentence in common |"]
    rows.append("|---|---|---|---|---|---|")
    for one, other in combinations(readings, 2):
        found = agreement(readings[one], readings[other], clusters)
        figures = (found.status, found.same_status, found.document, found.evidence)
        shown = " | ".join(_told(figure) for figure in figures)
        rows.append(f"| {one}; {other} | {found.questions} | {shown} |")
    return "\n".join(rows)


def _told(figure: Estimate) -> str:
    return "undefined" if math.isnan(figure.mean) else f"{figure.mean:.3f} ({figure.low:.3f} to {figure.high:.3f})"


def differences(readings: Mapping[str, Sequence[Reading]], questions: Sequence[ShippedQuestion]) -> str:
    """Every question of which the readings say different things: what each says."""
    by_reader = {name: {one.id: one for one in found} for name, found in readings.items()}
    lines = []
    for question in questions:
        said = {name: found[question.id] for name, found in by_reader.items() if question.id in found}
        if len({one.status for one in said.values()}) > 1:
            lines += ["", f"{question.id}: {question.question}"]
            lines += [f"  {name}: {one.status} {'; '.join(one.evidence)} {one.note}".rstrip() for name, one in said.items()]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw, keep or count. Returns the exit status: 0 done, 2 not."""
    options = _parser().parse_args(arguments)
    try:
        questions = load_shipped(options.questions, options.corpus)
        return int(options.verb(options, questions))
    except (BernardError, OSError) as error:
        print(f"readings: {error}", file=sys.stderr)
        return 2


def _draw(options: argparse.Namespace, questions: Sequence[ShippedQuestion]) -> int:
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(to_fill_in(blind(questions, options.seed)), "utf-8-sig", newline="")
    print(f"{len(questions)} questions are in {options.out}. Statuses: {', '.join(_STATUSES)}.")
    return 0


def _keep(options: argparse.Namespace, questions: Sequence[ShippedQuestion]) -> int:
    found = filled_in(decoded(options.table.read_bytes()), blind(questions, options.seed))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    lines = [one.model_dump_json(exclude_defaults=True) for one in sorted(found, key=lambda one: one.id)]
    options.out.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    print(f"{len(found)} readings are in {options.out}.")
    return 0


def _count(options: argparse.Namespace, questions: Sequence[ShippedQuestion]) -> int:
    readings = {EXPECTED: expected(questions), **load_readings(options.readings)}
    if len(readings) == 1:
        raise InputError(f"There are no readings in {options.readings}.")
    clusters = {one.id: one.documents[0] if one.documents else one.id for one in questions}
    print(table(readings, clusters))
    if options.differences:
        print(differences(readings, questions))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evals.readings", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=Path, default=QUESTIONS, metavar="FOLDER", help="default: evals/data/shipped")
    parser.add_argument("--corpus", type=Path, default=CORPUS, metavar="FOLDER", help="default: corpus")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    draw = verbs.add_parser("draw", help="write a blind list to fill in")
    draw.add_argument("out", type=Path, metavar="TABLE")
    keep = verbs.add_parser("keep", help="take a filled list in")
    keep.add_argument("table", type=Path, metavar="TABLE")
    keep.add_argument("out", type=Path, metavar="FILE")
    for verb in (draw, keep):
        verb.add_argument("--seed", type=int, default=0, metavar="N", help="of the order; the same for both (default: 0)")
    count = verbs.add_parser("count", help="compare the readings with the set and with one another")
    count.add_argument("--readings", type=Path, default=READINGS, metavar="FOLDER", help="default: evals/data/readings")
    count.add_argument("--differences", action="store_true", help="show the questions on which they differ")
    for verb, does in ((draw, _draw), (keep, _keep), (count, _count)):
        verb.set_defaults(verb=does)
    return parser


if __name__ == "__main__":
    sys.exit(main())
