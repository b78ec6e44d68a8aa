"""What stands beside Gradio's page: the page without JavaScript, texts, consultations, programs' routes, health.

Each part is a line here.
Knows nothing of what the parts do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import FastAPI

from assistant.index import Embedder
from assistant.records import Records
from assistant.settings import Settings
from assistant.uploads import OwnDocuments
from assistant.web.adding import Adding
from assistant.web.answers import Answers
from assistant.web.api import add_api
from assistant.web.brought import Brought
from assistant.web.consult import add_consult
from assistant.web.evaluating import add_evaluating
from assistant.web.figures import Figures
from assistant.web.health import Look, add_health
from assistant.web.keeping import Keeping
from assistant.web.pages import add_pages
from assistant.web.places import Places
from assistant.web.plain import add_plain
from assistant.web.plain_documents import add_plain_documents
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
    documents: OwnDocuments | None = None,
    records: Callable[[], Records] | None = None,
    indexed: Callable[[], float] = lambda: 0.0,
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
        documents: Documents of people's own; None where there are none.
        records: Gives all records, for evaluators; None where nothing is kept.
        indexed: How many documents the index has.
        embedder: Gives the embedder, where one is loaded already.
    """
    days = settings.records.days

    def add(app: FastAPI) -> None:
        add_style(app)
        add_pages(app, settings, can_leave=can_leave)
        plain = add_plain(
            app,
            answers,
            keeping,
            recorded_days=days,
            places=places,
            has_files=keeping is not None,
            can_leave=can_leave,
            documents=documents,
            limits=settings.uploads,
        )
        adding = Adding(documents, keeping, settings.uploads) if documents and keeping else None
        if adding:
            add_plain_documents(app, plain, adding)
        brought = Brought(documents if keeping else None, answers)
        add_api(
            app,
            answers,
            keeping,
            places=places,
            recorded_days=days,
            can_leave=can_leave,
            brought=brought,
            adding=adding,
        )
        runs = settings.data_dir / "evals" / "runs"
        add_evaluating(app, records, runs=runs, documents=indexed, recorded_days=days, can_leave=can_leave)
        add_consult(app, settings, embedder=embedder, can_leave=can_leave)
        add_health(app, looks=looks, figures=figures, token=settings.web.metrics_token.get_secret_value())

    return add
