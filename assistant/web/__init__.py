"""The browser front end: a Gradio page over answers, served to this machine, or to whoever signs in.

Knows nothing of how answers come about. Gradio is imported when a page is built, so that importing this room is instant.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from assistant.web.answers import Answers

if TYPE_CHECKING:
    from collections.abc import Callable

    import gradio as gr

    from assistant.settings import Settings, UploadSettings
    from assistant.uploads import OwnDocuments
    from assistant.web.keeping import Keeping

# Read when gradio and huggingface_hub are imported, which any module of this room may do: set before all of them.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
# Gradio sums up its monitoring figures with pandas after every question, monitoring or not; this puts it off for ever.
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(10**12)
os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"

__all__ = ["Answers", "build", "serve"]


def build(
    answers: Answers,
    *,
    recorded_days: int = 0,
    keeping: Keeping | None = None,
    user_of: Callable[[gr.Request], str] | None = None,
    has_files: bool = False,
    can_leave: bool = False,
    documents: OwnDocuments | None = None,
    limits: UploadSettings | None = None,
) -> gr.Blocks:
    """The page, ready to be mounted.

    Args:
        answers: What answers the questions.
        recorded_days: For how many days answers are recorded, of which the reader is told; 0 for none.
        keeping: Where conversations are kept and found again; None where the page forgets them.
        user_of: Who sent a request; nobody by name when not given.
        has_files: The server answers /export/… with files of what is kept.
        can_leave: Users can sign out.
        documents: Documents of people's own, which the server takes at /own/…; None where there are none.
        limits: What may be added; as given where `documents` were made.
    """
    from assistant.web.page import build_page, nobody

    return build_page(
        answers,
        recorded_days=recorded_days,
        keeping=keeping,
        user_of=user_of or nobody,
        has_files=has_files,
        can_leave=can_leave,
        documents=documents,
        limits=limits,
    )


def serve(settings: Settings, *, open_browser: bool = False) -> None:
    """Open the assistant, print the address and serve the page until Ctrl+C.

    Args:
        settings: `web.host` and `web.port` say where to listen; the rest is the assistant's.
        open_browser: Also open the page in the default browser.

    Raises:
        SettingsError: The address may not be served without sign-in, or the port is taken.
        BernardError: The assistant cannot be opened.
    """
    from assistant.web.server import serve_assistant

    serve_assistant(settings, open_browser=open_browser)
