"""Rows and reports as text."""

from __future__ import annotations

import pytest

from assistant.errors import InputError
from evals.metrics import Estimate
from evals.records import Report, Row, Scores, System
from evals.report import BEGIN, END, as_text, put_into
from evals.scoring import rows

SCORES = Scores(
    id="1",
    url="https://www.gov.uk/bees",
    found={250: 0.5, 500: 1.0, 1000: 1.0, 2000: 1.0},
    right_page=1.0,
    search_ms=12.0,
    f1=0.4,
    f1_regardless=0.4,
    answered=True,
    confidence=0.8,
    confidence_without_page=0.2,
    answered_without_page=False,
    ask_ms=80.0,
)
WEIGHTS = {"cross_validated": {"evidence_f1": 0.36, "false_answers": 0.31, "answered": 0.9}}
BERNARD = System(
    ingested=None, open_seconds=1.0, scores=(SCORES,), facts={"weights": WEIGHTS, "documents": 1, "passages": 2}
)


def report(*shown: Row) -> Report:
    return Report(
        date="2026-11-22",
        command="python -m evals.bench",
        commit="abc",
        machine={"processor": "P", "cores": 2, "memory_gib": 8, "system": "S", "load_at_start": 0.1},
        versions={"python": "3.11"},
        guidance={"folders": ["guidance"], "files": 1, "bytes": 10, "digest": "d"},
        questions=1,
        pages=1,
        rows=shown,
        bernard=BERNARD,
    )


@pytest.mark.parametrize(
    ("figure", "at_least", "met"), [(0.5, True, True), (0.4, True, False), (0.5, False, True), (0.6, False, False)]
)
def test_a_bar_is_met_from_either_side(figure: float, at_least: bool, met: bool) -> None:
    assert Row(what="x", unit="share", bernard=figure, bar=0.5, at_least=at_least).met is met


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    row = Row(what="x", unit="s", bernard=None, bar=5.0, at_least=False)
    assert row.met is None
    assert "not measured" in as_text(report(row))


def test_a_figure_is_shown_with_its_interval_and_difference() -> None:
    row = Row(
        what="evidence found",
        unit="share",
        bernard=0.7,
        bernard_interval=Estimate(mean=0.7, low=0.6, high=0.8),
        quick_start=0.75,
        difference=Estimate(mean=-0.05, low=-0.1, high=0.01),
        bar=0.72,
    )
    line = next(line for line in as_text(report(row)).splitlines() if line.startswith("evidence found"))
    assert line.split("  ")[-1] == "no"
    for part in ("0.750", "0.700 (0.600 to 0.800)", "−0.050 (−0.100 to +0.010)", "≥ 0.720"):
        assert part in line


def test_without_a_quick_start_every_row_still_has_bernards_figure() -> None:
    table = {row.what: row for row in rows(BERNARD, None)}
    assert table["evidence found, first 250 words"].met is False
    assert table["search, p50"].bernard == 12.0
    assert all(row.quick_start is None for row in table.values())


def test_both_bars_on_fitted_figures_are_also_set_on_the_cross_validated_ones() -> None:
    crossed = [row for row in rows(BERNARD, None) if row.what.endswith("cross-validated")]
    assert [row.met for row in crossed] == [False, False]


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(InputError, match="no place for the figures"):
        put_into("# Benchmarks\n", report())


def test_putting_figures_in_again_replaces_them() -> None:
    page = f"# Benchmarks\n\n{BEGIN}\n{END}\n"
    first = put_into(page, report())
    assert put_into(first, report()) == first
