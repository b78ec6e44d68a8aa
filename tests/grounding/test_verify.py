"""A claim gets the verdict that a careful reader of the passages would give it, and is told why."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.grounding import Checker, PassageText, Verdict

FOI = PassageText(
    "A public authority must reply to a request promptly, and within 20 working days of receiving it.\n"
    "It may take longer only if it needs more time to weigh the public interest, and must then tell the applicant.\n"
    "The authority must tell the applicant how to complain to the Information Commissioner.\n"
    "Requests do not have to mention the Act.",
    title="Answering freedom of information requests",
    headings=("Time limits",),
    extent=("England", "Wales", "Northern Ireland"),
)
GIFTS = PassageText(
    "You should refuse any gift worth more than £25 unless your manager agrees.\n"
    "In Scotland, gifts are recorded by the Scottish Government.\n"
    "Gifts accepted before 1 April 2024 need not be declared.\n"
    "Records of gifts are kept for between 3 and 5 years.",
    title="Gifts and hospitality",
)
PASSAGES = (FOI, GIFTS)


@pytest.mark.parametrize(
    "claim",
    [
        "Requests do not have to mention the Act.",
        "requests do not have to mention the act",
        "A public authority must reply to a request promptly, and within 20 working days of receiving it.",
    ],
)
def test_the_words_of_the_guidance_are_a_quotation(checker: Checker, claim: str) -> None:
    check = checker.verify(claim, PASSAGES)
    assert (check.verdict, check.score, check.reasons) == (Verdict.QUOTED, 1.0, ())
    (span,) = check.spans
    assert PASSAGES[span.passage].text[span.start : span.end].lower().startswith(claim.lower()[:20])


@pytest.mark.parametrize(
    "claim",
    [
        "Public authorities have to reply promptly, within twenty working days of receiving a request.",
        "The authority has to tell the applicant how to complain to the Information Commissioner.",
        "A request doesn't have to mention the Act.",
        "Records of gifts are kept for 3 to 5 years.",
    ],
)
def test_the_same_in_other_words_is_supported(checker: Checker, claim: str) -> None:
    assert checker.verify(claim, PASSAGES).verdict in {Verdict.SUPPORTED, Verdict.QUOTED}


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("A public authority must reply within 30 working days of receiving it.", "20 working days"),
        ("A public authority must reply within 20 days of receiving it.", "20 working days"),
        ("A public authority may reply within 20 working days of receiving it.", "must"),
        ("The authority must tell the applicant how to complain to the Cabinet Office.", "Cabinet Office"),
        ("The applicant must tell the authority how to complain to the Information Commissioner.", "other way round"),
        ("Requests have to mention the Act.", "not"),
        ("In Wales, gifts are recorded by the Scottish Government.", "Scotland"),
        ("Gifts accepted after 1 April 2024 need not be declared.", "before"),
        ("Gifts accepted before 1 May 2024 need not be declared.", "April"),
        ("You should refuse any gift worth less than £25 unless your manager agrees.", "more than"),
        ("You should refuse any gift worth more than £25 if your manager agrees.", "unless"),
        ("You should refuse any gift worth more than £250 unless your manager agrees.", "£25"),
        ("Records of gifts are kept for between 3 and 6 years.", "6"),
    ],
)
def test_what_differs_from_the_guidance_is_unsupported_and_said(checker: Checker, claim: str, reason: str) -> None:
    check = checker.verify(claim, PASSAGES)
    assert check.verdict is Verdict.UNSUPPORTED
    assert reason in " ".join(check.reasons), check.reasons


@pytest.mark.parametrize(
    ("claim", "condition"),
    [
        ("You should refuse any gift worth more than £25.", "unless your manager agrees"),
        ("The authority may take longer.", "only if it needs more time"),
    ],
)
def test_a_dropped_condition_is_at_best_partly_supported_and_shown(checker: Checker, claim: str, condition: str) -> None:
    check = checker.verify(claim, PASSAGES)
    assert check.verdict in {Verdict.PARTLY_SUPPORTED, Verdict.UNSUPPORTED}
    assert condition in " ".join(check.reasons)


@pytest.mark.parametrize(
    "claim", ["The Moon is made of cheese.", "Ministers answer questions on Wednesdays.", "xyzzy", "…", "12"]
)
def test_what_the_guidance_does_not_speak_of_is_unsupported(checker: Checker, claim: str) -> None:
    check = checker.verify(claim, PASSAGES)
    assert check.verdict is Verdict.UNSUPPORTED
    assert check.reasons


def test_without_passages_nothing_is_supported(checker: Checker) -> None:
    assert checker.verify("Requests do not have to mention the Act.", ()).verdict is Verdict.UNSUPPORTED


def test_a_fact_in_another_sentence_is_no_cover_for_a_wrong_one(checker: Checker) -> None:
    passage = PassageText("The first review takes 13 weeks.\nThe second review takes 30 days.", title="Reviews")
    assert checker.verify("The first review takes 30 days.", (passage,)).verdict is Verdict.UNSUPPORTED
    assert checker.verify("The second review takes 30 days.", (passage,)).verdict is Verdict.QUOTED


def test_the_same_claim_gets_the_same_verdict(checker: Checker) -> None:
    claim = "Authorities reply to requests within 20 working days."
    assert checker.verify(claim, PASSAGES) == checker.verify(claim, PASSAGES)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(claim=st.text(max_size=80), text=st.text(max_size=160))
def test_no_text_breaks_the_checker_and_spans_stand_in_their_passages(checker: Checker, claim: str, text: str) -> None:
    check = checker.verify(claim, (PassageText(text), FOI))
    assert 0 <= check.score <= 1
    for span in check.spans:
        assert 0 <= span.start < span.end <= len((text, FOI.text)[span.passage])
