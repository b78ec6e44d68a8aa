"""Walks the body of an OpenDocument text once and tells a flow what it meets: words, paragraphs, tables, boxes, notes.

Works without recursion. Deleted text is kept apart in this format and never walked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lxml import etree

from assistant.documents.flow import COMMENTS, DELETIONS, HIDDEN, Box, Flow, Listed, Look
from assistant.documents.flow_ink import UNKNOWN_PAPER, Ink
from assistant.documents.odt_styles import Style, Styles, has_no_label, list_indent, name
from assistant.documents.odt_tables import Tables

_PASSED_OVER = frozenset(
    map(
        name,
        str.split("""
        office:annotation office:annotation-end office:forms text:note-citation text:page-number text:page-count
        text:table-of-content text:alphabetical-index text:illustration-index text:table-index text:object-index
        text:user-index text:bibliography-source text:ruby-text text:sequence-decls text:variable-decls
        text:user-field-decls text:dde-connection-decls text:page-continuation table:title table:desc draw:image
        text:toc-mark text:alphabetical-index-mark text:script table:shapes
        """),
    )
)
_TEXT = name("text:p")[:-1]
_STRUCTURE = frozenset(
    map(
        name,
        str.split("""
        text:list text:list-item text:list-header text:numbered-paragraph text:section text:note text:note-body text:ruby
        text:index-body text:bibliography text:index-title
        """),
    )
)


@dataclass(slots=True)
class _OpenList:
    style: str
    depth: int
    is_begun: bool = False


class Walk:
    """Walks the body of one document; `read_object` gives the words of an enclosed formula, by its address."""

    def __init__(self, flow: Flow, styles: Styles, read_object: Callable[[str], str]) -> None:
        self._flow = flow
        self._styles = styles
        self._read_object = read_object
        self._tables = Tables(flow)
        self._lists: list[_OpenList] = []
        self._outer_lists: list[list[_OpenList]] = []
        self._paragraphs: list[Style] = []
        self._inks: list[Ink] = []
        self._papers = [styles.paper]
        self._notes = 0
        self._enter: Mapping[str, Callable[[etree._Element], bool | None]] = {
            name(tag): handler
            for tag, handler in {
                "text:p": self._enter_paragraph,
                "text:h": self._enter_paragraph,
                "text:span": self._enter_span,
                "text:s": self._spaces,
                "text:tab": lambda _: self._say(" "),
                "text:line-break": lambda _: self._say(" "),
                "text:list": self._enter_list,
                "text:numbered-paragraph": self._enter_list,
                "text:list-item": self._enter_item,
                "text:list-header": self._enter_header,
                "text:note": self._enter_note,
                "text:section": lambda section: not self._is_hidden_section(section),
                "text:tracked-changes": self._changes,
                "table:table": self._enter_table,
                "table:table-header-rows": lambda _: self._tables.begin_heads(),
                "table:table-row": self._enter_row,
                "table:table-cell": self._enter_cell,
                "table:covered-table-cell": self._tables.add_covered,
                "draw:frame": self._enter_frame,
                "draw:text-box": self._enter_box,
                "draw:custom-shape": self._enter_box,
                "draw:rect": self._enter_box,
                "draw:ellipse": self._enter_box,
                "text:hidden-paragraph": lambda _: False,
            }.items()
        }
        self._leave: Mapping[str, Callable[[etree._Element], None]] = {
            name(tag): handler
            for tag, handler in {
                "text:p": self._leave_paragraph,
                "text:h": self._leave_paragraph,
                "text:span": lambda _: self._drop_ink(),
                "text:list": self._leave_list,
                "text:numbered-paragraph": self._leave_list,
                "text:note": self._leave_note,
                "table:table": lambda _: self._tables.end(),
                "table:table-header-rows": lambda _: self._tables.end_heads(),
                "table:table-row": lambda _: self._tables.end_row(),
                "table:table-cell": self._leave_cell,
                "draw:text-box": self._leave_box,
                "draw:custom-shape": self._leave_box,
                "draw:rect": self._leave_box,
                "draw:ellipse": self._leave_box,
            }.items()
        }

    def over(self, body: etree._Element) -> None:
        """Tell the flow what stands in the body."""
        skipped: etree._Element | None = None
        events = etree.iterwalk(body, events=("start", "end"))
        for event, element in events:
            tag = element.tag
            if event == "end":
                if element is not skipped and tag in self._leave:
                    self._leave[tag](element)
                skipped = None
                if element is not body and _holds_words(element.getparent()):
                    self._say(element.tail or "")
            elif tag in _PASSED_OVER or (tag in self._enter and self._enter[tag](element) is False):
                self._flow.count(COMMENTS, int(tag == name("office:annotation")))
                events.skip_subtree()
                skipped = element
            elif _holds_words(element):
                self._say(element.text or "")

    # Words

    def _say(self, words: str) -> None:
        if not words or not self._paragraphs:
            return
        ink = self._inks[-1]
        if ink.is_unseen(self._paragraphs[-1].paper or self._papers[-1]):
            self._flow.leave_out(HIDDEN, words)
        else:
            self._flow.say(words, bold=bool(ink.bold))

    def _spaces(self, element: etree._Element) -> None:
        self._say(" ")

    def _enter_span(self, element: etree._Element) -> None:
        own = self._styles.of("text", element.get(name("text:style-name"), "")).ink
        self._inks.append(self._inks[-1].under(own) if self._inks else own)

    def _drop_ink(self) -> None:
        self._inks.pop()

    def _changes(self, element: etree._Element) -> bool:
        deleted = (change for change in element.iter(name("text:deletion")) if "".join(_words_of(change)).strip())
        self._flow.count(DELETIONS, sum(1 for _ in deleted))
        return False

    def _is_hidden_section(self, section: etree._Element) -> bool:
        display = section.get(name("text:display"), "true")
        is_hidden = display == "none" or (display == "condition" and section.get(name("text:is-hidden")) == "true")
        if is_hidden:
            self._flow.leave_out(HIDDEN, "".join(_words_of(section)))
        return bool(is_hidden)

    # Paragraphs

    def _enter_paragraph(self, element: etree._Element) -> bool:
        hiding = element.find(f".//{name('text:hidden-paragraph')}")
        if hiding is not None and hiding.get(name("text:is-hidden")) == "true":
            self._flow.leave_out(HIDDEN, "".join(_words_of(element)))
            return False
        style = self._styles.of("paragraph", element.get(name("text:style-name"), ""))
        self._paragraphs.append(style)
        self._inks.append(style.ink)
        return True

    def _leave_paragraph(self, element: etree._Element) -> None:
        self._inks.pop()
        style = self._paragraphs.pop()
        heading = style.heading
        if element.tag == name("text:h"):
            level = element.get(name("text:outline-level"), "1")
            heading = min(int(level), 6) if level in set("123456789") else 6 if level.isdecimal() else 1
        self._flow.end_paragraph(self._look(style, 1 if style.is_title else heading))

    def _look(self, style: Style, heading: int) -> Look:
        if not self._lists:
            return Look(heading, style.is_title, None, style.indent or 0)
        here = self._lists[-1]
        level = self._styles.level(here.style, here.depth)
        indent = style.indent or list_indent(level)
        if has_no_label(level):
            return Look(heading, style.is_title, None, indent)
        listed = Listed(self._lists[0].style, here.depth, goes_on=here.is_begun)
        here.is_begun = True
        return Look(heading, style.is_title, listed, indent)

    # Lists

    def _enter_list(self, element: etree._Element) -> None:
        style = element.get(name("text:style-name")) or (self._lists[-1].style if self._lists else "")
        depth = self._lists[-1].depth + 1 if self._lists else 0
        stated = element.get(name("text:level"), "")
        if stated.isdecimal() and len(stated) < 3:  # a numbered paragraph says its level
            depth = max(int(stated) - 1, 0)
        self._lists.append(_OpenList(style, depth))

    def _leave_list(self, element: etree._Element) -> None:
        self._lists.pop()

    def _enter_item(self, element: etree._Element) -> None:
        if self._lists:
            self._lists[-1].is_begun = False

    def _enter_header(self, element: etree._Element) -> None:
        if self._lists:
            self._lists[-1].is_begun = True

    # Boxes and notes

    def _open(self) -> None:
        self._flow.open()
        self._outer_lists.append(self._lists)
        self._lists = []

    def _close(self) -> None:
        self._lists = self._outer_lists.pop()

    def _enter_note(self, element: etree._Element) -> bool:
        if not self._paragraphs or (self._inks and self._inks[-1].hidden):
            return False
        self._notes += 1
        self._flow.mark(str(self._notes))
        self._papers.append(self._styles.paper)
        self._open()
        return True

    def _leave_note(self, element: etree._Element) -> None:
        self._papers.pop()
        self._flow.notes[str(self._notes)] = self._flow.close()
        self._close()

    def _enter_frame(self, element: etree._Element) -> None:
        link = element.find(f"{name('draw:object')}[@{name('xlink:href')}]")
        if link is not None:
            self._say(self._read_object(link.get(name("xlink:href"), "")))

    def _enter_box(self, element: etree._Element) -> bool:
        if self._inks and self._inks[-1].hidden:
            self._flow.leave_out(HIDDEN, "".join(_words_of(element)))
            return False
        self._papers.append(UNKNOWN_PAPER)
        self._open()
        return True

    def _leave_box(self, element: etree._Element) -> None:
        self._papers.pop()
        self._flow.add(Box(self._flow.close()))
        self._close()
        if not self._paragraphs:
            self._flow.end_paragraph()

    # Tables

    def _enter_table(self, element: etree._Element) -> None:
        self._flow.end_paragraph()
        self._tables.begin(self._styles.of("table", element.get(name("table:style-name"), "")).paper or self._papers[-1])

    def _enter_row(self, element: etree._Element) -> bool:
        if element.get(name("table:visibility"), "visible") != "visible":
            self._flow.leave_out(HIDDEN, "".join(_words_of(element)))
            return False
        self._tables.begin_row()
        return True

    def _enter_cell(self, element: etree._Element) -> None:
        paper = self._styles.of("table-cell", element.get(name("table:style-name"), "")).paper
        self._papers.append(paper or self._tables.paper or self._papers[-1])
        self._open()

    def _leave_cell(self, element: etree._Element) -> None:
        self._papers.pop()
        self._tables.add_cell(element, self._flow.close())
        self._close()


def _holds_words(element: etree._Element | None) -> bool:
    """Whether text directly in an element stands on the page; in others it is white space between elements."""
    if element is None:
        return False
    return str(element.tag).startswith(_TEXT) and element.tag not in _STRUCTURE


def _words_of(element: etree._Element) -> list[str]:
    """All words in paragraphs of a tree that is not read."""
    return [words for part in element.iter(name("text:p"), name("text:h")) for words in part.itertext()]
