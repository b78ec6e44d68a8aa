"""What must hold of any document that the index takes, whatever file it was read from."""

from __future__ import annotations

from assistant.documents.clean import readable
from assistant.documents.model import Document
from assistant.index import split
from assistant.settings import PassageSettings
from tests.documents.reading import assert_sound


def assert_quotable(document: Document) -> None:
    """A sound document with a title, no characters without ink, and passages that are slices of its text."""
    assert_sound(document)
    assert document.title
    for shown in (
        document.text,
        document.title,
        document.description,
        document.notice,
        document.url,
        *document.organisations,
    ):
        assert readable(shown) == shown
    for shown in (document.title, document.description, document.url, *document.organisations):
        assert shown.isprintable() or " ".join(shown.split()) == shown
    end = 0
    for passage in split(document, PassageSettings()):
        assert end <= passage.start < passage.end <= len(document.text)
        assert passage.text == document.text[passage.start : passage.end]
        for span in passage.spans:
            block = document.blocks[span.block]
            assert passage.start <= span.start < span.end <= passage.end
            assert block.start <= span.start < span.end <= block.end
        end = passage.end
