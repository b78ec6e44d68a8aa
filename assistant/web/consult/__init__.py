"""The pages on which analysts work on consultations: `/consultations` and `/consultation/…`.

Server-rendered, and whole without JavaScript. Knows nothing of guidance, questions or answers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.index import Embedder
    from assistant.settings import Settings

__all__ = ["add_consult"]


def add_consult(
    app: FastAPI, settings: Settings, *, embedder: Callable[[], Embedder] | None = None, can_leave: bool = False
) -> None:
    """Add the routes.

    Args:
        app: The application; the routes must come before what answers every path.
        settings: Where consultations are, how large files may be, and whether users sign in.
        embedder: Gives the embedder, where one is loaded already; None loads one when it is first needed.
        can_leave: There is something to sign out of.
    """
    from functools import cache

    from assistant.index import make_embedder
    from assistant.web.consult.routes import add_routes

    @cache
    def own() -> Embedder:
        return make_embedder(settings.embedding, cache_dir=settings.data_dir / "models", is_exact=True)

    add_routes(app, settings, embedder or own, signs_in=bool(settings.sign_in.way), can_leave=can_leave)
