"""Writes a conversation as HTML: each question with its answer, its sources and what can be done with it.

Everything that comes from an answer passes through `escape`; nothing else makes markup. Pure functions. Knows nothing of
Gradio: the same markup can serve any page with the same style sheets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from assistant.answer import Answer
from assistant.web.answer_body import announcement, answer_body
from assistant.web.claims import ClaimWriter
from assistant.web.conversation import Exchange, Progress
from assistant.web.filters import gone_through, is_gone_through, searched_only
from assistant.web.passing_on import change, feedback, pass_on, save
from assistant.web.sources import source_list
from assistant.web.why import why

__all__ = ["Tools", "announcement", "conversation", "exchange", "fault", "progress"]

_LONGEST_HEADING, _CUT_HEADING = 300, 240  # characters of a question in its heading, and of the beginning of a longer one


@dataclass(frozen=True, slots=True)
class Tools:
    """What a reader can do with an answer, beside reading it.

    Attributes:
        has_more: The page can show more of a source's page.
        is_live: A script is there, so that a question can be changed and an answer copied.
        record: Name of the answer in the records, "" when it is not kept: no files of it, no feedback on it.
        has_files: The server gives files of what is in the records.
        sent_to: Address to which forms send feedback and changed questions where no script is there; "" for no such forms.
        asking: Id of the form that asks the question of a choice; "" where a script does.
    """

    has_more: bool = False
    has_files: bool = False
    is_live: bool = False
    record: str = ""
    sent_to: str = ""
    asking: str = ""


def conversation(exchanges: Sequence[Exchange], *, has_more: bool = False, has_files: bool = False) -> str:
    """All exchanges, oldest first; the sources of the last are open.

    Args:
        exchanges: What was asked and answered.
        has_more: The page can show more of a source's page.
        has_files: The server gives files of what is in the records.
    """
    return "".join(
        exchange(
            one.answer,
            turn=turn,
            latest=turn == len(exchanges),
            beside=one.beside,
            tools=Tools(has_more=has_more, has_files=has_files, is_live=True, record=one.id),
        )
        for turn, one in enumerate(exchanges, start=1)
    )


def exchange(
    answer: Answer, *, turn: int, latest: bool = True, beside: Answer | None = None, tools: Tools | None = None
) -> str:
    """A question with its answer and its sources.

    Args:
        answer: What to show.
        turn: Position in the conversation, from 1; keeps the ids of one page apart.
        latest: Open the list of sources.
        beside: The same question answered by quotation alone, to be shown next to it.
        tools: What can be done with the answer; None for nothing.
    """
    tools = tools or Tools()
    return (
        f'<article class="b-exchange" aria-labelledby="t{turn}-question">'
        f'<h2 class="b-question" id="t{turn}-question" tabindex="-1">'
        f'<span class="b-hidden">Your question: </span>{escape(_shortened(answer.question))}</h2>'
        f"{_whole(answer.question)}{_limits(answer)}{_answers(answer, beside, turn, latest, tools)}"
        f'<div class="b-tools">{"".join(_tools(answer, turn, tools))}</div></article>'
    )


def _shortened(question: str) -> str:
    """A question as a heading; its beginning where it is long."""
    return question if len(question) <= _LONGEST_HEADING else f"{question[:_CUT_HEADING].rsplit(' ', 1)[0].rstrip()}…"


def _whole(question: str) -> str:
    """All of a question of which the heading has the beginning, folded."""
    if len(question) <= _LONGEST_HEADING:
        return ""
    return f'<details class="b-asked"><summary>Your whole question</summary><p>{escape(question)}</p></details>'


def _limits(answer: Answer) -> str:
    if is_gone_through(answer):
        return f'<p class="b-limits"><strong>Gone through:</strong> {escape(gone_through(answer))}</p>'
    told = searched_only(answer)
    return f'<p class="b-limits"><strong>Searched only:</strong> {escape(told)}</p>' if told else ""


def _answers(answer: Answer, beside: Answer | None, turn: int, latest: bool, tools: Tools) -> str:
    if beside is None:
        body = answer_body(answer, turn, asking=tools.asking)
        body += source_list(answer, turn, is_open=latest, has_more=tools.has_more) if answer.sources else ""
        return f'<div class="b-columns{"" if answer.sources else " b-columns-single"}">{body}</div>'
    sides = (("By quotation", beside, f"{turn}q"), ("Written by the model", answer, str(turn)))
    return '<div class="b-sides">' + "".join(_side(*side, latest, tools) for side in sides) + "</div>"


def _side(name: str, answer: Answer, turn: str, latest: bool, tools: Tools) -> str:
    body = answer_body(answer, turn, asking=tools.asking)
    body += source_list(answer, turn, is_open=latest, has_more=tools.has_more) if answer.sources else ""
    return (
        f'<section class="b-side" aria-label="{name}"><p class="b-side-name" aria-hidden="true">{name}</p>{body}</section>'
    )


def _tools(answer: Answer, turn: int, tools: Tools) -> list[str]:
    parts = [why(answer)]
    if tools.is_live and answer.claims:
        parts.append(pass_on(answer, turn, record=tools.record if tools.has_files else ""))
    if tools.is_live and tools.record:
        parts.append(feedback(answer, turn, record=tools.record))
    if tools.is_live:
        parts.append(change(answer, turn))
    if tools.sent_to:
        parts += _plain_tools(answer, turn, tools)
    return parts


def _plain_tools(answer: Answer, turn: int, tools: Tools) -> list[str]:
    """The same without a script: files, feedback, a changed question."""
    parts = [save(answer, turn, record=tools.record)] if tools.has_files and answer.claims and tools.record else []
    if tools.record:
        parts.append(feedback(answer, turn, record=tools.record, sent_to=f"{tools.sent_to}/feedback"))
    return [*parts, change(answer, turn, sent_to=f"{tools.sent_to}/change")]


def progress(written: Progress) -> str:
    """An answer that is still being written: the claims that passed their check so far, without their sources."""
    page = ClaimWriter(0, {source.number: source for source in written.sources}, is_linked=False)
    body = "".join(f'<p class="b-claim">{page.claim(claim)}</p>' for claim in written.claims)
    out = f'<p class="b-tally">{written.withheld} left out so far: the check failed.</p>' if written.withheld else ""
    return (
        f'<article class="b-exchange" aria-busy="true"><h2 class="b-question"><span class="b-hidden">Your question: </span>'
        f"{escape(_shortened(written.question))}</h2>"
        f'<div class="b-columns b-columns-single"><div class="b-answer">{body}{out}</div></div></article>'
    )


def fault(message: str, *, at: str = "question") -> str:
    """A message by the field it is about, "" for none.

    Args:
        message: What to put right.
        at: Names the field, for the message's id.
    """
    if not message:
        return ""
    return (
        f'<div class="b-fault" role="alert"><p class="b-fault-text" id="{escape(at)}-fault">'
        f'<span class="b-hidden">Error: </span>{escape(message)}</p></div>'
    )
