"""Claims in a passage's own words that say something else: who does it, how far it reaches, which amount is whose.

Each was once let through. The passages are made up in the manner of guidance.
"""

from __future__ import annotations

import pytest

from assistant.grounding import Checker, PassageText, Verdict
from assistant.grounding.checks.doer import doers

LOGS = (
    "You must answer a request for the log promptly and within 20 working days of receiving it. The 20 working days "
    "start on the first working day after you receive the request. You may extend the time limit if you need to ask "
    "the owner, but only for sealed logs. You can refuse a request if it would cost more than £600 for a harbour, or "
    "£450 for a lighthouse."
)
GIFTS = (
    "Keepers must not accept gifts from a shipowner which might be seen to compromise their judgement. Gifts worth "
    "less than £25 may be kept if the harbour master agrees. You must record any gift worth more than £140 in the "
    "register of the light within 28 days. The Lord Warden decides in cases of doubt. Pilots must tell the Lights "
    "Office about gifts from foreign ships."
)
LEAVE = (
    "Keepers in England and Scotland can take up to 52 weeks of leave. You must take at least 2 weeks after a storm, "
    "or 4 weeks if you work on a rock. Your station must confirm your leave within 28 days, unless you are a relief "
    "keeper. The station pays storm money for up to 39 weeks before claiming it back from the Treasury."
)
LOSSES = (
    "Report a lost chart to the Chart Commissioner's Office within 72 hours of becoming aware of it, unless it is out"
    " of date. If the loss is likely to put ships in danger, you must also tell the pilots without undue delay. "
    "Clerks must notify the keeper. Keep a record of every loss, whether or not you report it."
)

VESTRY = """Once a harbour has accepted the chart, it belongs to the harbour, and you should not copy it before then, \
unless the harbour has agreed."""
TABLE = """Signal | What it means

Who sends it? | The keeper on watch

Time limit? | Within 12 minutes of the fog

Red lamp | The channel is closed"""

UNTRUE = [
    (VESTRY, "Unless a harbour has accepted the chart, it belongs to the harbour."),
    (TABLE, "Who sends it?: Within 12 minutes of the fog."),
    (TABLE, "Green lamp: The channel is closed."),
    (LOGS, "Other than that, a lighthouse can refuse a request that would cost more than £600."),
    (LOGS, "A harbour can refuse a request that would cost more than £450."),
    (LOGS, "You can refuse a request if it would cost less than £600."),
    (LOGS, "Applicants must answer a request for the log within 20 working days."),
    (GIFTS, "The harbour master decides in cases of doubt."),
    (GIFTS, "The Lights Office must tell pilots about gifts from foreign ships."),
    (GIFTS, "Keepers must tell the Lights Office about gifts from foreign ships."),
    (GIFTS, "All gifts must be recorded in the register of the light."),
    (GIFTS, "Keepers may accept gifts which might be seen to compromise their judgement."),
    (LEAVE, "You must confirm your leave within 28 days."),
    (LEAVE, "The Treasury pays storm money for up to 39 weeks."),
    (LEAVE, "You must take at least 4 weeks after a storm."),
    (LOSSES, "Keepers must notify the clerks."),
    (LOSSES, "Report every lost chart to the Chart Commissioner's Office."),
    (LOSSES, "You must always tell the pilots about a loss."),
]
IN_PART = [
    (LOGS, "The 20 working days start on the day you receive the request."),
    (LOGS, "You may extend the time limit for sealed logs."),
    (LOGS, "You may extend the time limit for any log if you need to ask the owner."),
    (GIFTS, "Gifts worth less than £25 may be kept."),
    (GIFTS, "The harbour master may keep gifts worth less than £25."),
    (GIFTS, "You must record a gift in the register of the light within 28 days."),
    (LEAVE, "Your station must confirm your leave within 28 days."),
    (LOSSES, "Report a lost chart to the CCO within 72 hours of becoming aware of it."),
]
TRUE = [
    (VESTRY, VESTRY),
    (TABLE, "Time limit?: Within 12 minutes of the fog."),
    (LOGS, "You have to answer a request for the log within 20 working days."),
    (LOGS, "A harbour can refuse a request that would cost more than £600."),
    (GIFTS, "You must record any gift worth more than £140 within 28 days."),
    (GIFTS, "Pilots must tell the Lights Office about gifts from foreign ships."),
    (LEAVE, "The station pays storm money for up to 39 weeks before claiming it back from the Treasury."),
    (LEAVE, "If you work on a rock you must take 4 weeks after a storm."),
    (LOSSES, "If the loss is likely to put ships in danger you must tell the pilots without undue delay."),
    (LOSSES, "Keep a record of every loss."),
    (LOSSES, "According to the guidance, you should keep a record of every loss."),
]


def verdict(checker: Checker, passage: str, claim: str) -> tuple[Verdict, tuple[str, ...]]:
    check = checker.verify(claim, (PassageText(passage),))
    return check.verdict, check.reasons


@pytest.mark.parametrize(("passage", "claim"), UNTRUE)
def test_what_the_passage_does_not_say_is_withheld_with_a_reason(checker: Checker, passage: str, claim: str) -> None:
    found, reasons = verdict(checker, passage, claim)

    assert found is Verdict.UNSUPPORTED, reasons
    assert reasons


@pytest.mark.parametrize(("passage", "claim"), IN_PART)
def test_what_it_says_only_in_part_is_shown_as_such(checker: Checker, passage: str, claim: str) -> None:
    found, reasons = verdict(checker, passage, claim)

    assert found is Verdict.PARTLY_SUPPORTED, reasons
    assert reasons


@pytest.mark.parametrize(("passage", "claim"), TRUE)
def test_what_it_says_is_shown(checker: Checker, passage: str, claim: str) -> None:
    found, reasons = verdict(checker, passage, claim)

    assert found in {Verdict.QUOTED, Verdict.SUPPORTED}, reasons


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Keepers in England and Scotland can apply.", ["Keepers in England and Scotland"]),
        ("You must reply and the pilot must wait.", ["You", "the pilot"]),
        ("If the loss puts ships in danger you must tell the pilots.", ["you"]),
        ("It must include a chart, which may be old.", []),
        ("A request must be answered.", ["A request"]),
        ("Once it is signed, the pilot will usually reply.", ["the pilot"]),
        ("Your station should ask.", ["Your station"]),
    ],
)
def test_who_does_it_stands_before_the_duty(text: str, who: list[str]) -> None:
    assert [doer.text for doer in doers(text)] == who
