"""Reads text files: paragraphs, lists and, where they are beyond doubt, headings.

Files are as people and programs leave them: wrapped or not, in several encodings, often extracted from pages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.documents.clean import readable
from assistant.documents.file_names import readable_name, says_something
from assistant.documents.leads import leads_in
from assistant.documents.model import BlockKind, Document, DocumentText
from assistant.documents.reader import File
from assistant.documents.text_decoding import NotTextError, decode
from assistant.documents.text_furniture import without_furniture
from assistant.documents.text_headings import heading_level
from assistant.documents.text_paragraphs import Paragraph, paragraphs
from assistant.errors import SkippedDocument, UnreadableDocument

_BULLET = re.compile(r"([•●▪◦○■□‣⁃∙·►➢*–-]|o(?=\s))\s+(?=\S)")
_LABEL = re.compile(r"(\(?(?:[a-z]|[ivx]{1,5}|\d{1,2})[.)])\s+(?=\S)")
_ROMAN = re.compile(r"[ivx]+")


class PlainTextReader:
    """Reader of text files."""

    name = "text"

    def read(self, file: File) -> Document:
        """Turn one text file into a document.

        Raises:
            UnreadableDocument: It is not text, or in an unknown encoding.
            SkippedDocument: There is nothing to read in it.
        """
        try:
            written = decode(file.data)
        except NotTextError as error:
            raise UnreadableDocument(f"{file.path.name} {error}; save it as UTF-8 text") from error
        found = paragraphs(without_furniture(readable(written)))
        text = DocumentText()
        add_paragraphs(text, found)
        if not text.blocks:
            raise SkippedDocument(f"{file.path.name} is empty: there is nothing to read in it")
        title = _title(found, text, file.path.name)
        return Document(str(file.path), title, text.text, text.blocks, reader=self.name)


def _title(found: list[Paragraph], text: DocumentText, file_name: str) -> str:
    """An underlined first line, else the file's name where it says something, else the first heading."""
    if found[0].underline:
        return found[0].text
    name = readable_name(file_name)
    if says_something(name):
        return name
    first = next((block for block in text.blocks[:3] if block.kind is BlockKind.HEADING), None)
    return text.text[first.start : first.end] if first else name


def add_paragraphs(text: DocumentText, found: Sequence[Paragraph], *, base_level: int = 0) -> None:
    """Append paragraphs as headings, items of lists and prose; `base_level` is added to the level of each heading."""
    _Writer(text, base_level).write(found)


class _Writer:
    """Adds blocks in order and keeps what introduces the next item of a list."""

    def __init__(self, text: DocumentText, base_level: int) -> None:
        self._text = text
        self._base_level = base_level
        self._lead: int | None = None
        self._items: list[tuple[str, int | None]] = []
        self._label = ""
        self._heading = ""

    def write(self, found: Sequence[Paragraph]) -> None:
        for place, paragraph in enumerate(found):
            before = found[place - 1] if place else None
            after = found[place + 1] if place + 1 < len(found) else None
            bullet, label = _BULLET.match(paragraph.text), _LABEL.match(paragraph.text)
            level = heading_level(before, paragraph, after)
            if level:
                self._add_heading(paragraph.text, min(level + self._base_level, 6))
            elif bullet:
                self._add_item(paragraph.text[bullet.end() :], bullet[1], paragraph.indent)
            elif label:
                self._add_item(paragraph.text, label[1], paragraph.indent)
            else:
                self._add_paragraph(paragraph.text)

    def _add_heading(self, text: str, level: int) -> None:
        """A heading that is printed again at the top of a page does not open a new section."""
        self._items.clear()
        self._lead = None
        if text != self._heading:
            self._text.add(BlockKind.HEADING, text, level=level)
            self._heading = text

    def _add_paragraph(self, text: str) -> None:
        self._items.clear()
        position = self._text.add(BlockKind.PARAGRAPH, text)
        self._lead = position if leads_in(text) else None

    def _add_item(self, text: str, mark: str, indent: int) -> None:
        kind = f"{self._kind(mark)} {indent // 2}"
        kinds = [known for known, _ in self._items]
        if kind in kinds:
            del self._items[kinds.index(kind) :]
        parent = self._items[-1][1] if self._items else self._lead
        level = min(len(self._items) + 1, 6)
        position = self._text.add(BlockKind.LIST_ITEM, text, level=level, introduced_by=parent)
        if position is not None:
            self._items.append((kind, position))
            self._label = mark.strip("().")

    def _kind(self, mark: str) -> str:
        """What a label has in common with its neighbours: "i" after "h" is a letter, else a Roman number."""
        core = mark.strip("().")
        shape = mark.replace(core, "")
        if not core.isalnum() or core == "o":
            return mark
        if core.isdigit():
            return f"1{shape}"
        follows = len(core) == 1 and len(self._label) == 1 and ord(core) - ord(self._label) == 1
        roman = _ROMAN.fullmatch(core) and (len(core) > 1 or not follows or (core == "i" and self._label != "h"))
        return f"{'i' if roman else 'a'}{shape}"
