"""Writes the scorecard of a run into its folder, as a page, as JSON and as Markdown. Knows nothing of how it is laid out."""

from __future__ import annotations

from pathlib import Path

from evals.run_folder import read_about, read_results
from evals.scorecard import Scorecard, make_scorecard
from evals.scorecard_html import as_html
from evals.scorecard_markdown import as_markdown
from evals.suites.known import SUITES

JSON, PAGE, MARKDOWN = "scorecard.json", "scorecard.html", "scorecard.md"


def write_scorecard(out: Path) -> Path:
    """Make the three forms anew from the results; returns the page.

    Raises:
        InputError: There is no finished run in the folder.
    """
    card = read_scorecard(out)
    (out / JSON).write_text(card.model_dump_json(indent=1), "utf-8")
    (out / MARKDOWN).write_text(as_markdown(card), "utf-8")
    (out / PAGE).write_text(as_html(card), "utf-8")
    return out / PAGE


def read_scorecard(out: Path) -> Scorecard:
    """The scorecard of a run, made from its results."""
    return make_scorecard(read_about(out), read_results(out), SUITES)
