"""How words and sentences broken at the ends of lines are put back together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.line_joining import LineJoiner, is_contents_line


@pytest.mark.parametrize(
    ("elsewhere", "lines", "expected"),
    [
        ("vaccination", ["a vaccin-", "ation"], "a vaccination"),
        ("", ["a vaccin-", "ation"], "a vaccination"),
        ("self-limiting", ["a self-", "limiting illness"], "a self-limiting illness"),
        (
            "well-tried, well-tried",
            ["a well-", "tried lamp and a proto-", "type horn"],
            "a well-tried lamp and a proto-type horn",
        ),
        ("", ["a self-", "limiting illness"], "a self-limiting illness"),
        ("low-prevalence regions", ["in low-", "prevalence regions"], "in low-prevalence regions"),
        ("co-operate cooperate cooperate", ["they co-", "operate"], "they cooperate"),
        ("", ["after COVID-", "19 vaccination"], "after COVID-19 vaccination"),
        ("", ["by Gurol-", "Urganci"], "by Gurol-Urganci"),
        ("", ["short-", "and long-term"], "short- and long-term"),
        ("", ["ISBN 978-0-", "470-41011-0"], "ISBN 978-0-470-41011-0"),
        ("", ["the dash –", "stands alone"], "the dash – stands alone"),
        ("", ["see https://www.gov.uk/", "guidance/fog"], "see https://www.gov.uk/guidance/fog"),
        ("", ["see https://www.gov.uk/fog-", "signals."], "see https://www.gov.uk/fog-signals."),
        ("", ["see www.gov.uk", "and write"], "see www.gov.uk and write"),
    ],
)
def test_lines_are_joined_as_the_document_writes_its_words(elsewhere: str, lines: list[str], expected: str) -> None:
    assert LineJoiner([elsewhere, *lines]).join(lines) == expected


@given(st.lists(st.lists(st.from_regex(r"[a-zA-Z0-9]{1,8}[.,]?", fullmatch=True), min_size=1).map(" ".join)))
def test_without_hyphens_and_addresses_only_spaces_are_put_in(lines: list[str]) -> None:
    assert LineJoiner(lines).join(lines) == " ".join(lines)


@given(st.lists(st.text()))
def test_no_letter_is_lost_or_moved(lines: list[str]) -> None:
    def letters(text: str) -> str:
        return "".join(character for character in text if character.isalnum())

    assert letters(LineJoiner(lines).join(lines)) == letters("".join(lines))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Charges ............. 12", True),
        ("Charges . . . . . . iv", True),
        ("Wait ... and see", False),
        ("Charges 12", False),
    ],
)
def test_lines_of_a_table_of_contents_are_known_by_their_leaders(line: str, expected: bool) -> None:
    assert is_contents_line(line) is expected
