"""What a spreadsheet or a deck of slides says about itself: title, dates, language.

Reads the properties that Office and OpenDocument keep in a part of their own. Knows nothing of the text.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from lxml import etree

from assistant.documents.file_names import readable_name, says_something
from assistant.documents.metadata import one_line, parse_date
from assistant.documents.zip_parts import Parts, local_name

_PROGRAM = re.compile(r"^Microsoft (?:Word|PowerPoint|Excel)\s*-\s*", re.IGNORECASE)
_EMPTY_TITLE = re.compile(
    r"\.(?:xls[xmb]?|od[sp]|pptx?|csv|docx?)\Z"
    r"|\A(?:(?:powerpoint )?presentation(?: title)?|untitled.*|(?:book|workbook|slide|document)\s*\d*|title|click to .*)\Z",
    re.IGNORECASE,
)
_EMPTY_DESCRIPTION = re.compile(r"\Agenerated (?:by|using) ", re.IGNORECASE)
_TEMPLATES = frozenset({dt.date(2006, 9, 16), dt.date(2013, 1, 27), dt.date(2006, 8, 16)})
"""Days on which templates were made that programs copy with their dates: Excel's, PowerPoint's and python-pptx's."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """Properties of a file; "" or None where it does not say.

    Attributes:
        title: Only if it is a title and no leftover of a program.
        description: What the author wrote about the file.
        created: The day it was made, which is the nearest that a file has to its publication.
        modified: The day it was last saved.
        locale: BCP 47 tag; "en" when it does not say.
    """

    title: str = ""
    description: str = ""
    created: dt.date | None = None
    modified: dt.date | None = None
    locale: str = "en"


def office_facts(parts: Parts) -> OfficeFacts:
    """The core properties of an Office package."""
    path = next(
        (link.path for link in parts.relationships("").values() if link.kind == "core-properties"), "docProps/core.xml"
    )
    return _facts(parts.tree(path), created="created", modified="modified")


def open_document_facts(parts: Parts) -> OfficeFacts:
    """The properties of an OpenDocument package."""
    root = parts.tree("meta.xml")
    meta = next((element for element in root if local_name(element) == "meta"), None) if root is not None else None
    return _facts(meta, created="creation-date", modified="date")


def best_title(facts: OfficeFacts, opening: str, file_name: str) -> str:
    """The title that says most: the one in the properties, the first one in the text, the file's name."""
    name = readable_name(file_name)
    candidates = [facts.title, opening, name]
    return next((title for title in candidates if says_something(title)), next(filter(None, candidates), name))


def _facts(properties: etree._Element | None, *, created: str, modified: str) -> OfficeFacts:
    found: dict[str, str] = {}
    for element in properties if properties is not None else ():
        found.setdefault(local_name(element), one_line(element.text))
    title = _PROGRAM.sub("", found.get("title", ""))
    description = found.get("description", "")
    made, saved = parse_date(found.get(created)), parse_date(found.get(modified))
    if made is not None and (made in _TEMPLATES or (saved is not None and made > saved)):
        made = None
    language = found.get("language", "")
    return OfficeFacts(
        title="" if _EMPTY_TITLE.search(title) else title,
        description="" if _EMPTY_DESCRIPTION.match(description) else description,
        created=made,
        modified=saved,
        locale=language if _LANGUAGE.fullmatch(language) else "en",
    )
