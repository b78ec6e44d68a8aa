"""Writes one answer as HTML: heading, notices, claims, what was left out, the nearest pages, choices; no sources.

Pure functions. Everything that comes from an answer passes through `escape`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby

from assistant.answer import Answer, AnswerNotice, Choice, Claim, NearestPage, Notice, Source, Status, Verdict
from assistant.answer.origins import heading_of_own
from assistant.answer.replies import heading_for
from assistant.web.claims import ClaimWriter
from assistant.web.filters import described
from assistant.web.layout import arrange
from assistant.web.links import file_name, web_address
from assistant.web.markup import count, is_own, lines, link, reasons_of, see

_HEADINGS = {
    Status.ANSWERED: "What the guidance says",
    Status.PARTLY_ANSWERED: "Part of an answer",
    Status.NOT_IN_GUIDANCE: "Not in the guidance",
    Status.NEEDS_CLARIFICATION: "Bernard needs to know more",
    Status.OUT_OF_SCOPE: "Not something Bernard can answer",
    Status.BLOCKED: "This question was not searched for",
    Status.FAILED: "Something went wrong",
}

_ONLY_SUMMARIES = "What Bernard's summaries say"
"""In place of "What the guidance says" when none of the publisher's own text is quoted."""

_TIPS = (
    "Name the scheme, the form or the rule, in the words that the guidance itself would use.",
    "Ask about one thing at a time: who, how long, how much, or what comes first.",
    "Leave out names and the circumstances of one case; ask for the rule.",
)

_WARNINGS = {Notice.WITHDRAWN, Notice.SUPERSEDED, Notice.CONFLICT, Notice.OTHER_NATION, Notice.RECOGNISED}


def announcement(answer: Answer) -> str:
    """What a screen reader hears when an answer is ready, as plain text."""
    if not answer.claims:
        return f"{_heading(answer)}."
    return f"Answer ready. {_heading(answer)}: {_tally(answer)}."


def answer_body(answer: Answer, turn: int | str, *, asking: str = "") -> str:
    """Heading, notices, claims and what goes with them; the fixed reply where there are none.

    Args:
        answer: What to show.
        turn: Position in the conversation, which keeps ids apart.
        asking: Id of the form that asks the question of a choice; "" where a script does.
    """
    parts = [f'<h3 class="b-status">{_heading(answer)}</h3>']
    if answer.claims:
        parts.append(f'<p class="b-tally">{escape(_tally(answer))}</p>')
    else:
        parts += _paragraphs(answer.text)
    parts += [_notice(notice, turn) for notice in answer.notices]
    by_number = {source.number: source for source in answer.sources}
    page = ClaimWriter(turn, by_number)
    for heading, claims in groupby(answer.claims, key=lambda claim: claim.heading):
        parts.append(f'<h4 class="b-claims-heading">{escape(heading)}</h4>' if heading else "")
        parts += _pieces(tuple(claims), page, by_number)
    if answer.claims and answer.model != "quotation":
        parts.append(f'<p class="b-drafted">{_drafted_by(answer)}</p>')
    if answer.withheld:
        parts.append(_withheld(answer.withheld))
    if answer.nearest:
        parts.append(_nearest(answer.nearest))
    if answer.status is Status.NOT_IN_GUIDANCE:
        parts.append(_rephrase(answer))
    if answer.choices:
        parts.append(_choices(answer.choices, asking))
    return f'<div class="b-answer">{"".join(parts)}</div>'


def _pieces(claims: tuple[Claim, ...], page: ClaimWriter, by_number: Mapping[int, Source]) -> list[str]:
    """What stands under a heading; two sentences compared, each from another document of the reader's, side by side."""
    brought = [{source.url for source in _cited(claim, by_number) if source.uploaded} for claim in claims]
    if not claims[0].heading or len(claims) != 2 or not all(brought) or brought[0] & brought[1]:
        return [page.piece(piece) for piece in arrange(claims, by_number)]
    sides = ["".join(page.piece(piece) for piece in arrange((claim,), by_number)) for claim in claims]
    return ['<div class="b-pair">' + "".join(f'<div class="b-pair-side">{side}</div>' for side in sides) + "</div>"]


def _cited(claim: Claim, by_number: Mapping[int, Source]) -> list[Source]:
    return [by_number[citation.source] for citation in claim.citations]


def _heading(answer: Answer) -> str:
    if own := heading_of_own(answer):
        return own
    if answer.status is Status.ANSWERED and answer.sources and all(is_own(source) for source in answer.sources):
        return _ONLY_SUMMARIES
    return heading_for(answer.reason) or _HEADINGS[answer.status]


def _tally(answer: Answer) -> str:
    quoted = all(claim.verdict is Verdict.QUOTED for claim in answer.claims)
    claims = count(len(answer.claims), "quotation" if quoted else "statement")
    pages = {
        source.url.partition("#")[0] or source.title
        for source in answer.sources
        if not is_own(source) and not source.uploaded
    }
    brought = {source.url for source in answer.sources if source.uploaded}
    summaries = {source.title for source in answer.sources if is_own(source)}
    origins = [f"{count(len(pages), 'page')} of guidance"] if pages else []
    if summaries:
        origins.append(f"{len(summaries)} of Bernard's summaries")
    if brought:
        origins.append(count(len(brought), "document of yours", "documents of yours"))
    *others, last = origins
    return f"{claims} from {', '.join(others)} and {last}" if others else f"{claims} from {last}"


def _paragraphs(text: str) -> list[str]:
    return [f"<p>{escape(line.strip())}</p>" for line in text.splitlines() if line.strip()]


def _drafted_by(answer: Answer) -> str:
    quoted = (
        " Sentences marked “Quoted” are word for word." if any(c.verdict is Verdict.QUOTED for c in answer.claims) else ""
    )
    return f"Written by the language model {escape(answer.model)}; each sentence was checked against its source.{quoted}"


def _withheld(claims: Sequence[Claim]) -> str:
    were = "was" if len(claims) == 1 else "were"
    items = "".join(f"<li>{lines(claim.text)}{reasons_of(claim)}</li>" for claim in claims)
    return (
        '<details class="b-withheld"><summary>Left out: could not be matched to the guidance '
        f'<span class="b-count">({count(len(claims), "sentence")} {were} withheld)</span></summary>'
        f"<p>Do not rely on these: the check found no support for them.</p><ul>{items}</ul></details>"
    )


def _nearest(pages: Sequence[NearestPage]) -> str:
    items = "".join(f"<li>{_page_link(page)}{_organisation(page.organisation)}</li>" for page in pages)
    return (
        '<section class="b-nearest"><h4>You may want to look at</h4>'
        f"<p>The nearest pages in the guidance. They are not an answer to your question.</p><ul>{items}</ul></section>"
    )


def _rephrase(answer: Answer) -> str:
    tips = list(_TIPS)
    if told := described(answer.filters):
        tips.insert(0, f"You searched only: {told}. Clear these choices to search everything.")
    items = "".join(f"<li>{escape(tip)}</li>" for tip in tips)
    return f'<section class="b-rephrase"><h4>How to ask again</h4><ul>{items}</ul></section>'


def _choices(choices: Sequence[Choice], asking: str) -> str:
    """Buttons, each of which asks its question: through a form, or bernard.js puts it into the question box and sends it."""
    kind = f'type="submit" form="{asking}" name="question" value' if asking else 'type="button" data-question'
    items = "".join(
        f'<li><button class="b-choice" {kind}="{escape(choice.question)}">{escape(choice.label)}</button></li>'
        for choice in choices
    )
    return f'<ul class="b-choices">{items}</ul>'


def _page_link(page: NearestPage) -> str:
    address = web_address(page.url)
    if not address:
        return f"{escape(page.title)}{_in_file(page.url)}"
    return link(address, page.title)


def _organisation(name: str) -> str:
    return f'<span class="b-organisation">{escape(name)}</span>' if name else ""


def _in_file(url: str) -> str:
    name = file_name(url)
    return f' <span class="b-file">{escape(name)}</span>' if name else ""


def _notice(notice: AnswerNotice, turn: int | str) -> str:
    text = escape(notice.text)
    if notice.sources:
        text += f' <span class="b-notice-sources">{see(notice.sources, turn)}</span>'
    if notice.kind in _WARNINGS:
        return (
            '<div class="b-warning"><span class="b-warning-icon" aria-hidden="true">!</span>'
            f'<strong class="b-warning-text"><span class="b-hidden">Warning: </span>{text}</strong></div>'
        )
    return f'<div class="b-inset">{text}</div>'
