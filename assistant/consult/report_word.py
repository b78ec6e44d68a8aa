"""Writes a summary as a report in Word that a policy team can send, in the look of exported answers.

Says what the HTML report says, with charts that Word draws; each has words for those who do not see it, and the table below
has its figures. Knows nothing of Word's format.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from assistant.consult.agreement import Agreement
from assistant.consult.breakdown import Difference, Share
from assistant.consult.clusters import RESAMPLES
from assistant.consult.edits import describe
from assistant.consult.model import State
from assistant.consult.report import LIMITS
from assistant.consult.stances import Position
from assistant.consult.summary import Summary, ThemeSummary, agreed
from assistant.exports import Bars, Series, word_report

if TYPE_CHECKING:
    from assistant.exports.word_report import WordReport

_MOST_IDS = 200
_LEADING = 3
_MOST_GROUPS = 6
"""Columns of a table of groups; more would not fit the page, and are in the workbook."""
_SIDES = {Position.AGREE: "1D70B8", Position.DISAGREE: "0B0C0C", Position.UNCLEAR: "B1B4B6"}


def write_docx(summary: Summary, *, made: dt.datetime) -> bytes:
    """The whole report."""
    report = word_report(
        f"Consultation report: {summary.name}",
        foot=f"Made by Bernard on {made:%d %B %Y} from {summary.file}",
        made_at=made,
        marking="" if summary.signed else "DRAFT",
    )
    report.paragraph(summary.question)
    report.notice(summary.standing)
    _summary(report, summary)
    _numbers(report, summary)
    _themes(report, summary)
    _groups(report, summary)
    _set_aside(report, summary)
    _method(report, summary)
    _trail(report, summary)
    return report.written()


def _summary(report: WordReport, summary: Summary) -> None:
    report.heading("Summary")
    report.paragraph(
        f"{summary.answered:,} responses were analysed; with each campaign counted once there are {summary.answered_once:,}."
        + (" The themes most often found:" if summary.themes else " There are no themes yet.")
    )
    report.items([f"{one.theme.title}: {_counted(one.all)}." for one in summary.themes[:_LEADING]])
    few = [one for one in summary.themes if one.theme.is_minority]
    if few:
        told = "; ".join(f"{one.theme.title} ({one.all.count:,})" for one in few)
        report.paragraph(f"Minority views, which few gave and which fit no larger theme: {told}.")


def _numbers(report: WordReport, summary: Summary) -> None:
    grouped = sum(len(one.members) for one in summary.campaigns)
    rows = [
        ("Rows read", sum(summary.states.values())),
        ("Answers analysed", summary.answered),
        ("Blank", summary.states[State.BLANK]),
        ("“No comment” and the like", summary.states[State.NO_COMMENT]),
        ("Not in English, not analysed", summary.states[State.NOT_ENGLISH]),
        ("Unreadable", summary.states[State.UNREADABLE]),
        (f"In one of {len(summary.campaigns):,} campaigns", grouped),
        ("Took a side and gave no reason", len(summary.no_reason)),
        ("In no theme", len(summary.other)),
        ("Over-long, analysed like the others", len(summary.long)),
        *((f"Position: {side}", count) for side, count in summary.positions.items()),
    ]
    report.heading("In numbers")
    report.table(("What", "Responses"), [(what, f"{count:,}") for what, count in rows], widths=(12, 4))
    report.small(summary.positions_from)


def _themes(report: WordReport, summary: Summary) -> None:
    if not summary.themes:
        return
    report.heading("Themes")
    if summary.answered:  # of nothing there is no share to draw
        report.chart(_shares(summary.themes))
    if any(one.positions[Position.AGREE] or one.positions[Position.DISAGREE] for one in summary.themes):
        report.chart(_sides(summary.themes))
    report.table(
        ("Theme", "Responses", "Share", "95 % interval", "Without campaigns", "Agree", "Disagree", "Comes back"),
        [
            (
                one.theme.title,
                f"{one.all.count:,}",
                one.all.percent,
                one.all.interval,
                one.without_campaigns.percent,
                f"{one.positions[Position.AGREE]:,}",
                f"{one.positions[Position.DISAGREE]:,}",
                _back(one),
            )
            for one in summary.themes
        ],
        widths=(3.2, 2.4, 1.4, 1.8, 2.4, 1.4, 1.9, 1.5),
    )
    for head, members in _by_head(summary.themes):
        if head:
            report.heading(f"Group: {head}", 2)
        for one in members:
            _theme(report, one, summary)


def _theme(report: WordReport, one: ThemeSummary, summary: Summary) -> None:
    theme = one.theme
    report.heading(theme.title, 3)
    if theme.description:
        report.paragraph(theme.description)
    if theme.is_minority:
        report.notice("A minority view: few said it, and it fits no larger theme.")
    agree, disagree, unclear = (one.positions[side] for side in Position)
    report.paragraph(
        f"{_counted(one.all)} (95 % interval {one.all.interval}); without campaigns "
        f"{one.without_campaigns.percent}. Of these, {agree:,} agree, {disagree:,} disagree and {unclear:,} are unclear. "
        f"{one.evidence:,} bring evidence."
    )
    for quote in one.quotes:
        report.quotation(quote.words, f"Response {quote.id}")
    if one.differences:
        report.paragraph("Who differs, by more than chance, with each campaign counted once:")
        report.items([_difference(d) for d in one.differences])
    report.small(f"Why this is a theme. {' '.join(theme.reasons)}")


def _groups(report: WordReport, summary: Summary) -> None:
    """A table an attribute: each theme's share in each group of respondents."""
    if not summary.breakdown:
        return
    report.heading("Groups of respondents")
    report.paragraph(
        "Share of each group that speaks of each theme, with each campaign counted once. "
        f"{summary.compared:,} comparisons of a group with the others were "
        "made (Fisher’s exact test); * marks those that hold after correction for that many (Benjamini and Hochberg, 5 %). "
        "Groups of fewer than five respondents are not shown."
    )
    ordered = [one.theme for one in summary.themes]
    by_attribute = sorted(summary.breakdown, key=lambda one: one.attribute)
    for attribute, found in groupby(by_attribute, key=lambda one: one.attribute):
        cells = {(one.theme, one.value): one for one in found}
        sizes = {value: one.inside.of for (_, value), one in cells.items()}
        values = sorted(sizes, key=lambda value: (-sizes[value], value))
        shown = values[:_MOST_GROUPS]
        report.heading(attribute, 2)
        rows = [
            (theme.title, *(_in_group(cells[theme.id, value]) for value in shown))
            for theme in ordered
            if (theme.id, shown[0]) in cells
        ]
        report.table(
            ("Theme", *(f"{value} ({sizes[value]:,})" for value in shown)),
            rows,
            widths=(6.0, *[10.0 / len(shown)] * len(shown)),
        )
        if len(values) > len(shown):
            report.small(f"{len(values) - len(shown):,} smaller groups are in the workbook.")


def _set_aside(report: WordReport, summary: Summary) -> None:
    report.heading("What was set aside")
    listed = [(f"{str(state).capitalize()}", ids) for state, ids in summary.set_aside.items() if ids]
    listed += [
        (words, ids)
        for words, ids in (
            ("In no theme", summary.other),
            ("No reason given", summary.no_reason),
            ("Over-long", summary.long),
        )
        if ids
    ]
    report.paragraph("Identifiers of responses that are in no theme, by why." if listed else "Every row was analysed.")
    report.items([f"{words} ({len(ids):,}): {_ids(ids)}" for words, ids in listed])
    if summary.problems:
        report.heading("Rows of the file", 2)
        report.items(summary.problems)


def _method(report: WordReport, summary: Summary) -> None:
    report.heading("Method")
    report.paragraph(summary.formed)
    shown = "masked in this report" if summary.masked else "shown, as the analyst chose"
    report.paragraph(f"{summary.personal:,} pieces of personal data were found in the responses; they are {shown}.")
    report.heading("Stability", 2)
    if summary.formation is not None and summary.formation.stability:
        report.paragraph(
            f"The grouping was repeated {RESAMPLES} times on four fifths of the statements. Agreement of those runs with "
            "the whole (adjusted Rand index: 1 is the same, 0 is chance), by number of groups tried; "
            f"{summary.formation.chosen} was taken. The table of themes says how often each theme came back; distrust one "
            "that came back in fewer than half of the runs."
        )
        tried = list(summary.formation.stability.items())
        report.table(("Groups", "Agreement"), [(number, f"{value:.2f}") for number, value in tried], widths=(4, 4))
    else:
        report.paragraph("An analyst gave the themes, so that there is no grouping to repeat.")
    report.heading("Agreement with an analyst", 2)
    report.paragraph(agreed(summary))
    series = [one for one in summary.blind if one.labelled]
    if len(series) > 1:
        rows = [
            (
                f"{one.corrections:,}",
                f"{one.labelled:,}",
                f"{one.f1:.2f}",
                "too few" if math.isnan(one.low) else f"{one.low:.2f} to {one.high:.2f}",
            )
            for one in _thinned(series)
        ]
        report.table(("Responses corrected", "Labelled blind", "F1", "95 % interval"), rows)
    report.heading("Limits", 2)
    report.items(LIMITS)


def _trail(report: WordReport, summary: Summary) -> None:
    report.heading("Who signed, and who did what")
    report.paragraph(summary.standing)
    report.table(
        ("Number", "When", "Who", "What"),
        [
            (
                str(edit.number),
                f"{edit.when:%d %b %Y %H:%M}",
                edit.who,
                f"{describe(edit)}{' (undone)' if edit.number in summary.edits_undone else ''}",
            )
            for edit in summary.history
        ],
        widths=(1.8, 3.4, 3.4, 7.4),
    )


def _shares(themes: Sequence[ThemeSummary]) -> Bars:
    told = "; ".join(f"{one.theme.title} {one.all.value:.0%}" for one in themes)
    return Bars(
        "Share of responses in each theme, with 95 % intervals",
        f"Bar chart of the share of responses in each theme, the largest first: {told}. A response can be in several "
        "themes. The table below has all figures.",
        [_cut(one.theme.title) for one in themes],
        [
            Series(
                "Share of responses",
                [one.all.value for one in themes],
                [one.all.low for one in themes],
                [one.all.high for one in themes],
            )
        ],
    )


def _sides(themes: Sequence[ThemeSummary]) -> Bars:
    told = "; ".join(
        f"{one.theme.title}: {one.positions[Position.AGREE]} agree, {one.positions[Position.DISAGREE]} disagree, "
        f"{one.positions[Position.UNCLEAR]} unclear"
        for one in themes
    )
    return Bars(
        "Positions of the responses in each theme",
        f"Stacked bar chart of how many responses in each theme agree, disagree or are unclear. {told}.",
        [_cut(one.theme.title) for one in themes],
        [
            Series(str(side).capitalize(), [float(one.positions[side]) for one in themes], colour=colour)
            for side, colour in _SIDES.items()
        ],
        number_format="0",
    )


def _by_head(themes: Sequence[ThemeSummary]) -> Iterator[tuple[str, list[ThemeSummary]]]:
    """Themes under their heads, in the order of each head's most frequent theme; no heads where there is only one."""
    heads = list(dict.fromkeys(one.theme.head for one in themes))
    for head in heads:
        members = [one for one in themes if one.theme.head == head]
        yield head if len(heads) > 1 and (len(members) > 1 or head != members[0].theme.title) else "", members


def _thinned(series: Sequence[Agreement], most: int = 20) -> list[Agreement]:
    """At most so many points of a series, evenly spread, with its first and last."""
    if len(series) <= most:
        return list(series)
    return [series[round(at * (len(series) - 1) / (most - 1))] for at in range(most)]


def _difference(one: Difference) -> str:
    return (
        f"{one.attribute}: {one.value}, {one.inside.value:.0%} ({one.inside.count:,} of {one.inside.of:,}), against "
        f"{one.outside.value:.0%} of the others (p = {one.adjusted:.3f} after correction)"
    )


def _in_group(one: Difference) -> str:
    return f"{one.inside.value:.0%}{' *' if one.is_real else ''}"


def _counted(one: Share) -> str:
    return f"{one.count:,} of {one.of:,} responses ({one.percent})"


def _back(one: ThemeSummary) -> str:
    return "–" if one.theme.comes_back is None else f"{one.theme.comes_back:.0%}"


def _ids(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _MOST_IDS:,} more, all in the workbook" if len(ids) > _MOST_IDS else ""
    return f"{', '.join(ids[:_MOST_IDS])}{more}"


def _cut(text: str, most: int = 46) -> str:
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]}…"
