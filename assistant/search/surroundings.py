"""What stands around a passage on its page, and what there is to choose from when a search is limited.

Knows nothing of answers.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from assistant.index import Index
from assistant.search.searcher import Searcher


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A passage of a page as it stands there; `is_found` marks the one that was asked about."""

    headings: tuple[str, ...]
    context: str
    text: str
    is_found: bool


@dataclass(frozen=True, slots=True)
class Facets:
    """What the documents of an index can be told apart by, the most frequent first."""

    organisations: tuple[str, ...] = ()
    document_types: tuple[str, ...] = ()


def around(searcher: Searcher, url: str, passage_id: str, *, reach: int = 2) -> tuple[Neighbour, ...]:
    """The passage named and up to `reach` passages on either side of it.

    Args:
        searcher: Whose index holds the page.
        url: Address of the page, with or without a fragment.
        passage_id: As found; empty is returned when the page no longer has it.
        reach: How many passages before and after.
    """
    index, page = searcher.index, url.partition("#")[0]
    with index.steady():
        rows = np.flatnonzero(index.mask(lambda document: document.url.partition("#")[0] == page))
        row = next((int(row) for row in rows if index.passage_id(int(row)) == passage_id), None)
        if row is None:
            return ()
        found = index.passage(row)
        return tuple(
            Neighbour(passage.headings, passage.context, passage.text, passage == found)
            for passage in searcher.neighbours(row, before=reach, after=reach)
        )


def facets(index: Index) -> Facets:
    """The organisations and types of the documents in an index."""
    documents = index.documents
    organisations = Counter(name for document in documents for name in document.organisations if name)
    types = Counter(document.document_type for document in documents if document.document_type)
    return Facets(_by_frequency(organisations), _by_frequency(types))


def _by_frequency(counted: Counter[str]) -> tuple[str, ...]:
    return tuple(sorted(counted, key=lambda name: (-counted[name], name.casefold())))
