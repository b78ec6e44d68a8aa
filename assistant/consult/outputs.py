"""The forms a consultation can be written in, by name. Knows nothing of where they go."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from assistant.consult.consultation import Consultation
from assistant.consult.report import write_html
from assistant.consult.summary import Summary, summarise
from assistant.consult.workbook import write_csv, write_themefinder, write_xlsx


class ReportForm(StrEnum):
    """Kinds of file."""

    HTML = "html"
    DOCX = "docx"
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


def summary_of(consultation: Consultation, number: int = 1, *, mask: bool = True) -> Summary:
    """The summary of one question, by its number, from 1."""
    problems = [f"Row {one.row} {one.what}." if one.row else f"In the file, {one.what}." for one in consultation.problems]
    question = consultation.question(number)
    return summarise(question, name=consultation.name, file=consultation.file, problems=problems, mask=mask)


def write_report(consultation: Consultation, form: ReportForm, *, number: int = 1, mask: bool = True) -> bytes:
    """One question's results as a file.

    Args:
        consultation: Open.
        form: Report in HTML or Word, workbook, CSV of responses by themes, or JSON in ThemeFinder's layout.
        number: Of the question, from 1.
        mask: Leave personal data out of all that is shown.
    """
    question, summary = consultation.question(number), summary_of(consultation, number, mask=mask)
    match form:
        case ReportForm.HTML:
            return write_html(summary, made=dt.datetime.now(dt.UTC))
        case ReportForm.DOCX:
            from assistant.consult.report_word import write_docx

            return write_docx(summary, made=dt.datetime.now(dt.UTC))
        case ReportForm.XLSX:
            return write_xlsx(question, summary)
        case ReportForm.CSV:
            return write_csv(question, summary)
        case ReportForm.JSON:
            return write_themefinder(question, summary)
