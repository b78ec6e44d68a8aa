"""A report in Word: headings, text, quotations, tables and charts, in the look of exported answers.

What XML cannot hold is replaced wherever text comes in. Knows nothing of what is reported.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence

import docx
from docx.shared import Cm, Pt

from assistant.exports.charts import add_chart
from assistant.exports.reporting import Bars
from assistant.exports.text import clean, one_line
from assistant.exports.word import describe, fill_row, head_and_foot
from assistant.exports.word_styles import NOTICE, QUOTATION, SMALL, set_up

_WIDTH = Cm(16)


class WordReport:
    """A report that is being written, from its beginning to its end."""

    def __init__(self, title: str, *, foot: str, made_at: dt.datetime, marking: str = "") -> None:
        self._document = docx.Document()
        set_up(self._document)
        describe(self._document, one_line(title), made_at=made_at, comments=clean(foot), marking=marking)
        head_and_foot(self._document, foot=one_line(foot), marking=marking)
        self._document.add_paragraph(one_line(title), style="Title")
        self._charts = 0

    def heading(self, text: str, level: int = 1) -> None:
        """A heading."""
        self._document.add_heading(one_line(text), level=level)

    def paragraph(self, text: str) -> None:
        """A paragraph of text."""
        self._document.add_paragraph(clean(text))

    def notice(self, text: str) -> None:
        """A paragraph that stands out."""
        self._document.add_paragraph(clean(text), style=NOTICE)

    def small(self, text: str) -> None:
        """A paragraph in small print."""
        self._document.add_paragraph(clean(text), style=SMALL)

    def items(self, texts: Sequence[str]) -> None:
        """A list with bullets."""
        for text in texts:
            self._document.add_paragraph(clean(text), style="List Bullet")

    def quotation(self, words: str, source: str) -> None:
        """Somebody's words and where they come from."""
        paragraph = self._document.add_paragraph(f"“{clean(words)}” ", style=QUOTATION)
        paragraph.add_run(one_line(source)).italic = True

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[str]], *, widths: Sequence[float] = ()) -> None:
        """A table whose first row heads each page it runs over.

        Args:
            headings: Of the columns.
            rows: Texts, one for each column.
            widths: Of the columns, in centimetres; none lets Word choose.
        """
        table = self._document.add_table(1 + len(rows), len(headings), style="Table Grid")
        fill_row(table.rows[0], [one_line(one) for one in headings], is_head=True)
        for place, row in enumerate(rows, start=1):
            fill_row(table.rows[place], [clean(one) for one in row])
        table.autofit = not widths
        for column, width in zip(table.columns, widths, strict=False):
            column.width = Cm(width)  # for LibreOffice; Word goes by the cells
            for cell in column.cells:
                cell.width = Cm(width)
        for row in table.rows:
            for cell in row.cells:
                for run in (run for paragraph in cell.paragraphs for run in paragraph.runs):
                    run.font.size = Pt(9.5)
        self._document.add_paragraph().paragraph_format.space_after = Pt(0)

    def chart(self, bars: Bars) -> None:
        """A chart that Word draws, with words for those who do not see it."""
        self._charts += 1
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        add_chart(paragraph, bars, number=self._charts, width=_WIDTH)

    def written(self) -> bytes:
        """The file."""
        out = io.BytesIO()
        self._document.save(out)
        return out.getvalue()
