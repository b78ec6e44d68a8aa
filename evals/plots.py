"""Plots as SVG text, each with words that say what it shows to those who do not see it. Knows nothing of runs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from evals.figures import Figure
from evals.scorecard import Plot

_INK, _SOFT, _LINE, _BLUE = "var(--ink)", "var(--soft)", "var(--line)", "var(--blue)"  # of the page, light or dark
_ROW, _TOP, _LEFT, _WIDE = 26, 8, 310, 480
_SIDE, _PAD = 260, 44


def forest(figures: Sequence[Figure], *, label: str) -> str:
    """Shares between 0 and 1, one a row: a dot with its interval as a bar."""
    height = _TOP + _ROW * len(figures) + 30
    wide = _LEFT + _WIDE + 30
    parts = [_open(wide, height, f"{label}: figures with their 95 % intervals; the table below has the numbers")]
    for tick in (0, 0.25, 0.5, 0.75, 1):
        x = _LEFT + tick * _WIDE
        parts.append(f'<line x1="{x}" y1="{_TOP}" x2="{x}" y2="{height - 24}" stroke="{_LINE}"/>')
        parts.append(_text(x, height - 8, f"{tick:g}", anchor="middle", fill=_SOFT))
    for number, figure in enumerate(figures):
        y = _TOP + _ROW * number + _ROW / 2
        value = figure.value
        low, high, mean = (_LEFT + min(max(one, 0), 1) * _WIDE for one in (value.low, value.high, value.mean))
        parts.append(_text(_LEFT - 10, y + 5, figure.title, anchor="end"))
        if not math.isnan(value.low):
            parts.append(f'<line x1="{low:.1f}" y1="{y}" x2="{high:.1f}" y2="{y}" stroke="{_BLUE}" stroke-width="4"/>')
        parts.append(f'<circle cx="{mean:.1f}" cy="{y}" r="6" fill="{_INK}"/>')
    return f"<figure class='forest'>{''.join(parts)}</svg></figure>"


def risk_plot(plot: Plot) -> str:
    """Wrong answers among those given, against the share of questions answered."""
    told = (
        "How wrong answers grow as more is answered. From left to right the threshold of confidence falls; the further down "
        "the line, the better."
    )
    return _square(plot, x="share of questions answered", y="share of answers wrong", told=told, diagonal=False)


def reliability_plot(plot: Plot) -> str:
    """What share of claims was supported, against what the checker said of them."""
    told = "What the checker says and what is so: on the dashed line its probabilities can be taken at their word."
    return _square(plot, x="probability given", y="share supported", told=told, diagonal=True)


def _square(plot: Plot, *, x: str, y: str, told: str, diagonal: bool) -> str:
    whole = _SIDE + _PAD + 20
    ends = f"{plot.points[0][1]:.2f} at {plot.points[0][0]:.2f}, {plot.points[-1][1]:.2f} at {plot.points[-1][0]:.2f}"
    parts = [_open(whole, whole, f"{plot.suite} on {plot.set}: {y} against {x}; it runs from {ends}")]
    for tick in (0, 0.25, 0.5, 0.75, 1):
        across, down = _PAD + tick * _SIDE, 10 + (1 - tick) * _SIDE
        parts.append(f'<line x1="{across}" y1="10" x2="{across}" y2="{10 + _SIDE}" stroke="{_LINE}"/>')
        parts.append(f'<line x1="{_PAD}" y1="{down}" x2="{_PAD + _SIDE}" y2="{down}" stroke="{_LINE}"/>')
        parts.append(_text(_PAD - 6, down + 5, f"{tick:g}", anchor="end", fill=_SOFT))
        parts.append(_text(across, _SIDE + 26, f"{tick:g}", anchor="middle", fill=_SOFT))
    if diagonal:
        parts.append(
            f'<line x1="{_PAD}" y1="{10 + _SIDE}" x2="{_PAD + _SIDE}" y2="10" stroke="{_SOFT}" stroke-dasharray="5 5"/>'
        )
    placed = [(_PAD + px * _SIDE, 10 + (1 - py) * _SIDE) for px, py in plot.points]
    line = " ".join(f"{px:.1f},{py:.1f}" for px, py in placed)
    parts.append(f'<polyline points="{line}" fill="none" stroke="{_BLUE}" stroke-width="3"/>')
    if plot.weights:
        most = max(plot.weights)
        parts += [
            f'<circle cx="{px:.1f}" cy="{py:.1f}" r="{3 + 6 * (weight / most) ** 0.5:.1f}" fill="{_INK}"/>'
            for (px, py), weight in zip(placed, plot.weights, strict=True)
        ]
    parts.append(_text(_PAD + _SIDE / 2, _SIDE + 44, x, anchor="middle"))
    caption = f"{plot.suite} on {plot.set}, {y} (up) against {x} (across). {told}"
    return f"<figure>{''.join(parts)}</svg><figcaption>{escape(caption)}</figcaption></figure>"


def _open(wide: float, high: float, label: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" role="img" '
        f'aria-label="{escape(label)}" font-family="system-ui, sans-serif" font-size="14">'
    )


def _text(x: float, y: float, words: str, *, anchor: str, fill: str = _INK) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}">{escape(words)}</text>'
