"""GOV.UK as a publisher: which addresses of its Content and Search APIs hold what a user asks for.

A page at /vat-rates is the content item at /api/content/vat-rates. What an item says of others is read in `govuk_links`.
Does no HTTP itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from assistant.errors import FetchError, InputError
from assistant.fetch.govuk_links import attached_files, collected, html_attachments, listed, mapping, redirection, sections
from assistant.fetch.model import OGL, Get, Item, NotHere, Wanted
from assistant.settings import FetchSettings

_API = "/api/content"
_PAGE_SIZE = 500
"""Results on one page of a search; the Search API gives 1,500 at most."""
_SEGMENT = r"(?!\.)[A-Za-z0-9._-]{1,190}"
_PATH = re.compile(rf"(?:/{_SEGMENT}){{1,20}}")
_LONGEST = 500
_ASSETS = "https://assets.publishing.service.gov.uk"
_ATTACHED = (".csv", ".docx", ".html", ".ods", ".odt", ".pdf", ".pptx", ".rtf", ".txt", ".xlsx")
"""Suffixes of attached files that can be read."""
_SIGNATURES = {".pdf": b"%PDF-", **dict.fromkeys((".docx", ".ods", ".odt", ".pptx", ".xlsx"), b"PK"), ".rtf": b"{\\rtf"}


class GovUk:
    """GOV.UK, or a server that answers like it."""

    name = "govuk"
    licence = OGL

    def __init__(self, settings: FetchSettings) -> None:
        self.base_url = settings.govuk_url.rstrip("/")

    def find(self, wanted: Wanted, get: Get) -> Iterator[Item]:
        """Manuals and collections, then single paths, then what a search finds; errors as `GuidanceSource` says."""
        also = ("attachments",) if wanted.attachments else ()
        asked = [
            *((path, ("sections", *also)) for path in wanted.manuals),
            *((path, ("members", *also)) for path in wanted.collections),
            *((path, also) for path in wanted.paths),
        ]
        items = [self._file_at(path) or self._item(self._path(path), parts) for path, parts in asked]
        seen = set()
        for item in (*items, *(self._item(path, also) for path in self._search(wanted, get))):
            if item.address not in seen:
                seen.add(item.address)
                yield item

    def check(self, item: Item, body: bytes, headers: Mapping[str, str]) -> NotHere | None:
        """Refuse what is no content item, or no file of the kind that was attached."""
        if not item.address.startswith(f"{self.base_url}{_API}/"):
            _check_file(item, body, headers)
            return None
        content = _parse(body)
        kinds = {content.get("schema_name"), content.get("document_type")}
        if "redirect" in kinds:
            to = redirection(content)
            return NotHere("It has moved.", moved_to=self._address(to)) if to else NotHere("It only sent readers elsewhere.")
        if kinds & {"gone", "vanish"}:
            elsewhere = mapping(content.get("details")).get("alternative_path")
            return NotHere("GOV.UK has taken it down" + (f"; {elsewhere} takes its place." if elsewhere else "."))
        return None

    def further(self, item: Item, body: bytes, wanted: Wanted) -> Iterator[Item]:
        """Sections of a manual, members of a collection, HTML attachments always, other attachments where wanted."""
        if not item.address.startswith(f"{self.base_url}{_API}/"):
            return
        content = _parse(body)
        also = ("attachments",) if wanted.attachments or "attachments" in item.parts else ()
        if "sections" in item.parts:
            yield from self._items(sections(content), parts=("sections", *also))
        if "members" in item.parts:
            yield from self._items(collected(content), parts=also)
        yield from self._items(html_attachments(content), parts=also)
        for address in attached_files(content) if also else ():
            if attached := self._file_at(address):
                yield attached

    def _items(self, paths: Iterable[str], *, parts: tuple[str, ...]) -> Iterator[Item]:
        """The items at paths that a reply names; what cannot be a path is passed over."""
        return (self._item(path, parts) for path in paths if _is_path(path))

    def _item(self, path: str, parts: tuple[str, ...]) -> Item:
        return Item(f"{self.base_url}{_API}{path}", f"{path[1:]}.json", f"{self.base_url}{path}", parts)

    def _address(self, place: str) -> str:
        return f"{self.base_url}{place}" if place.startswith("/") else place

    def _path(self, given: str) -> str:
        """The path in what a user typed or a redirect says.

        Raises:
            InputError: It is none on GOV.UK.
        """
        text = given.strip()
        if "://" in text:
            try:
                parts = urlsplit(text)
                host = f"{parts.scheme}://{parts.netloc}"
                text = parts.path if host in {self.base_url, "https://www.gov.uk", "https://gov.uk"} else ""
            except ValueError:
                text = ""
        path = "/" + text.partition("#")[0].partition("?")[0].strip("/")
        path = path.removeprefix(_API) if path.startswith(f"{_API}/") else path
        if not _is_path(path):
            raise InputError(
                f"{given[:200]!r} is not the path of a page on GOV.UK. Give what follows www.gov.uk in its address, such as "
                "/guidance/content-design, or the whole address."
            )
        return path

    def _file_at(self, address: str) -> Item | None:
        """The attached file at an address; None when it is no such file, or of a kind that cannot be read."""
        host = next((host for host in (_ASSETS, self.base_url) if address.startswith(f"{host}/")), "")
        path = address.removeprefix(host).partition("?")[0]
        is_file = host and path.lower().endswith(_ATTACHED) and _is_path(path)
        return Item(f"{host}{path}", f"assets{path}") if is_file else None

    def _search(self, wanted: Wanted, get: Get) -> Iterator[str]:
        """Paths that a search finds: nearest first when it has words, otherwise latest first."""
        filters = [
            *(("filter_organisations[]", slug) for slug in wanted.organisations),
            *(("filter_content_store_document_type[]", kind) for kind in wanted.document_types),
        ]
        if wanted.updated_since:
            filters.append(("filter_public_timestamp", f"from:{wanted.updated_since.isoformat()}"))
        filters.append(("q", wanted.text) if wanted.text else ("order", "-public_timestamp"))
        start = 0
        while start < wanted.limit and (len(filters) > 1 or wanted.text):
            count = min(_PAGE_SIZE, wanted.limit - start)
            page = [("fields", "link"), ("count", str(count)), ("start", str(start))]
            results, total = _results(get(f"{self.base_url}/api/search.json?{urlencode([*filters, *page])}"))
            yield from filter(_is_path, results)
            start += count
            if start >= total or not results:
                return


def _is_path(path: str) -> bool:
    return len(path) <= _LONGEST and ".." not in path and bool(_PATH.fullmatch(path))


def _parse(body: bytes) -> Mapping[str, Any]:
    """The content item in a reply.

    Raises:
        FetchError: The reply is none.
    """
    try:
        content = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        kind = "a web page" if body.lstrip()[:1] == b"<" else "cut short or damaged"
        raise FetchError(f"The reply is not a content item: it is {kind}.") from None
    named = mapping(content)
    if not isinstance(named.get("base_path"), str) or not {"schema_name", "document_type"} & set(named):
        raise FetchError('The reply is JSON, but not a content item: it has no "base_path" or no "document_type".')
    return named


def _check_file(item: Item, body: bytes, headers: Mapping[str, str]) -> None:
    suffix = "." + item.file.rpartition(".")[2].lower()
    is_page = "text/html" in headers.get("content-type", "") and suffix not in {".html", ".htm"}
    if not body or is_page or not body.startswith(_SIGNATURES.get(suffix, b"")):
        raise FetchError(f"The reply is not a {suffix} file.")


def _results(body: bytes) -> tuple[list[str], int]:
    try:
        page = mapping(json.loads(body))
    except (ValueError, RecursionError):
        page = {}
    if not isinstance(page.get("results"), list):
        raise FetchError("GOV.UK's search did not answer with a list of results. Try again later.")
    total = page.get("total")
    links = [mapping(result).get("link") for result in listed(page["results"])]
    return [link for link in links if isinstance(link, str)], total if isinstance(total, int) else 0
