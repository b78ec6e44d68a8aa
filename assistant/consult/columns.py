"""Recognises what the columns of a file of responses hold, with the reason, for an analyst to confirm.

Pure functions over headings and cells. Knows nothing of files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.consult.model import Column, ColumnKind
from assistant.consult.personal import is_email, is_personal
from assistant.consult.tables import Table
from assistant.errors import InputError

_IDENTIFIER = re.compile(
    r"(?:(?:response|respondent|submission|answer|record|user|unique|comment)\s*[_ ]?)?(?:id|number|no\.?|ref(?:erence)?|#)|responseid|anon(?:ymous)? id",
    re.I,
)
_PERSONAL = re.compile(
    r"\b(?:your )?(?:full |first |last |sur)?name\b(?! of (?:your )?(?:organisation|company))|e-?mail|phone|telephone|mobile|postcode|post code|"
    r"\bnhs (?:number|no\b)|national insurance|\bni (?:number|no\b)|passport|date of birth|\bdob\b|home address|\baddress\b|ip ?address|latitude|longitude|recipient|external (?:data )?reference",
    re.I,
)
_PROCESS = re.compile(
    r"(?:start|end|recorded|submitted|modified|created|completion)\s*(?:date|time|on|at)|timestamp|\bdate\b|progress|duration|finished|status|"
    r"distribution ?channel|user ?language|ip|collector|tracking|seconds|device|browser",
    re.I,
)
_OPEN = re.compile(
    r"\bwhy\b|explain|reasons? for|comments?\b|tell us|describe|further|details|in your own words|what (?:do|would|could|should|impact|are|is|else)|how (?:could|should|would|might)|any other|views on|\bresponse\b|\banswer\b|free ?text",
    re.I,
)
_QUESTION = re.compile(r"\?|^(?:q\d|\d+[.:)])|do you|to what extent|agree|support|would you|have you|are you|should", re.I)
_ATTRIBUTE = re.compile(
    r"\b(?:age|gender|sex|region|nation|country|ethnic\w*|disab\w*|religion|orientation|occupation|sector|organisation|capacity|"
    r"responding as|respondent type|type of respondent|group|area|live|tenure|income|household|health condition)\b",
    re.I,
)
_SCALE = frozenset(
    "yes no unsure,don't know,not sure,agree,disagree,strongly agree,strongly disagree,neither agree nor disagree,support,"
    "oppose,strongly support,strongly oppose,neutral,unclear,not answered,tend to agree,tend to disagree".replace(
        " no ", ",no,"
    ).split(",")
)
_MOST_VALUES = 30
_SAMPLE = 500
"""Values from which it is told whether a column is personal data."""
_MOST_REPEATED = 0.1
"""Share of the rows that may have the identifier of another where the heading says that it is one."""
_LONG_ANSWER = 5
"""Words on average from which a column of differing texts is an open question."""


def recognise(table: Table) -> tuple[Column, ...]:
    """What each column holds, as far as it shows."""
    found = []
    has_identifier = False
    for place, name in enumerate(table.headings):
        cells = [row.cells[place] for row in table.rows]
        column = _recognised(name, cells, rows=len(table.rows), may_identify=not has_identifier)
        has_identifier = has_identifier or column.kind is ColumnKind.IDENTIFIER
        found.append(column)
    return tuple(found)


def confirmed(columns: Sequence[Column], said: Mapping[str, ColumnKind]) -> tuple[Column, ...]:
    """The columns as the analyst says they are; a column may be named by its heading or by its number, from 1.

    Raises:
        InputError: There is no such column, two identifiers, or no open question.
    """
    names = {column.name.lower(): place for place, column in enumerate(columns)}
    found = list(columns)
    for wanted, kind in said.items():
        named = " ".join(wanted.split()).lower()
        alike = [number for number, column in enumerate(columns, start=1) if column.name.lower() == named]
        if len(alike) > 1:
            raise InputError(
                f"{len(alike)} columns are called {wanted!r}: numbers {', '.join(map(str, alike))}. Give the number of the one "
                "that you mean."
            )
        place = names.get(named, int(wanted) - 1 if wanted.isdigit() else -1)
        if not 0 <= place < len(found):
            listed = "; ".join(f"{number}: {column.name}" for number, column in enumerate(columns, start=1))
            raise InputError(f"There is no column {wanted!r}. The columns are {listed}.")
        if kind is ColumnKind.IDENTIFIER:
            found = [
                replace(column, kind=ColumnKind.IGNORED) if column.kind is ColumnKind.IDENTIFIER else column
                for column in found
            ]
        found[place] = replace(found[place], kind=kind, why="you said so")
    if not any(column.kind is ColumnKind.OPEN for column in found):
        raise InputError(
            "No column looks like answers in people's own words. Say which it is with --open and its heading or number: "
            + "; ".join(f"{number}: {column.name}" for number, column in enumerate(columns, start=1))
        )
    return tuple(found)


def _recognised(name: str, cells: Sequence[str], *, rows: int, may_identify: bool) -> Column:
    filled = [cell for cell in cells if cell]
    values = {cell.lower() for cell in filled}
    words = sum(len(cell.split()) for cell in filled) / max(len(filled), 1)

    def column(kind: ColumnKind, why: str) -> Column:
        return Column(name, kind, why, len(filled), len(values))

    if not filled:
        return column(ColumnKind.IGNORED, "it is empty")
    if sum(map(is_email, filled)) > len(filled) / 2:
        return column(ColumnKind.PERSONAL, "its values are e-mail addresses, which are not read further")
    sample = filled[:_SAMPLE]
    if sum(map(is_personal, sample)) > len(sample) / 2:
        return column(ColumnKind.PERSONAL, "its values are personal data, which is not read further")
    differs = len(values) / len(filled)
    repeated = len(filled) - len(values)
    is_named = _IDENTIFIER.fullmatch(name.strip()) and words < 2
    if may_identify and is_named and len(values) > 1 and repeated <= max(1, _MOST_REPEATED * len(filled)):
        alike = f"{repeated:,} of {len(filled):,} rows have one of another row" if repeated else "no two rows have the same"
        return column(ColumnKind.IDENTIFIER, f"its heading says so and {alike}")
    if _PERSONAL.search(name) and words < _LONG_ANSWER * 2 and not _ATTRIBUTE.search(name):
        return column(ColumnKind.PERSONAL, "its heading names personal data, which is not read further")
    if words >= _LONG_ANSWER and (differs > 0.5 or len(values) > _MOST_VALUES):
        return column(ColumnKind.OPEN, f"its answers have {words:.0f} words on average and differ from each other")
    if _PROCESS.fullmatch(name.strip()) or (_PROCESS.search(name) and not _QUESTION.search(name) and words < 3):
        return column(ColumnKind.IGNORED, "its heading says how or when the answer came in")
    scale = sum(value in _SCALE for value in values)
    if len(values) <= _MOST_VALUES and scale >= max(1, len(values) / 2) and not _ATTRIBUTE.search(name):
        return column(ColumnKind.CLOSED, "its values are those of a scale")
    if len(values) <= _MOST_VALUES and (differs < 0.5 or rows < 2 * _MOST_VALUES):
        if _QUESTION.search(name) and not _ATTRIBUTE.search(name):
            return column(ColumnKind.CLOSED, f"a question with {len(values)} different answers")
        return column(ColumnKind.ATTRIBUTE, f"{len(values)} different values")
    if _OPEN.search(name) and words > 1:
        return column(ColumnKind.OPEN, "its heading asks for an answer in people's own words")
    if may_identify and differs == 1 and words < 2:
        return column(ColumnKind.IDENTIFIER, "no two rows have the same")
    return column(ColumnKind.IGNORED, f"{len(values)} different short values: too many to group by")
