"""What the tests of readers share: short ways to read a string, and what must hold of whatever was read."""

from __future__ import annotations

from pathlib import Path

from assistant.documents.markup import add_html
from assistant.documents.model import Block, BlockKind, Document, DocumentText
from assistant.documents.reader import File, Reader


def read_html(markup: str, **options: object) -> Document:
    """A document of the blocks in a fragment of HTML."""
    text = DocumentText()
    add_html(text, markup, **options)  # type: ignore[arg-type]
    return Document(location="test", title="Test", text=text.text, blocks=text.blocks)


def read_text(reader: Reader, source: str | bytes, name: str) -> Document:
    """A document read from the text of one file."""
    data = source.encode() if isinstance(source, str) else source
    return reader.read(File(Path("/guidance") / name, f"guidance/{name}", data))


def quotes(document: Document, *kinds: BlockKind) -> list[str]:
    """The texts of all blocks, or of those of some kinds."""
    return [document.quote(block) for block in document.blocks if not kinds or block.kind in kinds]


def block_of(document: Document, quote: str) -> Block:
    """The one block with a text."""
    return next(block for block in document.blocks if document.quote(block) == quote)


def introduction(document: Document, quote: str) -> str | None:
    """The text that introduces the block with a text."""
    position = block_of(document, quote).introduced_by
    return None if position is None else document.quote(document.blocks[position])


def assert_sound(document: Document) -> None:
    """Blocks are slices of the text, in order, apart, with words in them, introduced by earlier ones."""
    end = 0
    for position, block in enumerate(document.blocks):
        assert end <= block.start < block.end <= len(document.text)
        quote = document.quote(block)
        assert quote == " ".join(quote.split())
        assert any(character.isalnum() for character in quote)
        assert block.introduced_by is None or 0 <= block.introduced_by < position
        end = block.end
