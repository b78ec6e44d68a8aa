"""The questions that the page and the README offer are answered from the notes that come with Bernard, and rightly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answer import Assistant
from assistant.web.words import EXAMPLES
from tests.answer.test_conflicts import asked
from tests.conftest import settings_in

CORPUS = Path(__file__).parents[2] / "corpus"
ANSWERS = {
    "How long do we have to answer a freedom of information request?": "no later than the 20th working day",
    "When must a personal data breach be reported to the ICO?": "not later than 72 hours",
    "Can I accept a gift from a supplier?": "Do not accept a gift",
    "Do the Business Appointment Rules apply to me if I am a Grade 6?": "Grade 6 and below | 1 year",
    "When should an accounting officer seek a ministerial direction?": "fails one or more of the four standards",
    "Can I accept a working lunch from a supplier?": "a working lunch or refreshments",
}


@pytest.fixture(scope="module")
def bernard(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[Assistant]:
    notes = {path.name: path.read_text("utf-8") for path in sorted(CORPUS.glob("*.md"))}
    folder = tmp_path_factory.mktemp("examples")
    with asked(settings_in(folder / "data", model_cache), folder / "notes", notes) as assistant:
        yield assistant


def test_every_example_of_the_page_is_tried() -> None:
    assert set(EXAMPLES) <= ANSWERS.keys()


@pytest.mark.parametrize("question", ANSWERS)
def test_it_is_answered_as_its_note_has_it(bernard: Assistant, question: str) -> None:
    answer = bernard.ask(question)

    assert ANSWERS[question] in " ".join(claim.text for claim in answer.claims[:2])
