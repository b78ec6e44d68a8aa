"""Which answers in the records no longer hold: what they quoted has changed, disappeared or been withdrawn since.

A document is found again by where it was read from; failing that by its address, so that a folder may move; failing that, a
page of the same title that says the same words will do, since publishers move pages. Knows nothing of databases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urldefrag

from assistant.documents import Document
from assistant.index import Entry, document_id, entries, is_uploaded, whole_entries
from assistant.records.model import Affected, Change, Kind, Listed, Quotation
from assistant.records.rows import text_digest
from assistant.records.standing import most_like, stands
from assistant.records.store import Records
from assistant.search import not_current
from assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class _Key:
    """What decides whether a quotation holds; many answers may quote the same."""

    document_id: str
    url: str
    title: str
    text_sha256: str
    withdrawn: bool
    quote: str
    introduced_by: str

    @property
    def shown(self) -> str:
        return "\n".join(filter(None, [self.introduced_by, self.quote]))


def check(records: Records, settings: Settings) -> list[Affected]:
    """The answers that no longer hold, newest first.

    Args:
        records: What was answered.
        settings: Where the index is that says what the guidance says now.

    Raises:
        IndexMissing: There is no index to compare with.
        RecordsUnusable: The records cannot be read.
    """
    given = [one for one in records.quotations() if not is_uploaded(one.source.document_id)]  # those are not in the index
    changes = _changes({_key(quotation) for quotation in given}, settings) if given else {}
    affected: dict[Listed, list[Change]] = defaultdict(list)
    for quotation in given:
        if change := changes.get(_key(quotation)):
            affected[quotation.answer].append(change)
    return [Affected(answer, tuple(found)) for answer, found in affected.items()]


def _key(quotation: Quotation) -> _Key:
    source = quotation.source
    return _Key(
        document_id=source.document_id,
        url=source.url,
        title=source.title,
        text_sha256=source.text_sha256,
        withdrawn=source.withdrawn,
        quote=quotation.quote,
        introduced_by=quotation.introduced_by,
    )


@dataclass(slots=True)
class _Places:
    """Where each quotation may stand now, by document: on its own page, or on another of the same title."""

    own: defaultdict[str, list[_Key]]
    namesake: defaultdict[str, list[_Key]]

    def __contains__(self, document_id: str) -> bool:
        return document_id in self.own or document_id in self.namesake


def _changes(keys: Iterable[_Key], settings: Settings) -> dict[_Key, Change]:
    """What became of those that no longer hold."""
    keys = set(keys)
    places = _places(keys, [entry.document for entry in entries(settings)])
    found: dict[_Key, Change] = {}
    holding: set[_Key] = set()
    for entry in whole_entries(settings, accept=lambda document: document_id(document.location) in places):
        texts = {text_digest(passage.text) for passage in entry.passages}
        name = document_id(entry.document.location)
        for key in places.own[name]:
            change = _change(key, entry, texts)
            if change is None:
                holding.add(key)
            else:
                found[key] = change
        holding.update(key for key in places.namesake[name] if _change(key, entry, texts) is None)
    return {
        key: found.get(key) or Change(Kind.DISAPPEARED, key.title, key.url, key.shown) for key in keys if key not in holding
    }


def _places(keys: Iterable[_Key], documents: Iterable[Document]) -> _Places:
    by_id: dict[str, Document] = {}
    by_url: defaultdict[str, list[str]] = defaultdict(list)
    by_title: defaultdict[str, list[str]] = defaultdict(list)
    for document in documents:
        name = document_id(document.location)
        by_id[name] = document
        by_url[document.url].append(name)
        by_title[document.title].append(name)
    places = _Places(defaultdict(list), defaultdict(list))
    for key in keys:
        own = [key.document_id] if key.document_id in by_id else _at_address(key.url, by_url)
        for name in own:
            places.own[name].append(key)
        for name in by_title[key.title] if not own else ():
            places.namesake[name].append(key)
    return places


def _at_address(url: str, by_url: dict[str, list[str]]) -> list[str]:
    """Documents with the address of a source, without its fragment."""
    address = urldefrag(url).url
    return by_url.get(address, []) if address else []


def _change(key: _Key, entry: Entry, passages: set[str]) -> Change | None:
    """What became of a quotation in a document; None when it holds.

    Args:
        key: The quotation.
        entry: The document, whole.
        passages: Digests of the texts of its passages.
    """
    document = entry.document
    withdrawn_since = not_current(document) and not key.withdrawn
    if stands(document, key.quote, introduced_by=key.introduced_by, passage_is_same=key.text_sha256 in passages):
        if not withdrawn_since:
            return None
        return Change(Kind.WITHDRAWN, key.title, key.url, key.shown, now=key.shown, notice=_notice(document))
    now = most_like(document, key.quote, with_introductions=bool(key.introduced_by))
    notice = _notice(document) if withdrawn_since else ""
    return Change(Kind.CHANGED, key.title, key.url, key.shown, now=now, notice=notice)


def _notice(document: Document) -> str:
    if document.notice:
        return document.notice
    if document.superseded_by:
        return f"This has been replaced by {document.superseded_by}."
    return "The publisher has withdrawn this page."
