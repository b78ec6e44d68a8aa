"""Writes the pages before a consultation begins: the list, the form that takes a file, and what its columns hold.

Pure functions. Everything from a file or a user passes through `escape`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from assistant.consult import Column, ColumnKind, Problem, Question, State, masked
from assistant.web.consult.arrivals import Arrival
from assistant.web.consult.called import called
from assistant.web.consult.pieces import LIST, at, crumbs, field, select, tick
from assistant.web.frame import error_summary
from assistant.web.markup import count

_SAMPLES = 3
_SAMPLE = 90
_MOST_LISTED = 20
_KINDS = {
    ColumnKind.IDENTIFIER: "identifier of the response",
    ColumnKind.OPEN: "open question: answers in people's own words",
    ColumnKind.CLOSED: "closed question: answers to choose from",
    ColumnKind.ATTRIBUTE: "attribute: who the respondent is",
    ColumnKind.PERSONAL: "personal data: not read further",
    ColumnKind.IGNORED: "not used",
}
STATES = {
    State.ANSWERED: "answered, and analysed",
    State.BLANK: "blank",
    State.NO_COMMENT: "only “no comment” or the like",
    State.NOT_ENGLISH: "not in English",
    State.UNREADABLE: "unreadable",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A consultation in the list."""

    name: str
    file: str
    questions: Sequence[str]
    owner: str
    fault: str = ""


def list_page(
    entries: Sequence[Entry],
    *,
    faults: Mapping[str, str],
    most_mib: int,
    takes_files: bool,
    who: str,
    may_be_named: bool,
    said: str,
) -> str:
    """The list of consultations, and how to start one.

    Args:
        entries: Those that the reader may see.
        faults: What has to be put right, by the id of its field.
        most_mib: Largest file.
        takes_files: Files may be sent.
        who: Under which name the reader's decisions are kept.
        may_be_named: Nobody signs in, so that the reader may say who they are.
        said: What was just done, in words.
    """
    items = "".join(_entry(one) for one in entries)
    none = '<p class="b-inset">There are none yet. Begin with the demonstration, or send a file of responses.</p>'
    listed = f'<ul class="c-list">{items}</ul>' if items else none
    return (
        error_summary(dict(faults))
        + (f'<div class="b-inset" role="status" id="said">{escape(said)}</div>' if said else "")
        + '<h1 class="b-page-title">Consultations</h1>'
        '<p class="c-lead">From people’s own words to themes that you decide on and sign. Everything reported can be traced '
        "to responses. No language model is needed, and nothing leaves this machine unless it was set up so.</p>"
        f'<h2 class="b-heading">Your consultations</h2>{listed}'
        f'<h2 class="b-heading">Start with your own responses</h2>{_upload(faults, most_mib, takes_files)}'
        '<h2 class="b-heading">Try it with invented responses</h2>'
        "<p>300 invented responses on staffing libraries in the evening, with campaigns, personal data and minority "
        "views.</p>"
        f'<form method="post" action="{LIST}/demonstration"><button type="submit" class="b-button">Open the '
        "demonstration</button></form>" + (_name_form(who, faults) if may_be_named else "")
    )


def _entry(one: Entry) -> str:
    if one.fault:
        return f'<li><strong>{escape(called(one.name))}</strong><span class="b-organisation">{escape(one.fault)}</span></li>'
    asked = one.questions[0] if len(one.questions) == 1 else count(len(one.questions), "open question")
    owner = f", started by {one.owner}" if one.owner else ""
    return (
        f'<li><a class="b-open" href="{escape(at(one.name))}">{escape(called(one.name))}</a>'
        f'<span class="b-organisation">{escape(asked)}</span>'
        f'<span class="b-organisation">From {escape(one.file)}{escape(owner)}</span></li>'
    )


def _upload(faults: Mapping[str, str], most_mib: int, takes_files: bool) -> str:
    if not takes_files:
        return (
            "<p>Files may not be sent to this installation. Whoever looks after it can read responses in with "
            "<code>bernard consult new NAME FILE</code>.</p>"
        )
    fault = faults.get("file", "")
    told = (
        f'<span class="b-fault-text" id="file-fault"><span class="b-hidden">Error: </span>{escape(fault)}</span>'
        if fault
        else ""
    )
    return (
        f'<form class="b-form" method="post" action="{LIST}/new" enctype="multipart/form-data">'
        f'<p class="b-field{" b-field-wrong" if fault else ""}"><label for="file">A file of responses</label>'
        f'<span class="b-hint" id="file-hint">CSV, Excel (.xlsx) or JSON Lines, one row a respondent, at most '
        f"{most_mib:,} MiB. "
        "Exports of Citizen Space, Qualtrics and SmartSurvey are recognised.</span>"
        f'{told}<input type="file" id="file" name="file" accept=".csv,.tsv,.txt,.xlsx,.xlsm,.jsonl,.json,.ndjson" '
        f'aria-describedby="file-hint{" file-fault" if fault else ""}"></p>'
        '<button type="submit" class="b-ask">Read the file</button></form>'
        '<p class="c-small">You say what its columns hold before anything is kept.</p>'
    )


def _name_form(who: str, faults: Mapping[str, str]) -> str:
    return (
        '<h2 class="b-heading">Who you are</h2><p>Nobody signs in here, so the history gives your decisions the name '
        f'below.</p><form class="b-form" method="post" action="{LIST}/name">'
        f"{field('name', 'Your name', id='analyst', value=who, fault=faults.get('analyst', ''), most=80)}"
        '<button type="submit" class="b-button">Use this name</button></form>'
    )


def confirm_page(
    arrival: Arrival,
    columns: Sequence[Column],
    asked: Sequence[Question],
    problems: Sequence[Problem],
    *,
    name: str,
    question: str,
    faults: Mapping[str, str],
) -> str:
    """What was found in a file, for the analyst to confirm or correct.

    Args:
        arrival: The file.
        columns: What its columns hold, as far as it shows or as the analyst said.
        asked: The open questions with their responses, as those columns give them.
        problems: What is wrong with rows.
        name: What the consultation is to be called.
        question: The question's own words, where the analyst gave them.
        faults: What has to be put right, by the id of its field.
    """
    rows = "".join(_column(place, one, arrival) for place, one in enumerate(columns))
    counted = "".join(_counted(one) for one in asked)
    wording = (
        field(
            "asked",
            "The question as it was put (optional)",
            value=question,
            hint="Only where the heading of its column does not say it.",
            is_long=True,
        )
        if len(asked) == 1
        else ""
    )
    return (
        error_summary(dict(faults))
        + crumbs((LIST, "Consultations"))
        + f'<h1 class="b-page-title">Is this what the file holds?</h1>'
        f'<p class="c-lead">{escape(arrival.file)}: {count(len(arrival.table.rows), "row")}, '
        f"{count(len(columns), 'column')}. Nothing is kept until you say so.</p>"
        f'{_problems(problems)}<form method="post" action="{LIST}/new/{escape(arrival.token)}">'
        '<h2 class="b-heading">Columns</h2><p>Check each one, and correct what was recognised wrongly.</p>'
        f'<ol class="c-columns">{rows}</ol>'
        '<button type="submit" class="b-button" name="do" value="count">Count again with these columns</button>'
        f'<h2 class="b-heading">Answers in people’s own words</h2>{counted or "<p>No column is an open question yet.</p>"}'
        '<h2 class="b-heading">Name</h2>'
        + field(
            "name",
            "What to call the consultation",
            id="called",
            value=name,
            hint="Letters, digits, spaces, dots and hyphens, such as “Libraries 2026”.",
            fault=faults.get("called", ""),
            most=80,
        )
        + wording
        + '<p class="b-buttons"><button type="submit" class="b-ask" name="do" value="keep">Yes, read the responses '
        "in</button>"
        '<button type="submit" class="b-button" name="do" value="drop">No, delete this file</button></p></form>'
    )


def _column(place: int, column: Column, arrival: Arrival) -> str:
    cells = dict.fromkeys(cell for row in arrival.table.rows if (cell := row.cells[place]))
    samples: list[str] = []
    if column.kind is not ColumnKind.PERSONAL:
        shown_cells = [masked(cell) for cell in list(cells)[:_SAMPLES]]  # masked whole, and cut then
        samples = [cell if len(cell) <= _SAMPLE else f"{cell[:_SAMPLE]}…" for cell in shown_cells]
    shown = f'<p class="c-small">For example: {escape("; ".join(samples))}</p>' if samples else ""
    options = [(str(kind), words) for kind, words in _KINDS.items()]
    return (
        f'<li><h3 class="c-column">{escape(column.name)}</h3>'
        f'<p class="c-small">{count(column.filled, "row")} filled, {count(column.distinct, "different value")}. '
        f"Taken for this because {escape(column.why)}.</p>{shown}"
        f"{select(f'kind-{place}', f'“{column.name}” holds', options, chosen=str(column.kind), id=f'kind-{place}')}</li>"
    )


def _counted(asked: Question) -> str:
    return f'<h3 class="c-column">{escape(asked.text)}</h3>{states_table(asked)}'


def states_table(asked: Question) -> str:
    """How many rows ended in each state."""
    rows = "".join(
        f'<tr><th scope="row">{STATES[state]}</th><td>{number:,}</td></tr>' for state, number in asked.counts().items()
    )
    long = sum(one.is_long for one in asked.responses)
    rows += f'<tr><th scope="row">over-long (analysed, and listed)</th><td>{long:,}</td></tr>'
    rows += f'<tr><th scope="row">all rows</th><td>{len(asked.responses):,}</td></tr>'
    return (
        '<table class="c-table"><caption class="b-hidden">Rows by what became of them</caption><thead><tr><th scope="col">'
        f'Rows that are</th><th scope="col">Number</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _problems(problems: Sequence[Problem]) -> str:
    if not problems:
        return ""
    lost = sum(one.lost for one in problems)
    told = f" {count(lost, 'row')} could not be used." if lost else ""
    return (
        '<div class="b-warning"><span class="b-warning-icon" aria-hidden="true">!</span><strong class="b-warning-text">'
        f'<span class="b-hidden">Warning: </span>{count(len(problems), "thing")} to look at in the '
        f"file.{told}</strong></div>"
        f"{problem_list(problems)}"
    )


def problem_list(problems: Sequence[Problem]) -> str:
    """What is wrong with rows, in words."""
    told = "".join(
        f"<li>{f'Row {one.row:,}' if one.row else 'In the file,'} {escape(one.what)}.</li>"
        for one in problems[:_MOST_LISTED]
    )
    more = len(problems) - _MOST_LISTED
    rest = "".join(
        f"<li>{f'Row {one.row:,}' if one.row else 'In the file,'} {escape(one.what)}.</li>"
        for one in problems[_MOST_LISTED:500]
    )
    folded = f'<details class="b-tool"><summary>{more:,} more</summary><ul>{rest}</ul></details>' if more > 0 else ""
    return f'<ul class="c-problems">{told}</ul>{folded}'


def people_form(name: str, people: Sequence[str], *, typed: str | None = None) -> str:
    """Who may work on a consultation."""
    named = "\n".join(one for one in people if one != "*")
    return (
        f'<form class="b-form" method="post" action="{escape(at(name, None, "people"))}">'
        + tick("everyone", "yes", "Everyone who signs in here", id="everyone", is_ticked="*" in people)
        + field(
            "people",
            "Or these people",
            value=named if typed is None else typed,
            hint="User names, one a line. The one who started it and administrators always may.",
            is_long=True,
        )
        + '<button type="submit" class="b-button">Save who may work on it</button></form>'
    )
