"""Writes the page of one theme: what is reported of it, what can be decided on it, and its responses beside that.

Pure functions over what the room tells; everything passes through `escape`, and personal data is masked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape

from assistant.consult import Difference, OpenQuestion, Theme, ThemeStatus, ThemeSummary, masked_value
from assistant.web.consult import pieces
from assistant.web.consult.listing import Listing
from assistant.web.consult.pages_responses import response_item
from assistant.web.consult.pages_themes import figures, formed_words
from assistant.web.consult.pieces import at, hidden, percent, share_bar, status_tag
from assistant.web.consult.shelf import Board
from assistant.web.consult.typed import Typed
from assistant.web.markup import count

_FEWEST = 5
"""Respondents from which a group's figures are shown."""


def theme_page(listing: Listing, one: ThemeSummary | None, theme: Theme, typed: Typed) -> str:
    """One theme, with its responses beside it.

    Args:
        listing: The page of its responses.
        one: What is reported of the theme; None where no response is put to it.
        theme: The theme.
        typed: What stands in the fields.
    """
    decide = _decide(listing.name, listing.number, theme, listing.board, typed)
    return (
        f'<p class="c-tags"><span class="c-id">{theme.id}</span> {status_tag(theme)}</p><p class="c-lead">'
        f'{escape(theme.description)}</p><div class="c-sides"><div class="c-side">'
        f"{_about(one, theme, listing.question, listing.facets, decide=decide)}</div>"
        f'<section class="c-side" aria-labelledby="its-responses"><h2 class="b-heading" id="its-responses">Its '
        f"responses</h2>{_its_responses(listing, theme, typed)}</section></div>"
    )


def _about(
    one: ThemeSummary | None,
    theme: Theme,
    question: OpenQuestion,
    facets: Mapping[str, Sequence[str]],
    *,
    decide: str,
) -> str:
    if one is None:
        return f'<p class="b-inset">{formed_words(len(question.formed_from(theme)))}</p>{decide}{_why(theme)}'
    quotes = "".join(
        f"<li><blockquote>{escape(quote.words)}</blockquote><cite>Response {escape(quote.id)}</cite></li>"
        for quote in one.quotes
    )
    evidence = f"{count(one.evidence, 'response brings', 'responses bring')} facts, figures or experience."
    return (
        f'<h2 class="b-heading">How many say so</h2>{share_bar(one.all, most=1.0)}{figures(one)}'
        f'{pieces.positions(one.positions)}<p class="c-figures">{evidence}</p>{decide}'
        + (f'<h2 class="b-heading">In respondents’ words</h2><ul class="c-quotes">{quotes}</ul>' if quotes else "")
        + _why(theme)
        + _differences(one.differences)
        + _breakdown(one, question, facets)
    )


def _why(theme: Theme) -> str:
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in theme.reasons)
    doubt = (
        '<p class="b-inset c-failed"><strong>It came back in fewer than half of the repeated runs.</strong> '
        "Distrust it: merge "
        "it, or look for what it hides.</p>"
        if theme.comes_back is not None and theme.comes_back < 0.5
        else ""
    )
    return f'<h2 class="b-heading">Why this is a theme</h2>{doubt}<ul class="c-reasons">{reasons}</ul>' if reasons else ""


def _differences(found: Sequence[Difference]) -> str:
    if not found:
        return (
            '<h2 class="b-heading">Who says so</h2><p>No group of respondents speaks of it more or less than chance allows, '
            "corrected for all comparisons made; each campaign is counted once.</p>"
        )
    rows = "".join(
        f'<tr><th scope="row">{escape(one.attribute)}: {escape(one.value)}</th>'
        f"<td>{percent(one.inside)} ({one.inside.count:,} of {one.inside.of:,})</td><td>{percent(one.outside)}</td>"
        f"<td>{'less than 0.001' if one.adjusted < 0.001 else f'{one.adjusted:.3f}'}</td></tr>"
        for one in found
    )
    return (
        '<h2 class="b-heading">Who says so</h2><div class="c-wide" tabindex="0" role="region" aria-label="Groups '
        'that differ">'
        '<table class="c-table"><caption>Groups that speak of it more or less than chance allows, each campaign '
        "counted once</caption><thead><tr>"
        '<th scope="col">Group</th><th scope="col">Share</th><th scope="col">Others</th><th scope="col">Chance of '
        "so much by "
        f"luck, corrected</th></tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _breakdown(one: ThemeSummary, question: OpenQuestion, facets: Mapping[str, Sequence[str]]) -> str:
    """The theme's share in every group of respondents; figures of small groups would say who they are."""
    responses, members = question.answers.responses, set(one.responses)
    whole: Counter[tuple[str, str]] = Counter()
    inside: Counter[tuple[str, str]] = Counter()
    for place in question.answers.answered:
        said = responses[place]
        for name, value in (*said.attributes.items(), *said.answers.items()):
            whole[name, masked_value(value)] += 1
            inside[name, masked_value(value)] += place in members
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}: {escape(value)}</th><td>'
        + (
            f"{inside[name, value] / whole[name, value]:.0%} ({inside[name, value]:,} of {whole[name, value]:,})"
            if whole[name, value] >= _FEWEST
            else f"fewer than {_FEWEST} respondents"
        )
        + "</td></tr>"
        for name, values in facets.items()
        for value in values
    )
    if not rows:
        return ""
    return (
        '<details class="b-tool"><summary>Every group of respondents</summary><div class="b-tool-body"><table '
        'class="c-table">'
        '<caption class="b-hidden">Share of the theme in every group</caption><thead><tr><th scope="col">Group</th>'
        f'<th scope="col">Share</th></tr></thead><tbody>{rows}</tbody></table></div></details>'
    )


def _decide(name: str, number: int, theme: Theme, board: Board, typed: Typed) -> str:
    sent_to = escape(at(name, number, "themes", theme.id))
    seen = hidden(seen=theme.version)
    others = [(one.id, f"{one.title} ({one.id})") for one in board.standing.themes.values() if one.id != theme.id]
    approve = (
        '<button type="submit" class="b-ask" name="do" value="approve">Approve</button>'
        if theme.status is ThemeStatus.CANDIDATE
        else ""
    )
    rename_open = " open" if typed.get("do") == "rename" else ""
    merge_open = " open" if typed.get("do") == "merge" else ""
    merging = (
        f'<details class="b-tool"{merge_open}><summary>Merge it with another</summary><div class="b-tool-body">'
        f'<form class="b-form" method="post" action="{sent_to}">{seen}{hidden(last=board.edit)}'
        + pieces.select("into", "Put it into", others, chosen=typed.get("into"), id="merge-into")
        + '<button type="submit" class="b-button" name="do" value="merge">Merge</button></form></div></details>'
        if others
        else ""
    )
    return (
        f'<section class="c-decide" aria-labelledby="decide"><h2 class="b-heading" id="decide">You decide</h2>'
        f'<form class="b-buttons" method="post" action="{sent_to}">{seen}{approve}'
        '<button type="submit" class="b-button b-button-warning" name="do" value="reject">Reject</button></form>'
        f'<details class="b-tool"{rename_open}><summary>Rename or describe it</summary><div class="b-tool-body">'
        f'<form class="b-form" method="post" action="{sent_to}">{seen}'
        + pieces.field(
            "title", "Title", value=typed.get("title", theme.title), fault=typed.faults.get("title", ""), most=160
        )
        + pieces.field("description", "Description", value=typed.get("description", theme.description), is_long=True)
        + '<button type="submit" class="b-button" name="do" value="rename">Save the words</button></form></div></details>'
        f'{merging}<p class="c-small">To split it or to move responses, tick some of its responses.</p></section>'
    )


def _its_responses(listing: Listing, theme: Theme, typed: Typed) -> str:
    board, chosen = listing.board, listing.chosen
    here = at(listing.name, listing.number, "themes", theme.id)
    ticked = set(typed.fields.get("response", ()))
    items = "".join(
        response_item(
            listing.name,
            listing.number,
            listing.question,
            board,
            place,
            theme=theme.id,
            campaign=listing.campaigns.get(place, 0),
            pick=True,
            is_ticked=str(place) in ticked,
        )
        for place in listing.places
    )
    others = [(one.id, f"{one.title} ({one.id})") for one in board.standing.mapped if one.id != theme.id]
    move_open = " open" if typed.get("do") in ("split", "move") else ""
    to_move = (
        pieces.select("to", "Or move them to", others, chosen=typed.get("to"), id="move-to")
        + '<p><button type="submit" class="b-button" name="do" value="move">Move them</button></p>'
        if others
        else ""
    )
    # The field comes with its button before the other: the Enter key in it presses the first button of the form.
    acts = (
        f'<details class="b-tool c-acts"{move_open}><summary>With the responses ticked…</summary><div class="b-tool-body">'
        + pieces.field(
            "title",
            "Split them off as a new theme called",
            id="split-title",
            value=typed.get("title") if typed.get("do") == "split" else "",
            fault=typed.faults.get("split-title", ""),
            most=160,
        )
        + '<p><button type="submit" class="b-button" name="do" value="split">Split them off</button></p>'
        f"{to_move}</div></details>"
    )
    listed = (
        f'<form method="post" action="{escape(here)}">{hidden(seen=theme.version, last=board.edit)}{acts}'
        f'<ol class="c-responses">{items}</ol></form>'
        if items
        else "<p>No response fits.</p>"
    )
    following = f"{here}?{chosen.query()}{'&' if chosen.query() else ''}page="
    first = "those that the theme was formed from" if theme.id in board.waiting else "the surest first"
    return (
        f"{chosen.form(here, listing.facets)}<p>{count(listing.found, 'response')}"
        f"{' that fit' if chosen.is_narrow else ''}, {first}. "
        f'The words that carry the theme are <mark class="c-mark">marked</mark>.</p>{listed}'
        f"{pieces.pages(following, page=listing.page, of=listing.of, what='responses')}"
    )
