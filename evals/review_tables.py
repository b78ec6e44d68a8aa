"""The table in which people label answers and claims with a spreadsheet program. Knows nothing of agreement."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.errors import InputError
from evals.reviewing import CLAIM_LABELS, LABELS, Item, Label
from evals.tables import decoded, rows_of

COLUMNS = ("item", "question", "shown", *LABELS, *CLAIM_LABELS, "comment")


def as_csv(items: Sequence[Item]) -> str:
    """A table to fill in: a row for each answer, and under it one for each of its claims, named "ITEM.1" and so on."""
    written = io.StringIO()
    table = csv.DictWriter(written, COLUMNS, restval="")
    table.writeheader()
    for one in items:
        table.writerow({"item": one.item, "question": _harmless(one.question), "shown": _harmless(one.shown)})
        for name, claim in zip(one.claim_items(), one.claims, strict=True):
            table.writerow({"item": name, "question": "(a statement of the answer above)", "shown": _harmless(claim)})
    return written.getvalue()


def _harmless(text: str) -> str:
    """Text that no spreadsheet program takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def read_labels(path: Path, rater: str) -> list[Label]:
    """The labels in a filled table.

    Raises:
        InputError: It cannot be read, a label is none of those offered, or an item is there twice: each row is named.
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
    seen: dict[str, int] = {}
    for number, line in enumerate(cells, start=2):
        row = dict(zip(names, line, strict=False))
        if not any(line):
            continue
        item = row.get("item", "").strip()
        given = {name: (row.get(name) or "").strip().lower() for name in (*LABELS, *CLAIM_LABELS)}
        if wrong := _wrong(item, given, seen):
            faults.append(f"row {number}: {wrong}")
        elif any(given.values()):
            labels.append(Label(item=item, rater=rater, comment=row.get("comment") or "", **given))
        seen.setdefault(item, number)
    if faults:
        raise InputError(f"Nothing was kept, since there are rows in {path} that cannot be used:\n  " + "\n  ".join(faults))
    return labels


def _wrong(item: str, given: Mapping[str, str], seen: Mapping[str, int]) -> str:
    """What is wrong with a row, "" for nothing."""
    if not item:
        return "the item is missing"
    if item in seen:
        return f"the item {item} stands in row {seen[item]} already; leave one of the two"
    offered, others = (CLAIM_LABELS, LABELS) if "." in item else (LABELS, CLAIM_LABELS)
    wrong = [
        f"{name} is {given[name]!r}, which is none of {', '.join(words)}"
        for name, words in offered.items()
        if given[name] and given[name] not in words
    ]
    of_what = "a statement" if "." in item else "a whole answer"
    return "; ".join([*wrong, *(f"{name} is not asked of {of_what}" for name in others if given[name])])
