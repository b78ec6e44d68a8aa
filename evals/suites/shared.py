"""What suites share: texts of answers for people, and what of the evidence was shown. Knows no suite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.answer import Answer
from evals.cases import ANSWERED, Case
from evals.metrics import normalised

_LONGEST = 1500


def answered(answer: Answer) -> bool:
    """Whether something of the guidance was shown."""
    return answer.status in ANSWERED


def asked_as(case: Case) -> str:
    """A case's question, after the earlier ones of its conversation."""
    return " → ".join((*case.history, case.question))


def shown_by(answer: Answer) -> str:
    """An answer for people: its status, claims with verdicts, notices."""
    lines = [f"{answer.status} ({answer.reason}; confidence {answer.confidence:.2f})"]
    for claim in answer.claims:
        numbers = "".join(f"[{number}]" for number in dict.fromkeys(citation.source for citation in claim.citations))
        lines.append(f"• {claim.text} {numbers} ({claim.verdict})")
    lines += [f"[{source.number}] {source.title}: {source.url}" for source in answer.sources]
    lines += [f"Notice: {notice.text}" for notice in answer.notices]
    text = "\n".join(lines if answer.claims else [*lines, answer.text])
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def for_review(answer: Answer) -> dict[str, Any]:
    """What people need to see of an answer to label it and its claims: the claims with what they cite, and that."""
    return {
        "claims": [
            {
                "text": claim.text,
                "verdict": str(claim.verdict),
                "sources": list(dict.fromkeys(citation.source for citation in claim.citations)),
            }
            for claim in answer.claims
        ],
        "sources": [
            {"number": one.number, "text": " ".join(filter(None, (one.context, one.text)))} for one in answer.sources
        ],
    }


def quotes_of(answer: Answer) -> tuple[tuple[str, ...], ...]:
    """What an answer quotes, claim by claim: an item of a list goes with its lead-in."""
    return tuple(tuple(citation.quote for citation in claim.citations) for claim in answer.claims)


def holds(text: str, sentence: str) -> bool:
    """Whether a text holds a gold sentence whole, compared as `normalised` texts."""
    return f" {normalised(sentence)} " in f" {normalised(text)} "


def evidence_shown(case: Case, quotes: Sequence[Sequence[str]]) -> tuple[int, int, int]:
    """Claims that are evidence (or among what supports it), evidence shown, and claims.

    A claim counts when something it quotes holds a gold sentence, or is a whole part of one: sentences are gold, blocks are
    shown. A gold sentence counts when a quote, or the quotes read one after the other, hold it.
    """
    gold = (*case.evidence, *case.also)
    right = sum(any(holds(quote, one) or holds(one, quote) for one in gold for quote in claim) for claim in quotes)
    flat = [quote for claim in quotes for quote in claim]
    together = " ".join(flat)
    found = sum(any(holds(quote, one) for quote in flat) or holds(together, one) for one in case.evidence)
    return right, found, len(quotes)
