"""Writes the page of what was read: rows by what became of them, campaigns, problems, and the forming of themes.

Pure functions over what the room tells; everything passes through `escape`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from assistant.consult import Campaign, Consultation, Formation, OpenQuestion, State, ThemeStatus, masked
from assistant.web.consult.forming import Run, Status
from assistant.web.consult.pages_start import STATES, people_form, problem_list, states_table
from assistant.web.consult.pieces import at, field, tick
from assistant.web.markup import count

_MOST_CAMPAIGNS = 10
_MOST_ROWS = 100
_AT_ONCE = 2000
"""Responses among which campaigns are looked for while the reader waits."""


def read_page(
    consultation: Consultation,
    name: str,
    number: int,
    *,
    run: Run | None,
    has_themes: bool,
    faults: Mapping[str, str],
    may_manage: bool,
    shows_people: bool,
    typed_number: str,
    model: str = "",
    declines: bool = False,
) -> str:
    """The page of one question.

    Args:
        consultation: Open.
        name: Its name in addresses.
        number: Of the question.
        run: The latest forming of themes.
        has_themes: There are themes.
        faults: What has to be put right, by the id of its field.
        may_manage: The reader may say who works on it, and delete it.
        shows_people: Users sign in, so that it matters who may work on it.
        typed_number: What stands in the field for the number of themes.
        model: The language model that would be asked for titles; "" for none.
        declines: The box is ticked that says not to ask it.
    """
    question = consultation.question(number)
    manage = ""
    if may_manage:
        manage = (
            f'<h2 class="b-heading">Who may work on it</h2>{people_form(name, consultation.people)}' if shows_people else ""
        ) + _delete(name, faults)
    return (
        forming_panel(
            name,
            number,
            question,
            run,
            has_themes=has_themes,
            faults=faults,
            typed=typed_number,
            model=model,
            declines=declines,
        )
        + f'<h2 class="b-heading">Rows of {escape(consultation.file)}</h2>{states_table(question.answers)}'
        + _set_aside(question)
        + _campaigns(question)
        + (
            f'<h2 class="b-heading">Rows to look at</h2>{problem_list(consultation.problems)}'
            if consultation.problems
            else ""
        )
        + _columns(consultation)
        + manage
    )


def forming_panel(
    name: str,
    number: int,
    question: OpenQuestion,
    run: Run | None,
    *,
    has_themes: bool,
    faults: Mapping[str, str],
    typed: str = "",
    model: str = "",
    declines: bool = False,
) -> str:
    """How far the forming of themes is, or the form that begins it.

    Args:
        name: Of the consultation, in addresses.
        number: Of the question.
        question: Its themes.
        run: The latest forming of them.
        has_themes: There are some.
        faults: What has to be put right, by the id of its field.
        typed: What stands in the field for the number of themes.
        model: The language model that would be asked for titles; "" for none.
        declines: The box is ticked that says not to ask it.
    """
    sent_to = escape(at(name, number, "form"))
    if run and run.is_under_way:
        return progress_panel(name, number, run)
    told = ""
    if run and run.status is Status.STOPPED:
        told = '<p class="b-inset">Stopped. What was read is kept: go on when you like.</p>'
    if run and run.status is Status.FAILED:
        told = f'<div class="b-inset c-failed"><strong>Themes could not be formed.</strong> {escape(run.fault)}</div>'
    chosen = field(
        "number",
        "How many themes (optional)",
        value=typed,
        hint="Leave it empty to take the number that is most stable.",
        fault=faults.get("number", ""),
        most=3,
    )
    asks = _model_box(model, is_declined=declines)
    if not has_themes and run and run.status is Status.DONE:
        told = (
            '<p class="b-inset"><strong>No theme could be formed.</strong> Too few responses say much the same. Add themes '
            "of your own under “Themes”, or choose how many themes and try again.</p>"
        )
    if not has_themes:
        words = "Go on forming themes" if run and run.status is Status.STOPPED else "Form themes"
        return (
            f'{told}<h2 class="b-heading">Form candidate themes</h2><p>Each response is split into the points it makes, and '
            "points that say much the same are grouped. You then decide on each theme.</p>"
            f'<form class="b-form" method="post" action="{sent_to}"><details class="b-tool"'
            f"{' open' if faults.get('number') else ''}><summary>Choose how many themes</summary>{chosen}</details>{asks}"
            f'<button type="submit" class="b-ask">{words}</button></form>'
        )
    touched = len(touched_candidates(question))
    sure = (
        f'<p class="b-inset">{count(touched, "candidate was", "candidates were")} renamed, merged or split, and nobody has '
        "approved what came of it. Forming anew replaces them too: approve first what is to stay.</p>"
        + tick("anew", "yes", f"Replace {'it' if touched == 1 else f'these {touched:,} candidates'} as well", id="anew")
        if touched
        else ""
    )
    is_open = " open" if faults.get("number") or faults.get("anew") else ""
    return (
        f'{told}<p><a class="b-link c-next" href="{escape(at(name, number, "themes"))}">Go to the themes</a></p>'
        f'<details class="b-tool"{is_open}><summary>Form the themes anew</summary>'
        '<div class="b-tool-body"><p>Approved themes and what you said of single responses stay. Candidates that nobody '
        f'approved are replaced.</p><form class="b-form" method="post" action="{sent_to}">{chosen}{asks}{sure}<button '
        'type="submit" class="b-button">Form the themes anew</button></form>'
        f"{formation_words(question.formation)}</div></details>"
    )


def touched_candidates(question: OpenQuestion) -> list[str]:
    """Candidates that an analyst has worked on and not approved: forming anew replaces them."""
    split_off = {str(edit.data.get("new", "")) for edit in question.edits}
    return [
        theme.id
        for theme in question.standing.themes.values()
        if theme.status is ThemeStatus.CANDIDATE and (theme.version > 1 or theme.id in split_off)
    ]


def _model_box(model: str, *, is_declined: bool) -> str:
    if not model:
        return ""
    return (
        f"<p>The language model {escape(model)} is asked for titles. The question and up to twenty statements of each theme "
        "are sent to it. Personal data is masked by its form: a name in running text can be missed.</p>"
        + tick(
            "no_model",
            "yes",
            "Send it nothing: take titles from the responses’ own words",
            id="no-model",
            is_ticked=is_declined,
        )
    )


def progress_panel(name: str, number: int, run: Run) -> str:
    """How far it is; consult.js keeps it up to date."""
    words = progress_words(run)
    share = f' value="{run.done}" max="{run.of}"' if run.of else ""
    return (
        f'<section class="c-progress" data-progress="{escape(at(name, number, "progress"))}" '
        'aria-labelledby="progress-title">'
        '<h2 class="b-heading" id="progress-title">Themes are being formed</h2>'
        f'<p role="status" class="c-progress-words">{escape(words)}</p>'
        f'<progress aria-label="How far it is"{share}></progress>'
        f'<p class="c-small">Begun by {escape(run.who)}. You can leave this page; it goes on.</p>'
        f'<div class="b-buttons"><form method="post" action="{escape(at(name, number, "stop"))}"><button type="submit" '
        'class="b-button">Stop</button></form>'
        f'<p class="c-reload"><a class="b-link" href="{escape(at(name, number))}">See how far it is '
        "now</a></p></div></section>"
    )


def progress_words(run: Run) -> str:
    """A run in words."""
    return f"{run.stage}: {run.done:,} of {run.of:,}" if run.of else f"{run.stage}…"


def formation_words(formation: Formation | None) -> str:
    """How the themes there are came about."""
    if formation is None:
        return ""
    number = "as an analyst asked" if formation.was_set else "the most stable of the numbers tried"
    return (
        f'<p class="c-small">The last time, {count(formation.statements, "statement")} gave {formation.chosen:,} groups, '
        f"{number}.</p>"
    )


def _set_aside(question: OpenQuestion) -> str:
    parts = []
    for state, words in STATES.items():
        if state is State.ANSWERED:
            continue
        found = [one for one in question.answers.responses if one.state is state]
        if found:
            parts.append(_folded(f"{count(len(found), 'row')}: {words}", [_row(one.row, one.id, one.text) for one in found]))
    long = [one for one in question.answers.responses if one.is_long]
    if long:
        parts.append(_folded(f"{count(len(long), 'over-long answer')}", [_row(one.row, one.id, one.text) for one in long]))
    return f'<h2 class="b-heading">Set aside, and why</h2>{"".join(parts)}' if parts else ""


def _row(row: int, id: str, text: str) -> str:
    words = masked(text) if text else ""  # masked whole and cut then: half an address would not be known for one
    return f"<li>Row {row:,}, {escape(id)}{f': {escape(words[:300])}' if words else ''}</li>"


def _folded(summary: str, items: Sequence[str]) -> str:
    more = len(items) - _MOST_ROWS
    rest = f"<p>{more:,} more are listed in the workbook.</p>" if more > 0 else ""
    return (
        f'<details class="b-tool"><summary>{escape(summary)}</summary><div class="b-tool-body"><ul class="c-problems">'
        f"{''.join(items[:_MOST_ROWS])}</ul>{rest}</div></details>"
    )


def _campaigns(question: OpenQuestion) -> str:
    found = question.known_campaigns
    if found is None and len(question.answers.answered) <= _AT_ONCE:
        found = question.campaigns
    if found is None:
        return (
            '<h2 class="b-heading">Campaigns</h2><p>There are many responses. Those with the same or nearly the same words '
            "are looked for when themes are formed, and are then counted here.</p>"
        )
    if not found:
        return '<h2 class="b-heading">Campaigns</h2><p>No three responses have the same or nearly the same words.</p>'
    grouped = sum(len(one.members) for one in found)
    once = len(question.answers.answered) - grouped + len(found)
    items = "".join(_campaign(question, one) for one in found[:_MOST_CAMPAIGNS])
    more = len(found) - _MOST_CAMPAIGNS
    return (
        f'<h2 class="b-heading">Campaigns</h2><p>{count(len(found), "campaign")} of the same or nearly the same words '
        f"account for {count(grouped, 'response')}. With each counted once there are {once:,} responses in place of "
        f'{len(question.answers.answered):,}; every theme shows both counts.</p><ul class="c-list">{items}</ul>'
        + (f"<p>{more:,} smaller ones are not shown here.</p>" if more > 0 else "")
    )


def _campaign(question: OpenQuestion, one: Campaign) -> str:
    text = question.shown(one.members[0])
    short = text if len(text) <= 300 else f"{text[:300]}…"
    alike = "the very same words" if one.is_exact else "nearly the same words"
    return (
        f"<li><strong>{count(len(one.members), 'response')}</strong>, {alike}<blockquote>{escape(short)}</blockquote></li>"
    )


def _columns(consultation: Consultation) -> str:
    items = "".join(
        f'<tr><th scope="row">{escape(one.name)}</th><td>{escape(str(one.kind))}</td></tr>' for one in consultation.columns
    )
    return (
        '<details class="b-tool"><summary>What the columns were taken to hold</summary><div class="b-tool-body">'
        '<table class="c-table"><caption class="b-hidden">Columns</caption><thead><tr><th scope="col">Column</th>'
        f'<th scope="col">Holds</th></tr></thead><tbody>{items}</tbody></table></div></details>'
    )


def _delete(name: str, faults: Mapping[str, str]) -> str:
    return (
        f'<details class="b-tool"{" open" if faults.get("sure") else ""}><summary>Delete this consultation</summary>'
        f'<div class="b-tool-body"><form class="b-form" method="post" action="{escape(at(name, None, "delete"))}">'
        + tick("sure", "yes", "Delete it with all responses and decisions, for good", id="sure")
        + '<button type="submit" class="b-button b-button-warning">Delete</button></form></div></details>'
    )
