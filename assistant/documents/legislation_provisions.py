"""Reads what stands in legislation's provisions: numbered words at seven levels, lists, quoted amendments, tables, formulas.

The words that a provision opens with introduce all that stands under it. Knows nothing of what divides legislation.
"""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from assistant.documents.legislation_divisions import extended, headed
from assistant.documents.legislation_inline import formula, words
from assistant.documents.legislation_numbers import item_number, shown
from assistant.documents.legislation_places import in_words
from assistant.documents.legislation_reading import Here, Reading, Steps, Unit
from assistant.documents.legislation_tables import write_table
from assistant.documents.legislation_xml import MATHS, child, children, is_, kind
from assistant.documents.model import BlockKind

_QUOTES = {"double": ("“", "”"), "default": ("“", "”"), "single": ("‘", "’")}
_PRINTED_TOGETHER = ("BlockAmendment", "BlockExtract")


def section(reading: Reading, element: etree._Element, here: Here) -> Steps:
    """A section, article or regulation; a paragraph of a schedule. Its number and title are its heading, if it has one."""
    title, here = here.title, replace(here, title="")
    pnumber = child(element, "Pnumber")
    number = words(pnumber, reading.tally)
    before = reading.writer.written
    if here.is_quoted and title:
        yield headed(reading, element, here, title=f"{number} {title}".strip())
    elif here.is_quoted or (here.in_schedule and not title):
        unit = here.unit.under() if here.is_quoted else Unit()
        yield _numbered(reading, element, replace(here, unit=unit), number=_shown(pnumber, number, element, here))
    else:
        heading = extended(f"{number} {title}".strip(), here.nations, reading)
        yield headed(reading, element, replace(here, unit=Unit()), title=heading)
    if reading.writer.written > before and not here.is_quoted:
        reading.extents.note(here.nations)
        if here.nations != here.around:
            reading.extents.narrower(in_words(reading.provision(element)), here.nations)


def provision(reading: Reading, element: etree._Element, here: Here) -> Steps:
    """A subsection or paragraph, at any level below a section."""
    pnumber = child(element, "Pnumber")
    number = _shown(pnumber, words(pnumber, reading.tally), element, here)
    yield _numbered(reading, element, replace(here, unit=here.unit.under()), number=number)


def numbered_division(reading: Reading, element: etree._Element, here: Here) -> Steps:
    """A numbered paragraph that keeps its number's marks in the text: a recital, an item of a sequence."""
    number = words(child(element, "Number"), reading.tally)
    if title := words(child(element, "Title"), reading.tally):
        yield headed(reading, element, here, title=f"{number} {title}".strip())
    else:
        yield _numbered(reading, element, replace(here, unit=here.unit.under()), number=number)


def text(reading: Reading, element: etree._Element, here: Here) -> Steps:
    """Words: those that a unit opens with, more of them, or those that close what stands under it."""
    unit = here.unit
    is_first = unit.opening is None
    block = BlockKind.LIST_ITEM if is_first and unit.level else BlockKind.PARAGRAPH
    lead = unit.opening if unit.broken and not is_first else unit.above
    level = unit.level if block is BlockKind.LIST_ITEM else 0
    position = reading.writer.put(block, words(element, reading.tally), level=level, introduced_by=lead)
    if is_first:
        unit.opening = position
    yield from ()


def items(reading: Reading, element: etree._Element, here: Here) -> Steps:
    """A list. Only ordered lists and keys to formulas have something before their items."""
    for place, item in enumerate(children(element, "ListItem", "KeyListItem")):
        number = item_number(element, item, place) if is_(element, "OrderedList") else ""
        if (key := child(item, "Key")) is not None:
            number = f"{words(key, reading.tally)} {element.get('Separator', '=')}".strip()
        yield _numbered(reading, item, replace(here, unit=here.unit.under()), number=number)


def quotation(reading: Reading, element: etree._Element, here: Here) -> Steps:
    """The text that an amendment inserts, between marks of quotation, introduced by the words that insert it."""
    opening, closing = _QUOTES.get(element.get("Format", "default"), ("", ""))
    target = element.get("TargetClass") or element.get("SourceClass")
    is_secondary = target == "secondary" if target in ("primary", "secondary") else here.is_secondary
    unit = here.unit.under(level=here.unit.level)
    quoted = replace(here, unit=unit, is_quoted=True, in_schedule=False, is_secondary=is_secondary, title="")
    before = reading.writer.written
    yield _numbered(reading, element, quoted, number=opening)
    if reading.writer.written > before:
        reading.writer.append(closing)


def appended(reading: Reading, element: etree._Element, here: Here) -> Steps:
    """Words printed straight after a quotation, such as "; and"."""
    more = words(element, reading.tally)
    above = element.getprevious()
    if above is None or kind(above) not in _PRINTED_TOGETHER or not reading.writer.written:
        yield from text(reading, element, here)
    elif more:
        reading.writer.append(f" {more}" if more[0].isalnum() else more)


def table(reading: Reading, element: etree._Element, here: Here) -> Steps:
    """A table, introduced by the words before it."""
    here.unit.broken = True
    write_table(element, reading.writer, reading.tally, introduced_by=here.unit.lead)
    yield from ()


def equation(reading: Reading, element: etree._Element, here: Here) -> Steps:
    """A formula on a line of its own, and what its letters stand for."""
    here.unit.broken = True
    for maths in element.iterchildren(f"{{{MATHS}}}math"):
        reading.writer.put(BlockKind.PARAGRAPH, formula(maths), introduced_by=here.unit.lead)
    yield reading.inside(element, here)


def _numbered(reading: Reading, element: etree._Element, here: Here, *, number: str) -> Steps:
    """What stands in an element, its first words after a number; an element without words leaves no number behind."""
    writer = reading.writer
    waiting, before = writer.waiting, writer.written
    writer.waiting = (*waiting, number) if number else waiting
    yield reading.inside(element, here)
    if writer.written == before:
        writer.waiting = waiting


def _shown(pnumber: etree._Element | None, number: str, element: etree._Element, here: Here) -> str:
    return "" if pnumber is None else shown(number, pnumber, name=kind(element), is_secondary=here.is_secondary)
