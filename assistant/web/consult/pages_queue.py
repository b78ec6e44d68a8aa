"""Writes the queue of doubtful responses, the blind sample, and the figure of how agreement grows.

Pure functions over what the room tells; everything passes through `escape`, and personal data is masked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from assistant.consult import Agreement, OpenQuestion
from assistant.web.consult import pieces
from assistant.web.consult.pages_responses import theme_boxes
from assistant.web.consult.pieces import at, field, hidden
from assistant.web.consult.shelf import Board
from assistant.web.consult.typed import Typed
from assistant.web.markup import count

_WIDTH, _HEIGHT = 600, 180
_EDGE = 30
_SAMPLE = 50
_FEW = 20
"""Labels below which the figure says little."""


def queue_page(
    name: str,
    number: int,
    question: OpenQuestion,
    board: Board,
    *,
    place: int | None,
    is_blind: bool,
    skipped: Sequence[int],
    left: int,
    free: int,
    points: Sequence[Agreement],
    typed: Typed,
) -> str:
    """The next response to review.

    Args:
        name: Of the consultation.
        number: Of the question.
        question: Its responses.
        board: Where they were put.
        place: The response's; None where all are reviewed.
        is_blind: Where the machine put it is not shown.
        skipped: Places that were passed over.
        left: How many are not reviewed yet.
        free: How many could be drawn for the blind sample.
        points: How agreement grew.
        typed: What stands in the fields of a page that is shown again.
    """
    informative, blind = at(name, number, "queue"), at(name, number, "queue", blind="yes")
    links = "".join(
        f'<li><a class="b-link" href="{escape(address)}"{" aria-current=page" if current else ""}>{words}</a></li>'
        for address, words, current in (
            (informative, "Most informative first", not is_blind),
            (blind, "Blind sample", is_blind),
        )
    )
    ways = f'<nav class="c-ways-nav" aria-label="What to review"><ul>{links}</ul></nav>'
    drawn = len(board.standing.sample)
    if is_blind and not drawn:
        return f"{ways}{_draw(name, number, free, typed)}{growth_figure(points)}"
    if is_blind:
        why = "Responses drawn by chance. Where Bernard put them is hidden, and what you say of them is not learnt from."
        counted = f"{len(board.standing.blind):,} of {drawn:,} labelled."
    else:
        why = "Responses from which most is learnt come first. Each decision is learnt from at once."
        counted = f"{count(len(board.standing.corrections.reviewed), 'response')} reviewed, {left:,} not yet."
    ticked = typed.fields.get("theme", ()) if typed.fields else None
    return (
        f'{ways}<p>{why}</p><p class="c-small">{counted}</p>'
        + (
            _one(name, number, question, board, place, is_blind=is_blind, skipped=skipped, typed=ticked)
            if place is not None
            else f'<p class="b-inset">{_none_left(is_blind, skipped)}</p>'
        )
        + (_more(name, number, free, typed, drawn=drawn) if is_blind else "")
        + growth_figure(points)
    )


def _more(name: str, number: int, free: int, typed: Typed, *, drawn: int) -> str:
    is_open = " open" if typed.faults.get("number") else ""
    return (
        f'<details class="b-tool"{is_open}><summary>Draw more</summary><div class="b-tool-body">'
        f"{_draw_form(name, number, free, typed, drawn=drawn)}</div></details>"
    )


def _none_left(is_blind: bool, skipped: Sequence[int]) -> str:
    if skipped:
        return "There is none left but those you skipped. Choose the list again to see them."
    return "The whole sample is labelled." if is_blind else "Every response is reviewed."


def _draw(name: str, number: int, free: int, typed: Typed) -> str:
    """Begins the blind sample."""
    return (
        "<p>To know how far Bernard agrees with you, label some responses <strong>without seeing where it put them</strong>."
        " They are drawn by chance and never learnt from, so that the figure holds for the responses that nobody "
        f"reviews.</p>{_draw_form(name, number, free, typed, drawn=0)}"
    )


def _draw_form(name: str, number: int, free: int, typed: Typed, *, drawn: int) -> str:
    most = min(_SAMPLE, free) if not drawn else drawn + min(_FEW, free)
    label = "How many the sample is to have then" if drawn else "How many responses to draw"
    return (
        f'<form class="b-form" method="post" action="{escape(at(name, number, "queue"))}">{hidden(blind="yes")}'
        + field(
            "number",
            label,
            value=typed.get("number", str(most)),
            hint=f"At least twenty in all; {free:,} more can be drawn now.",
            fault=typed.faults.get("number", ""),
            most=5,
        )
        + '<button type="submit" class="b-button" name="do" value="draw">Draw by chance</button></form>'
    )


def _one(
    name: str,
    number: int,
    question: OpenQuestion,
    board: Board,
    place: int,
    *,
    is_blind: bool,
    skipped: Sequence[int],
    typed: Sequence[str] | None,
) -> str:
    response = question.answers.responses[place]
    assigned = () if is_blind else board.of_response.get(place, ())
    here = at(name, number, "queue")
    held = hidden(
        response=place,
        seen=question.last_said(place),
        skip=",".join(map(str, skipped)),
        **({"blind": "yes"} if is_blind else {}),
    )
    who = pieces.respondent(response.attributes)
    keys = (
        '<p class="c-small c-keys" hidden>Keys, while the focus is in this part: <kbd>1</kbd> to <kbd>9</kbd> tick a theme, '
        "<kbd>A</kbd> accepts, <kbd>S</kbd> skips.</p>"
    )
    return (
        f'<section class="c-review" id="review" tabindex="-1" aria-labelledby="review-title" data-review>'
        f'<h2 class="b-heading" id="review-title">Response {escape(response.id)}</h2>{keys}<div class="c-sides">'
        f'<div class="c-side"><div class="c-whole">{pieces.marked(response.text, pieces.spans_of(assigned))}</div>'
        f'{f"<p class=c-small>{escape(who)}</p>" if who else ""}</div><div class="c-side">'
        f'<form method="post" action="{escape(here)}">{held}'
        f"{theme_boxes(question, board, place, typed=typed, is_blind=is_blind, has_keys=True)}"
        '<p class="b-buttons"><button type="submit" class="b-ask" name="do" value="accept">'
        f"{'Save' if is_blind else 'Accept'} and go on</button>"
        '<button type="submit" class="b-button" name="do" value="skip">Skip</button></p></form></div></div></section>'
    )


def growth_figure(points: Sequence[Agreement]) -> str:
    """How agreement on the blind sample grew, as a line within its interval and as a table."""
    title = '<h2 class="b-heading" id="growth">How far Bernard agrees with you</h2>'
    measured = list({point.corrections: point for point in points if point.labelled}.values())
    if not measured:
        return (
            f'<section class="c-growth" aria-labelledby="growth">{title}<p>It is not known yet. Label some responses of the '
            "blind sample: this figure then shows the agreement, and how it grows with your corrections.</p></section>"
        )
    first, last = measured[0], measured[-1]
    most = max(last.corrections, 1)
    wide, high = _WIDTH - 2 * _EDGE, _HEIGHT - 2 * _EDGE

    def spot(corrections: int, value: float) -> str:
        return f"{_EDGE + wide * corrections / most:.1f},{_HEIGHT - _EDGE - high * value:.1f}"

    sure = [point for point in measured if not math.isnan(point.low)]
    band = " ".join([spot(one.corrections, one.high) for one in sure] + [spot(o.corrections, o.low) for o in reversed(sure)])
    drawn = f'<polygon class="c-band" points="{band}"/>' if len(sure) > 1 else ""
    line = " ".join(spot(point.corrections, point.f1) for point in measured)
    x, y = spot(last.corrections, last.f1).split(",")
    bounds = "" if math.isnan(last.low) else f" (95 % interval {last.low:.2f} to {last.high:.2f})"
    grew = f" It was {first.f1:.2f} before." if last.corrections > first.corrections else ""
    few = " Fewer than twenty say little." if last.labelled < _FEW else ""
    words = f"Agreement {last.f1:.2f} after {count(last.corrections, 'correction')}.{grew} The table below has the figures."
    step = max(1, len(measured) // 20)
    rows = "".join(
        f"<tr><td>{point.corrections:,}</td><td>{point.f1:.2f}</td><td>"
        f"{'–' if math.isnan(point.low) else f'{point.low:.2f} to {point.high:.2f}'}</td></tr>"
        for place, point in enumerate(measured)
        if place % step == 0 or point is last
    )
    return (
        f'<section class="c-growth" aria-labelledby="growth">{title}<figure><svg class="c-chart" viewBox="0 0 {_WIDTH} '
        f'{_HEIGHT}" role="img" aria-labelledby="growth-words"><title id="growth-words">{words}</title>'
        f'<line class="c-axis" x1="{_EDGE}" y1="{_HEIGHT - _EDGE}" x2="{_WIDTH - _EDGE}" y2="{_HEIGHT - _EDGE}"/>'
        f'<line class="c-axis" x1="{_EDGE}" y1="{_EDGE}" x2="{_EDGE}" y2="{_HEIGHT - _EDGE}"/>'
        f'<text class="c-axis-words" x="2" y="{_EDGE + 5}">1</text>'
        f'<text class="c-axis-words" x="2" y="{_HEIGHT - _EDGE + 5}">0</text>'
        f'<text class="c-axis-words" x="{_WIDTH - _EDGE}" y="{_HEIGHT - 8}" text-anchor="end">'
        f"{count(last.corrections, 'correction')}</text>{drawn}"
        f'<polyline class="c-line" points="{line}"/><circle class="c-dot" cx="{x}" cy="{y}" r="5"/></svg>'
        f"<figcaption>Agreement (mean F1) on {count(last.labelled, 'blind label')}, by responses corrected: now "
        f"<strong>{last.f1:.2f}</strong>{bounds}.{grew}{few}</figcaption></figure>"
        '<details class="b-tool"><summary>The same as a table</summary><table class="c-table">'
        '<caption class="b-hidden">Agreement as it grew</caption><thead><tr><th scope="col">Responses corrected</th>'
        f'<th scope="col">Agreement</th><th scope="col">95 % interval</th></tr></thead><tbody>{rows}</tbody></table>'
        "</details></section>"
    )
