"""The rule beside its exception: "the gift may be accepted" misleads where "do not accept a gift" is not shown with it.

Questions of permission and duty ("can I", "must we") often share more words with what is excepted than with the rule. Pure
text; knows nothing of how likelihoods are made.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer.evidence import Candidate, Vector

_ASKS = re.compile(
    r"^(?:(?!\b(?:how|what|when|which|who|whom|whose|where|why)\b).)*?"
    r"\b(?:can|may|could|must|should|shall|(?:have|has|needs?) to|allowed|permitted|obliged|required|ok|okay|all right)\b",
    re.IGNORECASE | re.DOTALL,
)
"""Whether something may or must be done; "how many days may we take" asks for a time."""
_UNDER = r"^(?:if|where|when|unless|except|exceptionally|in exceptional)\b[^.;]*"
_ALLOWS = re.compile(rf"{_UNDER}\b(?:may|can)\b|\bmay be (?:acceptable|accepted|allowed|permitted)\b", re.IGNORECASE)
_FORBIDS = re.compile(
    r"\b(?:(?:must|shall|do|may|should)(?: normally| always)? not|don['’]t|never|cannot|refuse|is an offence)\b",
    re.IGNORECASE,
)
_FREES = re.compile(
    rf"{_UNDER}\b(?:need|do|does) not\b|\b(?:do|does) not (?:have|need) to\b|\bneed not\b|\bno need to\b"
    r"|\b(?:is|are) not required\b",
    re.IGNORECASE,
)
_DEMANDS = re.compile(r"\b(?:must|shall|required to|(?:no|not) later than)\b(?! not\b)", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.;]*")
_LEAST = 0.1
"""Share of the exception's probability that the rule has at least: below, it is of something else on the page."""


def rules_of_exceptions(blocks: Sequence[Candidate], likely: Vector, chosen: Sequence[int], question: str) -> dict[int, int]:
    """The rule that goes before each exception which would be quoted without one.

    Args:
        blocks: All that were found.
        likely: Probability of each to be evidence; shape `(len(blocks),)`.
        chosen: Positions of what is quoted.
        question: As it was asked.

    Returns:
        The position of the likeliest rule of the same document, by that of the exception.
    """
    if not _ASKS.search(question):
        return {}
    found: dict[int, int] = {}
    for position in chosen:
        rule = _rule_of(blocks[position].text)
        document = blocks[position].document
        if rule is None or any(_is(rule, blocks[other]) for other in chosen if blocks[other].document is document):
            continue
        rules = [
            other
            for other, block in enumerate(blocks)
            if block.document is document and _is(rule, block) and likely[other] >= _LEAST * likely[position]
        ]
        if rules:
            found[position] = max(rules, key=lambda other: (likely[other], -other))
    return found


def _rule_of(text: str) -> re.Pattern[str] | None:
    """How the rule reads that a text excepts from in its first sentence; None where it excepts from none."""
    first = _SENTENCE.match(text)
    sentence = first[0] if first else ""
    if _FREES.search(sentence):
        return _DEMANDS
    return _FORBIDS if _ALLOWS.search(sentence) else None


def _is(rule: re.Pattern[str], block: Candidate) -> bool:
    """A rule of this kind, and no lead-in: what that lays down stands in its items."""
    return bool(rule.search(block.text)) and _rule_of(block.text) is None and not block.text.rstrip().endswith(":")
