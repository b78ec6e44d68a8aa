"""What a GOV.UK content item says of other pages: its sections, members, attachments, and where it has moved.

Pure functions from an item to paths and addresses, as they stand in it; whether they can be asked for is for others to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

Content = Mapping[str, Any]


def mapping(value: object) -> Content:
    """The value when it is a JSON object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def listed(value: object) -> list[Any]:
    """The value when it is a JSON array, else an empty one."""
    return value if isinstance(value, list) else []


def sections(content: Content) -> Iterator[str]:
    """Paths of the sections that a manual, or a section of one, lists; HMRC's manuals nest."""
    for group in listed(mapping(content.get("details")).get("child_section_groups")):
        for section in listed(mapping(group).get("child_sections")):
            yield from _paths([section])
    yield from _linked(content, "sections")


def collected(content: Content) -> Iterator[str]:
    """Paths of the members of a collection, in the order of its groups as far as they say."""
    members = {mapping(link).get("content_id"): path for link in _entries(content, "documents") for path in _paths([link])}
    for group in listed(mapping(content.get("details")).get("collection_groups")):
        for member in listed(mapping(group).get("documents")):
            if isinstance(member, str) and member in members:
                yield members.pop(member)
    yield from members.values()


def html_attachments(content: Content) -> Iterator[str]:
    """Paths of the pages that are part of a publication: its text is there, not on its own page."""
    yield from (path for path in _linked(content, "children", kind="html_publication"))
    own = content.get("base_path")
    for attachment in listed(mapping(content.get("details")).get("attachments")):
        url = mapping(attachment).get("url")
        if isinstance(url, str) and mapping(attachment).get("attachment_type") == "html":
            path = urlsplit(url).path
            if isinstance(own, str) and path.startswith(f"{own}/"):
                yield path


def attached_files(content: Content) -> Iterator[str]:
    """Addresses of attached files."""
    for attachment in listed(mapping(content.get("details")).get("attachments")):
        url = mapping(attachment).get("url")
        if isinstance(url, str) and mapping(attachment).get("attachment_type", "file") == "file":
            yield url


def redirection(content: Content) -> str:
    """Path or address that a redirect sends readers to, "" when it does not say."""
    own = content.get("base_path")
    redirects = [mapping(entry) for entry in listed(content.get("redirects"))]
    exact = [entry for entry in redirects if entry.get("path") == own]
    destinations = [entry.get("destination") for entry in exact or redirects]
    return next((destination for destination in destinations if isinstance(destination, str)), "")


def _linked(content: Content, name: str, *, kind: str = "") -> Iterator[str]:
    entries = _entries(content, name)
    yield from _paths([entry for entry in entries if not kind or mapping(entry).get("document_type", kind) == kind])


def _entries(content: Content, name: str) -> list[Any]:
    return [entry for holder in ("links", "expanded_links") for entry in listed(mapping(content.get(holder)).get(name))]


def _paths(entries: list[Any]) -> Iterator[str]:
    """The paths of pages in English; others are not read."""
    for entry in map(mapping, entries):
        path = entry.get("base_path")
        if isinstance(path, str) and entry.get("locale", "en") in {"en", None}:
            yield path
