"""How a question becomes an answer. The whole order of stages is `_flow`, below; each stage has one value in and one out.

    question → screen → rewrite with history → search → enough evidence? → draft → verify → answer

Any stage may end the flow by raising `Ended` with a status. (Routing of messages that are not questions of guidance goes
between rewriting and searching.) Knows nothing of who asks or of what is recorded.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from assistant.answer.evidence import Candidate, Matrix, Vector, candidates, features, retrieval_features
from assistant.answer.expected import asked_for
from assistant.answer.model import Answer, AnswerNotice, Claim, NearestPage, Question, Reason, Source, Status
from assistant.answer.notices import notices, rewritten
from assistant.answer.quotation import Draft, DraftClaim, draft_by_quotation
from assistant.answer.rewrite import standalone
from assistant.answer.selection import Limits, select
from assistant.answer.weighing import Weights
from assistant.errors import BernardError
from assistant.grounding import Quote, Verdict, verify_quotation
from assistant.safety import EmptyQuestion, QuestionTooLong, screen
from assistant.search import Filters, Retrieval, Searcher
from assistant.settings import AnswerSettings

Value = TypeVar("Value")
logger = logging.getLogger(__name__)

_SEARCHED = 40
_NEAREST_PAGES = 3
_NONE: Vector = np.zeros(0)
NOT_IN_GUIDANCE = "This is not in the guidance that Bernard holds."


@dataclass(frozen=True, slots=True)
class Parts:
    """What the flow works with."""

    searcher: Searcher
    weights: Weights
    settings: AnswerSettings


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found, weighed: `likely[n]` is the probability of `blocks[n]`, `confidence` that of an answer at all."""

    retrieval: Retrieval
    blocks: tuple[Candidate, ...]
    likely: Vector
    confidence: float


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft after the check."""

    claims: tuple[Claim, ...]
    withheld: tuple[Claim, ...]
    sources: tuple[Source, ...]
    partial: tuple[int, ...]


@dataclass(slots=True)
class Run:
    """What is known of the answer while it is being made."""

    question: Question
    standalone_question: str = ""
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

    def __init__(self, status: Status, reason: Reason, text: str, nearest: tuple[NearestPage, ...] = ()) -> None:
        super().__init__(text)
        self.status, self.reason, self.text, self.nearest = status, reason, text, nearest


def answer(question: Question, parts: Parts, *, filters: Filters | None = None) -> Answer:
    """Answer a question; never raises for what was asked.

    Raises:
        BernardError: The index or a model cannot be used; no question could be answered.
    """
    # Half of a surrogate pair cannot be written to any file or sent to any browser.
    question = question.model_copy(update={"question": question.question.encode("utf-8", "ignore").decode("utf-8")})
    run = Run(question, question.question)
    with parts.searcher.index.steady():
        result = _flow(run, parts, filters)
    return result.model_copy(update={"timings_ms": {**run.timings_ms, "total": round(run.elapsed_ms(), 3)}})


def _flow(run: Run, parts: Parts, filters: Filters | None) -> Answer:
    """The stages in their order."""
    question = run.question
    try:
        asked = _screened(question.question)
        run.standalone_question = _screened(standalone(asked, question.history))
        retrieval = parts.searcher.retrieve(run.standalone_question, limit=_SEARCHED, filters=filters)
        run.timings_ms |= retrieval.timings_ms
        evidence = run.lap("weigh", weigh(retrieval, parts))
        run.confidence = evidence.confidence
        _require_enough(evidence, parts)
        draft = run.lap("draft", _draft(evidence, parts))
        checked = run.lap("verify", verify(draft))
        return _answered(run, checked, parts)
    except Ended as end:
        return _ended(run, end, parts)
    except BernardError:
        raise
    except Exception:
        logger.exception("A stage failed")
        return _ended(run, _FAILED, parts)


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


def weigh(retrieval: Retrieval, parts: Parts) -> Evidence:
    """How likely each block is to be evidence, and the passages together to answer the question."""
    if not retrieval.hits:
        return Evidence(retrieval, (), _NONE, 0.0)
    blocks = candidates(parts.searcher, retrieval)
    described: Matrix = features(parts.searcher, retrieval, blocks)
    likely = parts.weights.block.probability(described)
    whole = retrieval_features(parts.searcher, retrieval, blocks, described, likely)
    confidence = float(parts.weights.sufficiency.probability(whole[None, :])[0])
    return Evidence(retrieval, tuple(blocks), likely, confidence)


def _require_enough(evidence: Evidence, parts: Parts) -> None:
    """Show nothing rather than something that does not answer."""
    if not evidence.blocks:
        raise Ended(Status.NOT_IN_GUIDANCE, Reason.NOTHING_FOUND, NOT_IN_GUIDANCE)
    if not parts.weights.enough(evidence.confidence, evidence.retrieval.question):
        nearest = _nearest(evidence.retrieval, parts.searcher)
        raise Ended(Status.NOT_IN_GUIDANCE, Reason.TOO_LITTLE_EVIDENCE, NOT_IN_GUIDANCE, nearest)


def _draft(evidence: Evidence, parts: Parts) -> Draft:
    limits = Limits(parts.weights.keep_from, parts.weights.keep_least, parts.settings.max_blocks)
    chosen = select(evidence.blocks, evidence.likely, limits, fact=asked_for(evidence.retrieval.focus))
    return draft_by_quotation(parts.searcher, [evidence.blocks[position] for position in chosen])


def verify(draft: Draft) -> Checked:
    """Check every claim against the passages it cites; what fails is withheld."""
    passages = {source.number: source.text for source in draft.sources}
    claims = [_verified(claim, passages) for claim in draft.claims]
    shown = tuple(claim for claim in claims if claim.verdict is not Verdict.UNSUPPORTED)
    withheld = tuple(claim for claim in claims if claim.verdict is Verdict.UNSUPPORTED)
    cited = {citation.source for claim in shown for citation in claim.citations}
    sources = tuple(source for source in draft.sources if source.number in cited)
    return Checked(shown, withheld, sources, draft.partial)


def _verified(claim: DraftClaim, passages: dict[int, str]) -> Claim:
    quotes = [Quote(passages.get(cited.source, ""), cited.start, cited.end, cited.quote) for cited in claim.citations]
    check = verify_quotation(claim.text, quotes)
    return Claim(text=claim.text, verdict=check.verdict, score=check.score, citations=claim.citations)


def _answered(run: Run, checked: Checked, parts: Parts) -> Answer:
    if not checked.claims:
        raise Ended(Status.NOT_IN_GUIDANCE, Reason.TOO_LITTLE_EVIDENCE, NOT_IN_GUIDANCE)
    days = parts.settings.old_after_days
    told = notices(checked.sources, today=dt.date.today(), old_after_days=days, partial=checked.partial)
    return Answer(
        id=run.question.id,
        question=run.question.question,
        standalone_question=run.standalone_question,
        status=Status.PARTLY_ANSWERED if checked.withheld else Status.ANSWERED,
        reason=Reason.EVIDENCE_FOUND,
        text="\n\n".join(_marked(claim) for claim in checked.claims),
        claims=checked.claims,
        withheld=checked.withheld,
        sources=checked.sources,
        notices=(*told, *_rewriting(run)),
        confidence=round(run.confidence, 4),
        index_digest=parts.searcher.index.digest,
    )


def _ended(run: Run, end: Ended, parts: Parts) -> Answer:
    return Answer(
        id=run.question.id,
        question=run.question.question,
        standalone_question=run.standalone_question,
        status=end.status,
        reason=end.reason,
        text=end.text,
        nearest=end.nearest,
        notices=_rewriting(run),
        confidence=round(run.confidence, 4),
        index_digest=parts.searcher.index.digest,
    )


def _rewriting(run: Run) -> tuple[AnswerNotice, ...]:
    changed = run.standalone_question.strip() != run.question.question.strip()
    return (rewritten(run.standalone_question),) if changed and run.question.history else ()


def _marked(claim: Claim) -> str:
    numbers = dict.fromkeys(citation.source for citation in claim.citations)
    return f"{claim.text} {''.join(f'[{number}]' for number in numbers)}"


def _nearest(retrieval: Retrieval, searcher: Searcher) -> tuple[NearestPage, ...]:
    pages: dict[str, NearestPage] = {}
    for hit in retrieval.hits:
        document = searcher.index.brief(hit.row)
        page = NearestPage(title=document.title, url=document.url, organisation="; ".join(document.organisations))
        pages.setdefault(document.url, page)
        if len(pages) == _NEAREST_PAGES:
            break
    return tuple(pages.values())
