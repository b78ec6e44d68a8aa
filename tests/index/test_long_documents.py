"""The time that a document takes grows with its length, not with the square of it."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

from assistant.documents import BlockKind, Document, DocumentText
from assistant.index import split
from assistant.index.manifest import Manifest
from assistant.settings import PassageSettings


def test_a_document_of_millions_of_characters_is_cut_and_given_out_again_in_seconds(tmp_path: Path) -> None:
    text = DocumentText()
    for number in range(6000):
        text.add(BlockKind.PARAGRAPH, f"Rule {number} says: " + "keep the lamp alight until the dawn; " * 25)
    document = Document("/rules/a.txt", "Rules", text.text, text.blocks)
    started = time.process_time()

    passages = split(document, PassageSettings())
    with closing(Manifest(tmp_path / "manifest.sqlite3")) as manifest:
        manifest.begin()
        manifest.put_document(document, passages)
        texts = [embedded for _, embedded in manifest.embedded_texts()]

    assert len(document.text) > 5_000_000
    assert len(texts) == len(passages) > 6000
    assert all(embedded.endswith(passage.text) for embedded, passage in zip(texts, passages, strict=True))
    assert time.process_time() - started < 15
