"""Puts a written answer and a quoted one together: quotation fills in where what was written does not answer.

A written answer covers the question when it rests on the likeliest evidence, which is what quotation would show first.
Pure; knows nothing of models or of search.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer.model import Claim, Source
from assistant.answer.writing import Written
from assistant.grounding import Verdict

_SHARED = 12  # characters that two quotations must share: more than a chance word at their edges


@dataclass(frozen=True, slots=True)
class Quoted:
    """A checked quotation.

    Attributes:
        claims: In reading order.
        sources: What they cite.
        partial: Numbers of sources of which a list is quoted in part.
        best: Position of the claim with the likeliest evidence.
    """

    claims: tuple[Claim, ...]
    sources: tuple[Source, ...]
    partial: tuple[int, ...] = ()
    best: int = 0


def covers(written: Sequence[Claim], sources: Sequence[Source], quoted: Quoted) -> bool:
    """Whether written claims rest on the likeliest evidence; one that is supported only in part does not stand for it."""
    whole = [claim for claim in written if claim.verdict is not Verdict.PARTLY_SUPPORTED]
    return bool(quoted.claims) and _rests_on(
        whole, _passages(sources), quoted.claims[quoted.best], _passages(quoted.sources)
    )


def missing(written: Written, quoted: Quoted) -> Quoted:
    """What quotation adds: nothing when the writing covers the question, all when nothing is written, else what is new.

    Sources that both cite keep the number they have in the writing; others are numbered on from there.
    """
    if not written.shown:
        return quoted
    here, there = _passages(written.sources), _passages(quoted.sources)
    if covers(written.shown, written.sources, quoted):
        return Quoted((), ())
    whole = [claim for claim in written.shown if claim.verdict is not Verdict.PARTLY_SUPPORTED]
    added = [claim for claim in quoted.claims if not _rests_on(whole, here, claim, there)]
    return _numbered_on(added, quoted, written.sources)


def _numbered_on(claims: Sequence[Claim], quoted: Quoted, before: Sequence[Source]) -> Quoted:
    numbers = {source.passage_id: source.number for source in before}
    old = {source.number: source for source in quoted.sources}
    added: dict[int, Source] = {}
    renumbered = []
    for claim in claims:
        citations = []
        for citation in claim.citations:
            source = old[citation.source]
            number = numbers.setdefault(source.passage_id, len(numbers) + 1)
            if number > len(before):
                added[number] = source.model_copy(update={"number": number})
            citations.append(citation.model_copy(update={"source": number}))
        renumbered.append(claim.model_copy(update={"citations": tuple(citations)}))
    cited = {citation.source for claim in renumbered for citation in claim.citations}
    partial = tuple(number for one in quoted.partial if (number := numbers.get(old[one].passage_id, 0)) in cited)
    return Quoted(tuple(renumbered), tuple(added.values()), partial)


def _passages(sources: Sequence[Source]) -> dict[int, str]:
    return {source.number: source.passage_id for source in sources}


def _rests_on(written: Sequence[Claim], here: dict[int, str], claim: Claim, there: dict[int, str]) -> bool:
    """Whether some written claim cites the words that a quotation ends with, there or where another page repeats them."""
    last = claim.citations[-1]
    for citation in (citation for one in written for citation in one.citations):
        if here[citation.source] == there[last.source]:
            shared = min(citation.end, last.end) - max(citation.start, last.start)
            if shared >= min(_SHARED, last.end - last.start):
                return True
        elif citation.quote in last.quote or last.quote in citation.quote:
            return True
    return False
