"""The frame of an e-mail comes off a message; what it says stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.frames import without_frame

ASKED = "How long do we have to answer a petition?"


@pytest.mark.parametrize(
    "message",
    [
        f"Hi Priya,\n\n{ASKED}\n\nMany thanks\nTom\nHead of Petitions",
        f"{ASKED}\n\nMany thanks\n\nTom Marsh\nHead of Petitions, Harbour Dues Unit\nThe Old Customs House, Porthaven",
        f"From: Tom Marsh\nSent: 4 May 2026 10:12\nSubject: Petition\n\nDear colleagues,\n\n{ASKED}\n\nRegards,\nTom",
        f"{ASKED}\n\n-----Original Message-----\nFrom: Priya\nWe have a petition about buoys.",
        f"{ASKED}\n> We have a petition about buoys.\n> Please look.",
        f"Morning all - {ASKED}\nSent from my iPhone",
        f"Hello Priya, {ASKED} Kind regards, Tom Marsh",
    ],
)
def test_what_is_asked_is_left(message: str) -> None:
    assert without_frame(message) == ASKED


@pytest.mark.parametrize(
    "message",
    [
        ASKED,
        "Subject: petitions",
        "Who signs a letter that ends with kind regards?",
        "Thanks to a grant we have a boat. Who owns it?",
        "A petition came.\nRegards from the harbour master were attached. Is that a second one?",
        "Dear",
    ],
)
def test_what_is_no_frame_stays(message: str) -> None:
    assert without_frame(message) == message


@pytest.mark.parametrize(
    ("message", "left"),
    [
        (f"fyi\n-----Original Message-----\nFrom: Priya\n{ASKED}", f"fyi\n{ASKED}"),
        (f"See below\n\nOn 3 May 2026 Priya wrote:\n> {ASKED}", f"See below\n\n{ASKED}"),
        (
            f"> A petition came in.\n> {ASKED}\n\nCan you answer Jo's question please",
            f"A petition came in.\n{ASKED}\n\nCan you answer Jo's question please",
        ),
        ("Subject: RE: Petitions\nFrom: Tom\nWhat is the limit?", "Petitions\nWhat is the limit?"),
        ("What is the limit? Regards Tom, and can I appeal", "What is the limit? Regards Tom, and can I appeal"),
    ],
)
def test_no_part_of_a_question_is_lost(message: str, left: str) -> None:
    assert without_frame(message) == left


@given(st.text(max_size=200))
def test_something_is_always_left_of_something(message: str) -> None:
    left = without_frame(message)
    assert left == message or any(letter.isalnum() or letter == "_" for letter in left)
