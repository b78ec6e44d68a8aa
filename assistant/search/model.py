"""What a search is asked and what it returns. Knows nothing of how passages are ranked."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from fnmatch import fnmatch

from pydantic import BaseModel, ConfigDict, Field

from assistant.documents import Document
from assistant.index import is_uploaded


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Scope(StrEnum):
    """Which collections a search goes through."""

    BOTH = ""
    GUIDANCE = "guidance"
    OWN = "own"


class Filters(_Value):
    """Which documents to search; an empty filter lets everything through.

    Attributes:
        organisations: Any of these names, compared without case.
        document_types: Any of these.
        updated_since: Changed on this day or later; documents without a date are left out.
        folder: Read from this folder or below it: a path, or a pattern such as "*/hmrc-manuals/*".
        current_only: Leave out withdrawn and superseded documents.
        scope: Which collections, where the one who asks has brought documents; the other limits are on guidance alone.
    """

    organisations: tuple[str, ...] = ()
    document_types: tuple[str, ...] = ()
    updated_since: dt.date | None = None
    folder: str = ""
    current_only: bool = False
    scope: Scope = Scope.BOTH

    def __bool__(self) -> bool:
        return self != Filters()

    def accepts(self, document: Document) -> bool:
        """True when the document may be searched."""
        if is_uploaded(document.location):
            return self.scope is not Scope.GUIDANCE
        return self.scope is not Scope.OWN and (
            _any(self.organisations, document.organisations)
            and _any(self.document_types, (document.document_type,))
            and (self.updated_since is None or (document.updated is not None and document.updated >= self.updated_since))
            and (not self.folder or _within(self.folder, document.location))
            and not (self.current_only and (document.withdrawn or document.superseded_by))
        )


def _any(wanted: tuple[str, ...], found: tuple[str, ...]) -> bool:
    return not wanted or bool({name.casefold() for name in wanted} & {name.casefold() for name in found})


def _within(folder: str, location: str) -> bool:
    folder = folder.rstrip("/")
    return (
        location == folder
        or location.startswith(folder + "/")
        or fnmatch(location, folder)
        or ("*" not in folder and f"/{folder}/" in location)
    )


class FoundPassage(_Value):
    """A passage as found; the fields of the outside contract.

    Attributes:
        rank: From 1.
        score: Fused score; comparable within one search only.
        url: Address of the page with the fragment of the nearest heading; "file:…" where no address is known.
        headings: Heading path, outermost first.
        text: The passage's own text, without headings or title.
        context: Lead-in or column headings that stand before the passage, "" when not needed.
        withdrawn: True when the document is withdrawn or superseded.
        recognised: True when words of the document were recognised on scanned pages, so that letters may be wrong.
    """

    rank: int
    score: float
    passage_id: str
    url: str
    title: str
    headings: tuple[str, ...]
    text: str
    context: str = ""
    organisation: str
    document_type: str = ""
    updated: dt.date | None
    withdrawn: bool
    recognised: bool = False


class SearchResult(_Value):
    """What a search found, best first."""

    id: str = ""
    question: str
    passages: tuple[FoundPassage, ...] = ()
    timings_ms: dict[str, float] = Field(default_factory=dict)
