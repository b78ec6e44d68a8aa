"""What an answer is: the one object that terminal, browser, HTTP and evaluations render.

`source.text[citation.start:citation.end] == citation.quote` holds for every citation, and is checked when an answer is
made. Knows nothing of how answers come about.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.grounding import Verdict
from assistant.search import Filters


class Status(StrEnum):
    """How an answer ended."""

    ANSWERED = "answered"
    PARTLY_ANSWERED = "partly answered"
    NOT_IN_GUIDANCE = "not in the guidance"
    NEEDS_CLARIFICATION = "needs clarification"
    OUT_OF_SCOPE = "out of scope"
    BLOCKED = "blocked"
    FAILED = "failed"


class Reason(StrEnum):
    """Why an answer ended as it did."""

    EVIDENCE_FOUND = "evidence found"
    NOTHING_FOUND = "nothing found"
    TOO_LITTLE_EVIDENCE = "too little evidence"
    EMPTY_QUESTION = "empty question"
    QUESTION_TOO_LONG = "question too long"
    INTERNAL_ERROR = "internal error"
    GREETING = "greeting"
    THANKS = "thanks"
    ABOUT_BERNARD = "about Bernard"
    OPINION = "opinion or prediction"
    PARTY_POLITICS = "party politics"
    PERSONAL_CASE = "personal case"
    OTHER_LANGUAGE = "other language"
    ABUSE = "abuse"
    DISTRESS = "distress"
    SEVERAL_TOPICS = "several topics"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Turn(_Value):
    """One message of the conversation so far."""

    role: Literal["user", "assistant"]
    content: str


class Question(_Value):
    """What was asked, with the conversation before it, oldest message first."""

    question: str
    id: str = ""
    history: tuple[Turn, ...] = ()


class Citation(_Value):
    """Link from a claim to the exact span of a source that supports it: `source.text[start:end] == quote`."""

    source: int
    quote: str
    start: int
    end: int


class Claim(_Value):
    """One statement of an answer with the result of its check; score runs from 0 to 1.

    `reasons` say, for the reader, why it is not fully supported. A claim withheld from a written answer has no citations.
    `heading` is what it stands under in an answer that goes through whole documents, "" elsewhere.
    """

    text: str
    verdict: Verdict
    score: float
    citations: tuple[Citation, ...]
    reasons: tuple[str, ...] = ()
    heading: str = ""


class Source(_Value):
    """A passage as shown to the reader of one answer, numbered from 1.

    Attributes:
        url: Address of the page with the fragment of the nearest heading; "file:…" where no address is known.
        text: The passage's own text, without headings or title.
        context: Lead-in or column headings that stand before the passage, "" when not needed.
        updated: Date of the last significant change, None when the page does not say.
        withdrawn: True when withdrawn or superseded; `notice` says which and why.
        notice: What to know before relying on it, also where it is current; "" when there is nothing to say.
        recognised: True when words of the document were recognised on scanned pages, so that letters may be wrong.
        uploaded: True for a document of the person who asks, which is no guidance.
    """

    number: int
    rank: int
    score: float
    passage_id: str
    url: str
    title: str
    headings: tuple[str, ...]
    text: str
    context: str = ""
    organisation: str
    document_type: str = ""
    updated: dt.date | None
    withdrawn: bool
    notice: str = ""
    extent: tuple[str, ...] = ()
    recognised: bool = False
    uploaded: bool = False


class NearestPage(_Value):
    """A page offered as "you may want to look at", never as an answer."""

    title: str
    url: str
    organisation: str


class Choice(_Value):
    """One of the topics that a question may be about, and the question that asks about it."""

    label: str
    question: str


class Notice(StrEnum):
    """Kinds of notice on an answer."""

    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    OLD = "old"
    UNDATED = "undated"
    REWRITTEN = "rewritten"
    SUMMARY = "summary"
    PARTIAL = "partial"
    MODEL_FAILED = "model failed"
    QUOTED_INSTEAD = "quoted instead"
    FILLED_IN = "filled in"
    CONFLICT = "conflict"
    RECOGNISED = "recognised"
    CAUTION = "caution"
    OTHER_NATION = "other nation"
    STOPPED = "stopped"
    UPLOADED = "uploaded"


class AnswerNotice(_Value):
    """Something the reader must know beside the answer; `sources` are the numbers it is about, empty for all."""

    kind: Notice
    text: str
    sources: tuple[int, ...] = ()


class Considered(_Value):
    """A passage that the search found, whether or not the answer uses it.

    Attributes:
        opening: Its first words.
        rank: From 1.
        score: Fused score; comparable within one search only.
        used: It is among the answer's sources.
    """

    passage_id: str
    title: str
    url: str
    headings: tuple[str, ...] = ()
    opening: str = ""
    rank: int
    score: float
    used: bool


class Usage(_Value):
    """What a draft took.

    Attributes:
        read: Tokens of the prompt.
        written: Tokens of the draft, shown or not.
        is_told: The provider said so; else Bernard counted or estimated them, as it must where a draft was ended early.
        pounds: Their price as set in `generation.price_read` and `generation.price_written`; 0 where none is set.
    """

    read: int
    written: int
    is_told: bool
    pounds: float = 0.0


class Drafting(_Value):
    """How the draft of a language model fared.

    Attributes:
        offered: Ids of the passages it was given, in order.
        claims: Statements it made.
        forged: Numbers of sources it named that there are none of; they were removed.
        addresses: Web addresses it wrote; they were removed.
        elsewhere: Claims that rest on another source than the one it named.
        declined: It said that the sources do not answer.
        usage: What it took, without that of completing a question from the conversation.
    """

    offered: tuple[str, ...] = ()
    claims: int = 0
    forged: int = 0
    addresses: int = 0
    elsewhere: int = 0
    declined: bool = False
    usage: Usage | None = None


class Answer(_Value):
    """An answer, whatever its status.

    Attributes:
        id: The question's id.
        question: As asked.
        standalone_question: As searched for, with what the conversation supplies.
        status: How it ended.
        reason: Why.
        text: The answer as plain text with citation numbers in brackets; the fixed reply when there is none.
        claims: What is shown, in reading order.
        withheld: Claims that failed the check.
        sources: What the claims cite, in order of number.
        considered: The best passages that the search found, and those used from further down, best first.
        filters: What the search was limited to; None for everything.
        own_documents: Names of the documents of the one who asks that were searched, or gone through; left out where none.
        nearest: Pages that may be worth a look when the guidance does not answer.
        choices: Topics to choose from, two or three, when the question could be about several.
        notices: What the reader must know.
        model: What drafted it: "quotation" or a language model's name. Where a model did, a claim that is "quoted" may have
            been added by quotation.
        prompt_version: Which prompt the model was given; "" when it is quoted.
        drafting: How a language model's draft fared, also when nothing of it is shown; None where no model was asked.
        confidence: Estimated probability, from 0 to 1, that the guidance answers the question.
        timings_ms: Milliseconds by stage.
        index_digest: Names exactly what was searched.
    """

    id: str = ""
    question: str
    standalone_question: str
    status: Status
    reason: Reason
    text: str
    claims: tuple[Claim, ...] = ()
    withheld: tuple[Claim, ...] = ()
    sources: tuple[Source, ...] = ()
    considered: tuple[Considered, ...] = ()
    filters: Filters | None = None
    own_documents: tuple[str, ...] = Field((), exclude_if=lambda names: not names)
    nearest: tuple[NearestPage, ...] = ()
    choices: tuple[Choice, ...] = ()
    notices: tuple[AnswerNotice, ...] = ()
    model: str = "quotation"
    prompt_version: str = ""
    drafting: Drafting | None = None
    confidence: float = 0.0
    timings_ms: dict[str, float] = {}
    index_digest: str = ""

    @model_validator(mode="after")
    def _citations_are_exact(self) -> Self:
        sources = {source.number: source for source in self.sources}
        for claim in self.claims:
            if not claim.citations:
                raise ValueError(f"a claim without a citation: {claim.text!r}")
            for citation in claim.citations:
                source = sources.get(citation.source)
                if source is None or source.text[citation.start : citation.end] != citation.quote:
                    raise ValueError(f"a citation that is not in its source: {citation.quote!r}")
        return self
