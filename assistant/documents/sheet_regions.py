"""Finds the parts of a sheet that stand apart: separated by blank rows, or by blank columns between two tables.

Knows nothing of headings or blocks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from assistant.documents.sheet_model import Cell, Sheet, SheetRow

_FEWEST_COLUMNS = 2
"""Columns of each of two tables that stand side by side."""
_WIDEST = 100
"""Columns that a merged cell holds together."""


def regions(sheet: Sheet) -> Iterator[list[SheetRow]]:
    """The parts of a sheet, top to bottom and left to right; each has at least one row, and each row a filled cell."""
    breaks = {area.top for area in sheet.areas} | {area.bottom + 1 for area in sheet.areas}
    for band in _bands(sheet.rows, breaks):
        sides = _sides(band)
        if len(sides) == 1:
            yield band
        else:
            for side in sides:
                yield from _bands(side, breaks)


def _bands(rows: Iterable[SheetRow], breaks: set[int]) -> Iterator[list[SheetRow]]:
    band: list[SheetRow] = []
    for row in rows:
        if band and (row.position > band[-1].position + 1 or row.number in breaks):
            yield band
            band = []
        band.append(row)
    if band:
        yield band


def _sides(band: Sequence[SheetRow]) -> list[list[SheetRow]]:
    """The tables of a band side by side, or the band itself.

    A blank column may also stand inside one table. It parts two only where they do not begin and end together, or have the
    same headings: a row torn in two says less than a row with two things in it.
    """
    full = [row for row in band if len(row.cells) > 1]
    used = {place for row in full for start, cell in row.cells.items() for place in range(start, start + _across(cell))}
    starts, ends = _runs(sorted(used))
    if len(starts) < 2 or any(end - start + 1 < _FEWEST_COLUMNS for start, end in zip(starts, ends, strict=True)):
        return [list(band)]
    sides = _parted(band, starts)
    heights = [(side[0].position, side[-1].position) for side in map(_full_rows, sides) if side]
    heads = {tuple(cell.text for _, cell in sorted(side[0].cells.items())) for side in map(_full_rows, sides) if side}
    if len(heights) < len(starts):
        return [list(band)]
    same = all(first[0] == second[0] and abs(first[1] - second[1]) < 2 for first, second in pairwise(heights))
    return [list(band)] if same and len(heads) > 1 else sides


def _across(cell: Cell) -> int:
    return min(cell.across, _WIDEST)


def _full_rows(side: list[SheetRow]) -> list[SheetRow]:
    return [row for row in side if len(row.cells) > 1]


def _runs(places: Sequence[int]) -> tuple[list[int], list[int]]:
    """The first and last of each run of neighbouring numbers."""
    runs = [[place for _, place in run] for _, run in groupby(enumerate(places), lambda pair: pair[1] - pair[0])]
    return [run[0] for run in runs], [run[-1] for run in runs]


def _parted(band: Sequence[SheetRow], starts: Sequence[int]) -> list[list[SheetRow]]:
    sides: list[list[SheetRow]] = [[] for _ in starts]
    for row in band:
        parts: dict[int, dict[int, Cell]] = {}
        for place, cell in sorted(row.cells.items()):
            parts.setdefault(max(bisect_right(starts, place) - 1, 0), {})[place] = cell
        for side, cells in parts.items():
            sides[side].append(SheetRow(row.number, row.position, cells))
    return sides
