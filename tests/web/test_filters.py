from __future__ import annotations

import datetime as dt
import json

import pytest

from assistant.search import Facets, Filters
from assistant.web import filters
from tests.web.sample_answers import HOSTILE


def read(**fields: object) -> filters.Choice:
    return filters.read(json.dumps(fields))


@pytest.mark.parametrize("sent", ["", "{}", '{"organisations": [""], "day": [""], "folder": ["  "]}', "[]"])
def test_an_untouched_panel_limits_nothing(sent: str) -> None:
    assert filters.read(sent) == filters.Choice()


def test_every_field_becomes_a_limit() -> None:
    chosen = read(
        organisations=["Cabinet Office", "HM Treasury"],
        document_types=["guide"],
        day=["27"],
        month=["3"],
        year=["2024"],
        folder=[" hmrc-manuals "],
        current_only=["yes"],
    )
    assert chosen.asked.filters == Filters(
        organisations=("Cabinet Office", "HM Treasury"),
        document_types=("guide",),
        updated_since=dt.date(2024, 3, 27),
        folder="hmrc-manuals",
        current_only=True,
    )


def test_a_year_alone_is_its_first_day() -> None:
    filters_of_year = read(year=["2024"]).asked.filters
    assert filters_of_year
    assert filters_of_year.updated_since == dt.date(2024, 1, 1)


@pytest.mark.parametrize("fields", [{"day": ["31"], "month": ["2"], "year": ["2024"]}, {"day": ["3"]}, {"year": ["soon"]}])
def test_what_is_no_date_is_named_with_an_example(fields: dict[str, object]) -> None:
    fault = read(**fields).fault
    assert "27 3 2024" in fault
    assert str(next(iter(fields.values()))).strip("[]'") in fault


def test_what_is_no_json_is_a_fault_and_no_exception() -> None:
    assert "cannot be read" in filters.read("{").fault


@pytest.mark.parametrize(("way", "quoted", "both"), [("", False, False), ("quotation", True, False), ("both", False, True)])
def test_the_way_to_answer_is_chosen(way: str, quoted: bool, both: bool) -> None:
    asked = read(way=[way]).asked
    assert (asked.is_quoted, asked.is_both) == (quoted, both)


def test_a_limit_is_told_in_words() -> None:
    limit = Filters(
        organisations=("HM Treasury", "Cabinet Office"),
        document_types=("manual_section",),
        updated_since=dt.date(2024, 3, 27),
        folder="oil",
        current_only=True,
    )
    assert filters.described(limit) == (
        "HM Treasury or Cabinet Office; Manual section; updated since 27 March 2024; in oil; current guidance only"
    )
    assert filters.described(None) == filters.described(Filters()) == ""


def test_the_panel_offers_ways_only_where_a_model_writes_and_limits_only_where_there_are_any() -> None:
    facets = Facets(("HM Treasury",), ("guide",))
    assert filters.panel(None, model="") == ""
    assert "How to answer" not in filters.panel(facets, model="")
    assert "Organisation" not in filters.panel(None, model="openai:x")
    assert filters.panel(facets, model="openai:x").count('type="radio"') == 3


def test_names_in_the_panel_are_escaped_and_many_get_a_field_to_type_in() -> None:
    panel = filters.panel(Facets((HOSTILE, *map(str, range(20)))), model=HOSTILE)
    assert "<script" not in panel
    assert "<img" not in panel
    assert panel.count('type="checkbox"') == 13
    assert "Another, by its full name" in panel
