"""What a publisher of guidance is to Bernard, what is asked of it and what becomes of each item.

A publisher is a `GuidanceSource`: GOV.UK and legislation.gov.uk come with Bernard, others are found by the entry-point group
`bernard.guidance_sources`, each a callable from `FetchSettings` to a `GuidanceSource`. (A "source" alone is a passage as an
answer cites it; these are never called that.) Knows nothing of HTTP or of files.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Licence:
    """Terms under which a publisher lets its texts be used."""

    name: str
    url: str


OGL = Licence("Open Government Licence v3.0", "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to fetch.

    Attributes:
        address: Full address of the request.
        file: Where to keep it below the publisher's folder, "/" between parts, with the suffix its reader knows.
        page: Address that a person would open; "" when it is `address`.
        parts: What is wanted with it, in the publisher's own words, such as "sections"; kept for `bernard update`, and
            passed on to where the item has moved. Only `GuidanceSource.further` reads them.
    """

    address: str
    file: str
    page: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotHere:
    """What a sound reply says that only tells that the item is not there any more.

    Attributes:
        reason: Why, as a sentence for people.
        moved_to: Full address where it is now; "" when it is gone.
    """

    reason: str
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a user asked for; all empty means nothing.

    Attributes:
        paths: Paths or full addresses of single items.
        manuals: Paths of manuals, of which every section is wanted.
        collections: Paths of collections, of which every member is wanted.
        organisations: Slugs of publishing bodies; a search.
        document_types: The publisher's own terms; a search.
        updated_since: Only what was updated on this day or later; a search.
        text: Words to search for; a search.
        attachments: Also fetch attached files, such as PDFs.
        limit: Most items that a search may bring.
    """

    paths: tuple[str, ...] = ()
    manuals: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    document_types: tuple[str, ...] = ()
    updated_since: dt.date | None = None
    text: str = ""
    attachments: bool = False
    limit: int = 1000


Get = Callable[[str], bytes]
"""Fetches an address that is not itself guidance, such as a page of search results; raises FetchError."""


class GuidanceSource(Protocol):
    """A publisher of guidance: says what there is, and what of a reply is worth keeping. Does no HTTP itself."""

    name: str
    """Short, lower case; also its folder's name."""
    licence: Licence
    base_url: str
    """Where its items are, such as "https://www.gov.uk"; others are asked only if they are public and end in .gov.uk."""

    def find(self, wanted: Wanted, get: Get) -> Iterable[Item]:
        """The items a user asked for, in a stable order, each once.

        Also asked, with one full address in `wanted.paths`, what item it is that another one has moved to.

        Raises:
            InputError: Something asked for cannot be a path of this publisher; says what one looks like.
            FetchError: A list of items could not be fetched.
        """
        ...

    def check(self, item: Item, body: bytes, headers: Mapping[str, str]) -> NotHere | None:
        """Refuse a reply that is not what was asked for. Called by several threads at once.

        Args:
            item: What was asked for.
            body: The reply, whole.
            headers: Its headers, by name in lower case.

        Returns:
            None for an item worth keeping; otherwise what the reply says of its having moved or gone.

        Raises:
            FetchError: It is cut short, an error page or another thing; it is tried again.
        """
        ...

    def further(self, item: Item, body: bytes, wanted: Wanted) -> Iterable[Item]:
        """What an item says is also part of it: sections of a manual, documents of a collection, attachments."""
        ...
