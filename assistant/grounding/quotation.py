"""Checks that a claim says what it quotes, word for word, and that each quotation stands in its passage.

Nothing here trusts the drafter: offsets are looked up again in the passage itself. Knows nothing of models that write.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.grounding.model import Check, Quote, Verdict


def verify_quotation(claim: str, quotes: Sequence[Quote]) -> Check:
    """Compare a claim with the quotations it is made of.

    Args:
        claim: What the reader would be shown.
        quotes: The spans it rests on, in order.

    Returns:
        "quoted" with score 1 when the claim is those spans, in order and nothing else but white space; "unsupported"
        with the reason otherwise. There is no middle: a quotation that is nearly right is wrong.
    """
    if not quotes:
        return Check(Verdict.UNSUPPORTED, 0.0, ("No passage is cited for it.",))
    for quote in quotes:
        if not _stands(quote):
            return Check(Verdict.UNSUPPORTED, 0.0, (f"These words are not where the citation says: “{quote.text}”.",))
    if claim.split() != " ".join(quote.text for quote in quotes).split():
        return Check(Verdict.UNSUPPORTED, 0.0, ("Its words are not the words of the passages it cites.",))
    return Check(Verdict.QUOTED, 1.0)


def _stands(quote: Quote) -> bool:
    """A negative offset would count from the end here, and mean nothing to whoever shows the quotation."""
    within = 0 <= quote.start < quote.end <= len(quote.passage)
    return within and quote.passage[quote.start : quote.end] == quote.text
