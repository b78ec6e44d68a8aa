"""Goes through whole documents of the one who asks, by quotation: sums up, lists duties, compares. Ends in a checked answer.

Every claim is words of the document and goes through the same check as any other. Knows nothing of who asks.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

import numpy as np

from assistant.answer.comparison import compared
from assistant.answer.evidence import Candidate
from assistant.answer.flow import marked, verify
from assistant.answer.model import Answer, AnswerNotice, Claim, Notice, Reason, Source, Status
from assistant.answer.notices import notices
from assistant.answer.obligations import obliged
from assistant.answer.quotation import Draft, DraftClaim, citations_of
from assistant.answer.sentences_of import Piece, documents_at, pieces
from assistant.answer.sources import SourceList
from assistant.answer.summary import summarised
from assistant.answer.threads import require_reader
from assistant.documents import BlockKind
from assistant.errors import InputError
from assistant.index import HeldIndex, StoredDocument, Vectors
from assistant.search import Filters, Scope, Searcher
from assistant.settings import AnswerSettings

_MOST_DUTIES = 60
_MOST_DIFFERING = 30
_MOST_REWORDED = 20
_MOST_OF_ONE = 20
_EMBEDDED_AT_ONCE = 64  # sentences, some half a second's worth, after which it is seen whether anybody waits


class Task(StrEnum):
    """What can be done with whole documents."""

    SUMMARISE = "summarise"
    DUTIES = "duties"
    COMPARE = "compare"


@dataclass(frozen=True, slots=True)
class Brought:
    """A file of the one who asks: what it is called, and the locations of the documents read in it."""

    name: str
    locations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    heading: str
    blocks: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """What a task found: sections, what to know of them, and what is said where there are none."""

    sections: tuple[_Section, ...]
    remark: str
    nothing: str


def question_of(task: Task, files: Sequence[Brought]) -> str:
    """A task as the question that stands over its answer."""
    names = [f"“{file.name}”" for file in files]
    if task is Task.SUMMARISE:
        return f"Summarise {names[0]}"
    if task is Task.DUTIES:
        return f"What must I do, by when, according to {names[0]}?"
    return f"Compare {names[0]} with {names[1]}"


def go_through(
    task: Task, files: Sequence[Brought], *, own: HeldIndex, searcher: Searcher, settings: AnswerSettings
) -> Answer:
    """The answer to a task.

    Args:
        task: What to do.
        files: One; two to compare, the older first.
        own: Holds their documents.
        searcher: A search over `own`.
        settings: When something is old.

    Raises:
        InputError: There are too few files, or one is not there any more.
        Abandoned: Nobody waits for it any more.
    """
    started = time.perf_counter()
    wanted = 2 if task is Task.COMPARE else 1
    if len({file.locations for file in files}) < wanted:
        raise InputError("Choose two different documents to compare." if wanted == 2 else "Choose a document.")
    held = [documents_at(own, file.locations) for file in files[:wanted]]
    if not all(held):
        raise InputError("This document is not there any more: it was removed or has expired. Add it again.")
    found = _FIND[task](files, held, searcher)
    sources = SourceList(searcher)
    claims, withheld = _checked(found.sections, sources)
    question = question_of(task, files)
    answer = Answer(
        question=question,
        standalone_question=question,
        status=Status.ANSWERED if claims else Status.NOT_IN_GUIDANCE,
        reason=Reason.EVIDENCE_FOUND if claims else Reason.NOTHING_FOUND,
        text="\n\n".join(_as_text(claims)) if claims else found.nothing,
        claims=claims,
        withheld=withheld,
        sources=sources.numbered,
        filters=Filters(scope=Scope.OWN),
        own_documents=tuple(file.name for file in files[:wanted]),
        notices=_told(found.remark if claims else "", sources.numbered, settings),
        index_digest=own.digest,
    )
    return answer.model_copy(update={"timings_ms": {"total": round((time.perf_counter() - started) * 1000, 3)}})


def _summary(files: Sequence[Brought], held: Sequence[Sequence[StoredDocument]], searcher: Searcher) -> _Found:
    sections: list[_Section] = []
    counted, shown = 0, 0
    for stored in held[0]:
        said = pieces(stored)
        picked = [said[n] for n in summarised(said, _heeding(searcher.remembered.embed))]
        counted, shown = counted + len(said), shown + len(picked)
        several = stored.document.title if len(held[0]) > 1 else ""
        sections += _by_heading(picked, several)
    remark = (
        f"These are {shown} of {counted} sentences, those around which the document turns, word for word. Conditions and "
        "exceptions may stand in the others."
    )
    return _Found(tuple(sections), remark if shown < counted else "", f"{files[0].name} holds no sentences to sum up.")


def _by_heading(picked: Sequence[Piece], document: str) -> Iterator[_Section]:
    for headings, under in groupby(picked, key=lambda piece: piece.block.passage.headings):
        heading = " › ".join(part for part in (document, *headings) if part)
        yield _Section(heading, tuple(piece.block for piece in under))


def _duties(files: Sequence[Brought], held: Sequence[Sequence[StoredDocument]], searcher: Searcher) -> _Found:
    said = [piece for stored in held[0] for piece in pieces(stored)]
    left, sections, count = _MOST_DUTIES, [], 0
    for kind, positions in obliged(_while_awaited(said)).items():
        count += len(positions)
        taken = positions[:left]
        left -= len(taken)
        if taken:
            sections.append(_Section(kind.value, tuple(said[n].block for n in taken)))
    remark = (
        "Found by words such as “must”, “shall”, “should” and “required”, by orders such as “Send the form”, and by "
        "deadlines. A duty in other words is not here."
    )
    if count > _MOST_DUTIES:
        remark += f" There are {count}; the first {_MOST_DUTIES} are shown."
    nothing = f"{files[0].name} has no sentence with “must”, “shall”, “should” or the like, no order and no deadline."
    return _Found(tuple(sections), remark, nothing)


def _comparison(files: Sequence[Brought], held: Sequence[Sequence[StoredDocument]], searcher: Searcher) -> _Found:
    firsts, seconds = ([piece for stored in documents for piece in pieces(stored)] for documents in held)
    found = compared(firsts, seconds, _heeding(searcher.remembered.embed))
    one, other = (file.name for file in files[:2])
    sections = [
        _Section(
            f"Different: {_in_quotes(pair.said)} in {one}, {_in_quotes(pair.other)} in {other}",
            (firsts[pair.first].block, seconds[pair.second].block),
        )
        for pair in found.differing[:_MOST_DIFFERING]
    ]
    sections += [
        _Section(
            f"In other words: {_in_quotes(pair.said)} in {one}, {_in_quotes(pair.other)} in {other}",
            (firsts[pair.first].block, seconds[pair.second].block),
        )
        for pair in found.reworded[:_MOST_REWORDED]
    ]
    cut = [f"{len(found.differing) - _MOST_DIFFERING} more differences"] if len(found.differing) > _MOST_DIFFERING else []
    if len(found.reworded) > _MOST_REWORDED:
        cut.append(f"{len(found.reworded) - _MOST_REWORDED} more pairs in other words")
    for name, said, only in ((one, firsts, found.only_first), (other, seconds, found.only_second)):
        if only:
            sections.append(_Section(f"Only in {name}", tuple(said[n].block for n in only[:_MOST_OF_ONE])))
        if len(only) > _MOST_OF_ONE:
            cut.append(f"{len(only) - _MOST_OF_ONE} more sentences that stand only in {name}")
    remark = "Sentences that both documents have word for word are left out."
    if cut:
        remark += f" Not shown: {' and '.join(cut)}."
    return _Found(tuple(sections), remark, f"{one} and {other} say the same, as far as can be told by their sentences.")


def _while_awaited(said: Iterable[Piece]) -> Iterator[Piece]:
    """The same, as long as somebody waits for what becomes of them."""
    for piece in said:
        require_reader()
        yield piece


def _heeding(embed: Callable[[Sequence[str]], Vectors]) -> Callable[[Sequence[str]], Vectors]:
    """The same, a little at a time, as long as somebody waits for it."""

    def embedded(texts: Sequence[str]) -> Vectors:
        parts = [embed([])]
        for start in range(0, len(texts), _EMBEDDED_AT_ONCE):
            require_reader()
            parts.append(embed(texts[start : start + _EMBEDDED_AT_ONCE]))
        return np.concatenate(parts)

    return embedded


def _in_quotes(words: str) -> str:
    return f"“{words}”" if words else "nothing of the kind"


_FIND = {Task.SUMMARISE: _summary, Task.DUTIES: _duties, Task.COMPARE: _comparison}


def _checked(sections: Sequence[_Section], sources: SourceList) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
    shown: list[Claim] = []
    withheld: list[Claim] = []
    for section in sections:
        drafts = tuple(_draft(block, sources) for block in section.blocks)
        checked = verify(Draft(drafts, sources.numbered))
        shown += [claim.model_copy(update={"heading": section.heading}) for claim in checked.claims]
        withheld += checked.withheld
    return tuple(shown), tuple(withheld)


def _draft(block: Candidate, sources: SourceList) -> DraftClaim:
    citations = citations_of(block, sources)
    joint = "\n" if block.span.kind is BlockKind.TABLE_ROW else " "
    return DraftClaim(joint.join(citation.quote for citation in citations), citations)


def _as_text(claims: Sequence[Claim]) -> Iterator[str]:
    for heading, under in groupby(claims, key=lambda claim: claim.heading):
        if heading:
            yield heading
        yield from (marked(claim) for claim in under)


def _told(remark: str, sources: Sequence[Source], settings: AnswerSettings) -> tuple[AnswerNotice, ...]:
    told = notices(sources, today=dt.date.today(), old_after_days=settings.old_after_days) if sources else ()
    return (*([AnswerNotice(kind=Notice.PARTIAL, text=remark)] if remark else []), *told)
