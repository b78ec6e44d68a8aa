"""A report of the benchmark as text: for a terminal, and for docs/benchmarks.md. Pure functions; measure nothing."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.errors import InputError
from evals.metrics import Estimate
from evals.records import Report, Row

BEGIN = "<!-- measured: begin (written by `make bench`; do not edit by hand) -->"
END = "<!-- measured: end -->"

HEADINGS = ("what", "quick start", "Bernard", "difference", "bar", "met")


def as_text(report: Report) -> str:
    """For a terminal."""
    table = [HEADINGS, *(_cells(row) for row in report.rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(HEADINGS))]
    lines = [_line(line, widths) for line in table]
    rule = "  ".join("-" * width for width in widths)
    return "\n".join([lines[0], rule, *lines[1:], "", *_below(report)])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def as_markdown(report: Report) -> str:
    """For a page of documentation."""
    table = [HEADINGS, ("---",) * len(HEADINGS), *(_cells(row) for row in report.rows)]
    lines = ["| " + " | ".join(cell.replace("*", r"\*") for cell in line) + " |" for line in table]
    return "\n".join([*lines, "", *("- " + line.replace("*", r"\*") for line in _below(report))])


def put_into(page: str, report: Report) -> str:
    """A page of documentation with the report between its marks.

    Raises:
        InputError: The marks are not there.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise InputError(f"The page has no place for the figures: put a line {BEGIN} and a line {END} into it.")
    return f"{before}{BEGIN}\n\n{as_markdown(report)}\n\n{END}{after}"


def _cells(row: Row) -> tuple[str, ...]:
    bar = "" if row.bar is None else f"{'≥' if row.at_least else '≤'} {_figure(row.bar, row.unit)}"
    met = {True: "yes", False: "no", None: "" if row.bar is None else "not measured"}[row.met]
    return (
        row.what,
        _with_interval(row.quick_start, row.quick_start_interval, row.unit),
        _with_interval(row.bernard, row.bernard_interval, row.unit),
        _difference(row.difference),
        bar,
        met,
    )


def _with_interval(figure: float | None, interval: Estimate | None, unit: str) -> str:
    if figure is None:
        return "–"
    shown = _figure(figure, unit)
    return f"{shown} ({_share(interval.low)} to {_share(interval.high)})" if interval else shown


def _difference(interval: Estimate | None) -> str:
    if interval is None:
        return ""
    return f"{_signed(interval.mean)} ({_signed(interval.low)} to {_signed(interval.high)})"


def _figure(value: float, unit: str) -> str:
    if unit == "share":
        return _share(value)
    return f"{value:,.1f} {unit}" if abs(value) < 100 else f"{value:,.0f} {unit}"


def _share(value: float) -> str:
    return f"{value:.3f}"


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−")


def _below(report: Report) -> list[str]:
    """What the figures were measured on, with and by."""
    guidance, machine, facts = report.guidance, report.machine, report.bernard.facts
    lines = [
        f"Guidance: {', '.join(guidance['folders'])}; {guidance['files']:,} files, {guidance['bytes'] / 1e6:.1f} MB; "
        f"{facts['documents']:,} documents in {facts['passages']:,} passages"
        + (f", {_chunks(report):,} chunks in the quick start." if _chunks(report) else "."),
        f"Questions: {report.questions} answerable ones of ConditionalQA's development set, on {report.pages} pages. In "
        "brackets: 95 % interval of a bootstrap over pages.",
        f"Machine: {machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB, {machine['system']}; "
        f"load at the start {machine['load_at_start']}.",
        "Versions: " + ", ".join(f"{name} {version}" for name, version in report.versions.items()) + ".",
        f"Run: {report.date}, commit {report.commit or 'unknown'}, `{report.command}`; one run.",
    ]
    return [*lines, *report.notes]


def _chunks(report: Report) -> int:
    ingested = report.quick_start.ingested if report.quick_start else None
    return int(ingested.told["chunks"]) if ingested else 0
