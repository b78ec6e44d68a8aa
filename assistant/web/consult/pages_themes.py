"""Writes the pages of several themes: all of them under their heads, and the merging of some.

Pure functions over what the room tells; everything passes through `escape`, and personal data is masked.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from assistant.consult import OpenQuestion, Theme, ThemeStatus, ThemeSummary, masked
from assistant.web.consult import pieces
from assistant.web.consult.pieces import at, hidden, percent, share_bar, status_tag, tick
from assistant.web.consult.shelf import Board
from assistant.web.consult.typed import Typed
from assistant.web.markup import count

_QUOTES = 2
"""Quotes of a candidate that waits while others are approved."""


def themes_page(name: str, number: int, question: OpenQuestion, board: Board, *, typed: Typed) -> str:
    """All themes, by head."""
    summary = board.summary
    heads: dict[str, list[ThemeSummary]] = {}
    for one in summary.themes:
        heads.setdefault(one.theme.head or "Added by an analyst", []).append(one)
    ordered = sorted(heads.items(), key=lambda pair: -len({place for one in pair[1] for place in one.responses}))
    most = max((one.all.high for one in summary.themes if one.all.of), default=1.0)
    sections = "".join(_head(title, found, name, number, most=most) for title, found in ordered)
    waiting = [theme for theme in board.standing.themes.values() if theme.status is ThemeStatus.CANDIDATE]
    unmapped = [theme for theme in waiting if board.standing.approved]
    figures = pieces.numbers(
        (
            (summary.answered, "response analysed", "responses analysed", at(name, number, "responses")),
            (len(board.standing.themes), "theme", "themes", ""),
            (len(board.standing.approved), "approved", "approved", ""),
            (len(summary.other), "in no theme", "in no theme", at(name, number, "responses", theme="other")),
            (len(summary.no_reason), "gave no reason", "gave no reason", at(name, number, "responses", theme="none")),
        )
    )
    return (
        f"{figures}{_position_of_all(board)}"
        f'<form method="post" action="{escape(at(name, number, "themes"))}">{_seen(board)}'
        f"{_bulk(waiting)}{sections}{_candidates(unmapped, question, name, number)}{_bulk(waiting, is_last=True)}</form>"
        f"{add_form(name, number, typed)}{_rejected(board)}"
    )


def _position_of_all(board: Board) -> str:
    bar = pieces.positions(board.summary.positions)
    if not bar:
        return ""
    told = f'<p class="c-small">{escape(board.summary.positions_from)}</p>'
    return f'<section class="c-all"><h2 class="c-subtitle">Where respondents stand</h2>{bar}{told}</section>'


def _seen(board: Board) -> str:
    return "".join(hidden(**{f"seen_{theme.id}": theme.version}) for theme in board.standing.themes.values())


def _bulk(waiting: Sequence[Theme], *, is_last: bool = False) -> str:
    everything = (
        f'<button type="submit" class="b-button" name="do" value="approve-all">Approve all {len(waiting):,} '
        "candidates</button>"
        if len(waiting) > 1 and not is_last
        else ""
    )
    words = "" if is_last else '<p class="c-small">Tick themes below to approve, merge or reject them together.</p>'
    return (
        f'{words}<div class="b-buttons c-bulk" role="group" aria-label="With the themes '
        f'ticked{" (again)" if is_last else ""}">'
        '<button type="submit" class="b-button" name="do" value="approve">Approve ticked</button>'
        '<button type="submit" class="b-button" name="do" value="merge">Merge ticked…</button>'
        f'<button type="submit" class="b-button" name="do" value="reject">Reject ticked</button>{everything}</div>'
    )


def _head(title: str, found: Sequence[ThemeSummary], name: str, number: int, *, most: float) -> str:
    together = len({place for one in found for place in one.responses})
    items = "".join(_item(one, name, number, most=most) for one in found)
    return (
        f'<section class="c-head"><h2 class="c-head-title">{escape(title)}</h2><p class="c-small">'
        f"{count(len(found), 'theme')}, {count(together, 'response')} in one or more of them</p>"
        f'<ul class="c-themes">{items}</ul></section>'
    )


def _item(one: ThemeSummary, name: str, number: int, *, most: float) -> str:
    theme = one.theme
    link = f'<a class="c-theme-link" href="{escape(at(name, number, "themes", theme.id))}">{escape(theme.title)}</a>'
    quote = f'<blockquote class="c-quote">{escape(one.quotes[0].words)}</blockquote>' if one.quotes else ""
    back = pieces.stability(theme)
    described = "" if theme.description.lower().startswith(theme.title.lower()) else f"<p>{escape(theme.description)}</p>"
    return (
        '<li class="c-theme"><div class="c-theme-pick">'
        + tick(
            "theme", theme.id, f'<span class="b-hidden">Tick {escape(theme.title)}, </span>{theme.id}', id=f"pick-{theme.id}"
        )
        + f'</div><div class="c-theme-body"><h3 class="c-theme-title">{link}</h3><p class="c-tags">{status_tag(theme)}</p>'
        f"{described}{share_bar(one.all, most=most)}{figures(one)}{pieces.positions(one.positions)}{quote}"
        + (f'<p class="c-small">{back}</p>' if back else "")
        + "</div></li>"
    )


def figures(one: ThemeSummary) -> str:
    """Count and share with the interval, with campaigns and without."""
    return (
        f'<p class="c-figures"><strong>{count(one.all.count, "response")}, {percent(one.all)}</strong> '
        f"(95 % interval {pieces.interval(one.all)}). With each campaign counted once: {one.without_campaigns.count:,}, "
        f"{percent(one.without_campaigns)}.</p>"
    )


def formed_words(responses: int) -> str:
    """What is said of a candidate while others are approved."""
    if not responses:
        return "It was formed from no response. Approve it, or reject it."
    return (
        f"Formed from {count(responses, 'response')}, which {'is' if responses == 1 else 'are'} put to approved themes only "
        "while this one waits. Approve it, or reject it."
    )


def _candidates(waiting: Sequence[Theme], question: OpenQuestion, name: str, number: int) -> str:
    """Candidates that nobody has approved while others are, with what they were formed from."""
    if not waiting:
        return ""
    items = "".join(
        '<li class="c-theme"><div class="c-theme-pick">'
        + tick(
            "theme", theme.id, f'<span class="b-hidden">Tick {escape(theme.title)}, </span>{theme.id}', id=f"pick-{theme.id}"
        )
        + f'</div><div class="c-theme-body"><h3 class="c-theme-title"><a class="c-theme-link" '
        f'href="{escape(at(name, number, "themes", theme.id))}">{escape(theme.title)}</a></h3>'
        f'<p class="c-tags">{status_tag(theme)}</p><p>{escape(theme.description)}</p>{_formed(theme, question)}</div></li>'
        for theme in waiting
    )
    return (
        '<section class="c-head"><h2 class="c-head-title">Waiting for your decision</h2><p '
        'class="c-small">Responses are put to approved themes only. What these were formed from is shown with each '
        f'until you decide.</p><ul class="c-themes">{items}</ul></section>'
    )


def _formed(theme: Theme, question: OpenQuestion) -> str:
    found, responses = question.formed_from(theme), question.answers.responses
    quotes = "".join(
        f"<li><blockquote>{escape(masked(responses[place].text, start=one.start, end=one.end))}</blockquote>"
        f"<cite>Response {escape(responses[place].id)}</cite></li>"
        for place, one in list(found.items())[:_QUOTES]
    )
    return f'<p class="c-figures">{formed_words(len(found))}</p><ul class="c-quotes">{quotes}</ul>'


def add_form(name: str, number: int, typed: Typed) -> str:
    """Where an analyst adds a theme that nothing was grouped into."""
    is_open = " open" if "add-title" in typed.faults or typed.get("do") == "add" else ""
    return (
        f'<details class="b-tool"{is_open}><summary>Add a theme of your own</summary><div class="b-tool-body">'
        f'<form class="b-form" method="post" action="{escape(at(name, number, "themes"))}">'
        + pieces.field(
            "title", "Title", id="add-title", value=typed.get("title"), fault=typed.faults.get("add-title", ""), most=160
        )
        + pieces.field("description", "Description", id="add-description", value=typed.get("description"), is_long=True)
        + '<button type="submit" class="b-button" name="do" value="add">Add the theme</button></form></div></details>'
    )


def _rejected(board: Board) -> str:
    if not board.standing.rejected:
        return ""
    items = "".join(f"<li>{theme.id}: {escape(theme.title)}</li>" for theme in board.standing.rejected.values())
    return (
        f'<details class="b-tool"><summary>{count(len(board.standing.rejected), "rejected theme")}</summary><div '
        f'class="b-tool-body"><p>To bring one back, undo its rejection in the history.</p><ul>{items}</ul></div></details>'
    )


def merge_page(name: str, number: int, board: Board, chosen: Sequence[str], *, typed: Typed) -> str:
    """Asks which of some themes the others go into, and what it is to be called."""
    themes = [board.standing.themes[one] for one in chosen if one in board.standing.themes]
    sizes = {theme.id: len(board.of_theme.get(theme.id, ())) for theme in themes}
    kept = typed.get("into") or max(sizes, key=lambda one: sizes[one], default="")
    choices = "".join(
        tick(
            "into",
            theme.id,
            f"<strong>{escape(theme.title)}</strong> ({theme.id}, {count(sizes[theme.id], 'response')})"
            f'<span class="b-hint">{escape(theme.description)}</span>',
            id=f"into-{theme.id}",
            is_ticked=theme.id == kept,
            kind="radio",
        )
        for theme in themes
    )
    held = "".join(hidden(theme=theme.id, **{f"seen_{theme.id}": theme.version}) for theme in themes)
    return (
        f'<form class="b-form" method="post" action="{escape(at(name, number, "merge"))}">{held}<fieldset class="b-group">'
        f"<legend>Which of them takes in the {'other' if len(themes) == 2 else 'others'}?</legend>{choices}</fieldset>"
        + pieces.field(
            "title",
            "New title (optional)",
            value=typed.get("title"),
            hint="Leave it empty to keep the title of the one you chose.",
            fault=typed.faults.get("title", ""),
            most=160,
        )
        + '<p class="b-buttons"><button type="submit" class="b-ask">Merge them</button>'
        f'<a class="b-link c-cancel" href="{escape(at(name, number, "themes"))}">Do not merge</a></p></form>'
    )
