"""What guidance is once read: a document made of blocks, each an exact span of the document's text.

Every quotation Bernard shows is a slice of `Document.text`, so offsets here are the ground truth of the whole product.
Knows nothing of file formats, passages or search.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block is on the page."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_HEAD = "table_head"
    """The row of column headings; its cells are joined as in a table row."""
    TABLE_ROW = "table_row"


CELL_SEPARATOR = " | "
"""Stands between the cells of a table row in a block's text."""


@dataclass(frozen=True, slots=True)
class Block:
    """Smallest unit of a document that can be quoted: `document.text[start:end]`.

    Attributes:
        kind: What it is on the page.
        start: First character in `Document.text`.
        end: One past the last character.
        level: Heading level (1 to 6) or depth of a list item (from 1); 0 otherwise.
        introduced_by: Position in `Document.blocks` of the block without which this one cannot be understood: the
            sentence that leads into a list, the parent item of a nested item, the column headings of a table row.
        anchor: What to append to `Document.url` to open the page at this heading: "#fees", or "/overview#fees" where a
            part of the document has an address of its own, or "#page=3" in a PDF. Empty when the page offers none.
        page: Page in a paginated document, from 1.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    introduced_by: int | None = None
    anchor: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something in a file that is not read as guidance, and how often it occurs.

    Attributes:
        what: Plural noun for people, such as "hidden rows", "tracked deletions", "comments", "scanned pages".
        count: How many there are, from 1.
    """

    what: str
    count: int


@dataclass(frozen=True, slots=True)
class Document:
    """One page or file of guidance.

    Attributes:
        location: Where it was read from, unique in an index: an absolute path or an address.
        title: Never empty; a reader falls back to the first heading, then the file's name.
        text: All readable text. Blocks are slices of it, in order, without overlap.
        blocks: In reading order.
        url: Official address, "" when the file does not say.
        organisations: Names of the publishing bodies, the lead one first.
        document_type: The publisher's own term, such as "guide" or "hmrc_manual_section"; "" when unknown.
        description: One-sentence summary by the publisher.
        published: First publication.
        updated: Last change that the publisher calls significant.
        withdrawn: True when the publisher has withdrawn it.
        notice: The publisher's words on why it is withdrawn or what replaces it; plain text.
        superseded_by: Address or name of what replaces it; "" when it is current as far as the file says.
        extent: Nations it applies to, of "England", "Scotland", "Wales", "Northern Ireland"; empty when it does not say.
        locale: BCP 47 tag.
        collection: Manual or set it belongs to, "" if none.
        reader: Name of the reader that made it.
        left_out: What stands in the file and is not part of `text`: hidden rows, deletions, comments.
        recognised: True when some of the text was recognised from pictures (OCR), so that letters in it may be wrong.
    """

    location: str
    title: str
    text: str
    blocks: tuple[Block, ...]
    url: str = ""
    organisations: tuple[str, ...] = ()
    document_type: str = ""
    description: str = ""
    published: dt.date | None = None
    updated: dt.date | None = None
    withdrawn: bool = False
    notice: str = ""
    superseded_by: str = ""
    extent: tuple[str, ...] = ()
    locale: str = "en"
    collection: str = ""
    reader: str = ""
    left_out: tuple[LeftOut, ...] = ()
    recognised: bool = False

    def quote(self, block: Block) -> str:
        """The exact text of a block."""
        return self.text[block.start : block.end]

    @property
    def digest(self) -> str:
        """SHA-256 over everything but the location: changes when anything a reader could see changes."""
        fields = asdict(self)
        del fields["location"]
        payload = json.dumps(fields, ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(payload.encode()).hexdigest()


_SPACE = re.compile(r"\s+")


@dataclass(slots=True)
class DocumentText:
    """Collects blocks in reading order and keeps their offsets.

    A reader calls `add` for each block and ends with `text` and `blocks`. White space inside a block is collapsed to
    single spaces, since it means nothing in the formats read here.
    """

    _parts: list[str] = field(default_factory=list)
    _blocks: list[Block] = field(default_factory=list)
    _length: int = 0

    def add(
        self,
        kind: BlockKind,
        text: str,
        *,
        level: int = 0,
        introduced_by: int | None = None,
        anchor: str = "",
        page: int | None = None,
    ) -> int | None:
        """Append a block; returns its position, or None when `text` has nothing to read in it.

        Raises:
            ValueError: `introduced_by` does not name an earlier block.
        """
        text = _SPACE.sub(" ", text).strip()
        if not any(character.isalnum() for character in text):
            return None
        if introduced_by is not None and not 0 <= introduced_by < len(self._blocks):
            raise ValueError(f"block {introduced_by} cannot introduce block {len(self._blocks)}")
        separator = self._separator(kind)
        start = self._length + len(separator)
        self._parts += (separator, text)
        self._length = start + len(text)
        self._blocks.append(Block(kind, start, self._length, level, introduced_by, anchor, page))
        return len(self._blocks) - 1

    def _separator(self, kind: BlockKind) -> str:
        if not self._blocks:
            return ""
        tight = {BlockKind.LIST_ITEM, BlockKind.TABLE_ROW, BlockKind.TABLE_HEAD}
        return "\n" if kind in tight and self._blocks[-1].kind is not BlockKind.HEADING else "\n\n"

    @property
    def text(self) -> str:
        """Everything added so far."""
        return "".join(self._parts)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks added so far; `text[block.start:block.end]` is each one's text."""
        return tuple(self._blocks)

    def __len__(self) -> int:
        return len(self._blocks)

    def __iter__(self) -> Iterator[Block]:
        return iter(self._blocks)
