"""Looks up whether the evidence that an evaluator's questions name stands in the guidance at all.

What stands in no document can never be found or shown, so that its question counts against every assistant. Knows nothing of
how questions are asked or scored.
"""

from __future__ import annotations

from collections.abc import Iterable

from assistant.index import Index, StoredDocument
from evals.cases import CaseSet
from evals.metrics import normalised
from evals.run_folder import Astray

_NEAR = 20
"""Passages looked at first: nearly all evidence is in the document of one of them."""
_NAMED = 5


def astray(one: CaseSet, index: Index) -> tuple[Astray, ...]:
    """The cases of a set with evidence that stands in no document of an index, compared as `normalised` texts."""
    wanted = {sentence: f" {normalised(sentence)} " for case in one.cases for sentence in case.evidence}
    lacking = {sentence: words for sentence, words in wanted.items() if not _is_near(words, index)}
    row = 0
    while lacking and row < len(index):
        stored = index.stored(row)
        row = stored.rows[-1] + 1
        texts = _texts(stored)
        lacking = {sentence: words for sentence, words in lacking.items() if not any(words in text for text in texts)}
    return tuple(
        Astray(set=one.name, id=case.id, place=one.places.get(case.id, case.id), evidence=tuple(none))
        for case in one.cases
        if (none := [sentence for sentence in case.evidence if sentence in lacking])
    )


def warning(found: Iterable[Astray], one: CaseSet) -> str:
    """What to tell before such questions are asked."""
    places = [case.place for case in found]
    named = ", ".join(places[:_NAMED]) + (f" and {len(places) - _NAMED:,} more" if len(places) > _NAMED else "")
    return (
        f"{len(places):,} of {len(one.cases):,} questions of {one.name} name evidence that stands in no document of the "
        f"index, and count as not found: {named}. Copy evidence from the guidance word for word, or index what it is from; "
        "the scorecard lists them all."
    )


def _is_near(words: str, index: Index) -> bool:
    documents = {index.document_key(row): row for row, _ in index.best_by_terms(words, _NEAR)}
    return any(words in text for row in documents.values() for text in _texts(index.stored(row)))


def _texts(stored: StoredDocument) -> tuple[str, str]:
    """A document as it is read, and as its passages are: with lead-ins and the headings of columns."""
    read = f" {normalised(f'{stored.document.title} {stored.document.text}')} "
    return read, f" {normalised(' '.join(f'{one.context} {one.text}' for one in stored.passages))} "
