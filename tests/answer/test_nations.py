"""Guidance for another nation than the one asked about carries a notice; what covers the nation does not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Notice, Source, Status
from assistant.answer.nations import NATIONS, nations_named, nations_of
from assistant.answer.notices import of_another_nation
from assistant.settings import Settings
from tests.answer.test_conflicts import OTHERS, asked, note


def source(number: int = 1, **fields: Any) -> Source:
    given: dict[str, Any] = {
        "rank": 1, "score": 1, "passage_id": "p", "url": "https://www.gov.uk/page", "title": "Page", "headings": (),
        "text": "Text.", "organisation": "Board", "updated": dt.date(2026, 1, 1), "withdrawn": False, "notice": "",
    }  # fmt: skip
    return Source(number=number, **{**given, **fields})


@pytest.mark.parametrize(
    ("text", "nations"),
    [
        ("What are the rules in Scotland?", ("Scotland",)),
        ("Does a Scottish school need this?", ("Scotland",)),
        ("England and Wales", ("England", "Wales")),
        ("I live in Northern Ireland", ("Northern Ireland",)),
        ("Who owns the Bank of England?", ()),
        ("Does NHS England publish this?", ()),
        ("Must it be in plain English?", ()),
        ("Do we need a Welsh language version?", ()),
        ("What did the Scottish Government decide?", ()),
        ("Wales Act 2017", ()),
        ("exports to New South Wales", ()),
        ("How long do I have?", ()),
    ],
)
def test_a_nation_is_named_only_as_a_place(text: str, nations: tuple[str, ...]) -> None:
    assert nations_named(text) == nations


@pytest.mark.parametrize(
    ("fields", "nations"),
    [
        ({"extent": ("England", "Wales")}, ("England", "Wales")),
        ({"title": "Renting out your property in Scotland"}, ("Scotland",)),
        ({"headings": ("Time limits", "Wales")}, ("Wales",)),
        ({"text": "This guidance applies to England only."}, ("England",)),
        ({"text": "These rules apply in England and Wales."}, ("England", "Wales")),
        ({"text": "Shops in England sell lamps."}, NATIONS),
        ({"title": "Fire safety in England and the rest of the UK"}, NATIONS),
        ({"title": "Scotland", "extent": ("England",)}, ("England",)),
        ({"headings": ("Limits in England and Wales",), "extent": NATIONS}, ("England", "Wales")),
        ({}, NATIONS),
    ],
)
def test_what_a_source_covers(fields: dict[str, Any], nations: tuple[str, ...]) -> None:
    assert nations_of(source(**fields)) == nations


@pytest.mark.parametrize(("asked", "extent"), [("Scotland", "England"), ("England", "Scotland")])
def test_both_ways_the_reader_is_told(asked: str, extent: str) -> None:
    (notice,) = of_another_nation(f"What is the limit in {asked}?", [source(1), source(2, extent=(extent,))])

    assert (notice.kind, notice.sources) == (Notice.OTHER_NATION, (2,))
    assert notice.text == f"Source 2 applies to {extent}, not to {asked}."


@pytest.mark.parametrize(
    ("question", "extent"),
    [
        ("What is the limit in Scotland?", ("Scotland",)),
        ("What is the limit in Scotland?", ("England", "Scotland", "Wales")),
        ("What is the limit in Scotland?", ()),
        ("What is the limit?", ("England",)),
        ("Is the limit the same in England and in Scotland?", ("England",)),
        ("Does the Bank of England set the limit?", ("Scotland",)),
    ],
)
def test_guidance_that_covers_the_nation_carries_none(question: str, extent: tuple[str, ...]) -> None:
    assert of_another_nation(question, [source(1, extent=extent)]) == ()


def test_sources_alike_share_a_notice() -> None:
    sources = [
        source(1, extent=("England", "Wales")),
        source(2, extent=("Scotland",)),
        source(3, extent=("England", "Wales")),
    ]

    found = of_another_nation("And in Northern Ireland?", sources)

    assert [notice.sources for notice in found] == [(1, 3), (2,)]
    assert found[0].text == "Sources 1 and 3 apply to England and Wales, not to Northern Ireland."


def test_an_answer_carries_it(settings: Settings, tmp_path: Path) -> None:
    text = "A keeper must keep the oil register for 7 years after the last entry."
    notes = {"a.md": note("Oil registers", "a", text, "extent: Scotland\n"), **OTHERS}
    with asked(settings, tmp_path / "guidance", notes) as bernard:
        answers = {
            nation: bernard.ask(f"How long must a keeper in {nation} keep the oil register?")
            for nation in ("Scotland", "Wales")
        }

    told = {
        nation: [notice for notice in answer.notices if notice.kind is Notice.OTHER_NATION]
        for nation, answer in answers.items()
    }
    assert all(answer.sources for answer in answers.values())
    assert (answers["Scotland"].status, answers["Wales"].status) == (Status.ANSWERED, Status.PARTLY_ANSWERED)
    assert told["Scotland"] == []
    assert [notice.text for notice in told["Wales"]] == ["Source 1 applies to Scotland, not to Wales."]


def test_what_the_guidance_says_of_the_nation_comes_before_the_figure_for_another(
    settings: Settings, tmp_path: Path
) -> None:
    text = (
        "## Limit in England and Wales\n\nA keeper must keep the oil register for 7 years after the last entry.\n\n"
        "## Elsewhere\n\nScotland and Northern Ireland have their own rules.\n"
    )
    with asked(settings, tmp_path / "guidance", {"a.md": note("Oil registers", "a", text), **OTHERS}) as bernard:
        answer = bernard.ask("How long must a keeper in Scotland keep the oil register?")

    assert answer.claims[0].text.startswith("Scotland and Northern Ireland have")
    assert [notice.kind for notice in answer.notices].count(Notice.OTHER_NATION) == 1
