"""Writes the queue of doubtful responses, the blind sample, and the figure of how agreement grows.

Pure functions over what the room tells; everything passes through `escape`, and personal data is masked.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from assistant.consult import GrowthPoint, OpenQuestion
from assistant.web.consult import pieces
from assistant.web.consult.pages_responses import theme_boxes
from assistant.web.consult.pieces import at, hidden
from assistant.web.consult.shelf import Board
from assistant.web.markup import count

_WIDTH, _HEIGHT = 600, 180
_EDGE = 30


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
    points: Sequence[GrowthPoint],
    typed: Sequence[str] | None,
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
        points: How agreement grew.
        typed: Themes ticked on a page that is shown again; None for a new one.
    """
    reviewed = len(board.standing.corrections.reviewed)
    other = at(name, number, "queue", **({} if is_blind else {"blind": "yes"}))
    ways = (
        '<nav class="c-ways-nav" aria-label="What to review"><ul>'
        f'<li><a class="b-link" href="{escape(at(name, number, "queue") if is_blind else other)}"'
        f"{'' if is_blind else ' aria-current=page'}>"
        + (
            f'Most informative first</a></li><li><a class="b-link" '
            f'href="{escape(other if not is_blind else at(name, number, "queue", blind="yes"))}"'
            f"{' aria-current=page' if is_blind else ''}>Blind sample</a></li></ul></nav>"
        )
    )
    if is_blind:
        why = (
            "Responses drawn by chance. Where they were put is hidden, so that your decision shows how far the "
            "machine agrees "
            "with you."
        )
    else:
        why = "Responses from which most is learnt come first. Each decision is learnt from at once."
    return (
        f'{ways}<p>{why}</p><p class="c-small">{count(reviewed, "response")} reviewed, {left:,} not yet.</p>'
        + (
            _one(name, number, question, board, place, is_blind=is_blind, skipped=skipped, typed=typed)
            if place is not None
            else '<p class="b-inset">There is none left to review here.</p>'
        )
        + growth_figure(points)
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


def growth_figure(points: Sequence[GrowthPoint]) -> str:
    """How agreement on the blind sample grew, as a line and as a table."""
    title = '<h2 class="b-heading" id="growth">How far the machine agrees with you</h2>'
    if not points:
        return (
            f'<section class="c-growth" aria-labelledby="growth">{title}<p>It is not known yet. Review some '
            "responses of the "
            "blind sample: this figure then shows the agreement, and how it grows as the machine learns.</p></section>"
        )
    last, first = points[-1], points[0]
    most = max(point.reviewed for point in points) or 1
    wide, high = _WIDTH - 2 * _EDGE, _HEIGHT - 2 * _EDGE

    def spot(point: GrowthPoint) -> str:
        return f"{_EDGE + wide * point.reviewed / most:.1f},{_HEIGHT - _EDGE - high * point.agreement:.1f}"

    line = f'<polyline class="c-line" points="{" ".join(map(spot, points))}"/>'
    x, y = spot(last).split(",")
    step = max(1, len(points) // 20)
    rows = "".join(
        f"<tr><td>{point.reviewed:,}</td><td>{point.blind:,}</td><td>{point.agreement:.2f}</td></tr>"
        for place, point in enumerate(points, start=1)
        if place % step == 0 or point is last
    )
    return (
        f'<section class="c-growth" aria-labelledby="growth">{title}<figure><svg class="c-chart" viewBox="0 0 {_WIDTH} '
        f'{_HEIGHT}" role="img" aria-labelledby="growth-words"><title id="growth-words">Agreement from '
        f"{first.agreement:.2f} "
        f"at the first blind review to {last.agreement:.2f} over the last ones; the table below has the figures</title>"
        f'<line class="c-axis" x1="{_EDGE}" y1="{_HEIGHT - _EDGE}" x2="{_WIDTH - _EDGE}" y2="{_HEIGHT - _EDGE}"/>'
        f'<line class="c-axis" x1="{_EDGE}" y1="{_EDGE}" x2="{_EDGE}" y2="{_HEIGHT - _EDGE}"/>'
        f'<text class="c-axis-words" x="2" y="{_EDGE + 5}">1</text><text class="c-axis-words" x="2" '
        f'y="{_HEIGHT - _EDGE + 5}">0'
        f'</text><text class="c-axis-words" x="{_WIDTH - _EDGE}" y="{_HEIGHT - 8}" text-anchor="end">{most:,} '
        "reviewed</text>"
        f'{line}<circle class="c-dot" cx="{x}" cy="{y}" r="5"/></svg><figcaption>Agreement (F1, mean of the last ten blind '
        f"reviews) by responses reviewed. Now {last.agreement:.2f}, after {count(last.blind, 'blind review')}."
        f"{' Fewer than twenty say little.' if last.blind < 20 else ''}</figcaption></figure><details "
        'class="b-tool"><summary>'
        'The same as a table</summary><table class="c-table"><caption class="b-hidden">Agreement as it '
        "grew</caption><thead><tr>"
        '<th scope="col">Reviewed before</th><th scope="col">Blind reviews</th><th scope="col">Agreement</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></details></section>"
    )
