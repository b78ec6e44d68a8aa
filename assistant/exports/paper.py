"""A paper: what an export says, in order, whichever file it becomes. Every claim has its verdict; every footnote its quote.

Footnotes are numbered over the whole paper. All text is fit for files. Knows nothing of formats.
"""

from __future__ import annotations

import datetime as dt
import importlib.metadata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from assistant.answer import Answer, Claim, Source, Status, Verdict
from assistant.answer.layout import ItemList, Sentence, Table, arrange, cells
from assistant.answer.links import file_name
from assistant.answer.notices import OWN_NOTE
from assistant.answer.origins import heading_of_own
from assistant.answer.replies import heading_for
from assistant.exports.model import GivenAnswer, Marking
from assistant.exports.text import address_for_file, clean, one_line

STATUSES = {
    Status.ANSWERED: "What the guidance says",
    Status.PARTLY_ANSWERED: "Part of an answer",
    Status.NOT_IN_GUIDANCE: "Not answered: this is not in the guidance that Bernard holds",
    Status.NEEDS_CLARIFICATION: "Not answered: the question needs to be clearer",
    Status.OUT_OF_SCOPE: "Not answered: this is nothing that Bernard can answer",
    Status.BLOCKED: "Not answered: the question was not searched for",
    Status.FAILED: "Not answered: something went wrong",
}
VERDICTS = {
    Verdict.QUOTED: "Quoted",
    Verdict.SUPPORTED: "Supported",
    Verdict.PARTLY_SUPPORTED: "Partly supported",
    Verdict.UNSUPPORTED: "Unsupported",
}
MEANINGS = {
    "Quoted": "word for word from the source in the footnote",
    "Supported": "checked: the source in the footnote says this",
    "Partly supported": "the source in the footnote says part of this",
}
ONLY_SUMMARIES = "What Bernard's summaries say"
"""In place of "What the guidance says" where none of the publisher's own text is quoted."""
BY_MODEL = "Drafted with AI assistance"
BY_QUOTATION = "Quoted from guidance by Bernard"
LEFT_OUT = "Left out"
LEFT_OUT_WHY = "Bernard's check could not match these sentences to the guidance. Do not rely on them."
NEAREST = "Pages that may help"
NEAREST_WHY = "The nearest pages in the guidance. They do not answer the question."
NOT_OFFICIAL = "Bernard is not an official service and gives no advice. Open the pages before you rely on this paper."


@dataclass(frozen=True, slots=True)
class Footnote:
    """What a claim rests on.

    Attributes:
        number: From 1, over the whole paper.
        quote: The words of the page.
        title: Of the page.
        organisation: Whose page it is, may be "".
        address: Sound web address, or "".
        place: What stands for an address where there is none: a file's name.
        dated: "Updated 3 April 2024", or that there is no date.
        retrieved: "Retrieved 25 November 2026".
        remark: What to know before relying on it, may be "".
    """

    number: int
    quote: str
    title: str
    organisation: str
    address: str
    place: str
    dated: str
    retrieved: str
    remark: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim: its words, the word of its verdict, its footnotes, and why it is not fully supported."""

    text: str
    verdict: str
    footnotes: tuple[Footnote, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """Statements under the words that introduce them all."""

    lead_in: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a table, each a statement; all rows have as many cells, and so have the headings where there are any."""

    headings: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], Statement], ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """What the statements after it stand under."""

    text: str


Part = Statement | Items | Rows | Heading


@dataclass(frozen=True, slots=True)
class Link:
    """A page to look at; `address` is "" when it has none."""

    title: str
    organisation: str
    address: str


@dataclass(frozen=True, slots=True)
class Section:
    """One question with its answer.

    Attributes:
        question: As asked; "" where the paper's title says it.
        status: How it ended, as a heading.
        reply: The paragraphs said in place of an answer.
        notices: What the reader must know.
        parts: What is answered.
        left_out: What failed the check.
        nearest: Pages to look at where there is no answer.
        choices: What the question could be about.
        origin: What drafted it, when, from which records.
    """

    question: str
    status: str
    reply: tuple[str, ...]
    notices: tuple[str, ...]
    parts: tuple[Part, ...]
    left_out: tuple[Statement, ...]
    nearest: tuple[Link, ...]
    choices: tuple[str, ...]
    origin: str


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything that an export says; `foot` stands at the foot of each page, `marking` at its head, "" for none."""

    title: str
    marking: str
    foot: str
    made_at: dt.datetime
    sections: tuple[Section, ...]

    @property
    def footnotes(self) -> tuple[Footnote, ...]:
        """All footnotes in order of number."""
        return tuple(note for section in self.sections for one in statements(section) for note in one.footnotes)

    @property
    def meanings(self) -> tuple[tuple[str, str], ...]:
        """What the words of verdicts that occur mean."""
        words = {one.verdict for section in self.sections for one in statements(section)}
        return tuple((word, meaning) for word, meaning in MEANINGS.items() if word in words)


def write_paper(given: Sequence[GivenAnswer], title: str, *, marking: Marking, made_at: dt.datetime) -> Paper:
    """Put answers on paper, in the order given."""
    numbers = iter(range(1, 1_000_000))
    drafted = any(one.answer.model != "quotation" for one in given)
    foot = f"{BY_MODEL if drafted else BY_QUOTATION} · {day(made_at)} · Bernard {version()}"
    title = one_line(title) or "Guidance found by Bernard"
    sections = [_section(one, numbers) for one in given]
    if len(sections) == 1 and sections[0].question == title:  # it need not be said twice
        sections = [replace(sections[0], question="")]
    return Paper(
        title=title,
        marking="" if marking is Marking.NONE else str(marking),
        foot=foot,
        made_at=made_at,
        sections=tuple(sections),
    )


def statements(section: Section) -> Iterator[Statement]:
    """The statements of a section that are shown, in order."""
    for part in section.parts:
        if isinstance(part, Statement):
            yield part
        elif isinstance(part, Items):
            yield from part.statements
        elif isinstance(part, Rows):
            yield from (statement for _, statement in part.rows)


def day(moment: dt.date) -> str:
    """A date as people write it."""
    return f"{moment.day} {moment:%B %Y}"


def version() -> str:
    """Bernard's own."""
    return importlib.metadata.version("bernard-assistant")


def _section(given: GivenAnswer, numbers: Iterator[int]) -> Section:
    answer = given.answer
    sources = {source.number: source for source in answer.sources}
    writer = _Writer(sources, numbers, retrieved=f"Retrieved {day(given.given_at)}")
    parts = tuple(writer.parts(answer.claims))
    return Section(
        question=one_line(answer.question),
        status=_heading(answer),
        reply=() if answer.claims else _paragraphs(answer.text),
        notices=tuple(clean(notice.text) + writer.where(notice.sources) for notice in answer.notices),
        parts=parts,
        left_out=tuple(Statement(clean(one.text), VERDICTS[one.verdict], reasons=_reasons(one)) for one in answer.withheld),
        nearest=tuple(_link(page.title, page.organisation, page.url) for page in answer.nearest),
        choices=tuple(one_line(choice.label) for choice in answer.choices),
        origin=_origin(given),
    )


def _heading(answer: Answer) -> str:
    """How an answer ended; where there is none, a fixed reply's own heading follows."""
    if theirs := heading_of_own(answer):
        return theirs
    if answer.claims:
        only_summaries = answer.status is Status.ANSWERED and all(_is_own(source) for source in answer.sources)
        return ONLY_SUMMARIES if only_summaries else STATUSES[answer.status]
    own = heading_for(answer.reason)
    return f"{STATUSES[answer.status]} ({one_line(own)})" if own else STATUSES[answer.status]


class _Writer:
    """Writes claims in order and gives their footnotes numbers."""

    def __init__(self, sources: Mapping[int, Source], numbers: Iterator[int], *, retrieved: str) -> None:
        self._sources, self._numbers, self._retrieved = sources, numbers, retrieved
        self._notes: dict[int, list[int]] = {}

    def parts(self, claims: Sequence[Claim]) -> Iterator[Part]:
        for heading, under in groupby(claims, key=lambda claim: claim.heading):
            if heading:
                yield Heading(one_line(heading))
            yield from self._parts(tuple(under))

    def _parts(self, claims: Sequence[Claim]) -> Iterator[Part]:
        for piece in arrange(claims, self._sources):
            if isinstance(piece, Sentence):
                yield self._statement(piece.claim, piece.claim.text)
            elif isinstance(piece, ItemList):
                yield Items(clean(piece.lead_in), tuple(self._statement(item.claim, item.text) for item in piece.items))
            elif isinstance(piece, Table):
                headings = tuple(one_line(heading) for heading in piece.headings)
                rows = ((cells(item.text), self._statement(item.claim, item.text)) for item in piece.rows)
                yield Rows(headings, tuple((tuple(one_line(cell) for cell in row), one) for row, one in rows))

    def where(self, sources: Sequence[int]) -> str:
        """The footnotes of sources, since the paper does not count sources: " (footnotes 4 and 5)"."""
        cited = [number for number in sources if number in self._notes]
        if len(cited) == 1:
            return f" ({_footnotes(self._notes[cited[0]])})"
        told = "; ".join(f"source {number}: {_footnotes(self._notes[number])}" for number in cited)
        return f" ({told})" if told else ""

    def _statement(self, claim: Claim, text: str) -> Statement:
        quotes: dict[int, list[str]] = {}
        for citation in claim.citations:
            quotes.setdefault(citation.source, []).append(citation.quote)
        notes = tuple(self._footnote(self._sources[number], words) for number, words in quotes.items())
        return Statement(clean(text.strip()), VERDICTS[claim.verdict], notes, _reasons(claim))

    def _footnote(self, source: Source, quotes: Iterable[str]) -> Footnote:
        is_own = _is_own(source)
        dated = f"{'As at' if is_own else 'Updated'} {day(source.updated)}" if source.updated else "No date on the page"
        if source.uploaded:
            dated = f"Dated {day(source.updated)}" if source.updated else "No date"
        remarks = [
            "A document of the person who asked, not government guidance" if source.uploaded else "",
            "The address leads to the official page, which says it in other words" if is_own else "",
            source.notice or ("This guidance is no longer current." if source.withdrawn else ""),
            "Recognised from a scan; letters may be wrong" if source.recognised else "",
        ]
        number = next(self._numbers)
        self._notes.setdefault(source.number, []).append(number)
        return Footnote(
            number=number,
            quote=" … ".join(one_line(quote) for quote in quotes),
            title=_title(source),
            organisation="" if is_own else one_line(source.organisation),
            address=address_for_file(source.url),
            place=one_line(file_name(source.url)) or "no address known",
            dated=dated,
            retrieved=self._retrieved,
            remark=". ".join(one_line(remark).rstrip(".") for remark in remarks if remark),
        )


def _title(source: Source) -> str:
    before = "Bernard's summary: " if _is_own(source) else "Your document: " if source.uploaded else ""
    return f"{before}{one_line(source.title)}"


def _is_own(source: Source) -> bool:
    return source.document_type == OWN_NOTE


def _footnotes(numbers: Sequence[int]) -> str:
    *others, last = [str(number) for number in numbers]
    return f"footnotes {', '.join(others)} and {last}" if others else f"footnote {last}"


def _link(title: str, organisation: str, url: str) -> Link:
    return Link(one_line(title), one_line(organisation), address_for_file(url))


def _reasons(claim: Claim) -> tuple[str, ...]:
    return tuple(one_line(reason) for reason in claim.reasons)


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in clean(text).splitlines() if line.strip())


def _origin(given: GivenAnswer) -> str:
    answer = given.answer
    how = (
        f"Written by the language model {one_line(answer.model)}; each sentence was checked against its source"
        if answer.model != "quotation"
        else "Quoted by Bernard, without a language model"
    )
    when = f"on {day(given.given_at)} at {given.given_at:%H:%M} UTC"
    named = f". Reference {one_line(given.id)}" if given.id else ""
    return f"{how}, {when}{named}."
