"""Reads what divides legislation: parts, chapters, cross-headings, schedules, introductory text, explanatory notes.

Knows nothing of what stands in a provision.
"""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from assistant.documents.legislation_extents import Nations, listed
from assistant.documents.legislation_inline import words
from assistant.documents.legislation_places import in_words
from assistant.documents.legislation_reading import Here, Reading, Steps, Unit
from assistant.documents.legislation_xml import child, children, is_, kind
from assistant.documents.model import BlockKind

DIVISIONS = frozenset({
    "Group", "Part", "Chapter", "Pblock", "PsubBlock", "EUPart", "EUTitle", "EUChapter", "EUSection", "EUSubsection",
    "Schedule", "Appendix", "Attachment", "AttachmentGroup", "Abstract", "Form",
})  # fmt: skip

_IN_SCHEDULE = ("Schedule", "Appendix")
_NAMED = ("Part", "Chapter", "Schedule")
_DATES = {"DateOfEnactment", "MadeDate", "LaidDate", "SiftedDate", "ComingIntoForce", "ComingIntoForceClauses"}
_NOT_TEXT = {"Title", "MultilineTitle", "SubjectInformation", "Number", "Contents", "CommentaryRef"}
_DEEPEST_GROUP = 5


def division(reading: Reading, element: etree._Element, here: Here) -> Steps:
    """A division with its number and title, such as "PART 2 Access to lights"."""
    here = replace(here, in_schedule=here.in_schedule or is_(element, *_IN_SCHEDULE))
    block = child(element, "TitleBlock")
    titles = [part for holder in (element, block) if holder is not None for part in children(holder, "Title", "Subtitle")]
    called = [words(part, reading.tally) for part in (child(element, "Number"), *titles)]
    title = " ".join(filter(None, called))
    if title and (reference := words(child(element, "Reference"), reading.tally)):
        title += f" ({reference})"
    before = reading.writer.written
    narrow = here.nations if element.get("RestrictExtent") and not here.is_quoted else ()
    if narrow and is_(element, "Schedule"):
        title = extended(title, narrow, reading)
    is_named = is_(element, *_NAMED)
    inner = replace(here, unit=here.unit if here.is_quoted else Unit(), around=here.nations if is_named else here.around)
    yield headed(reading, element, inner, title=title)
    if narrow != here.around and is_named and reading.writer.written > before:
        reading.extents.narrower(in_words(reading.provision(element)), narrow)


def group(reading: Reading, element: etree._Element, here: Here) -> Steps:
    """Provisions under one heading. The heading of a single section waits for its number."""
    title = words(child(element, "Title"), reading.tally)
    if number := words(child(element, "Pnumber"), reading.tally):  # of a P2group only
        title = f"({number}) {title}".strip()
    single = is_(element, "P1group") and len([*children(element, "P1")]) == 1 and child(element, "P") is None
    if single or not title:
        yield reading.inside(element, replace(here, title=title))
    else:
        yield headed(reading, element, here, title=title)


def headed(reading: Reading, element: etree._Element, here: Here, *, title: str) -> Steps:
    """What stands under a heading. In a quotation, and where headings cannot go deeper, that is a paragraph."""
    here = replace(here, title="")
    if not title:
        yield reading.inside(element, here)
    elif here.is_quoted or (is_(element, "P2group", "P3group") and reading.writer.depth >= _DEEPEST_GROUP):
        position = reading.writer.put(BlockKind.PARAGRAPH, title, introduced_by=here.unit.lead)
        above = here.unit.lead if position is None else position
        yield reading.inside(element, replace(here, unit=Unit(here.unit.level, above)))
    else:
        reading.writer.heading(title, anchor=reading.anchor(element))
        yield reading.inside(element, here)
        reading.writer.close_heading()


def extended(title: str, nations: Nations, reading: Reading) -> str:
    """A heading with the nations that what is under it extends to, where they are not all; the page shows marks for them."""
    is_narrow = nations and set(nations) < set(reading.extents.whole)
    return f"{title} (extends to {listed(nations)})" if is_narrow and title else title


def prelims(reading: Reading, element: etree._Element, here: Here) -> Steps:
    """The introductory text: number, long title, dates and the words that make it law."""
    if reading.place.provision and not reading.place.provision.startswith("introduction"):
        return  # another page of the item
    reading.writer.heading("Introductory Text", anchor=reading.place.anchor("introduction", ""))
    number = words(child(element, "Number"), reading.tally)
    reading.writer.put(BlockKind.PARAGRAPH, number)
    for part in element:
        if kind(part) in _DATES:
            _dates(reading, part)
        elif kind(part) not in _NOT_TEXT:
            yield reading.element(reading, part, here)
    reading.writer.close_heading()


def _dates(reading: Reading, element: etree._Element) -> None:
    """A line such as "Made 18th June 2031"; a list of dates points to the line that leads into it."""
    plain = (words(part, reading.tally) for part in element if kind(part) not in _DATES)
    position = reading.writer.put(BlockKind.PARAGRAPH, " ".join(filter(None, plain)))
    for part in element:
        if kind(part) in _DATES:
            line = " ".join(filter(None, (words(inner, reading.tally) for inner in part)))
            reading.writer.put(BlockKind.LIST_ITEM, line, level=1, introduced_by=position)


def note(reading: Reading, element: etree._Element, here: Here) -> Steps:
    """An explanatory note, kept apart under a heading that says it is not law."""
    title = words(child(element, "Title"), reading.tally) or "Explanatory Note"
    comment = words(child(element, "Comment"), reading.tally) or "(This note is not part of the legislation)"
    reading.writer.heading(f"{title} {comment}", anchor=reading.place.anchor("note", ""))
    yield reading.inside(element, replace(here, unit=Unit()))
    reading.writer.close_heading()
