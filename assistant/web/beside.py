"""What stands beside Gradio's page: the page without JavaScript, texts, consultations, programs' routes, health.

Each part is a line here.
Knows nothing of what the parts do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import FastAPI

from assistant.index import Embedder
from assistant.settings import Settings
from assistant.web.answers import Answers
from assistant.web.api import add_api
from assistant.web.consult import add_consult
from assistant.web.figures import Figures
from assistant.web.health import Look, add_health
from assistant.web.keeping import Keeping
from assistant.web.pages import add_pages
from assistant.web.places import Places
from assistant.web.plain import add_plain
from assistant.web.style import add_style


def beside(
    answers: Answers,
    keeping: Keeping | None,
    *,
    settings: Settings,
    places: Places,
    figures: Figures,
    looks: Mapping[str, Look],
    can_leave: bool = False,
    embedder: Callable[[], Embedder] | None = None,
) -> Callable[[FastAPI], None]:
    """Adds everything beside the page to an application, before what answers every path.

    Args:
        answers: What answers.
        keeping: Records of conversations; None where nothing is kept.
        settings: What the pages tell of keeping, and the token for figures.
        places: How many are answered at once.
        figures: Shown at /metrics.
        looks: What is needed to answer, by its name; each raises when it does not work.
        can_leave: There is something to sign out of.
        embedder: Gives the embedder, where one is loaded already.
    """
    days = settings.records.days

    def add(app: FastAPI) -> None:
        add_style(app)
        add_pages(app, settings, can_leave=can_leave)
        add_plain(
            app, answers, keeping, recorded_days=days, places=places, has_files=keeping is not None, can_leave=can_leave
        )
        add_api(app, answers, keeping, places=places, recorded_days=days, can_leave=can_leave)
        add_consult(app, settings, embedder=embedder, can_leave=can_leave)
        add_health(app, looks=looks, figures=figures, token=settings.web.metrics_token.get_secret_value())

    return add
