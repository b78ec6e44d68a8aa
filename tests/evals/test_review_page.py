"""The page on which people label answers, in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evals.review_page import launch, make_page
from evals.reviewing import Answered, Item, kept
from tests.web.access import barriers
from tests.web.conftest import chromium  # noqa: F401 - a fixture

# Gradio's own use of pandas, and its server that ends with the page.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]


def test_a_rater_labels_one_answer_after_the_other_and_goes_on_later(tmp_path: Path, chromium: Any) -> None:  # noqa: F811
    labels = tmp_path / "labels.jsonl"
    items = [
        Answered(Item(item=name, question=f"What of {name}?", shown=f"answered\n• Keep {name}. [1]", claims=claims), {})
        for name, claims in (("logs", ("Keep logs. [1]", "Burn them. [1]")), ("lamps", ()))
    ]
    page = make_page(items, labels)
    _, address, _ = launch(page)
    tab = chromium.new_page()
    try:
        tab.goto(address)
        tab.get_by_label("Your name or initials").fill("HA")
        tab.get_by_role("button", name="Begin").click()
        tab.get_by_text("Answer 1 of 2").wait_for()
        assert barriers(tab) == []
        assert "Keep logs. [1]" in tab.get_by_label("What was shown").input_value()
        tab.get_by_role("button", name="Save and go on").click()
        tab.get_by_text("Answer all the questions, then save.").wait_for()
        assert kept(labels) == []
        for choice in tab.get_by_label("partly", exact=True).all():
            choice.check()
        first, second = tab.get_by_role("group", name="Statement").all()
        first.get_by_label("yes", exact=True).check()
        second.get_by_label("cannot tell", exact=True).check()
        tab.get_by_role("button", name="Save and go on").click()
        tab.get_by_text("Answer 2 of 2").wait_for()
        assert not tab.get_by_role("group", name="Statement").count(), "a refusal has none"
        tab.reload()
        tab.get_by_label("Your name or initials").fill("HA")
        tab.get_by_role("button", name="Begin").click()
        tab.get_by_text("Answer 2 of 2").wait_for()
    finally:
        tab.close()
        page.close()
    *claims, label = kept(labels)
    assert [(one.item, one.borne_out) for one in claims] == [("logs.1", "yes"), ("logs.2", "cannot tell")]
    assert (label.item, label.rater, label.helpful, label.supported, label.complete) == (
        "logs",
        "HA",
        "partly",
        "partly",
        "partly",
    )
