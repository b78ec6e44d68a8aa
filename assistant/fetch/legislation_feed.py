"""Reads one page of a list on legislation.gov.uk: an Atom feed of items, with the address of the next page. Asks nobody."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from lxml import etree

from assistant.errors import FetchError

_ATOM = "{http://www.w3.org/2005/Atom}"
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a list: its address, and the day on which the publisher last changed it."""

    address: str
    updated: dt.date | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `next` is the address of the one after it, "" for the last."""

    entries: tuple[Entry, ...]
    next: str


def read_feed(body: bytes) -> Page:
    """The items on a page, in its order.

    Raises:
        FetchError: It is no Atom feed, or cut short.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.LxmlError, ValueError, LookupError):
        root = None
    if root is None or root.tag != f"{_ATOM}feed":
        raise FetchError("legislation.gov.uk did not answer with a list of legislation. Try again later.")
    entries = (Entry(_address(entry), _day(entry.findtext(f"{_ATOM}updated") or "")) for entry in root.iter(f"{_ATOM}entry"))
    return Page(tuple(entry for entry in entries if entry.address), _link(root, "next"))


def _address(entry: etree._Element) -> str:
    """The address of an item that there is as XML, "" for one that there is only as a PDF."""
    formats = {link.get("type") for link in entry.iterchildren(f"{_ATOM}link") if link.get("rel") == "alternate"}
    if formats and "application/xml" not in formats:
        return ""
    return (entry.findtext(f"{_ATOM}id") or "").strip()[:_LONGEST]


def _link(root: etree._Element, rel: str) -> str:
    links = (link.get("href", "").strip() for link in root.iterchildren(f"{_ATOM}link") if link.get("rel") == rel)
    return next((link for link in links if len(link) <= _LONGEST), "")


def _day(stamp: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(stamp.strip()[:10])
    except ValueError:
        return None
