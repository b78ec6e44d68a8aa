"""What stands around a passage on its page, and what there is to choose from when a search is limited.

Knows nothing of answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.errors import InputError
from assistant.index import Index
from assistant.search.model import Filters
from assistant.search.searcher import Searcher

_FEW, _NEAR = 8, 5  # names offered in place of one that is not there: all, or the nearest


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


def require_known(filters: Filters, index: Index) -> None:
    """See that what a search is limited to is there: a slip of typing would otherwise read as "not in the guidance".

    Raises:
        InputError: An organisation, a type of document or a folder that no document of the index has.
    """
    known = facets(index)
    for what, asked, names in (
        ("published by", filters.organisations, known.organisations),
        ("of the type", filters.document_types, known.document_types),
    ):
        held = {name.casefold() for name in names}
        for name in asked:
            if name.casefold() not in held:
                raise InputError(f"No guidance in the index is {what} “{name}”. {_offered(name, names)}")
    within = Filters(folder=filters.folder)
    if filters.folder and not any(within.accepts(document) for document in index.documents):
        raise InputError(
            f"No guidance in the index was read from the folder “{filters.folder}”. `bernard index list` shows where it is."
        )


def _offered(name: str, names: Sequence[str]) -> str:
    """The names there are, all of a few, else those nearest to a name."""
    if not names:
        return "None of it says such a thing of itself."
    if len(names) <= _FEW:
        return f"There is: {'; '.join(names)}."
    from rapidfuzz import fuzz, process

    near = [found for found, *_ in process.extract(name, names, scorer=fuzz.WRatio, processor=str.casefold, limit=_NEAR)]
    return f"The nearest of {len(names)}: {'; '.join(near)}. `bernard index list` shows all."


def _by_frequency(counted: Counter[str]) -> tuple[str, ...]:
    return tuple(sorted(counted, key=lambda name: (-counted[name], name.casefold())))
