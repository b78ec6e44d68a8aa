"""The scorecard in a real browser: wide, narrow, dark and printed. Nothing is asked for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evals.results import SampleResult
from evals.run_folder import ABOUT, About, samples_path
from evals.suites.refusal import refusal_measures
from evals.writing import write_scorecard
from tests.web.access import barriers
from tests.web.conftest import chromium  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser


@pytest.fixture
def scorecard(tmp_path: Path) -> Path:
    about = About(
        started="2026-11-26T01:00:00+00:00", command="bernard eval run", commit="", suites=("refusal",), limit=40, seed=3,
        epochs=1, settings={}, model="quotation", versions={}, machine={}, finished=True,
    )  # fmt: skip
    results = [
        SampleResult(
            suite="refusal", set="shipped", id=str(n), cluster=f"note {n % 7}", kind="near miss" if n % 2 else "lookup",
            question=f"What of {n}?", measures=refusal_measures(refused=n % 3 == 0, due=n % 2 == 0), score=n / 40,
            label=n % 2, expected="refused", got="answered", badness=n / 40, why="it should not", shown="• It is so.",
        )
        for n in range(40)
    ]  # fmt: skip
    (tmp_path / ABOUT).write_text(about.model_dump_json(), "utf-8")
    samples_path(tmp_path).write_text("".join(f"{one.model_dump_json()}\n" for one in results), "utf-8")
    return write_scorecard(tmp_path)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (320, "light")])
def test_it_can_be_read_whatever_the_screen(scorecard: Path, chromium: Any, width: int, scheme: str) -> None:  # noqa: F811
    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    try:
        page.goto(scorecard.as_uri())
        assert barriers(page) == []
        assert asked == [scorecard.as_uri()], "nothing is fetched"
        assert page.evaluate("document.documentElement.scrollWidth") == width
        glance = page.get_by_role("region", name="At a glance").inner_text()
        assert "false answers (lower is better) on shipped" in glance
        assert "At most 40 cases of each set were asked, drawn with seed 3." in page.inner_text("main")
        assert (page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)") == (
            scheme == "light"
        )
    finally:
        page.close()


def test_worst_cases_are_open_on_paper(scorecard: Path, chromium: Any) -> None:  # noqa: F811
    page = chromium.new_page()
    try:
        page.goto(scorecard.as_uri())
        shown = page.locator("details pre").first
        assert not shown.is_visible()
        page.emulate_media(media="print")
        assert shown.bounding_box()["height"] > 0
    finally:
        page.close()
