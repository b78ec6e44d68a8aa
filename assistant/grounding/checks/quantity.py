"""Are the numbers, amounts, dates and durations of a claim those of the guidance, said of the same thing?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.grounding.checks.basis import Basis, Fault, overlap, words_around
from assistant.grounding.quantities import Agreement, Kind, Quantity, agreement, quantities
from assistant.grounding.words import content

_CLEARLY = 0.34
_WHAT = {
    Agreement.OTHER_VALUE: True,
    Agreement.OTHER_UNIT: True,
    Agreement.OPPOSITE_BOUND: True,
    Agreement.OTHER_BOUND: False,
}


def differing_quantities(claim: str, basis: Basis) -> Iterator[Fault]:
    """Quantities that the guidance does not give, or gives of something else."""
    given = [(quantity, sentence) for sentence in (*basis.sentences, basis.about) for quantity in quantities(sentence)]
    for claimed in quantities(claim):
        near = words_around(claim, claimed.start, claimed.end)
        fits = [
            (agreement(claimed, other), overlap(near, words_around(sentence, other.start, other.end)), other)
            for other, sentence in given
        ]
        fits = [fit for fit in fits if fit[0] is not Agreement.OTHER_KIND]
        if not fits:
            if _is_written(claimed, basis) or _stands_elsewhere(claimed, near, basis):
                continue
            yield Fault("quantity", True, f"“{claimed.text}” is not in the guidance")
            continue
        if other := _of_another(claim, claimed, given):
            yield Fault("quantity", True, f"the guidance says “{other.text}” of this, the draft said “{claimed.text}”")
            continue
        best = max(fits, key=lambda fit: (fit[0], fit[1]))
        nearest = max(fits, key=lambda fit: (fit[1], fit[0]))
        if best[0] is Agreement.SAME:
            if counted := _counted_from(claim, claimed, basis):
                yield Fault("quantity", True, f"the guidance counts the {claimed.text} “{counted}”")
                continue
            if nearest[0] in _WHAT and _WHAT[nearest[0]] and nearest[1] >= best[1] + _CLEARLY and best[1] < 0.5:
                yield _says(claimed, nearest[2], hard=True)
            continue
        if best[0] is Agreement.OTHER_VALUE and (_is_written(claimed, basis) or _stands_elsewhere(claimed, near, basis)):
            continue
        told = nearest if nearest[0] >= Agreement.OTHER_VALUE else best
        told = best if best[0] > Agreement.OTHER_VALUE else told
        yield _says(claimed, told[2], hard=_WHAT[best[0]])


def _says(claimed: Quantity, given: Quantity, *, hard: bool) -> Fault:
    return Fault("quantity", hard, f"the guidance says “{given.text}”, the draft said “{claimed.text}”")


def _is_written(claimed: Quantity, basis: Basis) -> bool:
    """Whether the very words stand in the source, read there as something else."""
    words_of = re.escape(claimed.text.lower())
    return bool(re.search(rf"(?<![\w£$€.,]){words_of}(?![\w%]|[.,]\d)", f"{basis.text} {basis.about}".lower()))


def _stands_elsewhere(claimed: Quantity, near: frozenset[str], basis: Basis) -> bool:
    """Whether the passage says it of the same thing in another sentence, for a claim that draws several together."""
    return not basis.nearly and any(
        agreement(claimed, other) is Agreement.SAME
        and overlap(near, words_around(basis.elsewhere, other.start, other.end)) >= _CLEARLY
        for other in quantities(basis.elsewhere)
    )


def _of_another(claim: str, claimed: Quantity, given: Sequence[tuple[Quantity, str]]) -> Quantity | None:
    """The quantity that a sentence gives of what the claim speaks of, where the claim has that of another.

    "£600 for central government, or £450 for other authorities": each stands with words of its own.
    """
    if claimed.kind not in _OF_THINGS:
        return None
    ours = {word.stem for word in content(claim)}
    named = quantities(claim)
    for same, sentence in given:
        alike = [other for other, where in given if where == sentence and other.kind is same.kind]
        if agreement(claimed, same) is not Agreement.SAME or len(alike) < 2:
            continue
        parts = {other.start: _own_part(sentence, other, alike) for other in alike}
        here = parts[same.start]
        for other in alike:
            there = parts[other.start]
            if any(agreement(one, other) is Agreement.SAME for one in named) or not there - here or not here - there:
                continue
            if len(ours & (there - here)) >= min(_OWN, len(there - here)) and not ours & (here - there):
                return other
    return None


def _counted_from(claim: str, claimed: Quantity, basis: Basis) -> str:
    """What the guidance counts a time from, where the claim counts it from something else that the sentence has too."""
    ours = _FROM.match(claim, claimed.end) if claimed.kind is Kind.DURATION else None
    if not ours:
        return ""
    event = {word.stem for word in content(ours["event"])}
    theirs = [
        found
        for other in quantities(basis.anchor)
        if agreement(claimed, other) is Agreement.SAME and (found := _FROM.match(basis.anchor, other.end))
    ]
    events = [{word.stem for word in content(found["event"])} for found in theirs]
    known = {word.stem for word in content(f"{basis.text}\n{basis.elsewhere}")}
    if not events or not event or not event & known or any(event & one for one in events):
        return ""
    return theirs[0][0].strip()


_FROM = re.compile(r" (?:of|after|from|before|since|following) (?P<event>(?:[\w’'-]+ ?){1,7})")
_OWN = 2
_OF_THINGS = frozenset({Kind.MONEY, Kind.PERCENT, Kind.DURATION, Kind.DATE})


def _own_part(sentence: str, one: Quantity, alike: Sequence[Quantity]) -> frozenset[str]:
    """The words behind a quantity, up to the next of its kind; before a date, which comes last: "open on 3 June"."""
    if one.kind is Kind.DATE:
        starts = [other.end for other in alike if other.end <= one.start]
        return frozenset(word.stem for word in content(sentence[max(starts, default=0) : one.start]))
    ends = [other.start for other in alike if other.start > one.start]
    return frozenset(word.stem for word in content(sentence[one.end : min(ends, default=len(sentence))]))
