"""Reads Excel workbooks (.xlsx, .xlsm): what their visible sheets show, with tables and their headings.

The steps are on one screen, in `XlsxReader.read`; each lives in a module of its own. Macros are neither read nor run.
"""

from __future__ import annotations

from collections import Counter

from assistant.documents.model import Document, LeftOut
from assistant.documents.office_facts import best_title, office_facts
from assistant.documents.reader import File
from assistant.documents.sheet_model import Budget
from assistant.documents.sheets import nothing_to_read, opening_title, write_sheets
from assistant.documents.xlsx_sheet import SheetReader
from assistant.documents.xlsx_workbook import read_workbook
from assistant.documents.zip_parts import Parts


class XlsxReader:
    """Reader of Excel workbooks."""

    name = "xlsx"

    def read(self, file: File) -> Document:
        """Turn one workbook into a document.

        Raises:
            UnreadableDocument: The file is damaged, locked, no workbook or too large.
            SkippedDocument: Its visible sheets are empty.
        """
        parts = Parts(file)
        book = read_workbook(parts)
        left_out: Counter[str] = Counter()
        budget = Budget(parts.name)
        sheets = []
        for number, entry in enumerate(book.sheets, start=1):
            if entry.hidden:
                left_out["hidden sheets"] += 1
            elif entry.path and entry.path not in parts:
                raise parts.damaged(f"its sheet {entry.name!r} is missing")
            elif entry.path:
                reader = SheetReader(parts, book, budget=budget, left_out=left_out)
                sheets.append(reader.read(entry, number))
        text = write_sheets(sheets)
        if not text.blocks:
            raise nothing_to_read(file, left_out)
        facts = office_facts(parts)
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
