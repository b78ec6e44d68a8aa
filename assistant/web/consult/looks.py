"""The style sheet and the script of the pages of consultations, at addresses that change with what is in them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import Response

_HERE = Path(__file__).parent
_KINDS = {"consult.css": "text/css", "consult.js": "text/javascript"}


@cache
def _content(name: str) -> str:
    return (_HERE / name).read_text("utf-8")


@cache
def head() -> str:
    """What a page has in its head."""
    css, script = (f"/style/{name}?{hashlib.sha256(_content(name).encode()).hexdigest()[:12]}" for name in _KINDS)
    return f'<link rel="stylesheet" href="{css}"><script src="{script}" defer></script>'


def add_looks(app: FastAPI) -> None:
    """Add the routes."""

    def sheet(name: str, kind: str) -> None:
        @app.get(f"/style/{name}", include_in_schema=False)
        async def given() -> Response:
            headers = {"Cache-Control": "public, max-age=31536000, immutable"}
            return Response(_content(name), media_type=kind, headers=headers)

    for name, kind in _KINDS.items():
        sheet(name, kind)
