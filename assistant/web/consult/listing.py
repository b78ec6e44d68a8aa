"""What a list of responses is limited to, and the part of it that a page shows.

Knows nothing of how responses are found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urlencode

from assistant.consult import OpenQuestion
from assistant.web.consult import pieces
from assistant.web.consult.shelf import Board

OTHER, NO_REASON = "other", "none"
"""In place of a theme's id: responses in no theme, and those that give no reason."""


@dataclass(frozen=True)
class Filter:
    """What a list of responses is limited to.

    Attributes:
        words: Looked for.
        how: "words" for responses that hold them all, "meaning" for those that mean something like it.
        theme: A theme's id, or one of the two above; "" for any.
        where: Values by attribute or closed question.
    """

    words: str = ""
    how: str = "words"
    theme: str = ""
    where: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_narrow(self) -> bool:
        """Something is left out."""
        return bool(self.words or self.where or self.theme)

    def query(self, *, with_theme: bool = False) -> str:
        """As it stands in an address."""
        pairs = [("where", f"{name}={value}") for name, value in self.where.items()]
        if self.words:
            pairs += [("words", self.words), ("how", self.how)]
        if with_theme and self.theme:
            pairs.append(("theme", self.theme))
        return urlencode(pairs)

    def form(self, sent_to: str, facets: Mapping[str, Sequence[str]]) -> str:
        """The fields to limit a theme's responses with."""
        if not facets:
            return ""
        return (
            f'<details class="b-tool"{" open" if self.where else ""}><summary>Only some respondents</summary>'
            f'<form class="b-form b-tool-body" method="get" action="{escape(sent_to)}">{self.facet_fields(facets)}'
            '<button type="submit" class="b-button">Show these</button></form></details>'
        )

    def facet_fields(self, facets: Mapping[str, Sequence[str]]) -> str:
        """A field for each attribute and closed question."""
        return "".join(
            pieces.select(
                "where",
                name,
                [("", "Any"), *((f"{name}={value}", value) for value in values)],
                chosen=f"{name}={self.where[name]}" if name in self.where else "",
                id=f"where-{place}",
            )
            for place, (name, values) in enumerate(facets.items())
        )


@dataclass(frozen=True)
class Listing:
    """A page of a list of responses.

    Attributes:
        name: Of the consultation.
        number: Of the question.
        question: Its responses.
        board: How it stands.
        chosen: What the list is limited to.
        places: Of the responses on this page.
        found: Responses that fit.
        page: Which page of them.
        of: How many pages.
        campaigns: Size of its campaign, by response.
        facets: What respondents can be told apart by.
    """

    name: str
    number: int
    question: OpenQuestion
    board: Board
    chosen: Filter
    places: Sequence[int]
    found: int
    page: int
    of: int
    campaigns: Mapping[int, int]
    facets: Mapping[str, Sequence[str]]
