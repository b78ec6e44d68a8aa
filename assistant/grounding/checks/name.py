"""Does the guidance name whom and what the claim names, and does it speak of the same nations?"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.grounding.checks.basis import Basis, Fault
from assistant.grounding.names import initials, names, nations
from assistant.grounding.words import stems, words


def unknown_names(claim: str, basis: Basis) -> Iterator[Fault]:
    """Names that do not stand in the guidance."""
    given = f"{basis.text}\n{basis.about}"
    known = frozenset(word.stem for word in words(given if basis.nearly else f"{given}\n{basis.elsewhere}"))
    short = initials(given)
    capitals = {word.text for word in words(given) if word.text.isupper()}
    for name in names(claim):
        if name.opens or (name.text.isupper() and name.text in short) or initials(name.text) & capitals:
            continue
        parts = [part for part in name.parts if part not in _OF_NATIONS and len(part) > 1]
        missing = [part for part in parts if part not in known]
        if missing:
            hard = basis.nearly or len(missing) == len(parts)
            yield Fault("name", hard, f"“{name.text}” is not named there")


_OF_NATIONS = frozenset(
    stems("england wales scotland northern ireland great britain united kingdom uk scottish welsh english".split())
)


def other_nations(claim: str, basis: Basis) -> Iterator[Fault]:
    """Nations that the guidance does not speak of, or that the claim leaves out."""
    claimed, sentence = nations(claim), nations(basis.anchor) or nations(basis.text)
    around = nations(basis.about) | frozenset(basis.extent)
    new = claimed - sentence
    if new and not (new <= around and not sentence):
        told = sorted(sentence or around)
        where = (
            f"the guidance speaks of {_and(told)}, the draft of {_and(sorted(new))}"
            if told
            else f"{_and(sorted(new))} is not named there"
        )
        yield Fault("nation", True, where)
    elif sentence and not claimed and len(sentence) < 3 and "United Kingdom" not in sentence:
        yield Fault("nation", False, f"the guidance says this of {_and(sorted(sentence))}")


def _and(parts: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
