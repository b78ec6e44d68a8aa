"""What a claim is compared with, what a difference is, and how words around a place are told. Knows of no check."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.grounding.words import content


@dataclass(frozen=True, slots=True)
class Fault:
    """One difference.

    Attributes:
        kind: What differs: "quantity", "name", "nation", "duty", "denial", "condition", "opposite" or "roles".
        hard: True when the claim says something else; False when it says a little less or more.
        reason: For the reader, as a sentence.
    """

    kind: str
    hard: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Basis:
    """What a claim is compared with.

    Attributes:
        anchor: The sentence it rests on.
        further: Others that hold what the anchor lacks.
        about: Title and headings of their pages.
        extent: Nations that the pages apply to.
        elsewhere: The passages that the sentences stand in, whole; "" for a row of a table, which stands for itself.
        other_pages: The titles of the other passages given.
        nearly: Whether the claim is nearly word for word the anchor.
    """

    anchor: str
    further: tuple[str, ...] = ()
    about: str = ""
    extent: tuple[str, ...] = ()
    elsewhere: str = ""
    other_pages: str = ""
    nearly: bool = False

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of them, the anchor first."""
        return (self.anchor, *self.further)

    @property
    def text(self) -> str:
        """All of them as one text."""
        return "\n".join(self.sentences)


_NEAR = 5


def words_around(text: str, start: int, end: int) -> frozenset[str]:
    """Stems of the words that carry meaning next to a place in a text, five before it and five behind."""
    all_words = content(text)
    before = [word.stem for word in all_words if word.end <= start and not word.text[0].isdigit()][-_NEAR:]
    after = [word.stem for word in all_words if word.start >= end and not word.text[0].isdigit()][:_NEAR]
    return frozenset((*before, *after))


def overlap(ours: frozenset[str], theirs: frozenset[str]) -> float:
    """The share of the first words that are among the second."""
    return len(ours & theirs) / len(ours) if ours else 0.0
