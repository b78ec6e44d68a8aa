"""Tells whether text is set so that nobody can see it: in the colour of the paper, or too small to read.

Measures are those for HTML (see hidden.py). Knows nothing of formats.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.documents.colours import parse_colour, same_to_the_eye

_UNREADABLE = 2.25
"""Points; three pixels."""
WHITE = "#ffffff"
UNKNOWN_PAPER = "?"
"""Paper of a colour that is not known: nothing on it is taken for unseen because of its colour."""


@dataclass(frozen=True, slots=True)
class Ink:
    """How a stretch of text is set; None where nothing is said.

    Attributes:
        hidden: Whether the program hides it.
        bold: Whether it is in bold.
        size: In points.
        colour: As "#rrggbb"; "" for the colour that a program chooses to be seen.
        paper: Colour behind it, as "#rrggbb"; "" for none of its own.
    """

    hidden: bool | None = None
    bold: bool | None = None
    size: float | None = None
    colour: str | None = None
    paper: str | None = None

    def under(self, other: Ink) -> Ink:
        """This, changed by what another says."""
        return replace(
            self,
            hidden=self.hidden if other.hidden is None else other.hidden,
            bold=self.bold if other.bold is None else other.bold,
            size=self.size if other.size is None else other.size,
            colour=self.colour if other.colour is None else other.colour,
            paper=other.paper or self.paper,
        )

    def is_unseen(self, paper: str = WHITE) -> bool:
        """True when nobody can see text set so on paper of a colour."""
        if self.hidden or (self.size is not None and self.size < _UNREADABLE):
            return True
        if not self.colour:
            return False
        ink, behind = parse_colour(self.colour), parse_colour(self.paper or paper)
        return ink is not None and behind is not None and same_to_the_eye(ink, behind.rgb)
