"""A small consultation on a bus service, whose themes a reader can see, and the invented one that comes with Bernard."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from assistant.consult import Consultation, OpenQuestion
from assistant.settings import Settings
from tests.web.conftest import chromium

__all__ = ["chromium"]

REASONS = {
    "fares": [
        "The fares are far too high for people on low wages.",
        "A single ticket costs more than the petrol would.",
        "Ticket prices have doubled and I can no longer afford the bus.",
        "Lower the fares and more people would travel.",
        "It is too expensive for a family of four to buy tickets.",
    ],
    "evenings": [
        "There are no buses in the evening after seven.",
        "The last bus leaves before my shift ends at night.",
        "We need later buses so that people can get home in the evening.",
        "Evening services were withdrawn and nobody can go out.",
        "Please run a bus after ten at night on Fridays.",
    ],
    "access": [
        "My wheelchair does not fit when a pram is in the space.",
        "The ramp is often broken, so wheelchair users are left behind.",
        "Drivers do not lower the step for disabled passengers.",
        "There is no room for a second wheelchair on the bus.",
        "As a wheelchair user I have been left at the stop in the rain.",
    ],
}

Write = Callable[..., Path]


@pytest.fixture
def write_csv(tmp_path: Path) -> Write:
    """Writes rows as a CSV file and returns its path."""

    def write(rows: Sequence[Sequence[str]], name: str = "responses.csv") -> Path:
        path = tmp_path / name
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
        return path

    return write


def bus_rows() -> list[list[str]]:
    """Fifteen reasons, with a blank, a "no comment", a side without a reason and one in Welsh."""
    heading = ["Response ID", "Do you agree with the new timetable?", "Why do you say so?", "Area"]
    texts = [text for reasons in zip(*REASONS.values(), strict=True) for text in reasons]
    rows = [
        [f"R{number}", "No" if number % 2 else "Yes", text, "Town" if number % 3 else "Village"]
        for number, text in enumerate(texts, start=1)
    ]
    more = [
        "",
        "No comment.",
        "Yes, I agree.",
        "Nid wyf yn cytuno oherwydd mae angen bysiau yn y nos ar gyfer pobl y pentref.",
    ]
    return [heading, *rows, *([f"X{number}", "Yes", text, "Town"] for number, text in enumerate(more, start=1))]


@pytest.fixture
def buses(settings: Settings, write_csv: Write) -> Iterator[Consultation]:
    """The consultation on buses, read in."""
    with Consultation.new("buses", write_csv(bus_rows()), settings) as consultation:
        yield consultation


@pytest.fixture
def formed(buses: Consultation) -> OpenQuestion:
    """Its question, with candidate themes."""
    question = buses.question()
    question.form_themes(number=3)
    return question


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, model_cache: Path, repository: Path) -> Iterator[Consultation]:
    """The invented consultation with its candidate themes; tests must not change it."""
    from tests.conftest import settings_in

    own = settings_in(tmp_path_factory.mktemp("demo") / "data", model_cache)
    with Consultation.new("demo", repository / "assistant/consult/demo/responses.csv", own) as consultation:
        consultation.question().form_themes()
        yield consultation


def themes_of(question: OpenQuestion) -> Mapping[str, set[str]]:
    """Identifiers of the responses in each theme."""
    found: dict[str, set[str]] = {theme: set() for theme in question.standing.themes}
    for one in question.mapped().assignments:
        found[one.theme].add(question.answers.responses[one.response].id)
    return found
