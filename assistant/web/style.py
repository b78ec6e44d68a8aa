"""The style sheets, and all of them as one for pages that Gradio does not make: `/style/bernard.css`.

Gradio puts a prefix of its own before selectors in @media, for which the sheets leave theirs out; here it is put back.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import Response

PATH = "/style/bernard.css"

_HERE = Path(__file__).parent
_NAMES = ("page", "asking", "exchange", "sources", "tools", "sizes")
_PREFIX = ".gradio-container.gradio-container "
"""Twice, so that a rule of a @media block wins over the same rule outside, as it does where Gradio prefixes it."""

_MEDIA = re.compile(r"@media[^{]*\{((?:[^{}]*\{[^{}]*\})*)\s*\}")
_RULE = re.compile(r"([^{}]+)(\{[^{}]*\})")
_COMMA = re.compile(r",(?![^(]*\))")
"""A comma that is not between brackets."""


def style_sheets() -> list[Path]:
    """The style sheets in the order in which they apply, but for the colours, which Gradio must not rewrite."""
    return [_HERE / f"{name}.css" for name in _NAMES]


@cache
def style_sheet() -> str:
    """All style sheets as one, for a page whose body is a `.gradio-container`."""
    colours, plain = ((_HERE / f"{name}.css").read_text("utf-8") for name in ("colours", "plain"))
    rest = "\n".join(path.read_text("utf-8") for path in style_sheets())
    return f"{colours}\n{_MEDIA.sub(_prefixed, _without_comments(rest + plain))}"


@cache
def address() -> str:
    """Where the style sheet is, with what tells this state of it from others."""
    return f"{PATH}?{hashlib.sha256(style_sheet().encode()).hexdigest()[:12]}"


def add_style(app: FastAPI) -> None:
    """Add the route; pages of any user, and of none, ask for it."""

    @app.get(PATH, include_in_schema=False)
    async def sheet() -> Response:
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(style_sheet(), media_type="text/css", headers=headers)


def _prefixed(block: re.Match[str]) -> str:
    opening = block.group(0).partition("{")[0]
    rules = (f"{_with_prefix(selectors)} {body}" for selectors, body in _RULE.findall(block.group(1)))
    return f"{opening}{{\n{chr(10).join(rules)}\n}}"


def _with_prefix(selectors: str) -> str:
    return ", ".join(_PREFIX + one.strip() for one in _COMMA.split(selectors))


def _without_comments(sheet: str) -> str:
    return re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
