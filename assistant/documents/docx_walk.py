"""Walks one part of a Word document once and tells a flow what it meets: words, paragraphs, tables, boxes, notes.

Works without recursion. Deleted and hidden text is walked too, since fields may begin and end in it, but not told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from assistant.documents.docx_fields import Fields, is_silent
from assistant.documents.docx_styles import ParagraphStyle, Styles, W, has, is_on, shade_of, value_of
from assistant.documents.flow import DELETIONS, HIDDEN, PLAIN, Box, Cell, Flow, Row, Table
from assistant.documents.flow_ink import UNKNOWN_PAPER, WHITE, Ink
from assistant.documents.flow_symbols import symbol

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_UNDERSTOOD = "http://schemas.microsoft.com/office/"
_MOST_SPANNED = 1000
_PASSED_OVER = frozenset(
    W + name
    for name in ("pPr", "rPr", "sectPr", "tblPr", "tblGrid", "trPr", "tcPr", "tblPrEx", "sdtPr", "sdtEndPr", "rt", "ffData")
)
_GONE = frozenset(W + name for name in ("del", "moveFrom"))
_SPACES = frozenset(W + name for name in ("tab", "br", "cr", "ptab"))
_HYPHEN = "\u2011"
_NO_STYLE = ParagraphStyle(PLAIN, Ink())


@dataclass(slots=True)
class _OpenTable:
    paper: str
    rows: list[Row] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    column: int = 0


class Walk:
    """Walks parts of one document."""

    def __init__(self, flow: Flow, styles: Styles) -> None:
        self._flow = flow
        self._styles = styles
        self._fields = Fields()
        self._tables: list[_OpenTable] = []
        self._paragraphs: list[ParagraphStyle] = []
        self._runs: list[Ink] = []
        self._papers = [WHITE]
        self._gone = 0
        self._is_marked = False
        self._enter: Mapping[str, Callable[[etree._Element], bool | None]] = {
            f"{W}p": self._enter_paragraph,
            f"{W}r": self._enter_run,
            f"{W}fldChar": self._field,
            f"{W}fldSimple": self._enter_simple_field,
            f"{W}sym": self._symbol,
            f"{W}footnoteReference": self._note,
            f"{W}endnoteReference": self._note,
            f"{W}tbl": self._enter_table,
            f"{W}tr": self._enter_row,
            f"{W}tc": self._enter_cell,
            f"{W}txbxContent": self._enter_box,
            f"{W}sdt": lambda element: not _is_contents(element),
            f"{W}altChunk": lambda element: self._flow.count("enclosed files"),
            f"{_MC}Choice": _is_chosen,
            f"{_MC}Fallback": lambda element: (
                not any(map(_is_understood, element.itersiblings(f"{_MC}Choice", preceding=True)))
            ),
            f"{_M}den": lambda element: self._say("/"),
        }
        self._leave: Mapping[str, Callable[[etree._Element], None]] = {
            f"{W}p": self._leave_paragraph,
            f"{W}r": self._leave_run,
            f"{W}tbl": self._leave_table,
            f"{W}tr": self._leave_row,
            f"{W}tc": self._leave_cell,
            f"{W}txbxContent": self._leave_box,
        }

    def over(self, root: etree._Element) -> None:
        """Tell the flow what stands in a tree."""
        if root.find("{*}background") is not None:
            self._papers = [UNKNOWN_PAPER]
        skipped: etree._Element | None = None
        events = etree.iterwalk(root, events=("start", "end"))
        for event, element in events:
            tag = element.tag
            if event == "end":
                if element is not skipped:
                    if tag in _GONE:
                        self._gone -= 1
                    elif tag in self._leave:
                        self._leave[tag](element)
                skipped = None
            elif tag in _PASSED_OVER:
                events.skip_subtree()
                skipped = element
            elif tag in _GONE:
                self._gone += 1
            elif tag in self._enter:
                if self._enter[tag](element) is False:
                    events.skip_subtree()
                    skipped = element
            else:
                self._words(element)

    # Words

    def _words(self, element: etree._Element) -> None:
        tag, text = element.tag, element.text or ""
        if tag in (f"{W}t", f"{W}delText"):
            self._say("" if self._is_marked else text)
        elif tag == f"{_M}t":
            self._say(text)
        elif tag in (f"{W}instrText", f"{W}delInstrText"):
            self._fields.instruct(text)
        elif tag in _SPACES:
            self._say(" ")
        elif tag == f"{W}noBreakHyphen":
            self._say(_HYPHEN)

    def _say(self, words: str) -> None:
        if not self._paragraphs or not self._fields.readable or self._paragraphs[-1].is_furniture:
            return
        paragraph = self._paragraphs[-1]
        ink = self._runs[-1] if self._runs else paragraph.ink
        if self._gone:
            self._flow.leave_out(DELETIONS, words)
        elif ink.is_unseen(paragraph.paper or self._papers[-1]):
            self._flow.leave_out(HIDDEN, words)
        else:
            self._flow.say(words, bold=bool(ink.bold))

    def _symbol(self, element: etree._Element) -> None:
        try:
            code = int(element.get(f"{W}char", ""), 16)
        except ValueError:
            return
        self._say(symbol(element.get(f"{W}font", ""), code))

    def _note(self, element: etree._Element) -> None:
        if self._paragraphs and not self._gone and self._fields.readable and not (self._runs and self._runs[-1].hidden):
            self._flow.mark(f"{etree.QName(element).localname[:-9]} {element.get(f'{W}id', '')}")
        self._is_marked = is_on(element.get(f"{W}customMarkFollows"))

    def _field(self, element: etree._Element) -> None:
        kind = element.get(f"{W}fldCharType")
        if kind == "begin":
            self._fields.begin()
        elif kind == "separate":
            self._fields.separate()
        elif kind == "end":
            self._fields.end()

    def _enter_simple_field(self, element: etree._Element) -> bool:
        return not is_silent(element.get(f"{W}instr", ""))

    # Paragraphs and runs

    def _enter_paragraph(self, element: etree._Element) -> None:
        self._paragraphs.append(self._styles.paragraph(element.find(f"{W}pPr")))

    def _leave_paragraph(self, element: etree._Element) -> None:
        """A deleted end joins a paragraph to the next one, as a large first letter is joined to its word."""
        style = self._paragraphs.pop()
        properties = element.find(f"{W}pPr")
        mark = None if properties is None else properties.find(f"{W}rPr")
        frame = None if properties is None else properties.find(f"{W}framePr")
        is_joined = mark is not None and any(mark.find(tag) is not None for tag in _GONE)
        if not is_joined and (frame is None or frame.get(f"{W}dropCap", "none") == "none"):
            self._flow.end_paragraph(style.look)

    def _enter_run(self, element: etree._Element) -> None:
        paragraph = self._paragraphs[-1] if self._paragraphs else _NO_STYLE
        self._runs.append(self._styles.run(element.find(f"{W}rPr"), paragraph))

    def _leave_run(self, element: etree._Element) -> None:
        self._runs.pop()
        self._is_marked = False

    # Boxes

    def _enter_box(self, element: etree._Element) -> bool:
        is_hidden = bool(self._runs) and bool(self._runs[-1].hidden)
        if self._gone or is_hidden or not self._fields.readable:
            words = "".join(text.text or "" for text in element.iter(f"{W}t"))
            self._flow.leave_out(DELETIONS if self._gone else HIDDEN, words)
            return False
        self._papers.append(UNKNOWN_PAPER)
        self._flow.open()
        return True

    def _leave_box(self, element: etree._Element) -> None:
        self._papers.pop()
        self._flow.add(Box(self._flow.close()))
        if not self._paragraphs:
            self._flow.end_paragraph()

    # Tables

    def _enter_table(self, element: etree._Element) -> None:
        properties = element.find(f"{W}tblPr")
        style = value_of(properties, "tblStyle")
        shade = None if properties is None else properties.find(f"{W}shd")
        plain = style.lower() in ("", "tablegrid", "tablenormal", "normaltable")
        self._tables.append(_OpenTable(shade_of(shade) or (self._papers[-1] if plain else UNKNOWN_PAPER)))
        self._flow.end_paragraph()

    def _leave_table(self, element: etree._Element) -> None:
        self._flow.add(Table(tuple(self._tables.pop().rows)))

    def _enter_row(self, element: etree._Element) -> bool:
        if not self._tables:
            return True
        properties = element.find(f"{W}trPr")
        is_deleted = properties is not None and properties.find(f"{W}del") is not None
        if is_deleted or has(properties, "hidden"):
            words = "".join(text.text or "" for text in element.iter(f"{W}t", f"{W}delText"))
            self._flow.leave_out(DELETIONS if is_deleted else HIDDEN, words)
            return False
        self._tables[-1].column = _count(value_of(properties, "gridBefore"), least=0)
        return True

    def _leave_row(self, element: etree._Element) -> None:
        if self._tables:
            table = self._tables[-1]
            table.rows.append(Row(tuple(table.cells), has(element.find(f"{W}trPr"), "tblHeader")))
            table.cells.clear()

    def _enter_cell(self, element: etree._Element) -> bool:
        properties = element.find(f"{W}tcPr")
        if properties is not None and properties.find(f"{W}cellDel") is not None:
            return False
        shade = shade_of(None if properties is None else properties.find(f"{W}shd"))
        self._papers.append(shade or (self._tables[-1].paper if self._tables else WHITE))
        self._flow.open()
        return True

    def _leave_cell(self, element: etree._Element) -> None:
        self._papers.pop()
        pieces = self._flow.close()
        if not self._tables:
            return
        table, properties = self._tables[-1], element.find(f"{W}tcPr")
        span = _count(value_of(properties, "gridSpan"), least=1)
        merged = None if properties is None else properties.find(f"{W}vMerge")
        continues = merged is not None and merged.get(f"{W}val", "continue") == "continue"
        if value_of(properties, "hMerge") != "continue":
            table.cells.append(Cell(pieces, table.column, span, continues))
        table.column += span


def _count(value: str, *, least: int) -> int:
    return (
        max(least, min(int(value), _MOST_SPANNED)) if value.isascii() and value[:9].isdigit() and len(value) < 9 else least
    )


def _is_contents(element: etree._Element) -> bool:
    """Whether a content control holds a table of contents."""
    gallery = element.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(f"{W}val") == "Table of Contents"


def _is_understood(choice: etree._Element) -> bool:
    """Whether Word would show this of several forms of the same thing: it knows all names that the form needs."""
    prefixes = choice.get("Requires", "").split()
    return bool(prefixes) and all(str(choice.nsmap.get(prefix, "")).startswith(_UNDERSTOOD) for prefix in prefixes)


def _is_chosen(choice: etree._Element) -> bool:
    """Whether this is the first form that is understood."""
    return _is_understood(choice) and not any(map(_is_understood, choice.itersiblings(f"{_MC}Choice", preceding=True)))
