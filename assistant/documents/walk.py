"""Walks a tree of HTML once and makes its blocks: what each stands for on the page, and what introduces it.

Works without recursion, so that the depth of a page does not matter. Knows nothing of whole pages or their metadata.
"""

from __future__ import annotations

import re

from lxml import etree

from assistant.documents import elements
from assistant.documents.clean import readable
from assistant.documents.elements import BLOCKS, HEADINGS, ITEMS, LISTS
from assistant.documents.frames import BREAK, PARAGRAPH_BREAK, Frame, lines_of
from assistant.documents.hidden import HiddenText
from assistant.documents.leads import is_connector, leads_in
from assistant.documents.model import CELL_SEPARATOR, BlockKind, DocumentText
from assistant.documents.tables import Row, RowKind, is_layout, read_rows
from assistant.documents.typed_lists import TypedLists, marked

_LONG_TO_REPEAT = 40
_BULLETS = re.compile(r"\s*\* ")  # a list indented too far, which Govspeak takes for code


class Walk:
    """Makes the blocks of one tree; arguments as for `markup.add_html`."""

    def __init__(
        self,
        text: DocumentText,
        hidden: HiddenText,
        *,
        base_level: int = 0,
        anchor_prefix: str = "",
        known_title: str = "",
    ) -> None:
        self._text = text
        self._hidden = hidden
        self._base_level = base_level
        self._anchor_prefix = anchor_prefix
        self._known_title = " ".join(known_title.split())
        self._buffer: list[str] = []
        self._frames: list[Frame] = []
        self._last: tuple[int, BlockKind, str] = (-1, BlockKind.HEADING, "")
        self._typed = TypedLists()
        self._newline = "\n"
        self._section = ("", -1)
        self._ended_list: tuple[int | None, int] = (None, -1)
        self._referred: list[str] = []
        self._notes: dict[str, int] = {}

    def over(self, root: etree._Element, introduced_by: int | None = None) -> None:
        """Append the blocks of a tree; `introduced_by` says what all of it is about."""
        if introduced_by is not None:
            self._frames.append(Frame(root, "about", first=introduced_by))
        skipped: etree._Element | None = None
        events = etree.iterwalk(root, events=("start", "end"))
        for event, element in events:
            if event == "start":
                if self._enter(element):
                    self._say(element.text)
                else:
                    skipped = element
                    events.skip_subtree()
                continue
            if element is not skipped:
                self._leave(element)
            skipped = None
            if element is not root:
                self._say(element.tail)
        self._flush()

    # Elements

    def _enter(self, element: etree._Element) -> bool:
        """Begin an element; False when it has been dealt with and is not to be entered."""
        tag = element.tag
        if self._is_silent(element):
            self._say(elements.fraction(element))
            return False
        if tag == "br":
            self._buffer.append(BREAK)
        if tag in BLOCKS:
            self._flush()
        title = elements.attachment_title(element)
        if title is not None:
            self._buffer.append(self._inline(title))
            return False
        if tag not in BLOCKS:
            return True
        if tag == "table" and not is_layout(element):
            self._add_table(element)
            return False
        self._open(element)
        return not elements.is_page_menu(element)

    def _open(self, element: etree._Element) -> None:
        tag = element.tag
        if tag in HEADINGS:
            self._open_heading(element)
        elif tag in LISTS:
            depth = 1 + sum(frame.kind == "list" for frame in self._frames)
            self._frames.append(Frame(element, "list", self._lead_in_of_list(), level=depth))
        elif tag in ITEMS:
            self._open_item(element)
        elif tag == "pre":
            self._newline = BREAK if _BULLETS.match(element.text_content()) else "\n"
        elif tag == "section" and (identifier := element.get("id")):
            self._section = (identifier, len(self._text))
        elif elements.is_contact(element) and not self._inside("about"):
            self._frames.append(Frame(element, "about"))

    def _open_heading(self, element: etree._Element) -> None:
        identifier = elements.anchor(element)
        if not identifier and self._section[1] == len(self._text):
            identifier = self._section[0]
        anchor = f"{self._anchor_prefix}#{identifier}" if identifier else ""
        level = min(6, HEADINGS[element.tag] + self._base_level)
        self._frames.append(Frame(element, "heading", level=level, anchor=anchor))

    def _open_item(self, element: etree._Element) -> None:
        lists = self._inside("list")
        introduced_by = lists.introduced_by if lists else None
        if lists and element.tag == "dd" and lists.latest is not None:
            introduced_by = lists.latest
        introduced_by = self._notes.get(element.get("id") or "", introduced_by)
        self._frames.append(Frame(element, "item", introduced_by, level=lists.level if lists else 1))

    def _leave(self, element: etree._Element) -> None:
        if element.tag not in BLOCKS:
            return
        self._flush()
        if element.tag == "pre":
            self._newline = "\n"
        if not self._frames or self._frames[-1].element is not element:
            return
        frame = self._frames.pop()
        if frame.kind == "list":
            self._ended_list = (frame.introduced_by, len(self._text))
        elif element.tag == "dt" and frame.first is not None and (lists := self._inside("list")):
            lists.latest = frame.first

    def _inside(self, kind: str) -> Frame | None:
        return next((frame for frame in reversed(self._frames) if frame.kind == kind), None)

    def _is_silent(self, element: etree._Element) -> bool:
        """True when nothing in an element is to be read; notes which footnotes are referred to here."""
        if elements.has_no_text(element) or self._hidden.hides(element):
            return True
        note = elements.note_referred_to(element)
        if note is not None:
            self._referred.append(note)
        return note is not None

    # Words

    def _say(self, words: str | None) -> None:
        if not words:
            return
        if self._referred and self._buffer and words[0] in ".,;:)" and self._buffer[-1] != BREAK:
            self._buffer[-1] = self._buffer[-1].rstrip()  # a mark stood here: "rate [1]."
        self._buffer.append(words if self._newline == "\n" else words.replace("\n", self._newline))

    def _inline(self, element: etree._Element) -> str:
        """All words in an element as one line; items of a list in it keep the bullet that the page shows."""
        words: list[str] = []
        skipped: etree._Element | None = None
        events = etree.iterwalk(element, events=("start", "end"))
        for event, part in events:
            is_block = part.tag in BLOCKS or part.tag == "br"
            if event == "end":
                if part is not skipped and is_block:
                    words.append(" ")
                skipped = None
                if part is not element:
                    words.append(part.tail or "")
            elif part is not element and self._is_silent(part):
                words.append(elements.fraction(part))
                skipped = part
                events.skip_subtree()
            else:
                words += (" • " if part.tag == "li" else " " if is_block else "", part.text or "")
        return " ".join(readable("".join(words)).split())

    def _flush(self) -> None:
        """Make blocks of the words collected since the last one."""
        words = "".join(self._buffer)
        self._buffer.clear()
        if not words or words.isspace():
            self._referred.clear()
            return
        words = readable(words)
        frame = self._frames[-1] if self._frames else None
        if frame and frame.kind == "heading" and not self._inside("about"):
            self._add_heading(words, frame)
        else:
            for part in PARAGRAPH_BREAK.split(words):
                for line in lines_of(part):
                    self._add_words(" ".join(line.split()))
        self._referred.clear()

    # Blocks

    def _add_heading(self, words: str, frame: Frame) -> None:
        self._typed.end()
        is_title = frame.level == 1 + self._base_level and " ".join(words.split()) == self._known_title
        if not is_title:
            self._add(BlockKind.HEADING, words, level=frame.level, anchor=frame.anchor)

    def _add_words(self, words: str) -> None:
        owner = next((frame for frame in reversed(self._frames) if frame.kind in ("item", "about")), None)
        if owner is None:
            self._add_paragraph(words)
            return
        introduced_by = owner.introduced_by if owner.first is None else owner.first
        kind = BlockKind.LIST_ITEM if owner.kind == "item" else BlockKind.PARAGRAPH
        position = self._add(kind, words, level=owner.level, introduced_by=introduced_by)
        if position is not None:
            owner.latest = position
            owner.first = position if owner.first is None else owner.first

    def _add_paragraph(self, words: str) -> None:
        last, kind, above = self._last
        can_introduce = kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
        place = self._typed.place(words, above=above if can_introduce else "", last=last)
        if place is not None:
            self._add(BlockKind.LIST_ITEM, words, level=place.level, introduced_by=place.introduced_by)
            return
        former, end = self._ended_list
        is_between = end == len(self._text) and is_connector(words)
        self._add(BlockKind.PARAGRAPH, words, introduced_by=former if is_between else None)

    def _add(
        self, kind: BlockKind, words: str, *, level: int = 0, introduced_by: int | None = None, anchor: str = ""
    ) -> int | None:
        if len(words) > _LONG_TO_REPEAT and kind is not BlockKind.HEADING and words == self._last[2]:
            return None  # said twice in succession
        position = self._text.add(kind, words, level=level, introduced_by=introduced_by, anchor=anchor)
        if position is not None:
            self._last = (position, kind, words)
            for note in self._referred:
                self._notes.setdefault(note, position)
        return position

    def _add_table(self, table: etree._Element) -> None:
        self._typed.end()
        introduced_by = self._lead_in()
        for caption in table.iterchildren("caption"):
            if not self._is_silent(caption):
                title = self._add(BlockKind.PARAGRAPH, self._inline(caption), introduced_by=introduced_by)
                introduced_by = introduced_by if title is None else title
        self._add_rows(read_rows(table, self._inline, self._is_silent), introduced_by)
        self._referred.clear()

    def _add_rows(self, rows: list[Row], introduced_by: int | None) -> None:
        above = step = introduced_by
        for row in rows:
            words = CELL_SEPARATOR.join(row.cells)
            if row.kind is RowKind.STEP:
                step = above = self._add(BlockKind.LIST_ITEM, " ".join(row.cells), level=1, introduced_by=introduced_by)
            elif row.kind is RowKind.UNDER_STEP:
                self._add(BlockKind.LIST_ITEM, words, level=1 if step is introduced_by else 2, introduced_by=step)
            elif row.kind is RowKind.HEAD:
                position = self._add(BlockKind.TABLE_HEAD, words, introduced_by=above)
                introduced_by = above = above if position is None else position
            elif row.kind is RowKind.SECTION:
                position = self._add(BlockKind.TABLE_ROW, words, introduced_by=introduced_by)
                above = introduced_by if position is None else position
            else:
                self._add(BlockKind.TABLE_ROW, words, introduced_by=above)

    # What introduces what

    def _lead_in_of_list(self) -> int | None:
        """The block that leads into a list that begins here."""
        around = self._around()
        last, kind, words = self._last
        if around is not None and around.kind == "list":  # a list put straight into a list belongs to the item before
            return last if kind is BlockKind.LIST_ITEM else around.introduced_by
        former, end = self._ended_list
        is_continued = end == len(self._text) or (end == last and is_connector(words))
        if is_continued and (around is None or around.kind != "item"):
            return former
        return self._lead_in()

    def _lead_in(self) -> int | None:
        """The block that leads into a list or table that begins here."""
        around = self._around()
        if around is not None and around.kind == "item":
            return around.introduced_by if around.latest is None else around.latest
        last, kind, words = self._last
        can_introduce = kind is BlockKind.PARAGRAPH or (kind is BlockKind.LIST_ITEM and marked(words))
        return last if can_introduce and last >= 0 and leads_in(words) else None

    def _around(self) -> Frame | None:
        return next((frame for frame in reversed(self._frames) if frame.kind != "heading"), None)
