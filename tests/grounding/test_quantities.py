"""Quantities are read with their units and bounds, and compared as a reader would."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding.quantities import Agreement, Bound, Kind, agreement, quantities


@pytest.mark.parametrize(
    ("text", "kind", "written"),
    [
        ("Reply within 20 working days.", Kind.DURATION, "within 20 working days"),
        ("It costs £1.5 million a year.", Kind.MONEY, "£1.5 million a year"),
        ("About 12.5 per cent of it.", Kind.PERCENT, "12.5 per cent"),
        ("By 24 February 2025.", Kind.DATE, "24 February 2025"),
        ("Come at 5pm.", Kind.TIME, "5pm"),
        ("Section 12(3) applies.", Kind.REFERENCE, "Section 12(3)"),
        ("It has fourteen points.", Kind.COUNT, "fourteen"),
        ("Aged 16 or over.", Kind.COUNT, "16 or over"),
        ("Not more than 30 days.", Kind.DURATION, "Not more than 30 days"),
    ],
)
def test_a_quantity_is_found_with_its_bound(text: str, kind: Kind, written: str) -> None:
    assert [(one.kind, one.text) for one in quantities(text)] == [(kind, written)]


@pytest.mark.parametrize("text", ["One of them may go.", "Men tend to wait.", "In May you can ask.", "A week ago."])
def test_what_is_no_quantity_is_not_taken_for_one(text: str) -> None:
    assert not quantities(text)


@pytest.mark.parametrize(
    ("claimed", "given", "fits"),
    [
        ("20 working days", "within 20 working days", Agreement.SAME),
        ("20 days", "20 working days", Agreement.OTHER_UNIT),
        ("30 days", "20 days", Agreement.OTHER_VALUE),
        ("twenty-eight days", "28 days", Agreement.SAME),
        ("4 weeks", "28 days", Agreement.SAME),
        ("12 months", "1 year", Agreement.SAME),
        ("3 days", "72 hours", Agreement.SAME),
        ("£1 million", "£1,000,000", Agreement.SAME),
        ("£20 a week", "£20 a month", Agreement.OTHER_UNIT),
        ("10%", "10 per cent", Agreement.SAME),
        ("at most 3 months", "at least 3 months", Agreement.OPPOSITE_BOUND),
        ("£500", "up to £500", Agreement.OTHER_BOUND),
        ("more than 50 people", "50 people or more", Agreement.OTHER_BOUND),
        ("March 2024", "4 March 2024", Agreement.SAME),
        ("5 March 2024", "4 March 2024", Agreement.OTHER_VALUE),
        ("section 12", "section 12(3)", Agreement.SAME),
        ("section 13", "section 12", Agreement.OTHER_VALUE),
        ("article 12", "section 12", Agreement.OTHER_UNIT),
        ("£50", "50 days", Agreement.OTHER_KIND),
    ],
)
def test_two_quantities_are_compared(claimed: str, given: str, fits: Agreement) -> None:
    assert agreement(quantities(claimed)[0], quantities(given)[0]) is fits


def test_a_bound_can_stand_on_either_side() -> None:
    bounds = [one.bound for one in quantities("up to £5, £5 or more, no less than £5, under £5, £5 or less, within 5 days")]
    assert bounds == [Bound.MOST, Bound.LEAST, Bound.LEAST, Bound.UNDER, Bound.MOST, Bound.WITHIN]


@given(st.text(alphabet="0123456789.,£%-/: twoeundayspmMarch()", max_size=40))
def test_quantities_never_overlap_and_stand_where_they_say(text: str) -> None:
    found = quantities(text)
    assert all(text[one.start : one.end].strip() == one.text or one.text in text for one in found)
    assert all(agreement(one, one) is Agreement.SAME for one in found)
