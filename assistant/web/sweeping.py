"""Deletes what people sent when its time is up: documents whose conversation is gone, responses that nobody confirmed.

Knows nothing of what is in them.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from assistant.errors import BernardError
from assistant.index import Searchable, typical_texts
from assistant.records import Records
from assistant.settings import Settings
from assistant.uploads import OwnDocuments, Shelves
from assistant.web.consult.arrivals import Arrivals

_EVERY = 600.0  # seconds
_log = logging.getLogger(__name__)


def own_documents(settings: Settings, guidance: Searchable) -> OwnDocuments | None:
    """Documents of people's own, to be searched beside `guidance`; None where they are off or no conversation is kept."""
    if not settings.uploads.allowed or not settings.records.days:
        return None
    return OwnDocuments(settings, guidance.embedder, beside=lambda: typical_texts(guidance))


def sweep(shelves: Shelves, records: Callable[[], Records] | None) -> None:
    """Delete what has expired and what belongs to no conversation any more; never raises."""
    try:
        shelves.expire()
        if records:
            opened = records
            shelves.keep_only(lambda: opened().all_conversations())
    except (BernardError, OSError) as error:
        _log.error("Documents that have expired could not be deleted (%s); tried again later", type(error).__name__)


@contextmanager
def swept(settings: Settings, own: OwnDocuments | None, records: Callable[[], Records]) -> Iterator[None]:
    """Sweep at once and then every ten minutes, in a thread, as long as the `with` statement runs.

    Args:
        settings: Where documents are kept, also when no more are taken.
        own: What has indexes of them in memory.
        records: Know which conversations there are.
    """
    shelves = own.shelves if own else Shelves(settings)
    arrivals = Arrivals(settings)
    over = threading.Event()

    def run() -> None:
        while True:
            sweep(shelves, records if settings.records.days else None)
            arrivals.sweep()
            if own:
                own.let_go()
            if over.wait(_EVERY):
                return

    thread = threading.Thread(target=run, name="sweeping", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=10)
