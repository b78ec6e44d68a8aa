"""Files to pass on: every row is in them, spans are verbatim, and nothing in a response becomes markup or a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from lxml import etree, html

from assistant.cli import main
from assistant.consult import ColumnKind, Consultation, OpenQuestion, ReportForm, write_report
from assistant.consult.outputs import summary_of
from assistant.consult.report import write_html
from assistant.settings import Settings
from tests.consult.conftest import Write, bus_rows
from tests.web.access import barriers

HOSTILE = "<script>alert(1)</script> The fares are too high & I cannot pay them."
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
FORMULA = '=HYPERLINK("http://example.org","fares") the fares are far too high for me'


@pytest.fixture
def hostile(settings: Settings, write_csv: Write) -> Iterator[Consultation]:
    rows = [*bus_rows(), ["=1+1", "No", HOSTILE, "Town"], ["@x", "No", FORMULA, "<b>Village</b>"]]
    with Consultation.new("hostile", write_csv(rows), settings) as consultation:
        consultation.question().form_themes(number=3)
        yield consultation


def test_csv_has_every_row_with_spans_that_stand_in_its_answer(demo: Consultation) -> None:
    content = write_report(demo, ReportForm.CSV, mask=False).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))

    assert len(rows) == 300
    for row in rows:
        for span in filter(None, row["words that carry the themes"].split(" | ")):
            words = span.partition(": “")[2].removesuffix("”")
            assert words in row["answer"]
    assert {row["where it was put"] for row in rows} == {"theme", "other", "no reason given", "not analysed"}


def test_no_cell_of_the_csv_begins_as_a_formula_does(hostile: Consultation) -> None:
    rows = list(csv.reader(io.StringIO(write_report(hostile, ReportForm.CSV).decode("utf-8-sig"))))

    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))] == []


@pytest.fixture
def telling(settings: Settings, write_csv: Write) -> Iterator[Consultation]:
    """Respondents whose attributes have personal data in them here and there."""
    fares = [
        "The fares are too high for my family.",
        "Tickets cost more than I earn in an hour.",
        "A return ticket is dearer than a taxi for the two of us.",
        "Nobody on a pension can pay such prices for a bus.",
        "Fares went up twice this year and the bus is as slow as ever.",
        "I walk, since the ticket costs too much.",
        "Cheaper tickets would fill the empty seats.",
        "Charge half the fare and I would leave the car at home.",
    ]
    rows = [*bus_rows(), *([f"P{n}", "No", text, "Ring 07700 900123"] for n, text in enumerate(fares))]
    with Consultation.new("telling", write_csv(rows), settings) as consultation:
        question = consultation.question()
        theme = question.add("Ann", "Dear tickets")
        for place in question.answers.answered:  # a theme that only they speak of, so that reports name their group
            if place not in question.no_reason:
                question.review("Ann", place, [theme] if question.answers.responses[place].id.startswith("P") else [])
        yield consultation


@pytest.mark.parametrize("form", [form for form in ReportForm if form is not ReportForm.JSON])
def test_personal_data_in_attributes_is_masked_in_every_file(telling: Consultation, form: ReportForm) -> None:
    def text(mask: bool) -> str:
        content = write_report(telling, form, mask=mask)
        if not content.startswith(b"PK"):
            return content.decode()
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            return "".join(file.read(name).decode("utf-8", "replace") for name in file.namelist() if name.endswith(".xml"))

    assert "900123" not in text(True)
    assert "[telephone number]" in text(True)
    assert "900123" in text(False)


def test_the_workbook_holds_text_and_no_formula(hostile: Consultation) -> None:
    with zipfile.ZipFile(io.BytesIO(write_report(hostile, ReportForm.XLSX))) as file:
        sheets = {name: file.read(name).decode() for name in file.namelist() if name.startswith("xl/worksheets/sheet")}
        names = file.read("xl/workbook.xml").decode()

    assert len(sheets) == 6
    assert not any("<f>" in sheet for sheet in sheets.values())
    assert all(name in names for name in ("Themes", "Responses", "Quotes", "Set aside", "Audit trail"))


def test_an_answer_too_long_for_a_cell_is_cut_aloud_and_whole_in_the_csv(settings: Settings, write_csv: Write) -> None:
    long = " ".join(f"Sentence number {at} says that the fares are too high." for at in range(1000))
    with Consultation.new("long", write_csv([*bus_rows(), ["L1", "No", long, "Town"]]), settings) as consultation:
        consultation.question().form_themes(number=3)
        written, whole = (write_report(consultation, form) for form in (ReportForm.XLSX, ReportForm.CSV))
    with zipfile.ZipFile(io.BytesIO(written)) as file:
        cells = etree.fromstring(file.read("xl/sharedStrings.xml")).xpath("//*[local-name()='t']/text()")

    (cut,) = [cell for cell in cells if len(cell) > 20_000]
    assert len(cut) <= 32_767
    assert cut.endswith(f"of {len(long):,} characters. All is in the CSV file.]")
    assert any("this workbook shows its first" in cell for cell in cells)
    assert long in whole.decode("utf-8-sig")


def test_a_row_of_the_workbook_is_as_high_as_its_wrapped_text(hostile: Consultation) -> None:
    with zipfile.ZipFile(io.BytesIO(write_report(hostile, ReportForm.XLSX))) as file:
        themes = file.read("xl/worksheets/sheet1.xml").decode()
        texts = [one.text_content() for one in html.fromstring(file.read("xl/sharedStrings.xml")).xpath("//si")]
    rows = re.findall(r'<row [^>]*?ht="([\d.]+)"[^>]*customHeight="1"[^>]*>(.*?)</row>', themes)

    assert len(rows) == themes.count("<row ") > 1
    for height, cells in rows:
        longest = max(len(texts[int(number)]) for number in re.findall(r't="s"><v>(\d+)</v>', cells))
        assert float(height) >= min(405, 15 * (longest / 64))


def test_the_report_says_what_was_done_and_runs_nothing(hostile: Consultation) -> None:
    page = write_html(summary_of(hostile), made=dt.datetime(2026, 1, 2, tzinfo=dt.UTC))
    tree = html.fromstring(page)

    assert tree.xpath("//script | //link | //img") == []
    text = " ".join(tree.text_content().split())
    for said in (
        "no analyst has approved",
        "1 were blank",
        "not in English",
        "came back in",
        "Method and limits",
        "Audit trail",
    ):
        assert said in text, said
    assert b"default-src &#x27;none&#x27;" in page


def test_a_chart_says_in_a_table_what_it_shows(demo: Consultation) -> None:
    tree = html.fromstring(write_report(demo, ReportForm.HTML))

    bars, rows = tree.xpath("//figure//rect"), tree.xpath("//figure/following-sibling::div//tbody/tr")
    assert len(bars) == len(rows) > 5
    assert tree.xpath("//svg[@role='img']/title/text()")


def test_the_report_names_who_signed_and_how_far_a_blind_analyst_agrees(formed: OpenQuestion, buses: Consultation) -> None:
    place = formed.answers.answered[0]
    machine = [one.theme for one in formed.mapped().assignments if one.response == place]
    formed.review("Ann Example", place, machine, blind=True)
    formed.approve("Ann Example", "T1")
    formed.sign("Ann Example")
    text = html.fromstring(write_report(buses, ReportForm.HTML)).text_content()

    assert "signed by Ann Example" in text
    assert "agreement (F1) is 1.00" in text


def test_json_is_in_themefinders_layout(formed: OpenQuestion, buses: Consultation) -> None:
    written = json.loads(write_report(buses, ReportForm.JSON))

    assert set(written) == {"question", "themes", "mapping", "sentiment", "detail_detection", "unprocessables"}
    assert set(written["themes"][0]) >= {"topic_id", "topic_label", "topic_description", "topic"}
    assert len(written["mapping"]) == len(formed.answers.answered)
    assert len(written["mapping"]) + len(written["unprocessables"]) == len(bus_rows()) - 1
    known = {theme["topic_id"] for theme in written["themes"]}
    assert all(set(one["labels"]) <= known for one in written["mapping"])


@pytest.mark.browser
def test_the_report_can_be_read_by_everybody_and_prints(demo: Consultation, chromium: Any, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_bytes(write_report(demo, ReportForm.HTML))
    page = chromium.new_page(bypass_csp=True)  # for axe, which is evaluated in the page
    try:
        page.goto(file.as_uri())

        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    finally:
        page.close()


def test_the_report_in_word_says_all_and_each_chart_says_in_words_what_it_shows(demo: Consultation) -> None:
    summary = summary_of(demo)
    document = docx.Document(io.BytesIO(write_report(demo, ReportForm.DOCX)))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    drawn = document.element.findall(f".//{{{_WP}}}docPr")
    cells = [cell.text for table in document.tables for cell in table._cells]

    headings = [one.text for one in document.paragraphs if one.style and one.style.name == "Heading 1"]
    assert headings == [
        "Summary",
        "In numbers",
        "Themes",
        "Groups of respondents",
        "What was set aside",
        "Method",
        "Who signed, and who did what",
    ]
    assert all(f"“{quote.words}”" in text for one in summary.themes for quote in one.quotes)
    assert len(drawn) == 2
    assert all(one.theme.title in drawn[0].get("descr") for one in summary.themes)
    assert any(one.endswith(" *") for one in cells)  # a difference that is more than chance
    assert all(one in text for one in (*summary.other, "Stability", "No response was labelled blind", "Do not publish"))
    assert document.sections[0].header.paragraphs[0].text == "DRAFT"


def test_the_figures_of_a_chart_in_word_are_those_of_the_table(demo: Consultation) -> None:
    summary = summary_of(demo)
    with zipfile.ZipFile(io.BytesIO(write_report(demo, ReportForm.DOCX))) as file:
        chart = etree.fromstring(file.read("word/charts/chart1.xml"))
        beside = rows_of(file.read("word/embeddings/chart1.xlsx"))
    shown = [float(one.text) for one in chart.findall(f".//{{{_C}}}val//{{{_C}}}v")]

    assert shown == pytest.approx([one.all.value for one in summary.themes], abs=1e-5)
    assert beside == len(summary.themes) + 1


def test_nothing_in_a_response_harms_the_report_in_word(hostile: Consultation) -> None:
    question = hostile.question()
    question.rename("Ann\x07 <b>", "T1", "A & B <c:title>\x00 \u202e")
    document = docx.Document(io.BytesIO(write_report(hostile, ReportForm.DOCX)))

    assert any("A & B <c:title>" in paragraph.text for paragraph in document.paragraphs)
    assert any("<b>" in cell.text for cell in document.tables[-1]._cells)


def rows_of(book: bytes) -> int:
    """Rows of the first sheet."""
    with zipfile.ZipFile(io.BytesIO(book)) as file:
        return file.read("xl/worksheets/sheet1.xml").count(b"<row ")


def test_a_question_that_nobody_answered_can_be_written_in_every_form(settings: Settings, write_csv: Write) -> None:
    rows = [["Response ID", "Why?", "Why do you say so?"]]
    rows += [[f"R{at}", f"The fares are far too high for me and my {at} children.", ""] for at in range(6)]
    said = {"3": ColumnKind.OPEN}
    with Consultation.new("blank", write_csv(rows), settings, said=said) as consultation:
        question = consultation.question(2)
        question.add("Ann", "late buses")
        written = {form: write_report(consultation, form, number=2) for form in ReportForm}

    assert b"nan%" not in written[ReportForm.HTML]
    assert json.loads(written[ReportForm.JSON])["question"]["question_number"] == 2


def test_where_no_response_could_be_analysed_a_theme_has_no_share_and_every_report_is_written(
    settings: Settings, write_csv: Write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BERNARD_DATA_DIR", str(settings.data_dir))
    rows = [["Response ID", "Do you agree?", "Why do you say so?"], ["R1", "Yes", "No comment."], ["R2", "No", "n/a"]]
    said = {"Why do you say so?": ColumnKind.OPEN}
    with Consultation.new("silent", write_csv(rows), settings, said=said) as silent:
        silent.question().add("Ann", "Fares", "They are too high.")
        page, book = (write_report(silent, form).decode("utf-8", "replace") for form in (ReportForm.HTML, ReportForm.CSV))
        sheets = write_report(silent, ReportForm.XLSX)
        with zipfile.ZipFile(io.BytesIO(sheets)) as file:
            cells = "".join(file.read(name).decode() for name in file.namelist() if "worksheets" in name)
        words = "\n".join(p.text for p in docx.Document(io.BytesIO(write_report(silent, ReportForm.DOCX))).paragraphs)
        json.loads(write_report(silent, ReportForm.JSON), parse_constant=pytest.fail)
    assert main(["consult", "show", "silent", "--json"]) == 0
    (theme,) = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert main(["consult", "show", "silent"]) == 0

    assert (theme["share"], theme["interval"]) == (None, [None, None])
    written = (page, book, cells, words, capsys.readouterr().out)
    assert not any(re.search(r"\bnan\b", text, re.IGNORECASE) for text in written)


def test_where_a_response_was_put_is_told_of_each_of_two_with_one_identifier(settings: Settings, write_csv: Write) -> None:
    rows = [["ID", "Why do you say so?"], ["A", "Yes, I agree."], ["A", "Purple elephants recite poetry near Saturn"]]
    rows += [[f"R{at}", f"{row[2]} On day {at}."] for at, row in enumerate(bus_rows()[1:13])]
    with Consultation.new("twice", write_csv(rows), settings, said={"1": ColumnKind.IDENTIFIER}) as twice:
        twice.question().form_themes(number=3)
        told = list(csv.reader(io.StringIO(write_report(twice, ReportForm.CSV).decode("utf-8-sig"))))

    assert told[1][-1] == "no reason given"
    assert told[2][-1] == "other"


def test_a_theme_whose_responses_are_much_alike_still_has_three_quotes(settings: Settings, write_csv: Write) -> None:
    alike = [
        "The fares are far too high for families",
        "Fares are much too high for a family",
        "For families the fares are too high",
        "Families find that the fares are far too high",
    ]
    rows = [*bus_rows(), *([f"F{at}", "No", text, "Town"] for at, text in enumerate(alike))]
    with Consultation.new("alike", write_csv(rows), settings) as given:
        question = given.question()
        theme = question.add("Ann", "Family fares")
        for place in range(len(rows) - 5, len(rows) - 1):
            question.review("Ann", place, [theme])
        found = summary_of(given).themes[0]

    assert found.without_campaigns.count >= 3
    assert len(found.quotes) >= 3
