"""Which nation of the United Kingdom a question asks about, and whether a source covers it.

A source whose extent is not known covers every nation, unless its title or headings name one, or it says of itself where it
applies. Pure text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer.model import Source

NATIONS = ("England", "Scotland", "Wales", "Northern Ireland")

_NAMES = {
    "England": r"england|english",
    "Scotland": r"scotland|scottish|scots law",
    "Wales": r"wales|welsh",
    "Northern Ireland": r"northern ireland|northern irish",
}
_NAMED = {nation: re.compile(rf"\b(?:{names})\b", re.IGNORECASE) for nation, names in _NAMES.items()}
# "Bank of England" is a body and "Welsh language" a language: neither says where somebody is.
_NO_PLACE = re.compile(
    r"\b(?:bank|church|prince|princess|rugby|governor) of (?:england|scotland|wales)\b|\bnew south wales\b|\bnew england\b"
    r"|\b(?:nhs|natural|historic|sport|homes|highways|health|arts council|skills|visit|audit|transport|police|creative|food"
    r" standards|marine|disclosure|revenue|business|social security|nature) (?:england|scotland|wales)\b"
    r"|\b(?:england|scotland|wales|scottish|northern ireland) (?:act|bill)\b"
    r"|\b(?:scottish|welsh|northern ireland) (?:office|ministers?|government|parliament|executive|assembly|whisky)\b"
    r"|\b(?:welsh|scots|scottish) (?:language|speak\w*|text|version|translations?|tests?|lessons?|literature|gaelic)\b"
    r"|\b(?:in|into|speaks?|from|plain|of) (?:english|welsh)\b"
    r"|\benglish\b(?! (?:law|courts?|schools?|council|rules?|resident))",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"\b(?:united kingdom|uk|great britain|all four nations|devolved)\b", re.IGNORECASE)
_NATION = r"(?:England|Scotland|Wales|Northern Ireland)"
_APPLIES = re.compile(
    rf"\b(?:applies|apply|applicable|is|are|for use) (?:only )?(?:to|in|for) ({_NATION}(?:(?:, | and |, and ){_NATION})*)"
    rf"(?: only)?(?=[.;:)\n]|$)|\b({_NATION}(?: and {_NATION})?) only\b"
)


def nations_named(text: str) -> tuple[str, ...]:
    """The nations that a text names as places."""
    kept = _NO_PLACE.sub(" ", text)
    return tuple(nation for nation in NATIONS if _NAMED[nation].search(kept))


def nations_of(source: Source) -> tuple[str, ...]:
    """The nations that a source is for; all of them when nothing tells."""
    return nations_covered(source.extent, (source.title, *source.headings), source.text)


def nations_covered(extent: Sequence[str], places: Sequence[str], text: str) -> tuple[str, ...]:
    """The nations that a text is for; all of them when nothing tells.

    Args:
        extent: As its document gives it.
        places: Title and headings, outermost first; the innermost that names a nation decides, within the extent.
        text: What it says.
    """
    given = tuple(nation for nation in NATIONS if nation in extent)
    for words in reversed(places):
        if not _WHOLE.search(words) and (named := nations_named(words)):
            narrower = tuple(nation for nation in named if nation in (given or NATIONS))
            return narrower or given  # "Time limits in England and Wales", on a page for all four
    if given:
        return given
    stated = [found for match in _APPLIES.finditer(text) for found in match.groups() if found]
    if stated and not _WHOLE.search(text):
        return nations_named(" ".join(stated)) or NATIONS
    return NATIONS


def elsewhere(question: str, sources: Sequence[Source]) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """The sources that cover none of the nations asked about, and those nations; empty when none was named."""
    asked = nations_named(question)
    if not asked or len(asked) == len(NATIONS):
        return (), ()
    return tuple(source for source in sources if not set(nations_of(source)) & set(asked)), asked
