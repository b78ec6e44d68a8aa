"""Answers from documents of one's own on paper and as a copy: marked as such, under their headings, without an address."""

from __future__ import annotations

import io
import json

import pytest
from docx import Document

from assistant.answer import Answer, Assistant, Task
from assistant.exports import export
from assistant.web.copying import plain, rich
from tests.answer.own import brought, held
from tests.exports.given import Given
from tests.uploads.policies import NEW, OLD


@pytest.fixture(scope="module")
def answer(bernard: Assistant) -> Answer:
    own = held({"old.md": OLD, "new.md": NEW}, bernard.index)
    return bernard.go_through(Task.COMPARE, brought("old.md", "new.md"), own=own)


HEADING = "Different: “within 30 days” in old.md, “within 14 days” in new.md"


def test_markdown_and_html_have_the_headings_and_the_mark(answer: Answer) -> None:
    markdown = export([Given(answer)], "markdown").content.decode()
    assert f"#### {HEADING}" in markdown
    assert "Your document: Travel policy 2025. No date" in markdown
    assert "A document of the person who asked, not government guidance" in markdown
    assert "What your documents say" in markdown
    html = export([Given(answer)], "html").content.decode()
    assert f"<h4>{HEADING}</h4>" in html
    assert html.index(HEADING) < html.index("Claims must be submitted within 30 days")


def test_a_word_file_has_the_headings(answer: Answer) -> None:
    document = Document(io.BytesIO(export([Given(answer)], "docx").content))
    headings = [
        paragraph.text for paragraph in document.paragraphs if paragraph.style and paragraph.style.name == "Heading 3"
    ]
    assert HEADING in headings
    assert "Only in new.md" in headings


def test_the_evidence_pack_says_which_sources_are_ones_own(answer: Answer) -> None:
    pack = json.loads(export([Given(answer)], "json").content)
    assert '"uploaded": true' in json.dumps(pack)
    assert '"scope": "own"' in json.dumps(pack)


def test_a_copy_has_the_headings_and_names_the_files(answer: Answer) -> None:
    assert f"\n\n{HEADING}\n\nClaims must be submitted within 30 days of the journey. [1]" in plain(answer)
    assert "[1] Your document, Travel policy 2025: old.md" in plain(answer)
    assert f"<p><strong>{HEADING}</strong></p>" in rich(answer)
