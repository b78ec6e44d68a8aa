"""Reads OpenDocument spreadsheets (.ods): what their visible sheets show, with tables and their headings.

The steps are on one screen, in `OdsReader.read`; each lives in a module of its own.
"""

from __future__ import annotations

from collections import Counter

from assistant.documents.model import Document, LeftOut
from assistant.documents.ods_sheets import OdsSheets
from assistant.documents.office_facts import best_title, open_document_facts
from assistant.documents.reader import File
from assistant.documents.sheets import nothing_to_read, opening_title, write_sheets
from assistant.documents.zip_parts import Parts
from assistant.errors import UnreadableDocument

_MANIFEST = "META-INF/manifest.xml"


class OdsReader:
    """Reader of OpenDocument spreadsheets."""

    name = "ods"

    def read(self, file: File) -> Document:
        """Turn one spreadsheet into a document.

        Raises:
            UnreadableDocument: The file is damaged, locked, no spreadsheet or too large.
            SkippedDocument: Its visible sheets are empty.
        """
        parts = Parts(file)
        _check_open(parts)
        left_out: Counter[str] = Counter()
        sheets = OdsSheets(parts, left_out).read()
        text = write_sheets(sheets)
        if not text.blocks:
            raise nothing_to_read(file, left_out)
        facts = open_document_facts(parts)
        return Document(
            location=str(file.path),
            title=best_title(facts, opening_title(sheets, text), file.path.name),
            text=text.text,
            blocks=text.blocks,
            description=facts.description,
            published=facts.created,
            updated=facts.modified,
            locale=facts.locale,
            reader=self.name,
            left_out=tuple(LeftOut(what, count) for what, count in left_out.items() if count),
        )


def _check_open(parts: Parts) -> None:
    """OpenDocument encrypts each part by itself, inside a package that opens like any other."""
    is_locked = "encrypted-package" in parts or any(True for _ in parts.stream(_MANIFEST, whole=("encryption-data",)))
    if is_locked:
        raise UnreadableDocument(f"{parts.name} is protected by a password; ask its owner for an open copy")
