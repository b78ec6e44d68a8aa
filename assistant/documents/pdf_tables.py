"""Ruled tables: which drawn lines and boxes make a grid, and which words stand in which cell.

Knows nothing of pdfium or of paragraphs. A grid of one column is a box around text, not a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from assistant.documents.pdf_lines import Line, Stretch, Word, lines
from assistant.documents.pdf_page import Page, Shape

_SNAP = 3.0
"""Edges closer than this, in points, are one edge."""
_THIN = 3.0
"""A filled area thinner than this, in points, is a rule."""
_LEAST_SIDE = 8.0
"""A box smaller than this, in points, holds no text."""
_MOST_CROSSINGS = 20_000
"""More rules than this are a drawing, not a table."""


class Edge(NamedTuple):
    """A piece of a rule: `at` is its fixed coordinate, `start` to `end` its extent along the other."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell with the lines of text in it; `row` and `column` are the first of those it spans."""

    row: int
    column: int
    rows: int
    columns: int
    box: Shape
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of cells and the box around it, in points from the top left of the page."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    rows: int
    columns: int
    cells: tuple[Cell, ...]

    def holds(self, stretch: Stretch) -> bool:
        """Whether a stretch of text stands inside the grid."""
        middle = (stretch.left + min(stretch.right, self.right)) / 2
        height = stretch.baseline - 0.3 * stretch.size
        return self.left - 2 <= middle <= self.right + 2 and self.top - 1 <= height <= self.bottom + 1


def tables(page: Page, found: Iterable[Stretch]) -> list[Table]:
    """The tables on a page that hold text in two columns or more, from the top."""
    stretches = list(found)
    across, down = _edges(page.shapes)
    filled = (_fill(grid, stretches) for grid in _grids(across, down, page.number))
    return sorted((table for table in filled if _is_table(table)), key=lambda table: table.top)


def _is_table(table: Table) -> bool:
    used = {cell.column for cell in table.cells if cell.lines}
    cells = sum(bool(cell.lines) for cell in table.cells)
    return len(used) >= 2 and cells >= 3 and table.rows >= 2


def _edges(shapes: Iterable[Shape]) -> tuple[list[Edge], list[Edge]]:
    """Horizontal and vertical rules, the sides of boxes included; pieces of one rule are merged."""
    across: list[Edge] = []
    down: list[Edge] = []
    for shape in shapes:
        if shape.picture:
            continue
        wide, high = shape.right - shape.left, shape.bottom - shape.top
        if high <= _THIN and wide > _THIN:
            across.append(Edge((shape.top + shape.bottom) / 2, shape.left, shape.right))
        elif wide <= _THIN and high > _THIN:
            down.append(Edge((shape.left + shape.right) / 2, shape.top, shape.bottom))
        elif wide >= _LEAST_SIDE and high >= _LEAST_SIDE:
            across += [Edge(shape.top, shape.left, shape.right), Edge(shape.bottom, shape.left, shape.right)]
            down += [Edge(shape.left, shape.top, shape.bottom), Edge(shape.right, shape.top, shape.bottom)]
    return _merged(across), _merged(down)


def _merged(edges: list[Edge]) -> list[Edge]:
    """Snap edges to common coordinates, then unite those that touch."""
    snapped: list[Edge] = []
    anchor = float("-inf")
    for edge in sorted(edges):
        if edge.at - anchor > _SNAP:
            anchor = edge.at
        snapped.append(edge._replace(at=anchor))
    merged: list[Edge] = []
    for edge in sorted(snapped):
        if merged and merged[-1].at == edge.at and edge.start <= merged[-1].end + _SNAP:
            merged[-1] = merged[-1]._replace(end=max(merged[-1].end, edge.end))
        else:
            merged.append(edge)
    return merged


def _grids(across: list[Edge], down: list[Edge], page: int) -> list[Table]:
    """Group boxes between four edges that share corners, and number their rows and columns."""
    if len(across) * len(down) > _MOST_CROSSINGS:
        return []
    boxes = _outermost(_boxes(across, down))
    groups: list[list[Shape]] = []
    for box in boxes:
        near = [group for group in groups if any(_touch(box, other) for other in group)]
        for group in near:
            groups.remove(group)
        groups.append([box, *(member for group in near for member in group)])
    return [_numbered(group, page) for group in groups if len(group) > 2]


def _boxes(across: list[Edge], down: list[Edge]) -> list[Shape]:
    """The smallest rectangle that each crossing of two edges is the top left corner of."""
    corners = {(h.at, v.at) for h in across for v in down if _crosses(h, v)}
    rows: dict[float, list[float]] = {}
    columns: dict[float, list[float]] = {}
    for y, x in sorted(corners):
        rows.setdefault(y, []).append(x)
        columns.setdefault(x, []).append(y)
    found: list[Shape] = []
    for y, x in sorted(corners):
        box = next(
            (
                Shape(x, y, right, bottom)
                for bottom in columns[x]
                if bottom > y and _covered(down, x, y, bottom)
                for right in rows[y]
                if right > x
                and (bottom, right) in corners
                and _covered(across, y, x, right)
                and _covered(across, bottom, x, right)
                and _covered(down, right, y, bottom)
            ),
            None,
        )
        if box is not None:
            found.append(box)
    return found


def _crosses(across: Edge, down: Edge) -> bool:
    return across.start - _SNAP <= down.at <= across.end + _SNAP and down.start - _SNAP <= across.at <= down.end + _SNAP


def _covered(edges: list[Edge], at: float, start: float, end: float) -> bool:
    return any(e.at == at and e.start <= start + _SNAP and e.end >= end - _SNAP for e in edges)


def _outermost(boxes: list[Shape]) -> list[Shape]:
    """Without boxes inside other boxes, such as the shading behind single lines of text in a cell."""
    return [box for box in boxes if not any(other != box and _inside(box, other) for other in boxes)]


def _inside(box: Shape, other: Shape) -> bool:
    return (
        box.left >= other.left - 1
        and box.right <= other.right + 1
        and box.top >= other.top - 1
        and box.bottom <= other.bottom + 1
    )


def _touch(one: Shape, other: Shape) -> bool:
    """Whether two boxes share a corner."""
    return not _corners(one).isdisjoint(_corners(other))


def _corners(box: Shape) -> set[tuple[float, float]]:
    return {(box.left, box.top), (box.right, box.top), (box.left, box.bottom), (box.right, box.bottom)}


def _numbered(boxes: Sequence[Shape], page: int) -> Table:
    tops = sorted({box.top for box in boxes})
    lefts = sorted({box.left for box in boxes})
    cells = tuple(
        Cell(
            row=tops.index(box.top),
            column=lefts.index(box.left),
            rows=sum(box.top <= top < box.bottom - 1 for top in tops),
            columns=sum(box.left <= left < box.right - 1 for left in lefts),
            box=box,
        )
        for box in sorted(boxes, key=lambda box: (box.top, box.left))
    )
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
    return Table(page, lefts[0], tops[0], right, bottom, len(tops), len(lefts), cells)


def _fill(table: Table, found: Iterable[Stretch]) -> Table:
    """Put each word into the cell it stands in; a stretch may run over several cells."""
    held: dict[int, list[Stretch]] = {}
    for stretch in found:
        if not table.holds(stretch):
            continue
        words: dict[int, list[Word]] = {}
        for word in stretch.words:
            place = _cell_at(table, (word.left + word.right) / 2, stretch.baseline - 0.3 * stretch.size)
            words.setdefault(place, []).append(word)
        for place, members in words.items():
            held.setdefault(place, []).append(replace(stretch, words=tuple(members)))
    cells = (replace(cell, lines=tuple(lines(held.get(i, ()), table.page))) for i, cell in enumerate(table.cells))
    return replace(table, cells=tuple(cells))


def _cell_at(table: Table, x: float, y: float) -> int:
    """Position of the cell around a point, or of the nearest one."""

    def distance(index: int) -> float:
        box = table.cells[index].box
        return max(box.left - x, x - box.right, 0.0) + max(box.top - y, y - box.bottom, 0.0)

    return min(range(len(table.cells)), key=distance)
