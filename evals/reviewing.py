"""Answers and claims for people to label, blind to what made them; their labels, and how far they agree.

Knows nothing of the page on which they are labelled.
"""

from __future__ import annotations

import csv
import hashlib
import io
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import InputError
from evals.metrics import Estimate, alpha_with_interval
from evals.results import SampleResult
from evals.scorecard_markdown import shown
from evals.tables import decoded, rows_of

LABELS = {
    "helpful": ("yes", "partly", "no"),
    "supported": ("yes", "partly", "no"),
    "complete": ("yes", "partly", "no"),
}
QUESTIONS = {
    "helpful": "Does it answer the question? A refusal does when the guidance has no answer.",
    "supported": "Does the guidance shown bear out everything that is said?",
    "complete": "Does it say what a colleague would need to know, conditions and all?",
}
COLUMNS = ("item", "question", "shown", *LABELS, "comment")


class Item(BaseModel):
    """One answer to label; `item` names it without telling which run it is from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: str
    question: str
    shown: str


class Label(BaseModel):
    """What one person said of one answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: str
    rater: str
    helpful: str = ""
    supported: str = ""
    complete: str = ""
    comment: str = ""


class Agreement(BaseModel):
    """How far raters agree with each other, or with an automatic figure, on one question.

    Attributes:
        with_whom: "each other", or the name of the figure.
        items: Answers that two or more have labelled.
        alpha: Krippendorff's, nominal, with its interval.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")

    question: str
    with_whom: str
    items: int
    alpha: Estimate


def items_of(
    runs: Mapping[str, Sequence[SampleResult]], *, limit: int, seed: int = 0
) -> dict[str, tuple[Item, SampleResult]]:
    """Answers of one or more runs in an order that tells nothing, the same for the same seed, by their item."""
    found: dict[str, tuple[Item, SampleResult]] = {}
    for run, results in runs.items():
        for result in results:
            if result.suite == "answers" and not result.epoch:
                name = hashlib.sha256(f"{seed}:{run}:{result.set}:{result.id}".encode()).hexdigest()[:10]
                item = Item(item=name, question=result.question, shown=_for_raters(result))
                found[name] = item, result
    names = sorted(found)
    random.Random(seed).shuffle(names)
    return {name: found[name] for name in names[:limit]}


def _for_raters(result: SampleResult) -> str:
    """What was shown, with the guidance that it cites, without which nobody can say whether that bears it out."""
    sources = result.details.get("sources", [])
    cited = [f"[{one['number']}] {one['text']}" for one in sources]
    return "\n".join([without_scores(result.shown), *(["", "The guidance cited:", *cited] if cited else [])])


def without_scores(text: str) -> str:
    """What was shown, without confidence and verdicts, which would lead the rater."""
    first, _, rest = text.partition("\n")
    lines = [
        first.partition(" (")[0],
        *(line.rpartition(" (")[0] if line.startswith("•") else line for line in rest.split("\n")),
    ]
    return "\n".join(line for line in lines if line)


def as_csv(items: Sequence[Item]) -> str:
    """A table to fill in with a spreadsheet program."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(COLUMNS)
    for one in items:
        table.writerow([one.item, _harmless(one.question), _harmless(one.shown), *[""] * (len(LABELS) + 1)])
    return written.getvalue()


def _harmless(text: str) -> str:
    """Text that no spreadsheet program takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def read_labels(path: Path, rater: str) -> list[Label]:
    """The labels in a filled table.

    Raises:
        InputError: It cannot be read, or a label is none of those offered: each row is named.
    """
    try:
        names, *cells = rows_of(decoded(path.read_bytes())) or [[]]
    except OSError as error:
        raise InputError(f"The labels in {path} cannot be read ({error.strerror or error}).") from None
    if lacking := [name for name in ("item", *LABELS) if name not in names]:
        raise InputError(
            f"Nothing was kept, since the first row of {path} does not name the column {lacking[0]!r}. Fill in the table "
            "that --write made and leave its first row as it is."
        )
    labels, faults = [], []
    for number, row in enumerate((dict(zip(names, line, strict=False)) for line in cells if any(line)), start=2):
        given = {name: (row.get(name) or "").strip().lower() for name in LABELS}
        wrong = [f"{name} is {value!r}" for name, value in given.items() if value and value not in LABELS[name]]
        if wrong or not row.get("item"):
            faults.append(f"row {number}: {'; '.join(wrong) or 'the item is missing'}")
        elif any(given.values()):
            labels.append(Label(item=row["item"], rater=rater, comment=row.get("comment") or "", **given))
    if faults:
        raise InputError(
            f"Nothing was kept, since {path} has labels other than yes, partly and no:\n  " + "\n  ".join(faults)
        )
    return labels


def keep(path: Path, labels: Sequence[Label]) -> None:
    """Add labels to those kept; a later label of a rater for an item takes the place of an earlier one."""
    with path.open("a", encoding="utf-8") as file:
        file.writelines(label.model_dump_json() + "\n" for label in labels)


def kept(path: Path) -> list[Label]:
    """The labels kept, the latest of each rater for each item."""
    if not path.exists():
        return []
    latest: dict[tuple[str, str], Label] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            label = Label.model_validate_json(line)
        except ValidationError:
            raise InputError(f"{path}, line {number} is no label. Take the line out.") from None
        latest[label.item, label.rater] = label
    return list(latest.values())


def agreements(labels: Sequence[Label], items: Mapping[str, tuple[Item, SampleResult]]) -> list[Agreement]:
    """How far raters agree with each other, and their majority with what the evaluations measured."""
    found = []
    for question in LABELS:
        by_item: dict[str, list[str]] = defaultdict(list)
        for label in labels:
            if label.item in items and (value := getattr(label, question)):
                by_item[label.item].append(value)
        several = [values for values in by_item.values() if len(values) > 1]
        found.append(
            Agreement(question=question, with_whom="each other", items=len(several), alpha=alpha_with_interval(several))
        )
        figure = _AUTOMATIC.get(question)
        if figure is None:
            continue
        pairs = [
            (max(sorted(values), key=values.count), measured)
            for item, values in by_item.items()
            if (measured := _measured(items[item][1], figure))
        ]
        found.append(Agreement(question=question, with_whom=figure, items=len(pairs), alpha=alpha_with_interval(pairs)))
    return found


_AUTOMATIC = {"helpful": "recall", "complete": "f1"}


def _measured(result: SampleResult, figure: str) -> str:
    """A figure as a label: "yes" from .999, "no" at 0, "partly" between."""
    if figure not in result.measures:
        return ""
    above, below = result.measures[figure]
    value = above / below
    return "yes" if value > 0.999 else "no" if value < 0.001 else "partly"


def agreement_table(found: Sequence[Agreement]) -> str:
    """Agreements as Markdown."""
    lines = ["| question | agreement with | answers | Krippendorff's alpha |", "|---|---|---|---|"]
    lines += [f"| {one.question} | {one.with_whom} | {one.items} | {shown(one.alpha, 'share')} |" for one in found]
    return "\n".join([*lines, "", "1 is full agreement, 0 what chance would bring; below .667 conclusions are not safe."])
