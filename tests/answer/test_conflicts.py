"""Two current sources that disagree are both shown and named; what only looks like disagreement is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from assistant.answer import Assistant, Notice
from assistant.answer.conflicts import Conflict, Statement, conflicts
from assistant.index import ingest, make_embedder
from assistant.settings import EmbeddingSettings, Settings

Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]

BASE = "You must answer a request for records within 20 working days of receiving it."
GIFTS = "Gifts worth more than £50 are declared to the department."
LEVY = "The levy is charged at 5% of the contract price each year."
FORM = "Officials must send the signed form to the head of finance."


@pytest.fixture(scope="module")
def embed(model_cache: Path) -> Embed:
    return make_embedder(EmbeddingSettings(), cache_dir=model_cache).embed


def found(one: str, other: str, embed: Embed, **fields: tuple[str, ...]) -> list[tuple[str, str]]:
    statements = [Statement(1, "a", one), Statement(2, "b", other, **fields)]
    return [(conflict.said, conflict.other) for conflict in conflicts(statements, embed)]


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (BASE, BASE.replace("20", "30"), ("within 20 working days", "within 30 working days")),
        (BASE, BASE.replace("working ", ""), ("within 20 working days", "within 20 days")),
        (GIFTS, GIFTS.replace("50", "140"), ("more than £50", "more than £140")),
        (LEVY, LEVY.replace("5%", "7.5%"), ("5%", "7.5%")),
        (FORM, FORM.replace("must", "must not"), ("must", "must not")),
        (FORM, FORM.replace("must", "do not have to"), ("must", "do not have to")),
    ],
)
def test_a_figure_or_a_duty_that_differs_is_found(embed: Embed, one: str, other: str, said: tuple[str, str]) -> None:
    assert found(one, other, embed) == [said]
    assert found(other, one, embed) == [(said[1], said[0])]


@pytest.mark.parametrize(
    "other",
    [
        BASE,
        "You must answer a complaint about a school within 30 working days of receiving it.",
        "An MP's letter is answered within 15 working days.",
        "You must answer a request for records within twenty working days of receiving it.",
        "You must answer a request for records within 20 working days, or 40 working days if complex, of receiving it.",
        "In Scotland, you must answer a request for records within 30 working days of receiving it.",
    ],
)
def test_what_says_the_same_or_something_else_is_no_conflict(embed: Embed, other: str) -> None:
    assert found(BASE, other, embed) == []


def test_rules_of_two_nations_do_not_conflict(embed: Embed) -> None:
    other = BASE.replace("20", "30")

    assert found(BASE, other, embed, nations=("Wales",)) == []
    assert found(BASE, other, embed) != []


def test_must_and_may_do_not_conflict(embed: Embed) -> None:
    text = "Officials {} send the signed form to the head of finance."

    assert found(text.format("must"), text.format("may"), embed) == []


def test_one_document_does_not_conflict_with_itself(embed: Embed) -> None:
    statements = [Statement(1, "a", BASE), Statement(2, "a", BASE.replace("20", "30"))]

    assert conflicts(statements, embed) == ()


def test_each_pair_of_sources_is_told_once(embed: Embed) -> None:
    other = BASE.replace("20", "30")

    statements = [Statement(1, "a", BASE), Statement(2, "b", other), Statement(2, "b", other)]

    assert conflicts(statements, embed) == (Conflict(1, 2, "within 20 working days", "within 30 working days"),)


# in the flow

_FRONT = """---
title: "{title}"
organisation: "Board of Lights"
url: "https://www.gov.uk/{page}"
updated: "2026-03-02"
{more}---

"""


def note(title: str, page: str, text: str, more: str = "") -> str:
    return _FRONT.format(title=title, page=page, more=more) + text + "\n"


def asked(settings: Settings, folder: Path, notes: dict[str, str]) -> Assistant:
    folder.mkdir()
    for name, text in notes.items():
        (folder / name).write_text(text, "utf-8")
    ingest([folder], settings)
    return Assistant.open(settings)


QUESTION = "How long must a keeper keep the oil register?"
SEVEN = "A keeper must keep the oil register for 7 years after the last entry."
TEN = "A keeper must keep the oil register for 10 years after the last entry."
OTHERS = {
    "bell.md": note("Ringing the bell", "bell", "Ring the bell twice at dawn."),
    "coat.md": note("Uniform", "coat", "Wear the oilskin coat on watch."),
    "pay.md": note("Pay", "pay", "Keepers are paid on the last Friday of the month."),
}


def test_both_sources_are_shown_with_a_notice(settings: Settings, tmp_path: Path) -> None:
    notes = {"a.md": note("Oil registers", "a", SEVEN), "b.md": note("Keeping records", "b", TEN), **OTHERS}
    with asked(settings, tmp_path / "guidance", notes) as bernard:
        answer = bernard.ask(QUESTION)

    assert {SEVEN, TEN} <= {claim.text for claim in answer.claims}
    (notice,) = [notice for notice in answer.notices if notice.kind is Notice.CONFLICT]
    assert len(notice.sources) == 2
    assert "7 years" in notice.text
    assert "10 years" in notice.text


def test_an_old_version_does_not_conflict_with_the_one_that_replaced_it(settings: Settings, tmp_path: Path) -> None:
    old = note("Keeping records", "b", TEN, 'superseded_by: "Oil registers"\n')
    notes = {"a.md": note("Oil registers", "a", SEVEN), "b.md": old, **OTHERS}
    with asked(settings, tmp_path / "guidance", notes) as bernard:
        answer = bernard.ask(QUESTION)

    assert SEVEN in {claim.text for claim in answer.claims}
    assert Notice.CONFLICT not in {notice.kind for notice in answer.notices}
