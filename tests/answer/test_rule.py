"""Whoever asks for a time gets the rule of the page, even if only what stands around it was found."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answer.evidence import candidates
from assistant.answer.expected import Fact, Wanted, asked_for
from assistant.answer.rule import rule_under_its_heading
from assistant.settings import Settings
from tests.answer.test_conflicts import asked

NOTE = Path(__file__).parents[2] / "corpus" / "freedom-of-information-requests.md"
TIME = asked_for("How many working days do we have to answer an FOI request?")


@pytest.mark.parametrize(
    ("wanted", "chosen", "brought"),
    [
        (TIME, "Pass requests to your FOI team", True),
        (asked_for("What is the dead line for a request?"), "if you reasonably need more detail", True),
        (TIME, "Reply promptly", True),  # chosen already: it goes first
        (Wanted(Fact.MONEY), "Pass requests to your FOI team", False),
    ],
)
def test_the_rule_is_brought(settings: Settings, tmp_path: Path, wanted: Wanted, chosen: str, brought: bool) -> None:
    with asked(settings, tmp_path / "notes", {NOTE.name: NOTE.read_text("utf-8")}) as assistant:
        searcher = assistant._parts.searcher
        blocks = candidates(searcher, searcher.retrieve("freedom of information request", limit=40))
        (likeliest,) = [block for block in blocks if block.text.startswith(chosen)]
        found = rule_under_its_heading(searcher, likeliest, [likeliest], wanted=wanted)
    assert [block.text[:53] for block in found] == ["Reply promptly, and no later than the 20th working da"] * brought


def test_an_answer_opens_with_the_rule(settings: Settings, tmp_path: Path) -> None:
    notes = {path.name: path.read_text("utf-8") for path in sorted(NOTE.parent.glob("f*.md"))}
    with asked(settings, tmp_path / "notes", notes) as assistant:
        answer = assistant.ask("How long do we have to answer a freedom of information request?")

    assert answer.claims[0].text.startswith("Reply promptly, and no later than the 20th working day")
    assert len({claim.text for claim in answer.claims}) == len(answer.claims) > 1
