"""Reads tables in plain text (.csv): columns parted by commas, semicolons, tabs or bars.

Titles above the table and notes below it are read as in a spreadsheet. Knows nothing of other formats.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from assistant.documents.clean import readable
from assistant.documents.file_names import readable_name, says_something
from assistant.documents.model import Document, LeftOut
from assistant.documents.reader import File
from assistant.documents.sheet_labels import is_error, is_item, is_title
from assistant.documents.sheet_model import LAST_COLUMN, Budget, Cell, RowCollector, Sheet
from assistant.documents.sheets import opening_title, write_sheets
from assistant.documents.text_decoding import NotTextError, decode
from assistant.errors import SkippedDocument, UnreadableDocument

_DELIMITERS = (",", ";", "\t", "|")
_LOOKED_AT = 200
_LEAST_ALIKE = 0.5
"""Share of rows with the same number of columns, below which a character is no delimiter but punctuation."""
_SENTENCE_END = re.compile(r"[.!?:][”’\"']?\Z")
_NAMED_DELIMITER = re.compile(r"sep=([^\w\s\"]|\t)(?:\r\n|\r|\n)", re.IGNORECASE)
"""The first line by which Excel is told what parts the columns."""
_SHORTEST_LIST = 3
csv.field_size_limit(16 * 1024 * 1024)  # for the whole process: the usual 128 KiB stops at a long cell
_ZIP = b"PK\x03\x04"


class CsvReader:
    """Reader of tables in plain text."""

    name = "csv"

    def read(self, file: File) -> Document:
        """Turn one table into a document.

        Raises:
            UnreadableDocument: It is not text, or too large.
            SkippedDocument: There is nothing to read in it.
        """
        name = file.path.name
        if file.data.startswith(_ZIP):
            raise UnreadableDocument(
                f"{name} is a spreadsheet or archive under another name; give it its own suffix (.xlsx)"
            )
        try:
            written = decode(file.data)
        except NotTextError as error:
            raise UnreadableDocument(f"{name} {error}; save it as CSV in UTF-8") from error
        left_out: Counter[str] = Counter()
        try:
            sheet = _sheet(written, name, left_out)
        except csv.Error as error:
            is_long = "limit" in str(error)
            what = "a cell of it has more than 16 million characters" if is_long else "its quotation marks do not pair"
            raise UnreadableDocument(f"{name} is no table of rows: {what}; open it and save it again as CSV") from error
        text = write_sheets([sheet])
        if not text.blocks:
            raise SkippedDocument(f"{name} has nothing to read in it: all of its cells are empty")
        stated = readable_name(name)
        return Document(
            location=str(file.path),
            title=stated if says_something(stated) else opening_title([sheet], text) or stated,
            text=text.text,
            blocks=text.blocks,
            reader=self.name,
            left_out=tuple(LeftOut(what, count) for what, count in left_out.items() if count),
        )


def _sheet(written: str, name: str, left_out: Counter[str]) -> Sheet:
    rows = RowCollector(Budget(name), left_out)
    for number, cells in enumerate(_records(written), start=1):
        rows.add(number, list(_filled(cells, left_out)))
    return Sheet("", None, tuple(rows.rows), heads=_head_of_names(rows))


def _filled(cells: Sequence[str], left_out: Counter[str]) -> Iterator[tuple[int, Cell]]:
    for column, cell in enumerate(islice(cells, LAST_COLUMN), start=1):
        text = readable(cell).strip()
        if is_error(text):
            left_out["formula errors"] += 1
        elif text:
            yield column, Cell(text)


def _head_of_names(rows: RowCollector) -> frozenset[int]:
    """The first row of a file with one column, where it heads a list of names."""
    cells = [cell for row in rows.rows for cell in row.cells.values()]
    is_list = len(cells) == len(rows.rows) >= _SHORTEST_LIST and all(is_item(cell.text) for cell in cells)
    return frozenset({rows.rows[0].number}) if is_list and is_title(cells[0].text) else frozenset()


def _records(written: str) -> Iterator[list[str]]:
    """The rows of the file; where no character parts it into columns, its lines."""
    named = _NAMED_DELIMITER.match(written)
    if named is not None:
        return _parsed(written[named.end() :], named[1])
    delimiter = _delimiter(written)
    if not delimiter:
        return ([line] for line in written.splitlines()) if '"' not in written else _parsed(written, ",", joined=True)
    return _parsed(written, delimiter)


def _parsed(written: str, delimiter: str, *, joined: bool = False) -> Iterator[list[str]]:
    lines = io.StringIO(written, newline="")
    if _quotes_close(written, delimiter):
        rows = csv.reader(lines, delimiter=delimiter)
    else:
        rows = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    for row in rows:
        yield [f"{delimiter} ".join(cell.strip() for cell in row)] if joined else row


def _quotes_close(written: str, delimiter: str) -> bool:
    """Whether quoted cells end; else one stray quotation mark would swallow the rest of the file."""
    try:
        for _ in csv.reader(io.StringIO(written, newline=""), delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end" not in str(error) and "field larger" not in str(error)
    return True


def _delimiter(written: str) -> str:
    """The character that parts most rows into the same number of columns, "" when none does."""
    best, best_score = "", 0.0
    for delimiter in _DELIMITERS:
        try:
            read = csv.reader(io.StringIO(written, newline=""), delimiter=delimiter)
            rows = [row for row in islice(read, _LOOKED_AT) if any(cell.strip() for cell in row)]
        except csv.Error:
            continue
        widths = [] if _is_prose(rows) else [len(row) for row in rows]
        wide = Counter(width for width in widths if width > 1)
        if not wide:
            continue
        width, count = wide.most_common(1)[0]
        score = count / len(widths) * (1 + width / 100)
        if count / len(widths) >= _LEAST_ALIKE and score > best_score:
            best, best_score = delimiter, score
    return best


def _is_prose(rows: Sequence[Sequence[str]]) -> bool:
    """Whether what looks like a delimiter is punctuation: a space follows it, and most lines end as sentences do."""
    later = [cell for row in rows for cell in row[1:] if cell]
    ends = sum(_SENTENCE_END.search(row[-1].strip()) is not None for row in rows)
    return all(cell.startswith(" ") for cell in later) and ends > _LEAST_ALIKE * len(rows)
