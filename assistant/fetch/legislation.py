"""legislation.gov.uk as a publisher: which addresses hold the Acts and instruments that a user asks for.

The page at /ukpga/2000/36/section/14 is XML at /ukpga/2000/36/section/14/data.xml. Lists are Atom feeds, read in
`legislation_feed`. Does no HTTP itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from urllib.parse import urlencode, urlsplit

from lxml import etree

from assistant.documents.legislation_places import TYPES, Place, place_at
from assistant.errors import FetchError, InputError
from assistant.fetch.legislation_feed import read_feed
from assistant.fetch.model import OGL, Get, Item, NotHere, Wanted
from assistant.settings import FetchSettings

_ROOT = "{http://www.legislation.gov.uk/namespaces/legislation}Legislation"
_HOSTS = {"www.legislation.gov.uk", "legislation.gov.uk"}
_KINDS = TYPES | {"primary", "secondary", "eu-origin", "all"}
_PAGE_SIZE = 50
_MOST_PAGES = 1000
_LOOKS = "Give what follows www.legislation.gov.uk in its address, such as /ukpga/2000/36, /ukpga/2000/36/section/14 or " \
    "/ukpga/2000/36/2024-01-01 (as it stood on a day), or the whole address."  # fmt: skip


class Legislation:
    """legislation.gov.uk, or a server that answers like it."""

    name = "legislation"
    licence = OGL

    def __init__(self, settings: FetchSettings) -> None:
        self.base_url = settings.legislation_url.rstrip("/")

    def find(self, wanted: Wanted, get: Get) -> Iterator[Item]:
        """Single paths, then what a search finds, latest change first; errors as `GuidanceSource` says."""
        self._refuse_unknown(wanted)
        items = [self._item(self._place(path)) for path in wanted.paths]
        seen = set()
        for item in (*items, *(self._item(place) for place in self._search(wanted, get))):
            if item.address not in seen:
                seen.add(item.address)
                yield item

    def check(self, item: Item, body: bytes, headers: Mapping[str, str]) -> NotHere | None:
        """Refuse what is no whole piece of legislation, such as the page shown while its XML is being made."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root = etree.fromstring(body, parser)
        except (etree.LxmlError, ValueError, LookupError):
            kind = "a web page" if _is_page(body, headers) else "cut short or damaged"
            raise FetchError(f"The reply is not the XML of legislation: it is {kind}. {_WAIT}") from None
        if root.tag != _ROOT:
            kind = "a web page" if _is_page(body, headers) else f"a {str(root.tag).rpartition('}')[2][:40]!r} document"
            raise FetchError(f"The reply is not the XML of legislation: it is {kind}. {_WAIT}")
        return None

    def further(self, item: Item, body: bytes, wanted: Wanted) -> Iterator[Item]:
        """Nothing: an Act comes whole."""
        yield from ()

    def _refuse_unknown(self, wanted: Wanted) -> None:
        """Raises InputError for what legislation.gov.uk has not got."""
        if wanted.organisations:
            raise InputError(
                "legislation.gov.uk has no lists by organisation. Search by words or by type instead, such as uksi."
            )
        if wanted.manuals or wanted.collections:
            raise InputError(
                "legislation.gov.uk has no manuals or collections. Give the path of an Act or instrument, which comes whole."
            )
        for kind in wanted.document_types:
            if kind not in _KINDS:
                raise InputError(
                    f"{kind[:80]!r} is not a type of legislation. There are primary, secondary, all, and: "
                    f"{', '.join(sorted(TYPES))}."
                )

    def _place(self, given: str) -> Place:
        """The place that a user or a redirect names.

        Raises:
            InputError: It is none on legislation.gov.uk.
        """
        path = given.strip().partition("#")[0].partition("?")[0]
        if "://" in path:
            path = self._path(path)
        place = place_at(path) if path.isascii() and len(path) <= 500 else None
        if place is None:
            raise InputError(f"{given[:200]!r} is not the path of legislation. {_LOOKS}")
        if place.version == "prospective":
            raise InputError(f"{given[:200]!r} is law that is not in force. Leave out /prospective.")
        return place

    def _path(self, address: str) -> str:
        """The path of an address on this publisher's site, "" for any other."""
        try:
            parts = urlsplit(address)
            own = urlsplit(self.base_url)
        except ValueError:
            return ""
        is_own = (parts.scheme, parts.netloc) == (own.scheme, own.netloc)
        return parts.path if is_own or (parts.scheme in ("http", "https") and parts.netloc in _HOSTS) else ""

    def _item(self, place: Place) -> Item:
        path = "/".join(filter(None, (place.item, place.provision, place.extent, place.version)))
        file = path.replace("+", "-and-").replace("=", "only-")
        return Item(f"{self.base_url}/{path}/data.xml", f"{file}.xml", f"{self.base_url}/{path}")

    def _search(self, wanted: Wanted, get: Get) -> Iterator[Place]:
        """What a search finds. The site cannot search by day of change, but lists the latest changes first."""
        if not (wanted.text or wanted.document_types or wanted.updated_since):
            return
        kinds = "+".join(dict.fromkeys(wanted.document_types)) or "all"
        terms = [("text", wanted.text)] if wanted.text else []
        count = max(1, min(_PAGE_SIZE, wanted.limit))
        address = (
            f"{self.base_url}/{kinds}/data.feed?{urlencode([*terms, ('sort', 'modified'), ('results-count', str(count))])}"
        )
        asked: set[str] = set()
        found: set[Place] = set()
        while address and address not in asked and len(asked) < _MOST_PAGES:
            asked.add(address)
            page = read_feed(get(address))
            for entry in page.entries:
                place = place_at(self._path(entry.address))
                is_old = wanted.updated_since and entry.updated and entry.updated < wanted.updated_since
                if place is None or place in found or is_old:
                    continue
                if len(found) >= wanted.limit:
                    return
                found.add(place)
                yield place
            if _all_older([entry.updated for entry in page.entries], wanted.updated_since):
                return
            address = self._next(page.next)

    def _next(self, address: str) -> str:
        """The next page of a list on this publisher's own host, as its feeds always name the public one; "" for none."""
        try:
            parts = urlsplit(address)
        except ValueError:
            return ""
        path = parts.path if not parts.netloc else self._path(address)
        return f"{self.base_url}{path}?{parts.query}" if path.startswith("/") and parts.query else ""


_WAIT = "legislation.gov.uk may still be making it; if it has this item as a PDF only, there is no XML."


def _is_page(body: bytes, headers: Mapping[str, str]) -> bool:
    return "html" in headers.get("content-type", "").lower() or b"<html" in body[:1000].lower()


def _all_older(days: list[dt.date | None], since: dt.date | None) -> bool:
    return since is not None and bool(days) and all(day is not None and day < since for day in days)
