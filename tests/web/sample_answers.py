"""A small real implementation of `Answers`: answers written by hand, one for every state the page can show.

`SampleAnswers().ask(words)` returns the answer whose key stands in the question, and remembers what it was asked.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.answer import (
    Answer,
    AnswerNotice,
    Choice,
    Citation,
    Claim,
    ClaimShown,
    ClaimWithheld,
    Considered,
    Drafter,
    Event,
    Finished,
    NearestPage,
    Notice,
    Reason,
    Source,
    Stage,
    StageStarted,
    Status,
    Turn,
    Verdict,
)
from assistant.errors import IndexMissing
from assistant.search import Facets, Filters, Neighbour

FOI_TEXT = (
    "You must reply promptly, and no later than 20 working days after the day you receive the request.\n\n"
    "The clock stops while you wait for the requester to:\n"
    "clarify what they want\n"
    "pay a fee you have asked for\n\n"
    "Schools and armed forces units have different limits."
)
RULES_TEXT = (
    "Grade or equivalent | Rules apply for | Who considers an application\n"
    "Grade 6 and below | 1 year | Your former department\n"
    "SCS1 and SCS2 | 2 years | Your former department"
)
OLD_TEXT = "Requests must be answered within 40 days."
HOSTILE = '<script>alert("x")</script><img src=x onerror="alert(1)">${alert(2)}{{value}}</mark></article>'


def source(number: int, text: str, **fields: object) -> Source:
    """A source with everyday values for what a test does not care about."""
    values: dict[str, object] = {
        "rank": number,
        "score": 0.9,
        "passage_id": f"p{number}",
        "url": "https://www.gov.uk/guidance/foi#time-limits",
        "title": "Answering a freedom of information request",
        "headings": ("Time limits",),
        "organisation": "Cabinet Office",
        "updated": dt.date(2024, 4, 3),
        "withdrawn": False,
        "extent": ("England", "Wales", "Northern Ireland"),
    }
    return Source(number=number, text=text, **{**values, **fields})


def cite(number: int, text: str, quote: str) -> Citation:
    """A citation of the first place where `quote` stands in `text`."""
    start = text.index(quote)
    return Citation(source=number, quote=quote, start=start, end=start + len(quote))


def considered(rank: int, *, used: bool = False, title: str = "Answering a freedom of information request") -> Considered:
    """A passage that the search found."""
    url = "https://www.gov.uk/guidance/foi#time-limits"
    return Considered(
        passage_id=f"p{rank}",
        title=title,
        url=url,
        headings=("Time limits",),
        opening="You must reply",
        rank=rank,
        score=0.5 / rank,
        used=used,
    )


def claim(text: str, *citations: Citation, verdict: Verdict = Verdict.QUOTED) -> Claim:
    """A claim with full marks."""
    return Claim(text=text, verdict=verdict, score=1.0, citations=citations)


def answer(question: str, status: Status = Status.ANSWERED, **fields: object) -> Answer:
    """An answer with everyday values for what a test does not care about."""
    values: dict[str, object] = {
        "standalone_question": question,
        "reason": Reason.EVIDENCE_FOUND if status is Status.ANSWERED else Reason.NOTHING_FOUND,
        "text": "",
    }
    return Answer(question=question, status=status, **{**values, **fields})


LEAD_IN = "The clock stops while you wait for the requester to:"
FIRST = "You must reply promptly, and no later than 20 working days after the day you receive the request."


def foi(question: str) -> Answer:
    """A sentence, a list under its lead-in, and a superseded source."""
    claims = [claim(FIRST, cite(1, FOI_TEXT, FIRST))]
    claims += [
        claim(f"{LEAD_IN} {item}", cite(1, FOI_TEXT, LEAD_IN), cite(1, FOI_TEXT, item))
        for item in ("clarify what they want", "pay a fee you have asked for")
    ]
    claims.append(claim(OLD_TEXT, cite(2, OLD_TEXT, OLD_TEXT)))
    old = source(
        2,
        OLD_TEXT,
        url="https://www.gov.uk/guidance/foi-1999",
        title="Code of practice on access to government information",
        headings=(),
        updated=None,
        withdrawn=True,
        notice="This guidance was withdrawn on 1 January 2005 because the Freedom of Information Act 2000 replaced it.",
        extent=(),
    )
    notices = (
        AnswerNotice(
            kind=Notice.SUPERSEDED,
            text="Source 2 is not current guidance. It was withdrawn on 1 January 2005.",
            sources=(2,),
        ),
        AnswerNotice(kind=Notice.UNDATED, text="Source 2 gives no date. Check that it is current.", sources=(2,)),
    )
    return answer(
        question,
        text=f"{FIRST} [1]",
        claims=tuple(claims),
        sources=(source(1, FOI_TEXT), old),
        notices=notices,
        considered=(considered(1, used=True), considered(2, used=True), considered(3, title="Fees for requests")),
        timings_ms={"embed": 12.2, "search": 30.0, "total": 151.4},
        index_digest="0123456789abcdef",
    )


def rules(question: str) -> Answer:
    """Table rows under their headings, from a file without an address, and every verdict."""
    head, *rows = RULES_TEXT.split("\n")
    claims = [claim(f"{head}\n{row}", cite(1, RULES_TEXT, head), cite(1, RULES_TEXT, row)) for row in rows]
    claims.append(claim("The rules last longer for senior staff.", cite(1, RULES_TEXT, rows[1]), verdict=Verdict.SUPPORTED))
    claims.append(claim("They always last two years.", cite(1, RULES_TEXT, "2 years"), verdict=Verdict.PARTLY_SUPPORTED))
    file = source(
        1,
        RULES_TEXT,
        url="file:/srv/guidance/Business%20rules.docx",
        title="Taking up a new job after leaving the Civil Service",
        headings=("Before you leave", "How long the rules last"),
        context="The period depends on your grade when you leave:",
    )
    return answer(
        question,
        Status.PARTLY_ANSWERED,
        standalone_question="How long do the Business Appointment Rules last for a Grade 6?",
        text="Two rows.",
        claims=tuple(claims),
        withheld=(claim("Ministers decide.", cite(1, RULES_TEXT, "2 years"), verdict=Verdict.UNSUPPORTED),),
        sources=(file,),
        notices=(
            AnswerNotice(
                kind=Notice.REWRITTEN,
                text="Searched for: “How long do the Business Appointment Rules last for a Grade 6?”",
            ),
        ),
    )


def hostile(question: str) -> Answer:
    """Every field tries to become markup."""
    text = f"Before. {HOSTILE} After."
    bad = source(
        1,
        text,
        url='javascript:alert("url")',
        title=HOSTILE,
        headings=(HOSTILE,),
        organisation=HOSTILE,
        notice=HOSTILE,
        context=HOSTILE,
        extent=(HOSTILE,),
    )
    return answer(
        question,
        text=HOSTILE,
        claims=(claim(HOSTILE, cite(1, text, HOSTILE)),),
        sources=(bad,),
        notices=(AnswerNotice(kind=Notice.OLD, text=HOSTILE, sources=(1,)),),
        nearest=(NearestPage(title=HOSTILE, url="javascript:alert(3)", organisation=HOSTILE),),
    )


def parking(question: str) -> Answer:
    """Not in the guidance, with the nearest pages."""
    return answer(
        question,
        Status.NOT_IN_GUIDANCE,
        reason=Reason.TOO_LITTLE_EVIDENCE,
        text="Bernard found nothing in the guidance that answers this question.",
        nearest=(
            NearestPage(title="Travel", url="https://www.gov.uk/guidance/travel", organisation="HM Treasury"),
            NearestPage(title="Local notes", url="file:/srv/notes.md", organisation=""),
        ),
    )


def several(question: str) -> Answer:
    """Asked back, with topics to choose from."""
    return answer(
        question,
        Status.NEEDS_CLARIFICATION,
        reason=Reason.SEVERAL_TOPICS,
        text="Your question could be about more than one thing.",
        choices=(
            Choice(label="Freedom of information", question="What does “freedom of information” say about fees?"),
            Choice(label=HOSTILE, question=f"hostile {HOSTILE}"),
        ),
    )


_BY_WORD = {"freedom": foi, "several": several, "grade": rules, "parking": parking, "hostile": hostile}
_STATUS_BY_WORD = {
    "clarify": (Status.NEEDS_CLARIFICATION, "Which nation do you mean?"),
    "poem": (Status.OUT_OF_SCOPE, "Bernard only quotes guidance."),
    "ignore": (Status.BLOCKED, "This question looks like an instruction."),
    "failed": (Status.FAILED, "The index was changed while it was read."),
}


@dataclass
class SampleAnswers:
    """Answers by a word in the question; `asked` holds every question with the history it came with."""

    asked: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)

    def ask(self, question: str, *, history: Sequence[Turn] = (), id: str = "") -> Answer:
        """The answer for the first known word in `question`."""
        self.asked.append((question, tuple(history)))
        words = question.lower()
        if "slow" in words:
            time.sleep(0.7)
        if "crash" in words:
            raise RuntimeError("secret detail that must not reach the reader")
        if "missing" in words:
            raise IndexMissing("Nothing has been indexed yet. Run: bernard ingest")
        for word, (status, text) in _STATUS_BY_WORD.items():
            if word in words:
                return answer(question, status, text=text)
        return next((make for word, make in _BY_WORD.items() if word in words), parking)(question)

    def ask_events(self, question: str, *, history: Sequence[Turn] = (), id: str = "") -> Iterator[Event]:
        """The same answer; one whose question says "written" comes claim by claim, with time to look at each."""
        yield StageStarted(Stage.SEARCH)
        given = self.ask(question, history=history, id=id)
        if "written" in question.lower():
            yield StageStarted(Stage.WRITE)
            shown: set[int] = set()
            for one in given.claims:
                cited = {citation.source for citation in one.citations} - shown
                shown |= cited
                yield ClaimShown(one, tuple(source for source in given.sources if source.number in cited))
                time.sleep(0.7)
            for one in given.withheld:
                yield ClaimWithheld(one)
            given = given.model_copy(update={"model": "openai:sample"})
        yield Finished(given)


MODEL = "openai:sample"


@dataclass
class FullAnswers(SampleAnswers):
    """The same answers with everything that the page makes use of: limits, what stands around a source, a model.

    `options` holds what each question was asked with. A question that says "endless" is written without end.
    """

    model_name: str = MODEL
    options: list[tuple[Filters | None, Drafter | None]] = field(default_factory=list)

    def facets(self) -> Facets:
        """Two organisations, two types."""
        return Facets(("Cabinet Office", "HM Treasury"), ("detailed_guide", "manual section"))

    def around(self, source: Source) -> tuple[Neighbour, ...]:
        """A passage before, the source itself, and one after that tries to be markup."""
        return (
            Neighbour(("Time limits",), "", "What stands before the passage quoted.", is_found=False),
            Neighbour(("Time limits",), "", source.text, is_found=True),
            Neighbour(("Fees",), HOSTILE, HOSTILE, is_found=False),
        )

    def ask_events(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        id: str = "",
        filters: Filters | None = None,
        drafter: Drafter | None = None,
    ) -> Iterator[Event]:
        """The same, with `filters` in the answer; by quotation a written question comes whole."""
        self.options.append((filters, drafter))
        if "endless" in question.lower():
            yield from self._endless(question)
            return
        asked = question.replace("written", "quoted") if drafter == "quotation" else question
        for event in super().ask_events(asked, history=history, id=id):
            if isinstance(event, Finished):
                yield Finished(event.answer.model_copy(update={"question": question, "filters": filters}))
            else:
                yield event

    def _endless(self, question: str) -> Iterator[Event]:
        yield StageStarted(Stage.SEARCH)
        yield StageStarted(Stage.WRITE)
        given = foi(question)
        if "empty" not in question:
            yield ClaimShown(given.claims[0], given.sources[:1])
        for _ in range(600):
            time.sleep(0.05)
            yield StageStarted(Stage.WRITE)
