"""Files made to break what reads them, made anew for each run and never stored.

`python -m tests.documents.hostile` makes them all, reads each as an ingest does, and prints what became of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.documents.hostile import mails, markup, packages, pdfs, texts
from tests.documents.hostile.case import FAILED, INDEXED, SKIPPED, Case
from tests.documents.hostile.places import make_places

__all__ = ["FAILED", "INDEXED", "SKIPPED", "Case", "all_cases", "make_places"]


def all_cases(address: str, secret: str) -> Iterator[Case]:
    """Every hostile file but those whose harm lies in the folder, which `make_places` makes.

    Args:
        address: Of a server that nothing may connect to.
        secret: Address ("file:…") of a file whose words may appear in no document.
    """
    yield from pdfs.cases(address)
    yield from packages.cases(address, secret)
    yield from markup.cases(address, secret)
    yield from texts.cases()
    yield from mails.cases(address)
