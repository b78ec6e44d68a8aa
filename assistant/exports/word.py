"""A paper as a Word file, with real footnotes, and with the marking at the head and foot of each page.

Knows nothing of answers.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import _Row
from docx.text.paragraph import Paragraph

from assistant.exports.footnotes import Footnotes, add_link
from assistant.exports.paper import (
    LEFT_OUT,
    LEFT_OUT_WHY,
    NEAREST,
    NEAREST_WHY,
    NOT_OFFICIAL,
    Footnote,
    Heading,
    Items,
    Paper,
    Part,
    Section,
    Statement,
)
from assistant.exports.word_styles import NOTICE, SMALL, VERDICT, set_up


def write_word(paper: Paper) -> bytes:
    """The whole paper."""
    document = docx.Document()
    set_up(document)
    _WordWriter(document).write(paper)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def describe(document: Document, title: str, *, made_at: dt.datetime, comments: str, marking: str) -> None:
    """The file's properties."""
    core = document.core_properties
    made = made_at.replace(tzinfo=None)
    core.title, core.author, core.last_modified_by, core.language = title[:250], "Bernard", "Bernard", "en-GB"
    core.comments, core.keywords, core.created, core.modified = comments, marking, made, made


def head_and_foot(document: Document, *, foot: str, marking: str) -> None:
    """What stands at the head and foot of each page."""
    section = document.sections[0]
    if marking:
        _marking(section.header.paragraphs[0], marking)
    line = section.footer.paragraphs[0]
    line.add_run(f"{foot}\tPage ")
    _field(line, "PAGE")
    line.add_run(" of ")
    _field(line, "NUMPAGES")
    if marking:
        _marking(section.footer.add_paragraph(style="Footer"), marking)


def fill_row(row: _Row, values: Sequence[str], *, is_head: bool = False) -> Paragraph:
    """Write a row of a table; returns the paragraph in its last cell."""
    paragraphs: list[Paragraph] = [cell.paragraphs[0] for cell in row.cells]
    for paragraph, value in zip(paragraphs, values, strict=True):
        paragraph.add_run(value).bold = is_head
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))
    return paragraphs[-1]


class _WordWriter:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._footnotes = Footnotes(document)

    def write(self, paper: Paper) -> None:
        describe(self._document, paper.title, made_at=paper.made_at, comments=paper.foot, marking=paper.marking)
        head_and_foot(self._document, foot=paper.foot, marking=paper.marking)
        self._document.add_paragraph(paper.title, style="Title")
        for section in paper.sections:
            self._section(section)
        self._last_words(paper)

    def _section(self, section: Section) -> None:
        document = self._document
        if section.question:
            document.add_heading(section.question, level=1)
        document.add_heading(section.status, level=2)
        for line in section.reply:
            document.add_paragraph(line)
        for notice in section.notices:
            paragraph = document.add_paragraph(style=NOTICE)
            paragraph.add_run("Note: ").bold = True
            paragraph.add_run(notice)
        for part in section.parts:
            self._part(part)
        for choice in section.choices:
            document.add_paragraph(choice, style="List Bullet")
        if section.left_out:
            document.add_heading(LEFT_OUT, level=2)
            document.add_paragraph(LEFT_OUT_WHY).paragraph_format.keep_with_next = True
            for one in section.left_out:
                _reasons(document.add_paragraph(one.text, style="List Bullet"), one)
        if section.nearest:
            document.add_heading(NEAREST, level=2)
            document.add_paragraph(NEAREST_WHY).paragraph_format.keep_with_next = True
            for page in section.nearest:
                told = f"{page.title} ({page.organisation})" if page.organisation else page.title
                paragraph = document.add_paragraph(f"{told}: " if page.address else told, style="List Bullet")
                if page.address:
                    add_link(paragraph, page.address, page.address, part=document.part)
        document.add_paragraph(section.origin, style=SMALL)

    def _part(self, part: Part) -> None:
        if isinstance(part, Heading):
            self._document.add_heading(part.text, level=3)
        elif isinstance(part, Statement):
            self._checked(self._document.add_paragraph(part.text), part)
        elif isinstance(part, Items):
            self._document.add_paragraph(part.lead_in).paragraph_format.keep_with_next = True
            for one in part.statements:
                self._checked(self._document.add_paragraph(one.text, style="List Bullet"), one)
        else:
            head = int(bool(part.headings))
            table = self._document.add_table(head + len(part.rows), len(part.rows[0][0]) + 1, style="Table Grid")
            if head:
                fill_row(table.rows[0], (*part.headings, "Check"), is_head=True)
            for place, (values, one) in enumerate(part.rows, start=head):
                self._checked(fill_row(table.rows[place], (*values, "")), one)
            self._document.add_paragraph().paragraph_format.space_after = Pt(0)

    def _checked(self, paragraph: Paragraph, one: Statement) -> None:
        """The marks of a statement's footnotes, the word of its verdict, and the reasons."""
        for place, note in enumerate(one.footnotes):
            if place:
                paragraph.add_run(", ").font.superscript = True
            self._footnote(self._footnotes.add(paragraph), note)
        paragraph.add_run(f"{' ' if one.footnotes else ''}[{one.verdict}]", style=VERDICT)
        _reasons(paragraph, one)

    def _footnote(self, paragraph: Paragraph, note: Footnote) -> None:
        about = ", ".join(filter(None, [note.title, note.organisation]))
        paragraph.add_run(f"“{note.quote}” {about}. {note.dated}. {note.retrieved}. ")
        if note.address:
            self._footnotes.link(paragraph, note.address)
        else:
            paragraph.add_run(note.place)
        paragraph.add_run(".")
        if note.remark:
            paragraph.add_run(f" {note.remark}.").bold = True

    def _last_words(self, paper: Paper) -> None:
        if paper.meanings:
            meanings = "; ".join(f"{word}: {meaning}" for word, meaning in paper.meanings)
            self._document.add_paragraph(f"What the words in brackets mean. {meanings}.", style=SMALL)
        self._document.add_paragraph(NOT_OFFICIAL, style=SMALL)


def _reasons(paragraph: Paragraph, one: Statement) -> None:
    for reason in one.reasons:
        paragraph.add_run().add_break()
        paragraph.add_run(reason).italic = True


def _marking(paragraph: Paragraph, marking: str) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_before = Pt(4)
    paragraph.add_run(marking).bold = True


def _field(paragraph: Paragraph, code: str) -> None:
    """A number that Word counts itself."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)
