"""How a question becomes an answer. The whole order of stages is `_flow`, below; each stage has one value in and one out.

    question → screen → route → rewrite with history → search → one topic? → enough evidence? → draft → verify → write
             → answer

Quotation always drafts; where a language model is set it writes as well, each claim checked as it comes, and quotation
fills in what it leaves out. Any stage may end the flow by raising `Ended` with a status. Routing comes before rewriting: a
call for help must not wait for a language model, and what kind of message it is shows in the message itself. Knows nothing
of who asks or of what is recorded.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TypeVar

import numpy as np

from assistant.answer.about_itself import asks_how_it_stands, speaks_of_itself
from assistant.answer.acronyms import in_full
from assistant.answer.clarify import choices, is_vague, topics
from assistant.answer.conflicts import Statement, conflicts, tells_otherwise
from assistant.answer.events import ClaimShown, Event, Finished, NoticeGiven, Stage, StageStarted
from assistant.answer.evidence import Candidate, Matrix, Vector, candidates, features, retrieval_features
from assistant.answer.exceptions import rules_of_exceptions
from assistant.answer.expected import asked_for
from assistant.answer.filling import Quoted, covers, missing
from assistant.answer.follow_ups import Reading, leans_back, share_of_own_words, with_own_words
from assistant.answer.frames import without_frame
from assistant.answer.gate import Verify
from assistant.answer.language_model import LanguageModel
from assistant.answer.links import brought_name
from assistant.answer.model import (
    Answer,
    AnswerNotice,
    Choice,
    Claim,
    Considered,
    NearestPage,
    Question,
    Reason,
    Source,
    Status,
    Turn,
)
from assistant.answer.nations import elsewhere, nations_covered, nations_named, nations_of
from assistant.answer.notices import (
    conflicting,
    drafting_notices,
    notices,
    of_another_nation,
    respelt,
    rewritten,
    written_out,
)
from assistant.answer.pleasantries import says_nothing, without_pleasantries
from assistant.answer.prompt import fill, prompt_version
from assistant.answer.quotation import Draft, DraftClaim, draft_by_quotation
from assistant.answer.replies import reply_to, which_topic
from assistant.answer.rewrite import Rewriter, complete
from assistant.answer.routing import Embed, Route, Router, route
from assistant.answer.rule import rule_under_its_heading
from assistant.answer.selection import Limits, select
from assistant.answer.short_documents import as_among_others
from assistant.answer.sources import SourceList
from assistant.answer.spelling import corrected
from assistant.answer.weighing import Weights
from assistant.answer.writing import Written, write
from assistant.errors import BernardError
from assistant.grounding import Quote, Verdict, verify_quotation
from assistant.index import JoinedIndex, Searchable, is_uploaded
from assistant.safety import MAX_QUESTION_CHARACTERS, EmptyQuestion, QuestionTooLong, screen
from assistant.search import Filters, Hit, Retrieval, Scope, Searcher
from assistant.settings import AnswerSettings

Value = TypeVar("Value")
logger = logging.getLogger(__name__)

_SEARCHED = 40
_NEAREST_PAGES = 3
_OPENING = 12  # words that tell one passage of a page from another
_CONSIDERED = 10  # passages named in an answer beside those it uses: what a reader looks through
_NONE: Vector = np.zeros(0)
NOT_IN_GUIDANCE = "This is not in the guidance that Bernard holds."
NOT_IN_YOURS = "This is not in your documents. Only they were searched."
NOT_IN_EITHER = "This is neither in the guidance that Bernard holds nor in your documents."


@dataclass(frozen=True, slots=True)
class Writer:
    """A language model, and what checks its claims."""

    model: LanguageModel
    verify: Verify


@dataclass(frozen=True, slots=True)
class Routing:
    """What tells questions of guidance from other messages, and the vectors it works with."""

    router: Router
    embed: Embed


@dataclass(frozen=True, slots=True)
class Parts:
    """What the flow works with; without `routing` every message is searched for, without `rewriter` rules complete it."""

    searcher: Searcher
    weights: Weights
    settings: AnswerSettings
    writer: Writer | None = None
    routing: Routing | None = None
    rewriter: Rewriter | None = None
    sides: tuple[Searcher, ...] = ()
    """Guidance and the documents of whoever asks, where `searcher` is over both."""
    nothing: str = NOT_IN_GUIDANCE
    """What is said when nothing answers."""


def including(parts: Parts, own: Searchable | None, filters: Filters | None) -> Parts:
    """What the flow works with when the one who asks has brought documents, and lets them be searched."""
    scope = filters.scope if filters else Scope.BOTH
    if own is None or scope is Scope.GUIDANCE:
        return parts
    theirs = parts.searcher.over(own)
    if scope is Scope.OWN:
        return replace(parts, searcher=theirs, nothing=NOT_IN_YOURS)
    both = parts.searcher.over(JoinedIndex(parts.searcher.index, own))
    return replace(parts, searcher=both, sides=(parts.searcher, theirs), nothing=NOT_IN_EITHER)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found, weighed: `likely[n]` is the probability of `blocks[n]`, `confidence` that of an answer at all."""

    retrieval: Retrieval
    blocks: tuple[Candidate, ...]
    likely: Vector
    confidence: float


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft after the check; `best` is the position of the claim with the likeliest evidence."""

    claims: tuple[Claim, ...]
    withheld: tuple[Claim, ...]
    sources: tuple[Source, ...]
    partial: tuple[int, ...]
    best: int = 0


@dataclass(slots=True)
class Run:
    """What is known of the answer while it is being made."""

    question: Question
    standalone_question: str = ""
    found: tuple[Hit, ...] = ()
    is_rewritten: bool = False
    is_respelt: bool = False
    is_written_out: bool = False
    confidence: float = 0.0
    timings_ms: dict[str, float] = field(default_factory=dict)
    started: float = field(default_factory=time.perf_counter)

    def lap(self, stage: str, value: Value) -> Value:
        """Pass on a stage's value, noting how long the stage took: all the time not yet given to another."""
        self.timings_ms[stage] = round(self.elapsed_ms() - sum(self.timings_ms.values()), 3)
        return value

    def elapsed_ms(self) -> float:
        """Milliseconds since the question came."""
        return (time.perf_counter() - self.started) * 1000


class Ended(Exception):
    """A stage ends the flow."""

    def __init__(
        self,
        status: Status,
        reason: Reason,
        text: str,
        *,
        nearest: tuple[NearestPage, ...] = (),
        choices: tuple[Choice, ...] = (),
    ) -> None:
        super().__init__(text)
        self.status, self.reason, self.text, self.nearest, self.choices = status, reason, text, nearest, choices


def answer(question: Question, parts: Parts, *, filters: Filters | None = None, own: Searchable | None = None) -> Answer:
    """Answer a question; never raises for what was asked.

    Args:
        question: What is asked.
        parts: What the flow works with.
        filters: What to search.
        own: The documents of the one who asks, made with the embedder of the index.

    Raises:
        BernardError: The index or a model cannot be used; no question could be answered.
    """
    for event in events(question, parts, filters=filters, own=own):
        if isinstance(event, Finished):
            return event.answer
    raise AssertionError("a flow ends with its answer")


def events(
    question: Question, parts: Parts, *, filters: Filters | None = None, own: Searchable | None = None
) -> Generator[Event, None, None]:
    """Answer a question and tell what happens meanwhile; the last event is the answer. Must be consumed in one thread.

    Raises:
        BernardError: As `answer` does.
    """
    # Half of a surrogate pair cannot be written to any file or sent to any browser.
    question = question.model_copy(update={"question": question.question.encode("utf-8", "ignore").decode("utf-8")})
    run = Run(question, question.question)
    parts = including(parts, own, filters)
    with parts.searcher.index.steady():
        result = yield from _flow(run, parts, filters)
        considered = _considered(run.found, result.sources, parts.searcher)
    timings = {**run.timings_ms, "total": round(run.elapsed_ms(), 3)}
    searched = _searched(run, own, filters)
    told = {"timings_ms": timings, "considered": considered, "filters": filters or None, "own_documents": searched}
    yield Finished(result.model_copy(update=told))


def _searched(run: Run, own: Searchable | None, filters: Filters | None) -> tuple[str, ...]:
    """Names of the documents of the one who asks that were searched; none where the flow ended before."""
    if own is None or (filters and filters.scope is Scope.GUIDANCE) or "search" not in run.timings_ms:
        return ()
    return tuple(dict.fromkeys(brought_name(own.brief(row).url) for row in range(len(own))))


def _flow(run: Run, parts: Parts, filters: Filters | None) -> Generator[Event, None, Answer]:
    """The stages in their order."""
    question = run.question
    try:
        asked = without_frame(_screened(question.question))
        if says_nothing(asked) and not question.history:  # in a conversation "OK" and "why" answer what was said
            raise Ended(Status.NEEDS_CLARIFICATION, Reason.EMPTY_QUESTION, _NOTHING_ASKED)
        _require_guidance(asked, parts, follows_up=bool(question.history) and leans_back(bare(asked)))
        run.lap("route", None)
        message = run.lap("spelling", spelt(bare(asked), parts.searcher))
        readings = run.lap("rewrite", completed(message, question.history, parts.rewriter))
        _screened(readings[0].question)
        yield StageStarted(Stage.SEARCH)
        reading, evidence = best_reading(readings, parts, filters)
        run.is_rewritten = reading.question != message
        run.is_written_out = evidence.retrieval.question != reading.question
        run.is_respelt = message != bare(asked)
        run.standalone_question = evidence.retrieval.question
        run.timings_ms |= evidence.retrieval.timings_ms
        run.found = evidence.retrieval.hits
        run.lap("weigh", None)
        run.confidence = evidence.confidence
        if not run.is_rewritten or len(readings) == 1:
            _require_one_topic(run.standalone_question, evidence, parts, filters)
        run.lap("clarify", None)
        _require_enough(evidence, parts)
        draft = run.lap("draft", _draft(evidence, parts))
        checked = run.lap("verify", verify(draft))
        written = run.lap("write", (yield from _written(run, evidence, parts, parts.writer))) if parts.writer else Written()
        return (yield from _answered(run, checked, written, parts))
    except Ended as end:
        return _ended(run, end, parts)
    except BernardError:
        raise
    except Exception:
        logger.exception("A stage failed")
        return _ended(run, _FAILED, parts)


_NOT_OF_FOLLOW_UPS = {Route.ABOUT, Route.CASEWORK, Route.OPINION}
_YOU = re.compile(r"\byou(?:r|rs)?\b", re.IGNORECASE)
_NOTHING_ASKED = "That asks nothing yet. Type what you want to know, in a sentence or a few words."
_FAILED = Ended(
    Status.FAILED,
    Reason.INTERNAL_ERROR,
    "Something went wrong while answering. Ask again; if it keeps happening, report it.",
)


def _screened(question: str) -> str:
    try:
        return screen(question)
    except EmptyQuestion as error:
        raise Ended(Status.NEEDS_CLARIFICATION, Reason.EMPTY_QUESTION, str(error)) from None
    except QuestionTooLong as error:
        raise Ended(Status.NEEDS_CLARIFICATION, Reason.QUESTION_TOO_LONG, str(error)) from None


def spelt(question: str, searcher: Searcher) -> str:
    """A question with slips of typing put right, where no passage has the word as it was typed, endings aside."""
    return corrected(question, lambda word: bool(searcher.index.best_by_terms(word, 1)))


def bare(message: str) -> str:
    """A message without its courtesies; as it is when there is nothing else."""
    return without_pleasantries(message) or message


def completed(message: str, history: Sequence[Turn], rewriter: Rewriter | None = None) -> tuple[Reading, ...]:
    """What a message may ask, with what it leans on from the conversation, likeliest first; none too long but the first."""
    first, *others = complete(message, history, rewriter)
    return (first, *(one for one in others if len(one.question) <= MAX_QUESTION_CHARACTERS))


def best_reading(readings: Sequence[Reading], parts: Parts, filters: Filters | None) -> tuple[Reading, Evidence]:
    """The reading that the guidance answers, with its evidence: the best of the first turn with one; else the very first."""
    first: tuple[Reading, Evidence] | None = None
    for _, alike in groupby(readings, key=lambda reading: reading.turn):
        weighed = [(reading, _read(reading, parts, filters)) for reading in alike]
        first = first or weighed[0]
        answered = [one for one in weighed if _is_enough(one[1], parts)]
        if answered:
            return max(answered, key=lambda one: one[1].confidence)
    assert first, "a question has a reading"
    return first


def _is_enough(evidence: Evidence, parts: Parts) -> bool:
    return bool(evidence.blocks) and parts.weights.enough(evidence.confidence, evidence.retrieval.question)


def _read(reading: Reading, parts: Parts, filters: Filters | None) -> Evidence:
    """The evidence, by how far it holds what a follow-up itself says: else it only answers the question before it again."""
    evidence = gather_in_full(spelt(reading.question, parts.searcher), parts, filters)
    if not reading.own or not evidence.blocks:
        return evidence
    evidence = replace(evidence, likely=with_own_words(reading, evidence.blocks, evidence.likely))
    draft = _draft(evidence, parts)
    shown = " ".join(claim.text for claim in draft.claims)
    places = [place for source in draft.sources for place in (source.title, *source.headings)]
    return replace(evidence, confidence=evidence.confidence * share_of_own_words(reading, shown, places=places))


def _require_guidance(message: str, parts: Parts, *, follows_up: bool) -> None:
    """Messages that are no questions of guidance get a fixed reply.

    What leans on the conversation ("even if it was built before 2019?") has too little in it to be taken for somebody's own
    case or for a question about Bernard or its opinion, unless it says "you".
    """
    if parts.routing is None:
        return
    kind = route(message, parts.routing.router, parts.routing.embed)
    if kind is not Route.GUIDANCE and not (follows_up and kind in _NOT_OF_FOLLOW_UPS and not _YOU.search(message)):
        reply = reply_to(kind)
        raise Ended(reply.status, reply.reason, reply.text)


def _require_one_topic(question: str, evidence: Evidence, parts: Parts, filters: Filters | None) -> None:
    """Ask back when a vague question fits several pages, each of which would answer it."""
    if not is_vague(question) or not evidence.blocks:
        return
    if any(is_uploaded(block.document.location) for block in evidence.blocks):
        return  # they were brought to be asked about

    def answers_from(asked: str) -> str:
        found = gather(asked, parts, filters)
        if not found.blocks or not parts.weights.enough(found.confidence, asked):
            return ""
        return found.blocks[int(np.argmax(found.likely))].document.url

    offered = choices(question, topics(evidence.retrieval, parts.searcher), answers_from)
    if offered:
        reply = which_topic()
        raise Ended(reply.status, reply.reason, reply.text, choices=offered)


def gather_in_full(question: str, parts: Parts, filters: Filters | None) -> Evidence:
    """What answers a question; with its short forms written out where nothing answers it as it was typed."""
    found = gather(question, parts, filters)
    full = in_full(question)
    if full == question or _is_enough(found, parts):
        return found
    other = gather(full, parts, filters)
    return other if _is_enough(other, parts) else found


def gather(question: str, parts: Parts, filters: Filters | None) -> Evidence:
    """What the search brought, weighed. Two collections are weighed each by itself, so that neither hides the other."""
    found = [
        weigh(side.retrieve(question, limit=_SEARCHED, filters=filters), replace(parts, searcher=side))
        for side in parts.sides or (parts.searcher,)
    ]
    return found[0] if len(found) == 1 else _together(found, parts)


def _together(found: Sequence[Evidence], parts: Parts) -> Evidence:
    """The evidence of both sides as one; a side that would not have answered by itself adds no blocks to one that would."""
    shifts = (0, len(parts.sides[0].index))
    ranked = sorted((rank, side) for side, one in enumerate(found) for rank in range(len(one.retrieval.hits)))
    rank_of = {(side, rank): position for position, (rank, side) in enumerate(ranked)}
    moved = [
        [replace(hit, row=hit.row + shift) for hit in one.retrieval.hits] for one, shift in zip(found, shifts, strict=True)
    ]
    hits = tuple(moved[side][rank] for rank, side in ranked)
    enough = [bool(one.blocks) and parts.weights.enough(one.confidence, one.retrieval.question) for one in found]
    best = max(range(len(found)), key=lambda side: found[side].confidence)
    kept = [side for side in range(len(found)) if enough[side]] or [best]
    blocks = tuple(
        replace(block, hit=hits[rank_of[side, block.rank]], rank=rank_of[side, block.rank])
        for side in kept
        for block in found[side].blocks
    )
    timings: dict[str, float] = {}
    for stage, taken in (item for one in found for item in one.retrieval.timings_ms.items()):
        timings[stage] = round(timings.get(stage, 0.0) + taken, 3)
    retrieval = replace(found[best].retrieval, hits=hits, timings_ms=timings)
    likely = np.concatenate([found[side].likely for side in kept])
    return Evidence(retrieval, blocks, likely, max(found[side].confidence for side in kept))


def weigh(retrieval: Retrieval, parts: Parts) -> Evidence:
    """How likely each block is to be evidence, and the passages together to answer the question."""
    if not retrieval.hits:
        return Evidence(retrieval, (), _NONE, 0.0)
    blocks = candidates(parts.searcher, retrieval)
    described: Matrix = features(parts.searcher, retrieval, blocks)
    likely = parts.weights.block.probability(described)
    whole = retrieval_features(parts.searcher, retrieval, blocks, described, likely)
    if all(is_uploaded(block.document.location) for block in blocks):
        average, passages = parts.weights.sufficiency.means, len(parts.searcher.index)
        whole = as_among_others(whole, average, retrieval, blocks, passages=passages)
    confidence = parts.weights.confidence(whole, retrieval.question)
    return Evidence(retrieval, tuple(blocks), likely, confidence)


def _require_enough(evidence: Evidence, parts: Parts) -> None:
    """Show nothing rather than something that does not answer."""
    if not evidence.blocks:
        raise Ended(Status.NOT_IN_GUIDANCE, Reason.NOTHING_FOUND, parts.nothing)
    if not parts.weights.enough(evidence.confidence, evidence.retrieval.question):
        nearest = _nearest(evidence.retrieval, parts.searcher)
        raise Ended(Status.NOT_IN_GUIDANCE, Reason.TOO_LITTLE_EVIDENCE, parts.nothing, nearest=nearest)


def _draft(evidence: Evidence, parts: Parts) -> Draft:
    chosen = _of_the_subject(evidence, _chosen(evidence, parts))
    rules = rules_of_exceptions(evidence.blocks, evidence.likely, chosen, evidence.retrieval.question)
    chosen = list(dict.fromkeys(other for one in chosen for other in ((rules[one], one) if one in rules else (one,))))
    said = _said_of_nation(evidence, chosen)
    likeliest = evidence.blocks[max((*said, *chosen), key=lambda position: evidence.likely[position])]
    of_nation, blocks = ([evidence.blocks[position] for position in positions] for positions in (said, chosen))
    rule = rule_under_its_heading(parts.searcher, likeliest, blocks, wanted=asked_for(evidence.retrieval.focus))
    draft = draft_by_quotation(parts.searcher, list(dict.fromkeys((*of_nation, *rule, *blocks))))
    best = next((number for number, claim in enumerate(draft.claims) if likeliest.text in claim.text), 0)
    return replace(draft, best=best)


def _of_the_subject(evidence: Evidence, chosen: Sequence[int]) -> list[int]:
    """What is chosen, without what a document says of itself, unless that is likeliest or may be what is asked for."""
    likeliest = max(chosen, key=lambda position: evidence.likely[position])
    if asks_how_it_stands(evidence.retrieval.question):
        return list(chosen)
    return [one for one in chosen if one == likeliest or not speaks_of_itself(evidence.blocks[one].text)]


def _chosen(evidence: Evidence, parts: Parts) -> list[int]:
    """Positions of what to quote: of guidance and of one's own documents each its best, the likelier side first."""
    sides: dict[bool, list[int]] = {}
    for position in sorted(range(len(evidence.blocks)), key=lambda position: -evidence.likely[position]):
        sides.setdefault(is_uploaded(evidence.blocks[position].document.location), []).append(position)
    most = max(1, parts.settings.max_blocks // len(sides))
    limits = Limits(parts.weights.keep_from, parts.weights.keep_least, most)
    chosen: list[int] = []
    for positions in map(sorted, sides.values()):
        blocks = [evidence.blocks[position] for position in positions]
        picked = select(blocks, evidence.likely[positions], limits, wanted=asked_for(evidence.retrieval.focus))
        chosen += [positions[one] for one in picked]
    return chosen + _told_otherwise(evidence, chosen, parts)


def _told_otherwise(evidence: Evidence, chosen: Sequence[int], parts: Parts) -> list[int]:
    """Of one's own documents, those that say the same with another figure: nobody has seen to it that drafts are gone."""
    embed = parts.searcher.remembered.embed
    own = [place for place, block in enumerate(evidence.blocks) if is_uploaded(block.document.location)]
    found = [
        place
        for place in own
        if place not in chosen
        if any(
            evidence.blocks[place].document.location != evidence.blocks[other].document.location
            and tells_otherwise(evidence.blocks[place].text, evidence.blocks[other].text, embed)
            for other in chosen
            if other in own
        )
    ]
    return sorted(found, key=lambda place: -evidence.likely[place])[:_MOST_TOLD_OTHERWISE]


_MOST_TOLD_OTHERWISE = 2


def _said_of_nation(evidence: Evidence, chosen: Sequence[int]) -> list[int]:
    """What the same documents say of the nation asked about, where all that is chosen is for others: it comes first."""
    asked = set(nations_named(evidence.retrieval.question))
    if not asked or any(asked & set(_covered(evidence.blocks[position])) for position in chosen):
        return []
    documents = {id(evidence.blocks[position].document) for position in chosen}
    naming = [
        position
        for position, block in enumerate(evidence.blocks)
        if position not in chosen and id(block.document) in documents and asked & set(nations_named(block.text))
    ]
    return sorted(naming, key=lambda position: -evidence.likely[position])[:1]


def _covered(block: Candidate) -> tuple[str, ...]:
    return nations_covered(block.document.extent, (block.document.title, *block.passage.headings), block.passage.text)


def _written(run: Run, evidence: Evidence, parts: Parts, writer: Writer) -> Generator[Event, None, Written]:
    """What the model writes from the best passages, each claim checked as it comes."""
    yield StageStarted(Stage.WRITE)
    model, offered = writer.model, SourceList(parts.searcher)
    ranks = sorted({block.rank for block in evidence.blocks}, key=lambda rank: (-_likeliest(evidence, rank), rank))
    for rank in ranks[: model.settings.passages]:
        offered.of(next(block for block in evidence.blocks if block.rank == rank))
    prompt = fill(run.standalone_question, offered.numbered, today=dt.date.today(), room=model.room, count=model.count)
    writing = write(model, prompt, verify=writer.verify)
    while True:
        try:
            event = next(writing)
        except StopIteration as end:
            written: Written = end.value
            return written
        if isinstance(event, ClaimShown) and "first_claim" not in run.timings_ms:
            run.lap("first_claim", event)
        yield event


def _likeliest(evidence: Evidence, rank: int) -> float:
    return max(float(evidence.likely[n]) for n, block in enumerate(evidence.blocks) if block.rank == rank)


def verify(draft: Draft) -> Checked:
    """Check every claim against the passages it cites; what fails is withheld."""
    passages = {source.number: source.text for source in draft.sources}
    claims = [_verified(claim, passages) for claim in draft.claims]
    shown = tuple(claim for claim in claims if claim.verdict is not Verdict.UNSUPPORTED)
    withheld = tuple(claim for claim in claims if claim.verdict is Verdict.UNSUPPORTED)
    cited = {citation.source for claim in shown for citation in claim.citations}
    sources = tuple(source for source in draft.sources if source.number in cited)
    best = shown.index(claims[draft.best]) if claims and claims[draft.best] in shown else 0
    return Checked(shown, withheld, sources, draft.partial, best)


def _verified(claim: DraftClaim, passages: dict[int, str]) -> Claim:
    quotes = [Quote(passages.get(cited.source, ""), cited.start, cited.end, cited.quote) for cited in claim.citations]
    check = verify_quotation(claim.text, quotes)
    return Claim(text=claim.text, verdict=check.verdict, score=check.score, citations=claim.citations)


def _answered(run: Run, checked: Checked, written: Written, parts: Parts) -> Generator[Event, None, Answer]:
    """What was written, with what quotation adds to it."""
    quoted = Quoted(checked.claims, checked.sources, checked.partial, checked.best)
    added = missing(written, quoted)
    claims, sources = (*written.shown, *added.claims), (*written.sources, *added.sources)
    if not claims:
        raise Ended(Status.NOT_IN_GUIDANCE, Reason.TOO_LITTLE_EVIDENCE, parts.nothing)
    sent: set[int] = set()
    for claim in added.claims:
        cited = {citation.source for citation in claim.citations} - sent
        sent |= cited
        yield ClaimShown(claim, tuple(source for source in added.sources if source.number in cited))
    told = (
        *drafting_notices(written, added=bool(added.claims)),
        *_disagreements(claims, sources, parts),
        *of_another_nation(run.standalone_question, sources),
        *notices(sources, today=dt.date.today(), old_after_days=parts.settings.old_after_days, partial=added.partial),
        *_rewriting(run),
    )
    for notice in told:
        yield NoticeGiven(notice)
    return Answer(
        id=run.question.id,
        question=run.question.question,
        standalone_question=run.standalone_question,
        status=Status.PARTLY_ANSWERED if _all_elsewhere(run, sources) else _status(checked, written, quoted),
        reason=Reason.EVIDENCE_FOUND,
        text="\n\n".join(marked(claim) for claim in claims),
        claims=claims,
        withheld=(*written.withheld, *checked.withheld),
        sources=sources,
        notices=told,
        model=parts.writer.model.name if parts.writer and written.shown else "quotation",
        prompt_version=prompt_version() if written.shown else "",
        drafting=written.drafting,
        confidence=round(run.confidence, 4),
        index_digest=parts.searcher.index.digest,
    )


def _all_elsewhere(run: Run, sources: Sequence[Source]) -> bool:
    """Whether nothing shown is for the nation asked about."""
    return len(elsewhere(run.standalone_question, sources)[0]) == len(sources)


def _status(checked: Checked, written: Written, quoted: Quoted) -> Status:
    """An answer of which something was left out is whole when it still rests on the likeliest evidence."""
    if not written.shown:
        return Status.PARTLY_ANSWERED if checked.withheld else Status.ANSWERED
    lost = bool(written.withheld or written.failure or (written.drafting and written.drafting.declined))
    return Status.PARTLY_ANSWERED if lost and not covers(written.shown, written.sources, quoted) else Status.ANSWERED


def _ended(run: Run, end: Ended, parts: Parts) -> Answer:
    return Answer(
        id=run.question.id,
        question=run.question.question,
        standalone_question=run.standalone_question,
        status=end.status,
        reason=end.reason,
        text=end.text,
        nearest=end.nearest,
        choices=end.choices,
        notices=_rewriting(run),
        confidence=round(run.confidence, 4),
        index_digest=parts.searcher.index.digest,
    )


def _rewriting(run: Run) -> tuple[AnswerNotice, ...]:
    if run.is_rewritten:
        return (rewritten(run.standalone_question),)
    if run.is_written_out:
        return (written_out(run.standalone_question, is_respelt=run.is_respelt),)
    return (respelt(run.standalone_question),) if run.is_respelt else ()


def _disagreements(claims: Sequence[Claim], sources: Sequence[Source], parts: Parts) -> tuple[AnswerNotice, ...]:
    """Notices on current sources of the answer that contradict each other."""
    current = {source.number: source for source in sources if not source.withdrawn}
    quoted: dict[tuple[int, str], None] = {}
    for claim in claims:
        for cited in {citation.source for citation in claim.citations} & set(current):
            text = " ".join(citation.quote for citation in claim.citations if citation.source == cited)
            quoted[cited, text] = None
    statements = [
        Statement(number, current[number].url.partition("#")[0], text, nations_of(current[number]))
        for number, text in quoted
    ]
    return tuple(conflicting(conflict) for conflict in conflicts(statements, parts.searcher.remembered.embed))


def marked(claim: Claim) -> str:
    """A claim as plain text, with the numbers of its sources in brackets."""
    numbers = dict.fromkeys(citation.source for citation in claim.citations)
    return f"{claim.text} {''.join(f'[{number}]' for number in numbers)}"


def _considered(found: Sequence[Hit], sources: Sequence[Source], searcher: Searcher) -> tuple[Considered, ...]:
    used = {source.passage_id for source in sources}
    considered = []
    for rank, hit in enumerate(found, start=1):
        name = searcher.index.passage_id(hit.row)
        if rank > _CONSIDERED and name not in used:
            continue
        passage = searcher.found(hit, rank)
        considered.append(
            Considered(
                passage_id=name,
                title=passage.title,
                url=passage.url,
                headings=passage.headings,
                opening=" ".join(passage.text.split()[:_OPENING]),
                rank=rank,
                score=passage.score,
                used=name in used,
            )
        )
    return tuple(considered)


def _nearest(retrieval: Retrieval, searcher: Searcher) -> tuple[NearestPage, ...]:
    pages: dict[str, NearestPage] = {}
    for hit in retrieval.hits:
        document = searcher.index.brief(hit.row)
        if is_uploaded(document.location):
            continue
        page = NearestPage(title=document.title, url=document.url, organisation="; ".join(document.organisations))
        pages.setdefault(document.url, page)
        if len(pages) == _NEAREST_PAGES:
            break
    return tuple(pages.values())
