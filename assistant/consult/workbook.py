"""Writes responses by themes as rows, for a workbook (.xlsx) and for CSV, and in ThemeFinder's layout as JSON.

A cell that a spreadsheet would take for a formula is text. Knows nothing of how themes came about.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Sequence

from assistant.consult.edits import describe
from assistant.consult.model import Assignment, Response, State
from assistant.consult.open_question import OpenQuestion
from assistant.consult.personal import masked, masked_value
from assistant.consult.stances import is_evidence_rich
from assistant.consult.summary import Summary, ThemeSummary, unmapped

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_CELL = 32_000
"""Characters; Excel takes 32,767."""

_LONG = 100  # characters of a cell whose column is wide
_NARROW, _WIDE = 20, 55  # characters that a line of a cell surely holds
_LINE, _MOST_LINES = 15, 27  # points of a line, and lines of the highest row there can be

Cells = list[str | int | float]


def write_csv(question: OpenQuestion, summary: Summary) -> bytes:
    """Responses by themes, one row a row of the file, with the words that carry each theme."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    for row in response_rows(question, summary):
        writer.writerow([_harmless(cell) for cell in row])
    return written.getvalue().encode("utf-8-sig")


def write_xlsx(question: OpenQuestion, summary: Summary) -> bytes:
    """The same with sheets for themes, quotes, differences, what was set aside, and the audit trail."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": f"{summary.name}: {summary.question}"[:250]})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for title, rows in _sheets(question, summary):
            sheet = book.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            long = {column for row in rows for column, cell in enumerate(row) if len(str(cell)) > _LONG}
            for at, row in enumerate(rows):
                # LibreOffice does not give a row the height of its wrapped text by itself.
                lines = [len(str(cell)) // (_WIDE if column in long else _NARROW) + 1 for column, cell in enumerate(row)]
                sheet.set_row(at, _LINE * min(_MOST_LINES, max(lines, default=1)))
                for column, cell in enumerate(row):
                    form = bold if at == 0 else wrapped
                    if isinstance(cell, str):
                        sheet.write_string(at, column, _fitting(cell), form)
                    else:
                        sheet.write_number(at, column, cell, form)
            sheet.set_column(0, 60, 24)
            for column in long:
                sheet.set_column(column, column, 64)
    return target.getvalue()


def write_themefinder(question: OpenQuestion, summary: Summary) -> bytes:
    """Themes, mapping, positions and evidence as ThemeFinder writes them, in one JSON object."""
    responses, places = question.answers.responses, question.answers.answered
    by_response = _by_response(question)
    value = {
        "question": {"question_number": question.number, "question_text": summary.question},
        "themes": [
            {
                "topic_id": one.theme.id,
                "topic_label": one.theme.title,
                "topic_description": one.theme.description,
                "topic": f"{one.theme.title}: {one.theme.description}",
                "source_topic_count": one.all.count,
            }
            for one in summary.themes
        ],
        "mapping": [
            {"response_id": responses[place].id, "labels": [one.theme for one in by_response.get(place, ())]}
            for place in places
        ],
        "sentiment": [{"response_id": responses[place].id, "position": summary.stands[place].name} for place in places],
        "detail_detection": [
            {"response_id": responses[place].id, "evidence_rich": "YES" if is_evidence_rich(responses[place].text) else "NO"}
            for place in places
        ],
        "unprocessables": [
            {"response_id": one.id, "reason": str(one.state)} for one in responses if one.state is not State.ANSWERED
        ],
    }
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def response_rows(question: OpenQuestion, summary: Summary) -> Iterator[Cells]:
    """A heading, and then one row for every row of the file."""
    themes = [one.theme for one in summary.themes]
    attributes = list(dict.fromkeys(name for one in question.answers.responses for name in one.attributes))
    heading = ["response", "row", "state", "answer", "position", "evidence-rich", "campaign", *attributes]
    yield [*heading, *(f"{theme.id} {theme.title}" for theme in themes), "words that carry the themes", "where it was put"]
    by_response = _by_response(question)
    campaign = {place: at for at, one in enumerate(summary.campaigns, start=1) for place in one.members}
    silent = set(unmapped(question, question.mapped()))
    for place, response in enumerate(question.answers.responses):
        found = {one.theme: one for one in by_response.get(place, ())}
        text = response.text
        shown = masked(text) if summary.masked else text
        analysed = response.state is State.ANSWERED
        put = "theme" if found else "no reason given" if place in silent else "other"
        yield [
            response.id,
            response.row,
            str(response.state),
            shown,
            str(summary.stands[place]) if analysed else "",
            ("yes" if is_evidence_rich(text) else "no") if analysed else "",
            f"campaign {campaign[place]}" if place in campaign else "",
            *(_attribute(response, name, mask=summary.masked) for name in attributes),
            *(round(found[theme.id].confidence, 2) if theme.id in found else "" for theme in themes),
            " | ".join(f"{theme}: “{_span(text, one, mask=summary.masked)}”" for theme, one in found.items()),
            put if analysed else "not analysed",
        ]


def theme_rows(themes: Sequence[ThemeSummary]) -> Iterator[Cells]:
    """A heading, and then one row a theme."""
    yield [
        "theme", "title", "description", "status", "group", "responses", "share", "from", "to", "share without campaigns",
        "agree", "disagree", "unclear", "evidence-rich", "comes back", "minority view", "why it was formed",
    ]  # fmt: skip
    for one in themes:
        theme = one.theme
        yield [
            theme.id, theme.title, theme.description, str(theme.status), theme.head, one.all.count, *_numbers(one),
            *one.positions.values(), one.evidence, "" if theme.comes_back is None else theme.comes_back,
            "yes" if theme.is_minority else "no", " ".join(theme.reasons),
        ]  # fmt: skip


def _sheets(question: OpenQuestion, summary: Summary) -> Iterator[tuple[str, list[Cells]]]:
    yield "Themes", list(theme_rows(summary.themes))
    yield "Responses", list(response_rows(question, summary))
    quotes: list[Cells] = [["theme", "title", "response", "quote"]]
    quotes += [[one.theme.id, one.theme.title, quote.id, quote.words] for one in summary.themes for quote in one.quotes]
    yield "Quotes", quotes
    compared: list[Cells] = [["theme", "attribute", "group", "share in group", "share outside", "p", "p corrected"]]
    compared += [
        [one.theme.title, d.attribute, d.value, round(d.inside.value, 4), round(d.outside.value, 4), d.p, d.adjusted]
        for one in summary.themes
        for d in one.differences
    ]
    yield "Differences", compared
    aside: list[Cells] = [["response", "row", "why it was not analysed", "answer"]]
    aside += [
        [one.id, one.row, str(one.state), masked(one.text) if summary.masked else one.text]
        for one in question.answers.responses
        if one.state is not State.ANSWERED
    ]
    long = [one for one in question.answers.responses if len(one.text) > _LONGEST_CELL]
    cut = f"analysed whole; this workbook shows its first {_LONGEST_CELL:,} characters, and the CSV file all"
    aside += [[one.id, one.row, cut, ""] for one in long if one.state is State.ANSWERED]
    aside += [["", "", what, ""] for what in summary.problems]
    yield "Set aside", aside
    trail: list[Cells] = [["number", "when", "who", "what", "undone"]]
    trail += [
        [
            edit.number,
            f"{edit.when:%Y-%m-%d %H:%M:%S %Z}",
            edit.who,
            describe(edit),
            "undone" if edit.number in summary.edits_undone else "",
        ]
        for edit in summary.history
    ]
    yield "Audit trail", trail


def _numbers(one: ThemeSummary) -> Cells:
    values = (one.all.value, one.all.low, one.all.high, one.without_campaigns.value)
    return ["" if math.isnan(value) else round(value, 4) for value in values]


def _by_response(question: OpenQuestion) -> dict[int, list[Assignment]]:
    found: dict[int, list[Assignment]] = {}
    for one in question.mapped().assignments:
        found.setdefault(one.response, []).append(one)
    return found


def _attribute(response: Response, name: str, *, mask: bool) -> str:
    value = response.attributes.get(name, "")
    return masked_value(value) if mask else value


def _span(text: str, one: Assignment, *, mask: bool) -> str:
    return masked(text, start=one.start, end=one.end) if mask else text[one.start : one.end]


def _fitting(cell: str) -> str:
    """What goes into a cell of a workbook; where that is not all, it says so and where all is."""
    if len(cell) <= _LONGEST_CELL:
        return cell
    return f"{cell[:_LONGEST_CELL]}… [The first {_LONGEST_CELL:,} of {len(cell):,} characters. All is in the CSV file.]"


def _harmless(cell: str | int | float) -> str | int | float:
    """Text that a spreadsheet will not run as a formula (OWASP: CSV injection)."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
