"""Which sentences lay down a duty, and which have a time: measured on sentences that were labelled by hand.

`duties` was labelled before the rules were written and used to write them; `duties_held_out` was labelled then too, but its
errors under the first rules were seen; `duties_in_notes` are sentences of corpus/ drawn by chance when the rules were done.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answer.obligations import Obligation, obligation

LABELLED = Path(__file__).with_name("labelled")
NONE = "none"


def labelled(name: str) -> list[tuple[str, str]]:
    """Label and sentence; the parts of a table's row stand on lines of their own."""
    rows = [line.partition("\t") for line in (LABELLED / f"{name}.tsv").read_text("utf-8").splitlines()]
    return [(label, sentence.replace(" / ", "\n")) for label, _, sentence in rows]


def kind(sentence: str, **given: str) -> str:
    found = obligation(sentence, **given)
    return found.name.lower() if found else NONE


@pytest.mark.parametrize(
    ("name", "fewest", "precision", "recall"),
    [("duties", 80, 0.98, 0.98), ("duties_held_out", 40, 0.95, 0.95), ("duties_in_notes", 40, 0.95, 0.95)],
)
def test_duties_are_found_and_little_else(name: str, fewest: int, precision: float, recall: float) -> None:
    rows = labelled(name)
    assert len(rows) >= fewest
    given = [(label, kind(sentence)) for label, sentence in rows]
    for wanted in ({*(one.name.lower() for one in Obligation)}, {"dated"}):
        right = sum(label in wanted and found in wanted for label, found in given)
        assert right / max(1, sum(found in wanted for _, found in given)) >= precision
        assert right / max(1, sum(label in wanted for label, _ in given)) >= recall
    assert sum(label == found for label, found in given) / len(given) >= 0.95


@pytest.mark.parametrize(
    ("lead_in", "item", "found"),
    [
        ("Next steps:", "Send the list to the purser", "order"),
        ("Before 3 May:", "Send the list to the purser", "dated"),
        ("The board will:", "Review the list", NONE),
        ("You must:", "send the list", "must"),
        ("Do not:", "send the list", "must_not"),
        ("The list may:", "be sent later", NONE),
    ],
)
def test_an_item_is_read_with_what_introduces_it(lead_in: str, item: str, found: str) -> None:
    assert kind(f"{lead_in} {item}", order=item) == found


@pytest.mark.parametrize(
    "sentence",
    [
        "Take-up of the scheme was low.",
        "Wear and tear is not covered.",
        "Give way signs are triangular.",
        "Keep fit classes run on Mondays.",
        "Let parliament decide.",
        "Follow us on Twitter",
    ],
)
def test_what_only_begins_like_an_order_is_none(sentence: str) -> None:
    assert kind(sentence) == NONE


@pytest.mark.parametrize("sentence", ["Follow the plan.", "Keep the form.", "Take up the matter with the purser."])
def test_an_order_that_begins_so_is_one(sentence: str) -> None:
    assert kind(sentence) == "order"
