"""Writes a summary as one HTML file that a policy team can send: it loads nothing, runs nothing, and prints.

Charts are drawn in the page, and each says in a table what it shows. Everything passes through `escape`. Pure functions.
"""

from __future__ import annotations

import datetime as dt
from html import escape
from pathlib import Path

from assistant.consult.edits import describe
from assistant.consult.model import State
from assistant.consult.stances import Position
from assistant.consult.summary import Summary, ThemeSummary, agreed

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
LIMITS = (
    "Responses are not a sample of the public: shares say how many of those who answered said something, not how many "
    "people "
    "think it. The intervals say how much shares would vary among other respondents of the same kind, not more.",
    "Themes were found and responses put to them by nearness of meaning, which takes some responses for what they are "
    "not, above "
    "all irony and arguments that name what they reject. Responses that an analyst reviewed are as the analyst set them.",
    "Positions come from a closed question about agreement, where there is one. Who left it blank is compared with those "
    "who answered; without such a question only plain words of agreement count: most are then unclear, and those decided "
    "are no sample of the others.",
    "Personal data is found where it has a form, such as addresses and numbers, or is introduced, as in “my name is”. "
    "Names in "
    "running text may be missed: read quotes before you publish them.",
)


def write_html(summary: Summary, *, made: dt.datetime) -> bytes:
    """The whole report."""
    style = Path(__file__).with_name("report.css").read_text("utf-8")
    parts = "".join(
        (
            _numbers(summary),
            _chart(summary),
            *(_theme(one, summary) for one in summary.themes),
            _set_aside(summary),
            _method(summary),
            _trail(summary),
        )
    )
    title = f"Consultation report: {summary.name}"
    mark = "signed" if summary.signed else "draft"
    page = (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">'
        f"<title>{escape(title)}</title><style>{style}</style></head><body><main><h1>{escape(title)}</h1>"
        f'<p class="question">{escape(summary.question)}</p><p class="{mark}">'
        f"{escape(summary.standing)}</p>{parts}</main>"
        f"<footer><p>Made by Bernard on {made:%d %B %Y at %H:%M} from {escape(summary.file)}.</p></footer></body></html>\n"
    )
    return page.encode()


def _numbers(summary: Summary) -> str:
    rows = sum(summary.states.values())
    items = [f"<li>{rows:,} rows were read; {summary.answered:,} have an answer that was analysed.</li>"]
    items += [
        f"<li>{summary.states[state]:,} {escape(words)}</li>"
        for state, words in (
            (State.BLANK, "were blank"),
            (State.NO_COMMENT, "said only that there was no comment"),
            (State.NOT_ENGLISH, "were not in English, and were not analysed"),
            (State.UNREADABLE, "could not be read"),
        )
    ]
    grouped = sum(len(one.members) for one in summary.campaigns)
    items.append(
        f"<li>{len(summary.campaigns):,} campaigns account for {grouped:,} responses; with each campaign counted once "
        f"there are "
        f"{summary.answered_once:,}.</li>"
    )
    items.append(
        f"<li>{len(summary.no_reason):,} took a side and gave no reason; {len(summary.other):,} are in no theme.</li>"
    )
    if summary.long:
        items.append(f"<li>{len(summary.long):,} were over-long; they were analysed like the others.</li>")
    sides = ", ".join(
        f"{count:,} {'are unclear' if side is Position.UNCLEAR else side}" for side, count in summary.positions.items()
    )
    items.append(f"<li>Positions: {sides}. {escape(summary.positions_from)}</li>")
    return f"<section><h2>In numbers</h2><ul>{''.join(items)}</ul></section>"


def _chart(summary: Summary) -> str:
    """Bars with their intervals, and the same as a table, which is what a screen reader is given."""
    if not summary.themes:
        return "<section><h2>Themes</h2><p>There are no themes yet.</p></section>"
    if not summary.answered:
        return "<section><h2>Themes</h2><p>No response could be analysed, so no theme has a share.</p></section>"
    height, left, width = 30, 0, 700
    most = max(0.01, *(one.all.high for one in summary.themes))
    drawn = []
    for at, one in enumerate(summary.themes):
        y = at * height * 1.6
        bar = left + one.all.value / most * width
        low, high = left + one.all.low / most * width, left + one.all.high / most * width
        drawn.append(
            f'<text x="0" y="{y + 14:.0f}">{escape(_cut(one.theme.title))} ({one.all.value:.0%})</text>'
            f'<rect x="0" y="{y + 20:.0f}" width="{bar:.1f}" height="14"/>'
            f'<path d="M{low:.1f} {y + 27:.0f}H{high:.1f}"/>'
        )
    names = "".join(_row(one) for one in summary.themes)
    chart = (
        f'<svg viewBox="0 0 {width + 20} {len(summary.themes) * height * 1.6 + 10:.0f}" role="img" '
        f'aria-labelledby="chart-title"><title id="chart-title">Share of responses in each theme; the table below has the '
        f"figures</title>{''.join(drawn)}</svg>"
    )
    head = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("Theme", "Responses", "Share", "95 % interval", "Without campaigns", "Agree", "Disagree", "Comes back")
    )
    return (
        f"<section><h2>Themes by share of responses</h2><figure>{chart}<figcaption>Bars: share of the "
        f"{summary.answered:,} answered "
        f"responses. Lines: 95 % interval. A response can be in several themes.</figcaption></figure>"
        f'<div class="wide" tabindex="0" role="region" aria-label="Figures of the '
        f'themes"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{names}</tbody></table></div></section>"
    )


def _row(one: ThemeSummary) -> str:
    back = "" if one.theme.comes_back is None else f"{one.theme.comes_back:.0%}"
    cells = (
        f"{one.all.count:,}",
        one.all.percent,
        one.all.interval,
        one.without_campaigns.percent,
        f"{one.positions[Position.AGREE]:,}",
        f"{one.positions[Position.DISAGREE]:,}",
        back,
    )
    link = f'<a href="#{escape(one.theme.id)}">{escape(one.theme.title)}</a>'
    return f'<tr><th scope="row">{link}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def _theme(one: ThemeSummary, summary: Summary) -> str:
    theme = one.theme
    quotes = "".join(
        f"<li><blockquote>{escape(quote.words)}</blockquote><cite>Response {escape(quote.id)}</cite></li>"
        for quote in one.quotes
    )
    minority = (
        '<p class="minority">A minority view: few said it, and it fits no larger theme.</p>' if theme.is_minority else ""
    )
    differ = "".join(
        f"<li>{escape(d.attribute)}: {escape(d.value)}, {d.inside.value:.0%} ({d.inside.count:,} of {d.inside.of:,}), "
        f"against "
        f"{d.outside.value:.0%} of the others (p = {d.adjusted:.3f} after correction)</li>"
        for d in one.differences
    )
    parted = f"<h4>Who differs, by more than chance, with each campaign counted once</h4><ul>{differ}</ul>" if differ else ""
    agree, disagree, unclear = (one.positions[side] for side in Position)
    sides = f"{agree:,} agree, {disagree:,} disagree, {unclear:,} unclear"
    return (
        f'<section id="{escape(theme.id)}"><h3>{escape(theme.title)}</h3><p>{escape(theme.description)}</p>{minority}'
        f"<p>{one.all.count:,} of {summary.answered:,} responses: {one.all.percent} ({one.all.interval}); "
        f"without campaigns {one.without_campaigns.percent}. {sides}. {one.evidence:,} bring evidence.</p>"
        f"<h4>In respondents’ words</h4><ul class=quotes>{quotes}</ul>{parted}"
        f"<h4>Why this is a theme</h4><ul>{''.join(f'<li>{escape(reason)}</li>' for reason in theme.reasons)}</ul></section>"
    )


def _set_aside(summary: Summary) -> str:
    listed = "".join(
        f"<dt>{escape(str(state))} ({len(ids):,})</dt><dd>{escape(_ids(ids))}</dd>"
        for state, ids in summary.set_aside.items()
        if ids
    )
    listed += "".join(
        f"<dt>{words} ({len(ids):,})</dt><dd>{escape(_ids(ids))}</dd>"
        for words, ids in (
            ("in no theme", summary.other),
            ("no reason given", summary.no_reason),
            ("over-long", summary.long),
        )
        if ids
    )
    problems = "".join(f"<li>{escape(problem)}</li>" for problem in summary.problems)
    rows = f"<h3>Rows of the file</h3><ul>{problems}</ul>" if problems else ""
    listed = listed or "<dt>Nothing</dt><dd>Every row was analysed.</dd>"
    return f"<section><h2>What was set aside</h2><dl>{listed}</dl>{rows}</section>"


def _method(summary: Summary) -> str:
    shown = "masked in this report" if summary.masked else "shown, as the analyst chose"
    limits = "".join(f"<li>{escape(limit)}</li>" for limit in LIMITS)
    return (
        f"<section><h2>Method and limits</h2><p>{escape(summary.formed)}</p><p>{escape(agreed(summary))}</p>"
        f"<p>{summary.personal:,} pieces of personal data were found; they are {shown}. {summary.compared:,} comparisons "
        "between groups of respondents were made (Fisher’s exact test), and those flagged hold after correction for that "
        f"many (Benjamini and Hochberg, 5 %).</p><ul>{limits}</ul></section>"
    )


def _trail(summary: Summary) -> str:
    rows = "".join(
        f"<tr><td>{edit.number}</td><td>{edit.when:%d %b %Y %H:%M}</td><td>{escape(edit.who)}</td>"
        f"<td>{escape(describe(edit))}{' (undone)' if edit.number in summary.edits_undone else ''}</td></tr>"
        for edit in summary.history
    )
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Number", "When", "Who", "What"))
    return f"<section><h2>Audit trail</h2><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></section>"


def _ids(ids: tuple[str, ...], most: int = 200) -> str:
    more = f" and {len(ids) - most:,} more, all in the workbook" if len(ids) > most else ""
    return f"{', '.join(ids[:most])}{more}"


def _cut(text: str, most: int = 70) -> str:
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]}…"
