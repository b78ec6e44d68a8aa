"""What is shown, claim by claim: does the text cited bear it out? Pure functions; who judges support is handed in.

A refusal shows no claims, so it adds nothing to numerator or denominator: it is never grounded, and never ungrounded.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence

from evals.metrics.evidence import normalised

Pair = tuple[float, float]
"""Numerator and denominator of one sample; denominators of 0 say "undefined"."""
Supports = Callable[[str, Sequence[str]], bool]
"""Whether texts together bear out a claim, wholly."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_MONTHS = "january february march april may june july august september october november december".split()
_ARTICLES = frozenset({"a", "an", "the"})


def citation_recall(claims: Sequence[tuple[str, Sequence[str | None]]], supports: Supports) -> Pair:
    """Claims borne out by all the texts they cite together, of all claims shown.

    Source: Gao et al., "Enabling Large Language Models to Generate Text with Citations" (ALCE), EMNLP 2023, section 4.

    Args:
        claims: Each with the texts it cites; None for a citation of a source that there is none of.
        supports: Who judges.
    """
    return float(sum(_supported(claim, cited, supports) for claim, cited in claims)), float(len(claims))


def citation_precision(claims: Sequence[tuple[str, Sequence[str | None]]], supports: Supports) -> Pair:
    """Citations that are needed, of all citations.

    A citation is needed when its claim is borne out by all it cites, and either this text alone bears it out or the others
    without it do not. A citation of a source that there is none of is charged. Source: ALCE, as above.
    """
    needed = total = 0
    for claim, cited in claims:
        total += len(cited)
        if not _supported(claim, cited, supports):
            continue
        for number, text in enumerate(cited):
            if text is None:
                continue
            others = [other for place, other in enumerate(cited) if place != number and other is not None]
            needed += supports(claim, [text]) or not (others and supports(claim, others))
    return float(needed), float(total)


def _supported(claim: str, cited: Sequence[str | None], supports: Supports) -> bool:
    texts = [text for text in cited if text is not None]
    return bool(texts) and supports(claim, texts)


def figures_consistent(claims: Sequence[tuple[str, Sequence[str | None]]]) -> Pair:
    """Claims all of whose numbers and months stand in what they cite, of the claims that have any."""
    held = total = 0
    for claim, cited in claims:
        wanted = _figures(claim)
        if wanted:
            total += 1
            held += wanted <= _figures(" ".join(text for text in cited if text is not None))
    return float(held), float(total)


def _figures(text: str) -> frozenset[str]:
    numbers = {found.replace(",", "").strip(".") for found in _NUMBER.findall(text)}
    return frozenset(numbers | {word for word in normalised(text).split() if word in _MONTHS and word != "may"})


def token_f1(answer: str, reference: str) -> float:
    """Harmonic mean of the precision and recall of words, articles and punctuation left out.

    Source: Rajpurkar et al., SQuAD, EMNLP 2016. NaN without a reference.
    """
    given, wanted = _tokens(answer), _tokens(reference)
    if not wanted:
        return math.nan
    both = sum((Counter(given) & Counter(wanted)).values())
    return 2 * both / (len(given) + len(wanted))


def _tokens(text: str) -> list[str]:
    return [word for word in normalised(text).split() if word not in _ARTICLES]


def mentioned(condition: str, text: str, *, share: float = 0.6) -> bool:
    """Whether a text mentions a condition: at least `share` of its words of four letters or more, and all of its numbers."""
    words = [word for word in normalised(condition).split() if len(word) > 3 or word.isdigit()]
    if not words:
        return normalised(condition) in normalised(text)
    said = set(normalised(text).split())
    stems = {word[:5] for word in said}
    found = [word in said or (not word.isdigit() and word[:5] in stems) for word in words]
    numbers = [hit for word, hit in zip(words, found, strict=True) if word.isdigit()]
    return all(numbers) and sum(found) / len(found) >= share
