"""Fetches guidance from its publishers and keeps it on disk, where it is read like any file. Knows nothing of the index."""

from assistant.fetch.ledger import NAME as LEDGER
from assistant.fetch.ledger import Record, State, about
from assistant.fetch.lists import read_list
from assistant.fetch.model import OGL, Get, GuidanceSource, Item, Licence, NotHere, Wanted
from assistant.fetch.registry import open_source, source_names
from assistant.fetch.report import FetchReport, Move, NotFetched
from assistant.fetch.run import Progress, fetch, update

__all__ = [
    "LEDGER",
    "OGL",
    "FetchReport",
    "Get",
    "GuidanceSource",
    "Item",
    "Licence",
    "Move",
    "NotFetched",
    "NotHere",
    "Progress",
    "Record",
    "State",
    "Wanted",
    "about",
    "fetch",
    "open_source",
    "read_list",
    "source_names",
    "update",
]
