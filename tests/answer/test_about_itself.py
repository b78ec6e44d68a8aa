"""What a document says of itself is told from what it says of its subject."""

from __future__ import annotations

import pytest

from assistant.answer import Assistant
from assistant.answer.about_itself import asks_how_it_stands, speaks_of_itself
from assistant.settings import Settings
from tests.conftest import write_files


@pytest.mark.parametrize(
    "text",
    [
        "The 2018 regulations decide. This is our own summary, written without sight of the live page.",
        "This note gives the general position in our own words and was not compared with the live pages.",
        "This guide is not a substitute for legal advice.",
        "This page was last updated on 4 May 2026.",
        "We wrote this from settled law without sight of the live page.",
        "This is a general guide and does not constitute legal advice.",
    ],
)
def test_what_a_document_says_of_itself(text: str) -> None:
    assert speaks_of_itself(text)


@pytest.mark.parametrize(
    "text",
    [
        "You must publish a summary of the assessment within 12 weeks.",
        "Get legal advice before you disclose anything.",
        "This guidance does not apply to schools.",
        "Include a summary of the main points, checked by an analyst.",
        "The accounting officer must see the page before it is published.",
    ],
)
def test_what_it_says_of_its_subject(text: str) -> None:
    assert not speaks_of_itself(text)


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Is this note legal advice?", True),
        ("Has the AI Playbook been superseded?", True),
        ("Which law decides who is covered?", True),
        ("Do these rules hold in Scotland?", True),
        ("How long do we keep lamp oil records?", False),
        ("Who pays for a broken lens?", False),
    ],
)
def test_what_asks_how_it_stands(question: str, asks: bool) -> None:
    assert asks_how_it_stands(question) is asks


def test_closing_lines_are_not_quoted_beside_an_answer(settings: Settings) -> None:
    from assistant.index import ingest

    note = (
        "---\ntitle: Lamp oil\n---\n\nKeepers must keep records of lamp oil for 7 years.\n\nSend records of lamp oil to the "
        "Board each May.\n\n## Where this stands\n\nThe Board's rules on records of lamp oil decide how long keepers keep "
        "them. This is our own summary, not checked against the rules.\n"
    )
    ingest([write_files(settings.data_dir / "guidance", {"oil.md": note})], settings)
    with Assistant.open(settings) as bernard:
        answer = bernard.ask("How long must keepers keep records of lamp oil?")
        standing = bernard.ask("Which rules decide how long keepers keep records of lamp oil?")
    assert "7 years" in answer.text
    assert "our own summary" not in answer.text
    assert "our own summary" in standing.text
