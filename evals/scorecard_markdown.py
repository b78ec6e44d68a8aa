"""A scorecard as Markdown: for a terminal, a pull request or a page of documentation. Measures nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator

from evals.figures import Figure
from evals.metrics import Estimate
from evals.scorecard import Scorecard

_WAY = {"high": "higher is better", "low": "lower is better", "neither": ""}


def as_markdown(card: Scorecard) -> str:
    """The whole scorecard, without its plots."""
    about = card.about
    lines = [
        "# Scorecard",
        "",
        f"Run of {about.started}, commit {about.commit or 'unknown'}, answers by {about.model}, seed {about.seed}"
        + (f", at most {about.limit} cases of a set" if about.limit else "")
        + f". `{about.command}`",
        "",
        "In brackets: the 95 % interval of a bootstrap over what the last column counts. n: cases that have the figure.",
    ]
    for suite, asks in card.suites.items():
        figures = [figure for figure in card.figures if figure.suite == suite and not figure.kind]
        drawn = next((figure.drawn for figure in figures), "documents")
        lines += ["", f"## {suite}: {asks}", "", f"| set | figure | value | n | {drawn} |", "|---|---|---|---|---|"]
        lines += [_row(figure) for figure in figures]
    lines += ["", "## Left out", "", *_left_out(card)]
    return "\n".join(lines) + "\n"


def _row(figure: Figure) -> str:
    way = f" ({_WAY[figure.better]})" if figure.better == "low" else ""
    return f"| {figure.set} | {figure.title}{way} | {with_interval(figure)} | {figure.n:,} | {figure.clusters:,} |"


def with_interval(figure: Figure) -> str:
    """A figure with its interval, or its bound where nothing bad was seen, or nothing good was lacking."""
    told = shown(figure.value, figure.unit)
    if figure.upper is not None and figure.value.mean == 0:
        return f"{number(0, figure.unit)} (at most {number(figure.upper, figure.unit)})"
    if figure.lower is not None:
        return f"{number(1, figure.unit)} (at least {number(figure.lower, figure.unit)})"
    return told


def shown(value: Estimate, unit: str) -> str:
    """An estimate in words; "undefined" when it is."""
    if math.isnan(value.mean):
        return "undefined"
    if math.isnan(value.low):
        return number(value.mean, unit)
    mean, low, high = (_figures(one, unit) for one in (value.mean, value.low, value.high))
    return f"{mean} ({low} to {high}){_after(unit)}"


def number(value: float, unit: str) -> str:
    """A number in its unit."""
    return f"{_figures(value, unit)}{_after(unit)}"


def _figures(value: float, unit: str) -> str:
    form = {"share": ".3f", "difference": "+.3f"}.get(unit, ",.1f" if abs(value) < 100 else ",.0f")
    return f"{value:{form}}".replace("-", "−")


def _after(unit: str) -> str:
    return "" if unit in {"share", "difference"} else f" {unit}"


def _left_out(card: Scorecard) -> Iterator[str]:
    if not card.about.left_out:
        yield "Nothing."
    for left in card.about.left_out:
        count = "all" if left.count is None else f"{left.count:,}"
        yield f"- {left.suite}, {left.set}: {count}, because {left.reason}."
    for one in card.about.astray:
        yield f"- {one.set}, {one.place}: asked; its evidence stands in no document of the index and counts as not found."
