"""Reads a file of responses as rows under headings: CSV, Excel workbooks, and JSON Lines.

Whatever cannot be read is listed with its row; nothing is passed over in silence. Knows nothing of what columns mean.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.documents.reader import File
from assistant.documents.sheet_model import Budget
from assistant.documents.text_decoding import NotTextError, decode
from assistant.documents.xlsx_sheet import SheetReader
from assistant.documents.xlsx_workbook import read_workbook
from assistant.documents.zip_parts import Parts
from assistant.errors import InputError, UnreadableDocument

_DELIMITERS = (",", ";", "\t", "|")
_ENDINGS = "csv, .tsv, .txt, .xlsx, .xlsm, .jsonl or .json"
_SUB_HEADINGS = frozenset({"response", "open-ended response", "open ended response", "other (please specify)", ""})
csv.field_size_limit(16 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file, the heading being row 1, and its cells, one a heading."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one row, or with none in particular (row 0); `lost` where it could not be used at all."""

    row: int
    what: str
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A file of responses.

    Attributes:
        headings: Different from each other.
        rows: Top to bottom, blank ones left out.
        problems: What the analyst must be told.
    """

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...] = ()


def read_table(path: Path) -> Table:
    """The rows of a file.

    Raises:
        InputError: The file is missing, of another format, damaged, or has no rows.
    """
    if path.is_dir():
        raise InputError(f"{path} is a folder. Name the file of responses in it, such as {path / 'responses.csv'}.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from None
    ending = path.suffix.lower()
    try:
        if ending in (".xlsx", ".xlsm"):
            table = _workbook(File(path.absolute(), path.name, data))
        elif ending in (".jsonl", ".json", ".ndjson"):
            table = _json_lines(decode(data), path)
        elif ending in (".csv", ".tsv", ".txt"):
            table = _separated(decode(data))
        else:
            raise InputError(f"{path.name} is in no format that responses are read from. Save it as .{_ENDINGS}.")
    except (UnreadableDocument, NotTextError) as error:
        said = str(error) if isinstance(error, UnreadableDocument) else f"{path.name} {error}"
        raise InputError(f"The responses cannot be read: {said}. Export them again as CSV in UTF-8.") from None
    if not table.rows:
        raise InputError(f"{path.name} has no rows of responses below its headings.")
    return table


def _separated(text: str) -> Table:
    first = text.lstrip("\ufeff\r\n").splitlines()[0] if text.strip() else ""
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[Row] = []
    problems: list[Problem] = []
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                rows.append(Row(number, tuple(cell.strip() for cell in cells)))
    except csv.Error as error:
        what = f"the rest of the file cannot be read ({error}); look for a quotation mark that is not closed"
        problems.append(Problem(len(rows) + 1, what, lost=True))
    return _under_headings(rows, problems)


def _workbook(file: File) -> Table:
    parts = Parts(file)
    book = read_workbook(parts)
    left_out: Counter[str] = Counter()
    budget = Budget(parts.name)
    problems: list[Problem] = []
    sheets = []
    for number, entry in enumerate(book.sheets, start=1):
        if entry.hidden:
            problems.append(Problem(0, f"the hidden sheet {entry.name!r} was not read; show it if it holds responses"))
        elif entry.path in parts:
            sheets.append(SheetReader(parts, book, budget=budget, left_out=left_out).read(entry, number))
    sheets = [sheet for sheet in sheets if sheet.rows]
    if not sheets:
        return Table((), ())
    chosen = max(sheets, key=lambda sheet: len(sheet.rows))
    problems += [
        Problem(0, f"the sheet {other.name!r} with {len(other.rows):,} rows was not read: {chosen.name!r} has the most")
        for other in sheets
        if other is not chosen
    ]
    problems += [
        Problem(0, f"{count:,} {what} were not read; show them if they hold responses")
        for what, count in left_out.items()
        if count and what.startswith("hidden")
    ]
    width = max(max(row.cells, default=0) for row in chosen.rows)
    rows = [
        Row(row.number, tuple(row.cells[place].text if place in row.cells else "" for place in range(1, width + 1)))
        for row in chosen.rows
    ]
    return _under_headings(rows, problems)


def _json_lines(text: str, path: Path) -> Table:
    records: list[tuple[int, dict[str, str]]] = []
    problems: list[Problem] = []
    lines = text.splitlines()
    if text.lstrip().startswith("["):
        try:
            lines = [json.dumps(item) for item in json.loads(text)]
        except ValueError as error:
            raise InputError(f"{path.name} is no JSON: {error}. Write one JSON object a line.") from None
    others = _respondents(path)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError as error:
            problems.append(Problem(number, f"is no JSON ({error})", lost=True))
            continue
        if not isinstance(value, dict):
            problems.append(Problem(number, "is no JSON object", lost=True))
            continue
        record = _flat(value)
        records.append((number, record | others.get(record.get("response_id", ""), {})))
    headings = tuple(dict.fromkeys(name for _, record in records for name in record))
    rows = [Row(number, tuple(record.get(name, "").strip() for name in headings)) for number, record in records]
    return Table(headings, tuple(rows), tuple(problems))


def _respondents(path: Path) -> dict[str, dict[str, str]]:
    """Who wrote what, where ThemeFinder's layout has it beside the responses or one folder up."""
    for folder in (path.parent, path.parent.parent):
        beside = folder / "respondents.jsonl"
        if beside.is_file() and beside != path:
            found = [_flat(json.loads(line)) for line in beside.read_text("utf-8").splitlines() if line.strip()]
            return {record.get("response_id", ""): record for record in found}
    return {}


def _flat(value: Mapping[str, Any]) -> dict[str, str]:
    """An object's fields as texts; an object inside is part of it."""
    found: dict[str, str] = {}
    for name, inner in value.items():
        if isinstance(inner, dict):
            found |= _flat(inner)
        elif isinstance(inner, list):
            found[name] = "; ".join(map(str, inner))
        elif inner is not None:
            found[name] = str(inner)
    return found


def _under_headings(rows: Sequence[Row], problems: Sequence[Problem]) -> Table:
    """Parts headings from responses; Qualtrics writes three rows of headings, SmartSurvey and SurveyMonkey two."""
    found = list(problems)
    if not rows:
        return Table((), (), tuple(found))
    names, body = list(rows[0].cells), list(rows[1:])
    if len(body) > 1 and _are_import_ids(body[1]):
        names, body = [told or name for told, name in zip(body[0].cells, names, strict=False)], body[2:]
    elif body and _are_sub_headings(body[0]):
        names = _joined(names, body[0].cells)
        body = body[1:]
    headings = _different(names)
    used: list[Row] = []
    for row in body:
        extra = [cell for cell in row.cells[len(headings) :] if cell]
        if extra:
            what = (
                f"has {len(row.cells)} cells where there are {len(headings)} headings, so its answers may stand in the "
                "wrong columns; it was left out. Put answers that hold the separator into quotation marks"
            )
            found.append(Problem(row.number, what, lost=True))
            continue
        if len(row.cells) < len(headings):
            found.append(
                Problem(row.number, f"has only {len(row.cells)} of {len(headings)} cells; the rest counts as blank")
            )
        cells = (*row.cells, *[""] * len(headings))[: len(headings)]
        used.append(Row(row.number, cells))
    return Table(headings, tuple(used), tuple(found))


def _are_import_ids(row: Row) -> bool:
    filled = [cell for cell in row.cells if cell]
    return bool(filled) and all(cell.startswith('{"ImportId"') for cell in filled)


def _are_sub_headings(row: Row) -> bool:
    cells = [cell.lower() for cell in row.cells]
    return (
        any(cell in _SUB_HEADINGS - {""} for cell in cells) and sum(cell in _SUB_HEADINGS for cell in cells) > len(cells) / 2
    )


def _joined(names: Sequence[str], below: Sequence[str]) -> list[str]:
    """Headings of two rows: a blank one goes on with the one to its left."""
    found, last = [], ""
    for name, sub in zip(names, (*below, *[""] * len(names)), strict=False):
        last = name or last
        plain = not sub or sub.lower() in _SUB_HEADINGS
        found.append(last if plain else f"{last} - {sub}")
    return found


def _different(names: Sequence[str]) -> tuple[str, ...]:
    """Headings that are all filled and all different."""
    found: list[str] = []
    for place, name in enumerate(names, start=1):
        plain = " ".join(name.split()) or f"Column {place}"
        found.append(plain if plain not in found else f"{plain} ({place})")
    return tuple(found)
