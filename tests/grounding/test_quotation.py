"""A claim is quoted when it is its quotations, word for word and in order, and each stands where it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding import Check, Quote, Verdict, verify_quotation

PASSAGE = "You must tell us: who will keep the light. Keep the log for 7 years."


def quote(text: str, *, moved: int = 0, passage: str = PASSAGE) -> Quote:
    start = passage.index(text) + moved
    return Quote(passage, start, start + len(text), text)


LEAD, ITEM, LOG = "You must tell us:", "who will keep the light", "Keep the log for 7 years."


@pytest.mark.parametrize(
    ("claim", "quotes"),
    [
        (LOG, [quote(LOG)]),
        (f"{LEAD} {ITEM}", [quote(LEAD), quote(ITEM)]),
        (f"{LEAD}\n  {ITEM}", [quote(LEAD), quote(ITEM)]),
        (PASSAGE, [quote(PASSAGE)]),
    ],
)
def test_word_for_word_is_quoted(claim: str, quotes: list[Quote]) -> None:
    assert verify_quotation(claim, quotes) == Check(Verdict.QUOTED, 1.0)


@pytest.mark.parametrize(
    ("claim", "quotes", "reason"),
    [
        (LOG, [], "No passage is cited"),
        ("", [], "No passage is cited"),
        (LOG, [quote(LOG, moved=1)], "not where the citation says"),
        (LOG, [Quote("Another passage.", 0, len(LOG), LOG)], "not where the citation says"),
        (LOG, [Quote("", 0, len(LOG), LOG)], "not where the citation says"),
        ("Keep the log for 9 years.", [Quote(PASSAGE, 43, 68, "Keep the log for 9 years.")], "not where the citation says"),
        (LOG, [quote(LOG), Quote(PASSAGE, 0, 0, "")], "not where the citation says"),
        (LOG, [Quote(PASSAGE, PASSAGE.index(LOG) - len(PASSAGE), len(PASSAGE), LOG)], "not where the citation says"),
        (LOG, [Quote(PASSAGE, PASSAGE.index(LOG), len(PASSAGE) + 9, LOG)], "not where the citation says"),
        ("Keep the log for 9 years.", [quote(LOG)], "not the words"),
        ("Keep the log.", [quote(LOG)], "not the words"),
        (f"{LOG} Or not.", [quote(LOG)], "not the words"),
        (f"{ITEM} {LEAD}", [quote(LEAD), quote(ITEM)], "not the words"),
        (ITEM, [quote(LEAD), quote(ITEM)], "not the words"),
        ("keep the log for 7 years.", [quote(LOG)], "not the words"),
    ],
)
def test_anything_else_is_unsupported_with_the_reason(claim: str, quotes: list[Quote], reason: str) -> None:
    check = verify_quotation(claim, quotes)

    assert (check.verdict, check.score) == (Verdict.UNSUPPORTED, 0.0)
    assert reason in check.reasons[0]


@given(st.text(min_size=1, max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_every_slice_is_quoted_and_no_changed_one_is(passage: str, start: int, end: int) -> None:
    text = passage[start:end]
    found = Quote(passage, start, min(end, len(passage)), text)

    assert (verify_quotation(text, [found]).verdict is Verdict.QUOTED) == bool(text)
    assert verify_quotation(f"{text} not", [found]).verdict is Verdict.UNSUPPORTED
