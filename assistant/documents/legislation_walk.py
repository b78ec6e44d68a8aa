"""Walks a piece of legislation from top to bottom: which reader each element has, and which elements are left out.

What is not in force on the document's day, repealed words, editors' notes and signatures are left out and counted. Knows
nothing of metadata.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from enum import Enum

from lxml import etree

from assistant.documents import legislation_divisions as divisions
from assistant.documents import legislation_provisions as provisions
from assistant.documents.legislation_extents import nations_of
from assistant.documents.legislation_inline import PICTURES, REPEALED_TEXTS, is_gone
from assistant.documents.legislation_reading import Here, Reading, Steps, Unit, run
from assistant.documents.legislation_xml import is_, kind, within
from assistant.documents.metadata import parse_date

NOT_YET = "provisions not yet in force"
REPEALED = "repealed provisions"

_NOTES = {"Commentary": "editorial annotations", "Footnote": "footnotes", "MarginNote": "margin notes"}
_LEFT_OUT = {
    "Contents": "tables of contents",
    "EarlierOrders": "notes on earlier orders",
    "SignedSection": "signatures",
    **dict.fromkeys(("Image", "Figure", "IncludedDocument"), PICTURES),
}
_READ_ELSEWHERE = {
    "Number", "Title", "TitleBlock", "Subtitle", "Pnumber", "Key", "Reference", "Metadata", "Versions", "Resources",
    "Footnotes", "MarginNotes", "Commentaries", "CitationLists", "CommentaryRef", "FootnoteRef", "MarginNoteRef",
}  # fmt: skip
_HAVE_VERSIONS = divisions.DIVISIONS | {"P1group", "P1"}
_READERS: dict[str, Callable[[Reading, etree._Element, Here], Steps]] = {
    **dict.fromkeys(divisions.DIVISIONS, divisions.division),
    **dict.fromkeys(("PrimaryPrelims", "SecondaryPrelims", "EUPrelims"), divisions.prelims),
    **dict.fromkeys(("P1group", "P2group", "P3group"), divisions.group),
    **dict.fromkeys(("P2", "P3", "P4", "P5", "P6", "P7"), provisions.provision),
    **dict.fromkeys(("UnorderedList", "OrderedList", "KeyList"), provisions.items),
    **dict.fromkeys(("BlockAmendment", "BlockExtract"), provisions.quotation),
    **dict.fromkeys(("Division", "Item"), provisions.numbered_division),
    **dict.fromkeys(("Text", "FragmentNumber", "FragmentTitle"), provisions.text),
    "AppendText": provisions.appended,
    "ExplanatoryNotes": divisions.note,
    "Formula": provisions.equation,
    "P1": provisions.section,
    "Tabular": provisions.table,
}


class Standing(Enum):
    """What a provision is on a given day."""

    IN_FORCE = "in force"
    NOT_YET = "not yet in force"
    REPEALED = "repealed, or never brought into force"


_STATUS = {
    "Prospective": Standing.NOT_YET,
    "Repealed": Standing.REPEALED,
    "Dead": Standing.REPEALED,
    "Discarded": Standing.REPEALED,
}


def read_all(root: etree._Element, reading: Reading, *, is_secondary: bool) -> None:
    """Read a whole piece of legislation.

    Args:
        root: Its root.
        reading: Collects what is read.
        is_secondary: Whether its provisions are numbered as in statutory instruments.
    """
    reading.versions = {version.get("id", ""): version for version in within(root, "Version")}
    for name, what in _NOTES.items():
        reading.tally[what] += sum(1 for _ in within(root, name))
    whole = reading.extents.whole
    run(reading.inside(root, Here(Unit(), nations=whole, around=whole, is_secondary=is_secondary)))


def read_element(reading: Reading, element: etree._Element, here: Here) -> Steps:
    """Read one element with the reader it has, then the same provision as it is in other nations."""
    name = kind(element)
    if not name or name in _READ_ELSEWHERE or _is_out(reading, element):
        return
    if name in _LEFT_OUT:
        reading.tally[_LEFT_OUT[name]] += 1
        return
    own = here
    if marks := element.get("RestrictExtent"):
        own = replace(here, nations=nations_of(marks) or here.nations)
    reader = _READERS.get(name)
    if reader is None:  # a mere wrapper, unless it has words of its own
        reader = provisions.text if (element.text or "").strip() else Reading.inside
    yield reader(reading, element, own)
    for reference in element.get("AltVersionRefs", "").split() if name in _HAVE_VERSIONS else ():
        version = reading.versions.pop(reference, None)
        if version is not None and version.get("Language", "English") == "English":
            yield reading.inside(version, here)


def _is_out(reading: Reading, element: etree._Element) -> bool:
    """Whether it is left out because it is not in force or repealed; it is then counted."""
    if is_gone(element):
        reading.tally[REPEALED_TEXTS] += 1
        return True
    found = standing(element, reading.day)
    if found is Standing.IN_FORCE or (found is Standing.REPEALED and reading.repealed_too):
        return False
    reading.tally[NOT_YET if found is Standing.NOT_YET else REPEALED] += provisions_in(element)
    return True


def standing(element: etree._Element, day: dt.date | None) -> Standing:
    """Whether a provision, or a group of them, is in force as a whole.

    Args:
        element: Of legislation.
        day: What its document is valid for; None when it does not say, and then no date counts.
    """
    if status := _STATUS.get(element.get("Status", "")):
        return status
    start, end = parse_date(element.get("RestrictStartDate")), parse_date(element.get("RestrictEndDate"))
    if element.get("Match") in ("false", "0"):
        return Standing.REPEALED if end else Standing.NOT_YET
    if day is None or not ((start and start > day) or (end and end <= day)):
        return Standing.IN_FORCE
    # A change to one provision also changes the dates of all that it stands in, so only innermost dates can be trusted.
    if any(inner is not element and ("RestrictStartDate" in inner.attrib) for inner in element.iter(etree.Element)):
        return Standing.IN_FORCE
    return Standing.NOT_YET if start and start > day else Standing.REPEALED


def provisions_in(element: etree._Element) -> int:
    """How many numbered provisions it holds, those that it quotes apart; at least one."""
    own = (p1 for p1 in within(element, "P1") if not any(is_(above, "BlockAmendment") for above in p1.iterancestors()))
    return max(1, sum(1 for _ in own))
