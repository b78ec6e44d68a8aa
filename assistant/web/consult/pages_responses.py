"""Writes responses: one in a list, the list that is searched and filtered, and one by itself with its themes to set.

Pure functions over what the room tells; everything passes through `escape`, and personal data is masked.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from assistant.consult import Assignment, OpenQuestion, Source, Theme, describe, masked, masked_value
from assistant.web.consult import pieces
from assistant.web.consult.listing import NO_REASON, OTHER, Listing
from assistant.web.consult.pieces import at, hidden, tick
from assistant.web.consult.shelf import Board
from assistant.web.markup import count

_FIRST = 6
"""Themes offered at once; the others are folded away, since forty boxes are read by nobody."""


def response_item(
    name: str,
    number: int,
    question: OpenQuestion,
    board: Board,
    place: int,
    *,
    theme: str = "",
    campaign: int = 0,
    pick: bool = False,
    is_ticked: bool = False,
) -> str:
    """A response in a list.

    Args:
        name: Of the consultation.
        number: Of the question.
        question: Its responses.
        board: Where they were put.
        place: The response's.
        theme: Only the words that carry this theme are marked, and how surely it applies is told; "" marks all.
        campaign: How many responses its campaign has; 0 where it is in none.
        pick: It can be ticked.
        is_ticked: It is.
    """
    response = question.answers.responses[place]
    assigned = board.of_response.get(place, ())
    shown = [one for one in assigned if not theme or one.theme == theme]
    link = (
        f'<a class="b-link" href="{escape(at(name, number, "responses", place))}"><span class="b-hidden">Response </span>'
        f"{escape(response.id)}</a>"
    )
    picked = (
        tick(
            "response",
            str(place),
            f'<span class="b-hidden">Tick response {escape(response.id)}</span>',
            id=f"r{place}",
            is_ticked=is_ticked,
        )
        if pick
        else ""
    )
    sure = next((f"{_sure(one)}" for one in shown if theme), "")
    also = "" if theme else _theme_tags(assigned, board)
    tags = "".join(
        f' <span class="b-tag">{escape(words)}</span>'
        for words in (
            f"campaign of {campaign:,}" if campaign else "",
            "set by an analyst" if any(one.source is Source.ANALYST for one in shown) else "",
        )
        if words
    )
    who = pieces.respondent(response.attributes)
    formed = board.waiting.get(theme, {}).get(place)
    spans = [(formed.start, formed.end)] if formed else pieces.spans_of(shown)
    return (
        f'<li class="c-response">{picked}<div class="c-response-body"><p class="c-response-head">{link}{tags}'
        f'{f" <span class=c-sure>{sure}</span>" if sure else ""}</p><p class="c-words">'
        f"{pieces.excerpt(response.text, spans)}</p>"
        f"{f'<p class=c-small>{escape(who)}</p>' if who else ''}{also}</div></li>"
    )


def _sure(one: Assignment) -> str:
    return "certain" if one.source is Source.ANALYST else f"{one.confidence:.0%} sure"


def _theme_tags(assigned: Sequence[Assignment], board: Board) -> str:
    names = [board.standing.themes[one.theme].title for one in assigned if one.theme in board.standing.themes]
    return f'<p class="c-small">Themes: {escape("; ".join(names))}</p>' if names else '<p class="c-small">In no theme</p>'


def responses_page(listing: Listing) -> str:
    """The list of responses with its search."""
    chosen, facets = listing.chosen, listing.facets
    here = at(listing.name, listing.number, "responses")
    themes = [("", "Any theme"), *((one.id, f"{one.title} ({one.id})") for one in listing.board.standing.mapped)]
    themes += [(OTHER, "In no theme"), (NO_REASON, "No reason given")]
    ways = "".join(
        tick("how", value, words, id=f"how-{value}", is_ticked=chosen.how == value, kind="radio")
        for value, words in (("words", "that hold all these words"), ("meaning", "that mean something like it"))
    )
    items = "".join(
        response_item(
            listing.name,
            listing.number,
            listing.question,
            listing.board,
            place,
            campaign=listing.campaigns.get(place, 0),
        )
        for place in listing.places
    )
    query = chosen.query(with_theme=True)
    following = f"{here}?{query}{'&' if query else ''}page="
    order = "the nearest first" if chosen.words and chosen.how == "meaning" else "in the order of the file"
    return (
        f'<form class="b-form c-find" role="search" method="get" action="{escape(here)}"><div class="c-find-words">'
        f'<p class="b-field"><label for="words">Find responses</label><input type="search" id="words" name="words" '
        f'value="{escape(chosen.words)}" maxlength="300" autocomplete="off"></p><fieldset class="b-group c-ways"><legend '
        f'class="b-hidden">How to find them</legend>{ways}</fieldset></div>'
        + pieces.select("theme", "Theme", themes, chosen=chosen.theme)
        + (
            f'<details class="b-tool"{" open" if chosen.where else ""}><summary>Only some respondents</summary>'
            f'<div class="b-tool-body">{chosen.facet_fields(facets)}</div></details>'
            if facets
            else ""
        )
        + '<button type="submit" class="b-ask">Find</button></form>'
        f'<p role="status">{count(listing.found, "response")}, {order}.</p>'
        + (
            f'<ol class="c-responses">{items}</ol>'
            if items
            else '<p class="b-inset">No response fits. Take a limit away.</p>'
        )
        + pieces.pages(following, page=listing.page, of=listing.of, what="responses")
    )


def response_page(
    name: str,
    number: int,
    question: OpenQuestion,
    board: Board,
    place: int,
    *,
    campaign: int,
    is_masked: bool,
    typed: Sequence[str] | None,
) -> str:
    """One response, whole, with its themes to set.

    Args:
        name: Of the consultation.
        number: Of the question.
        question: Its responses.
        board: Where they were put.
        place: The response's.
        campaign: How many responses its campaign has; 0 where it is in none.
        is_masked: Personal data is left out.
        typed: Themes ticked on a page that is shown again; None for a new one.
    """
    response = question.answers.responses[place]
    assigned = board.of_response.get(place, ())
    here = at(name, number, "responses", place)
    told = [(key, value) for key, value in (*response.attributes.items(), *response.answers.items()) if value]
    who = [(key, escape(masked_value(value) if is_masked else value)) for key, value in told]
    hides = masked(response.text) != response.text or any(masked_value(value) != value for _, value in told)
    about = [("Row of the file", f"{response.row:,}"), ("State", escape(str(response.state))), *who]
    if campaign:
        about.append(("Campaign", f"one of {campaign:,} responses with the same or nearly the same words"))
    carried = "".join(
        f"<li><strong>{escape(board.standing.themes[one.theme].title)}</strong> ({_sure(one)}, {escape(str(one.source))}): "
        f'<mark class="c-mark">{escape(_span(question, one, is_masked))}</mark></li>'
        for one in assigned
        if one.theme in board.standing.themes
    )
    said = [edit for edit in question.edits if edit.data.get("response") == place]
    history = "".join(
        f"<li>{edit.when:%d %B %Y, %H:%M}: {escape(edit.who)} {escape(describe(edit))}"
        f"{' (undone)' if edit.number in board.standing.undone else ''}</li>"
        for edit in said
    )
    unmask = (
        f'<form method="post" action="{escape(here)}/unmask"><button type="submit" class="b-button">Show personal data in '
        "it</button></form>"
        if is_masked and hides
        else ""
    )
    text = pieces.marked(response.text, pieces.spans_of(assigned), mask=is_masked)
    form = (
        f'<h2 class="b-heading">Its themes</h2><form class="b-form" method="post" action="{escape(here)}">'
        f"{hidden(seen=question.last_said(place))}{theme_boxes(question, board, place, typed=typed)}"
        '<button type="submit" class="b-ask">Save its themes</button></form>'
        if board.standing.mapped and response.state == "answered"
        else ""
    )
    return (
        f'<div class="c-sides"><div class="c-side"><div '
        f'class="c-whole">{text or "<p>The answer is blank.</p>"}</div>{unmask}'
        + (f'<h2 class="b-heading">Words that carry its themes</h2><ul class="c-reasons">{carried}</ul>' if carried else "")
        + f'<h2 class="b-heading">About the respondent</h2>{pieces.facts(about)}</div><div class="c-side">{form}'
        + (f'<h2 class="b-heading">Who set them</h2><ul class="c-reasons">{history}</ul>' if history else "")
        + "</div></div>"
    )


def _span(question: OpenQuestion, one: Assignment, is_masked: bool) -> str:
    text = question.answers.responses[one.response].text
    return masked(text, start=one.start, end=one.end) if is_masked else text[one.start : one.end]


def theme_boxes(
    question: OpenQuestion,
    board: Board,
    place: int,
    *,
    typed: Sequence[str] | None,
    is_blind: bool = False,
    has_keys: bool = False,
) -> str:
    """A box for each theme, the likeliest first.

    Args:
        question: Its responses.
        board: Where they were put.
        place: The response's.
        typed: Themes that are ticked; None takes those it is in now.
        is_blind: Show nothing of where the machine put it; themes come in the order of their names.
        has_keys: The first nine have keys.
    """
    sure = {} if is_blind else question.confidence_of(place)
    now = [] if is_blind else [one.theme for one in board.of_response.get(place, ())]
    ticked = set(now if typed is None else typed)
    themes = list(board.standing.mapped)
    if is_blind:
        themes.sort(key=lambda theme: theme.title.lower())
    else:
        themes.sort(key=lambda theme: (theme.id not in ticked, -sure.get(theme.id, 0.0)))
    first = (
        themes
        if is_blind or len(themes) <= _FIRST + 2
        else [theme for at_, theme in enumerate(themes) if at_ < _FIRST or theme.id in ticked]
    )
    rest = [theme for theme in themes if theme not in first]

    def box(theme: Theme, key: int) -> str:
        told = f' <span class="c-sure">{sure[theme.id]:.0%}</span>' if theme.id in sure else ""
        kbd = f'<kbd class="c-key-cap" aria-hidden="true">{key}</kbd> ' if has_keys and key <= 9 else ""
        return tick(
            "theme", theme.id, f"{kbd}{escape(theme.title)}{told}", id=f"theme-{theme.id}", is_ticked=theme.id in ticked
        )

    boxes = "".join(box(theme, key) for key, theme in enumerate(first, start=1))
    others = "".join(box(theme, 10) for theme in rest)
    folded = (
        f'<details class="b-tool"><summary>{count(len(rest), "other theme")}</summary><div '
        f'class="b-tool-body">{others}</div></details>'
        if rest
        else ""
    )
    return f'<fieldset class="b-group c-boxes"><legend>Themes that it bears out</legend>{boxes}{folded}</fieldset>'
