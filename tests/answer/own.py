"""Documents that somebody brings, made in a test: from text to an index, without a folder or a process."""

from __future__ import annotations

from pathlib import Path

from assistant.answer import Brought
from assistant.documents.library import Found, read_file
from assistant.index import HeldDocument, HeldIndex, Searchable, passage_texts, split, typical_texts
from assistant.settings import PassageSettings


def held(texts: dict[str, str], guidance: Searchable) -> HeldIndex:
    """An index over files given as {name: text}, to be searched beside guidance."""
    embedder = guidance.embedder
    documents = []
    for name, text in texts.items():
        document = read_file(Found(Path("/") / name, name), text.encode()).document
        assert document
        object.__setattr__(document, "location", f"own:{name}")
        passages = tuple(split(document, PassageSettings()))
        documents.append(HeldDocument(document, passages, embedder.embed(passage_texts(document, passages))))
    return HeldIndex(documents, embedder=embedder, beside=typical_texts(guidance))


def brought(*names: str) -> list[Brought]:
    """Files of `held`."""
    return [Brought(name, (f"own:{name}",)) for name in names]
