"""Reads legislation from legislation.gov.uk: Acts and statutory instruments, whole or in part, as they stood on one day.

Reads the XML that the site gives for each page, with /data.xml after its address. The text is what was in force on the
document's own day. Knows nothing of how it was fetched.
"""

from __future__ import annotations

from lxml import etree

from assistant.documents.legislation_extents import Extents, nations_of
from assistant.documents.legislation_facts import Facts, facts_of
from assistant.documents.legislation_inline import PICTURES
from assistant.documents.legislation_reading import Reading
from assistant.documents.legislation_walk import NOT_YET, REPEALED, read_all, read_element
from assistant.documents.legislation_xml import child, parse, within
from assistant.documents.metadata import parse_date, require_english
from assistant.documents.model import Document, LeftOut
from assistant.documents.reader import File
from assistant.errors import SkippedDocument

_PUBLISHER = "legislation.gov.uk"
"""The files name those who keep or print the text, such as "Statute Law Database", which no reader of an answer knows."""
_PARTLY_REPEALED = "Some words of it are repealed for part of the United Kingdom or for some purposes only."


class LegislationReader:
    """Reads the XML of one page of legislation.gov.uk."""

    name = "legislation"

    def read(self, file: File) -> Document:
        """The document; errors as `Reader` says."""
        root = parse(file.data)
        facts = facts_of(root, otherwise=file.path.stem)
        locale = require_english(facts.language)
        if root.get("Status") == "Prospective":
            raise SkippedDocument("None of it is in force yet: legislation.gov.uk marks it as prospective.")
        reading = _read(root, facts)
        is_repealed = root.get("Status") in ("Repealed", "Dead", "Discarded")
        if not reading.extents.any_read and reading.tally[REPEALED]:
            is_repealed, reading = True, _read(root, facts, repealed_too=True)
        text = reading.writer.finish()
        _require_text(root, reading)
        return Document(
            location=str(file.path),
            title=facts.title,
            text=text.text,
            blocks=text.blocks,
            url=facts.place.base,
            organisations=(_PUBLISHER,),
            document_type=facts.type,
            description=facts.description,
            published=facts.published,
            updated=facts.updated,
            withdrawn=is_repealed,
            notice=_notice(root, facts, reading, is_repealed=is_repealed),
            superseded_by=facts.replaced_by,
            extent=reading.extents.nations,
            locale=locale,
            collection=facts.item_title if facts.place.provision else "",
            reader=self.name,
            left_out=tuple(LeftOut(what, count) for what, count in reading.tally.items() if count),
        )


def _read(root: etree._Element, facts: Facts, *, repealed_too: bool = False) -> Reading:
    extents = Extents(nations_of(root.get("RestrictExtent")))
    reading = Reading(facts.place, facts.day, extents, read_element, repealed_too)
    read_all(root, reading, is_secondary=facts.is_secondary)
    return reading


def _require_text(root: etree._Element, reading: Reading) -> None:
    tally = reading.tally
    if tally[NOT_YET] and not reading.extents.any_read:
        raise SkippedDocument("None of it was in force on the day that the text is valid for.")
    if reading.writer.written:
        return
    if tally[REPEALED]:
        raise SkippedDocument("All of its text is repealed.")
    if child(root, "Contents") is not None:
        raise SkippedDocument("It is only a table of contents; fetch the same address without /contents.")
    if tally[PICTURES]:
        raise SkippedDocument("It is only pictures; read its PDF instead.")
    raise SkippedDocument("It has no text; legislation.gov.uk may have it as a PDF only.")


def _notice(root: etree._Element, facts: Facts, reading: Reading, *, is_repealed: bool) -> str:
    """What a reader must know before relying on the text."""
    sentences = [facts.caution, reading.extents.notice]
    if is_repealed:
        days = {end for part in root.iter(etree.Element) if (end := parse_date(part.get("RestrictEndDate")))}
        since = f" since {max(days).day} {max(days):%B %Y}" if days else ""
        sentences.insert(0, f"It is withdrawn: this law is repealed and has not been in force{since}.")
    if any(repeal.get("RetainText") in ("true", "1") for repeal in within(root, "Repeal")):
        sentences.append(_PARTLY_REPEALED)
    return " ".join(filter(None, sentences))
