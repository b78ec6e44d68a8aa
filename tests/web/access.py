"""Looks over a page with axe-core, the accessibility checker, which comes inside the package axe-playwright-python."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

_RUN = """() => axe.run(document, {
    resultTypes: ["violations"],
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
})"""
_GRAVE = {"serious", "critical"}


@cache
def _axe() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def barriers(page: Any) -> list[str]:
    """What axe finds serious or critical on a page as it stands, one line for each place."""
    page.evaluate(_axe())
    found = page.evaluate(_RUN)["violations"]
    return [
        f"{one['id']}: {node['html'][:150]} ({node['failureSummary']})"
        for one in found
        if one["impact"] in _GRAVE
        for node in one["nodes"]
    ]
