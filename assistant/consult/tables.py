"""Reads a file of responses as rows under headings: CSV, Excel workbooks, and JSON Lines.

Whatever cannot be read is listed with its row; nothing is passed over in silence. Knows nothing of what columns mean.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.consult.separated import delimiter_of, records
from assistant.documents.reader import File
from assistant.documents.sheet_model import Budget
from assistant.documents.text_decoding import NotTextError, decode, named_by_mark, unmarked
from assistant.documents.xlsx_sheet import SheetReader
from assistant.documents.xlsx_workbook import read_workbook
from assistant.documents.zip_parts import Parts
from assistant.errors import InputError, UnreadableDocument

_ENDINGS = "csv, .tsv, .txt, .xlsx, .xlsm, .jsonl or .json"
_SUB_HEADINGS = frozenset({"response", "open-ended response", "open ended response", "other (please specify)", ""})
_STRAY = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Control characters; no answer has them, and Word and Excel refuse them."""
_STRAY_BYTES = bytes(code for code in range(32) if chr(code) not in "\t\n\v\f\r\x1a\x1b")
_SUBSTITUTE = b"\x1a"
_FEW, _MOST_STRAY = 3, 0.01
"""Control characters that a file of text may have, and the share of its bytes."""


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
            table = _json_lines(_text(data), path)
        elif ending in (".csv", ".tsv", ".txt"):
            table = _separated(_text(data))
        else:
            raise InputError(f"{path.name} is in no format that responses are read from. Save it as .{_ENDINGS}.")
    except (UnreadableDocument, NotTextError) as error:
        said = str(error) if isinstance(error, UnreadableDocument) else f"{path.name} {error}"
        raise InputError(f"The responses cannot be read: {said}. Export them again as CSV in UTF-8.") from None
    if not table.rows:
        raise InputError(f"{path.name} has no rows of responses below its headings.")
    return _without_strays(table)


def _text(data: bytes) -> str:
    """The characters of a file; a control character here and there makes no binary file of it.

    Raises:
        NotTextError: It is none of text.
    """
    is_wide = named_by_mark(data) not in ("", "utf-8-sig") or unmarked(data)
    if not is_wide and sum(map(data.count, _STRAY_BYTES)) <= max(_FEW, _MOST_STRAY * len(data)):
        data = data.translate(bytes(_SUBSTITUTE[0] if code in _STRAY_BYTES else code for code in range(256)))
    return decode(data)


def _separated(text: str) -> Table:
    text = text.lstrip("\ufeff").rstrip("\r\n")
    delimiter = delimiter_of(text)
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, record in enumerate(records(text, delimiter), start=1):
        if record.fault:
            problems.append(Problem(number, record.fault))
        # Where there is one column only, a blank line is a blank answer.
        if any(cell.strip() for cell in record.cells) or (rows and len(rows[0].cells) == 1 == len(record.cells)):
            rows.append(Row(number, tuple(cell.strip() for cell in record.cells)))
    return _under_headings(rows, problems)


def _without_strays(table: Table) -> Table:
    """A table without control characters, each row that had some told."""
    rows, problems = [], list(table.problems)
    for row in table.rows:
        cells = tuple(_STRAY.sub("", cell.replace("\v", "\n")) for cell in row.cells)
        if count := sum(len(_STRAY.findall(cell.replace("\v", ""))) for cell in row.cells):
            had = "a control character, which was" if count == 1 else f"{count:,} control characters, which were"
            problems.append(Problem(row.number, f"had {had} left out; look whether it was read as it is meant"))
        rows.append(replace(row, cells=cells))
    headings = _different([_STRAY.sub("", name) for name in table.headings])
    return Table(headings, tuple(rows), tuple(problems))


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
    lines = text.split("\n")  # what else ends a line may stand in an answer
    if text.lstrip().startswith("["):
        try:
            lines = [json.dumps(item) for item in json.loads(text, strict=False)]
        except ValueError as error:
            raise InputError(f"{path.name} is no JSON: {error}. Write one JSON object a line.") from None
    others = _respondents(path)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line, strict=False)
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
            return {record.get("response_id", ""): record for record in _objects(beside)}
    return {}


def _objects(path: Path) -> list[dict[str, str]]:
    """One object a line.

    Raises:
        InputError: A line is none, or the file cannot be read.
    """
    what = "which says who wrote the responses"
    found = []
    try:
        lines = _text(path.read_bytes()).lstrip("\ufeff").split("\n")
    except OSError as error:
        raise InputError(f"{path.name}, {what}, cannot be read: {error.strerror or error}.") from None
    except NotTextError as error:
        raise InputError(f"{path.name}, {what}, {error}. Write it again in UTF-8, or move it away.") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line, strict=False)
        except ValueError as error:
            raise InputError(
                f"Line {number:,} of {path.name}, {what}, is no JSON ({error}). Correct it, or move the file away."
            ) from None
        if not isinstance(value, dict):
            raise InputError(
                f"Line {number:,} of {path.name}, {what}, is no JSON object. Correct it, or move the file away."
            )
        found.append(_flat(value))
    return found


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
