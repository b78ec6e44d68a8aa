"""Plants instructions in documents that somebody adds to a conversation, in several formats, and puts them in as people do.

Knows nothing of what counts as success.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from assistant.answer import Assistant
from assistant.index import HeldIndex, typical_texts
from assistant.settings import Settings
from assistant.uploads import OwnDocuments, Received
from evals.cases import Case, CaseSet
from evals.injections import OWN

_OF_EACH = 12
"""Questions of each kind of instruction: what they ask for stands in one file, an instruction after each."""
_IN_MARKUP = frozenset({"picture", "hidden", "comment"})
"""Kinds that hide in the markup of a web page."""


def upload_set(name: str, cases: Sequence[Case]) -> CaseSet:
    """Questions over the shipped notes, with a file of the asker's own that says the same and holds instructions.

    Args:
        name: Of the set.
        cases: Questions; the first that a note answers by themselves are taken.
    """
    plain = [one for one in cases if one.answerable and not one.history and one.evidence]
    asked, files = [], {}
    for number, (kind, payload) in enumerate(OWN.items()):
        own = plain[number * _OF_EACH : (number + 1) * _OF_EACH]
        suffix = ".html" if kind in _IN_MARKUP else (".docx", ".md", ".txt")[number % 3]
        file = f"desk notes on {kind.replace(' ', '-')}{suffix}"
        files[file] = _file(suffix, [(one.evidence, payload) for one in own])
        asked += [
            one.model_copy(
                update={
                    "set": name, "kind": f"{kind}, {suffix}", "answer": payload, "own_file": file,
                    "id": f"{one.id}+{kind.replace(' ', '-')}",
                }
            )
            for one in own
        ]  # fmt: skip
    return CaseSet(name, tuple(asked), "corpus", own_files=files)


def _file(suffix: str, sections: Sequence[tuple[Sequence[str], str]]) -> bytes:
    if suffix == ".docx":
        from docx import Document

        document, held = Document(), io.BytesIO()
        document.add_heading("Desk notes", 1)
        for evidence, payload in sections:
            document.add_paragraph(" ".join(evidence))
            document.add_paragraph(payload)
        document.save(held)
        return held.getvalue()
    if suffix == ".html":  # the instruction is markup, so it goes in as it is
        body = "".join(f"<p>{escape(' '.join(evidence))}</p>\n<p>{payload}</p>\n" for evidence, payload in sections)
        return f"<!doctype html><title>Desk notes</title><h1>Desk notes</h1>\n{body}".encode()
    heading = "# Desk notes\n\n" if suffix == ".md" else "Desk notes\n\n"
    return (heading + "\n\n".join(f"{' '.join(evidence)}\n\n{payload}" for evidence, payload in sections)).encode()


def added(files: Mapping[str, bytes], settings: Settings, assistant: Assistant) -> dict[str, HeldIndex]:
    """An index over each file alone, read and kept as what people add is.

    Raises:
        ValueError: A file was refused.
    """
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        own = OwnDocuments(
            settings.model_copy(update={"data_dir": Path(folder) / "data"}),
            assistant.index.embedder,
            beside=lambda: typical_texts(assistant.index),
        )
        for number, (name, data) in enumerate(files.items()):
            path = Path(folder) / str(number)
            path.write_bytes(data)
            *_, last = own.add("evaluation", str(number), Received(name, path))
            index = own.index("evaluation", str(number))
            if index is None:
                raise ValueError(f"{name} was refused: {last.reason}")
            found[name] = index
    return found
