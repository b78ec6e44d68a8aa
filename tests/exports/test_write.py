"""Files as a reader gets them: read back, nothing of an answer is missing and nothing of it is markup."""

from __future__ import annotations

import io
import json
import re
import zipfile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from assistant.answer import Answer
from assistant.documents.docx import DocxReader
from assistant.errors import InputError
from assistant.exports import ExportForm, Marking, export
from assistant.exports.markdown import escaped
from tests.documents.reading import quotes, read_text
from tests.exports.given import NOW, Given, Talk
from tests.web.sample_answers import FIRST, HOSTILE, LEAD_IN, OLD_TEXT, answer, foi, hostile, parking, rules, several

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CONTROLS = "controls \x00\x0b\x1f\ud800\ufffe and on"
UNANSWERED = "Bernard found nothing in the guidance that answers this question."
ALL = (foi("freedom"), rules("grade"), parking("parking"), several("several"), hostile("hostile"), answer(CONTROLS))


def made(form: ExportForm, *answers: Answer, marking: str = "", title: str = "") -> bytes:
    return export([Given(one) for one in answers], form, marking=marking, title=title, made_at=NOW).content


def parts(word: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(word)) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


def text_of(xml: bytes) -> str:
    return "\n".join("".join(p.itertext(f"{W}t")) for p in etree.fromstring(xml).iter(f"{W}p"))


# Word


def test_a_word_file_has_a_real_footnote_for_each_mark_in_the_text() -> None:
    files = parts(made(ExportForm.DOCX, *ALL))
    marks = [mark.get(f"{W}id") for mark in etree.fromstring(files["word/document.xml"]).iter(f"{W}footnoteReference")]
    notes = {
        note.get(f"{W}id"): "".join(note.itertext(f"{W}t"))
        for note in etree.fromstring(files["word/footnotes.xml"]).iter(f"{W}footnote")
        if note.get(f"{W}type") is None
    }

    assert marks == list(notes) == [str(number) for number in range(1, 10)]
    assert notes["1"].strip() == (
        f"“{FIRST}” Answering a freedom of information request, Cabinet Office. Updated 3 April 2024. Retrieved 25 November "
        "2026. https://www.gov.uk/guidance/foi#time-limits."
    )
    assert "was withdrawn on 1 January 2005" in notes["4"]
    assert "footnotes.xml" in files["word/_rels/document.xml.rels"].decode()
    assert "footnotes+xml" in files["[Content_Types].xml"].decode()


def test_a_word_file_read_back_by_another_program_says_it_all() -> None:
    document = docx.Document(io.BytesIO(made(ExportForm.DOCX, *ALL, marking="OFFICIAL", title="Time limits")))
    lines = [paragraph.text for paragraph in document.paragraphs]
    section = document.sections[0]

    assert lines[0] == document.core_properties.title == "Time limits"
    for line in (
        "freedom",
        "What the guidance says",
        f"{FIRST} [Quoted]",
        LEAD_IN,
        "clarify what they want [Quoted]",
        "The rules last longer for senior staff. [Supported]",
        "They always last two years. [Partly supported]",
        "Left out",
        "Ministers decide.",
        "Not answered: this is not in the guidance that Bernard holds",
        "Travel (HM Treasury): https://www.gov.uk/guidance/travel",
        UNANSWERED,
        "Note: Source 2 gives no date. Check that it is current. (footnote 4)",
        HOSTILE + " [Quoted]",
    ):
        assert line in lines
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows][:2] == [
        ["Grade or equivalent", "Rules apply for", "Who considers an application", "Check"],
        ["Grade 6 and below", "1 year", "Your former department", " [Quoted]"],
    ]
    assert section.header.paragraphs[0].text == "OFFICIAL"
    assert section.footer.paragraphs[0].text.startswith("Quoted from guidance by Bernard · 25 November 2026 · Bernard ")
    assert section.footer.paragraphs[1].text == "OFFICIAL"


def test_a_word_file_can_be_read_by_bernard_himself() -> None:
    document = read_text(DocxReader(), made(ExportForm.DOCX, *ALL, title="Time limits"), "paper.docx")
    blocks = "\n".join(quotes(document))

    assert document.title == "Time limits"
    for words in (FIRST, "clarify what they want", OLD_TEXT, "Grade 6 and below", "Travel (HM Treasury)"):
        assert words in blocks


def test_without_a_marking_nothing_stands_at_the_head() -> None:
    section = docx.Document(io.BytesIO(made(ExportForm.DOCX, foi("freedom")))).sections[0]

    assert section.header.is_linked_to_previous or section.header.paragraphs[0].text == ""
    assert len(section.footer.paragraphs) == 1


def test_a_word_file_opens_nothing_but_web_addresses() -> None:
    files = parts(made(ExportForm.DOCX, *ALL))
    targets = [
        target
        for name, content in files.items()
        if name.endswith(".rels")
        for target in re.findall(r'Target="([^"]*)"[^>]*TargetMode="External"', content.decode())
    ]

    assert targets
    assert all(target.startswith("https://www.gov.uk/") for target in targets)


# any form


@pytest.mark.parametrize("marking", list(Marking))
@pytest.mark.parametrize("form", list(ExportForm))
def test_the_marking_that_was_chosen_is_on_the_file(form: ExportForm, marking: Marking) -> None:
    content = made(form, foi("freedom"), marking=str(marking))
    files = parts(content) if form is ExportForm.DOCX else {"": content}
    words = "".join(file.decode("utf-8", "replace") for file in files.values())

    assert ("OFFICIAL" in words) is (marking is not Marking.NONE)
    assert ("OFFICIAL-SENSITIVE" in words) is (marking is Marking.OFFICIAL_SENSITIVE)


@pytest.mark.parametrize("marking", ["SECRET", "official", "OFFICIAL ", '"}body{display:none', "None"])
@pytest.mark.parametrize("form", list(ExportForm))
def test_a_marking_that_is_not_on_the_list_is_refused(form: ExportForm, marking: str) -> None:
    with pytest.raises(InputError, match="Choose from: none, OFFICIAL, OFFICIAL-SENSITIVE"):
        made(form, foi("freedom"), marking=marking)


def test_a_form_that_there_is_not_and_an_empty_conversation_are_told_plainly() -> None:
    with pytest.raises(InputError, match="Choose from: docx, html, markdown, json"):
        export([Given(foi("freedom"))], "exe")
    with pytest.raises(InputError, match="no answer in this conversation"):
        export(Talk("Empty", ()), ExportForm.DOCX)


def test_a_conversation_brings_its_title_and_an_answer_has_its_question_for_one() -> None:
    talk = export(Talk("My notes", (Given(foi("freedom")), Given(parking("parking")))), "HTML", made_at=NOW)
    alone = export([Given(foi("freedom"))], ExportForm.MARKDOWN, made_at=NOW)

    assert talk.name == "bernard-my-notes-2026-11-25.html"
    assert alone.name == "bernard-freedom-2026-11-25.md"
    assert alone.content.decode().startswith("# freedom\n")
    assert [h.text for h in html.document_fromstring(talk.content).iter("h2")][:2] == ["freedom", "parking"]


@given(st.text(st.characters(), min_size=1, max_size=40))
@settings(max_examples=15, deadline=None)
def test_no_character_breaks_a_file(text: str) -> None:
    given_answer = answer(text, text=text)
    for form in ExportForm:
        content = made(form, given_answer)
        if form is ExportForm.DOCX:
            for name, file in parts(content).items():
                assert not name.endswith(".xml") or etree.fromstring(file) is not None
        else:
            content.decode()


# HTML


def test_an_html_file_says_it_all_and_nothing_in_it_is_markup_loads_or_runs() -> None:
    content = made(ExportForm.HTML, *ALL, marking="OFFICIAL").decode()
    page = html.document_fromstring(content)
    words = " ".join(page.text_content().split())

    for line in (
        FIRST,
        LEAD_IN,
        OLD_TEXT,
        "Ministers decide.",
        "Partly supported",
        HOSTILE,
        "OFFICIAL",
        "(footnote 4)",
        UNANSWERED,
    ):
        assert line in words
    assert {element.tag for element in page.iter()} <= set(
        "html head meta title style body header main footer section h1 h2 h3 p strong br a sup span ul ol li table thead "
        "tbody tr th td dl dt dd q".split()
    )
    assert not any(name.startswith("on") or name == "src" for element in page.iter() for name in element.attrib)
    links = [element.get("href") for element in page.iter("a")]
    assert all(link.startswith(("#", "https://www.gov.uk/")) for link in links)
    for link in links:
        assert not link.startswith("#") or page.get_element_by_id(link[1:]) is not None
    assert "default-src 'none'" in page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert "url(" not in content
    assert "@import" not in content


# Markdown


def test_markdown_read_by_another_program_says_it_all_with_footnotes() -> None:
    content = made(ExportForm.MARKDOWN, *ALL, marking="OFFICIAL").decode()
    rendered = MarkdownIt("commonmark").enable("table").use(footnote_plugin).render(content)
    page = html.document_fromstring(rendered)
    words = " ".join(page.text_content().split())

    for line in (FIRST, LEAD_IN, OLD_TEXT, "Ministers decide.", "(Partly supported)", HOSTILE, "OFFICIAL", UNANSWERED):
        assert line in words
    assert not {element.tag for element in page.iter()} & {"script", "img", "mark", "article"}
    assert len(page.xpath("//li[@class='footnote-item']")) == 9
    assert [len(row) for row in page.iter("tr")] == [4, 4, 4]
    links = [element.get("href") for element in page.iter("a")]
    assert all(link.startswith(("#", "https://www.gov.uk/")) for link in links)


@given(st.text(st.sampled_from("abc 1.)-+*_`~<>[](){}#!|&$^@:\\=\"'/\n\tw"), max_size=40))
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    rendered = MarkdownIt("gfm-like", {"linkify": False}).use(footnote_plugin).render(f"{escaped(text)}\n")
    shown = html.fragment_fromstring(rendered, create_parent="div")

    assert {element.tag for element in shown} <= {"p"}
    assert not set(shown.iter()) - set(shown) - {shown} - set(shown.iter("br"))
    assert " ".join(shown.text_content().split()) == " ".join(text.split())


# evidence pack


def test_an_evidence_pack_holds_each_answer_whole() -> None:
    pack = json.loads(made(ExportForm.JSON, *ALL, marking="OFFICIAL"))

    assert (pack["marking"], pack["made_at"]) == ("OFFICIAL", "2026-11-25T09:30:00Z")
    assert [Answer.model_validate(entry["answer"]) for entry in pack["answers"]] == list(ALL)
    assert [verdict["shown"] for verdict in pack["answers"][1]["verdicts"]] == [True] * 4 + [False]
