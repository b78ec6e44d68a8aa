"""Reads what the XML of a piece of legislation says about it: title, address, dates, and how far the text can be relied on.

Knows nothing of the text.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from lxml import etree

from assistant.documents.legislation_places import CODES, Place, in_words, place_at, place_of
from assistant.documents.legislation_xml import ATOM, DC, METADATA, TERMS, child, within
from assistant.documents.metadata import first_date, one_line, parse_date

_FIRST_VERSIONS = {"enacted", "made", "created", "adopted"}
_REPLACED_BY = "http://purl.org/dc/terms/isReplacedBy"
_REGNAL_UNTIL = 1963


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said of one document.

    Attributes:
        title: With its year; of a part of an item, with the part's number.
        item_title: Of the whole item.
        place: Its address; of an empty item when it does not say.
        type: Such as "ukpga"; "" when unknown.
        is_secondary: A statutory instrument or the like.
        day: What the text is valid for.
        published: Enacted or made.
        updated: The day from which the text stands as it is.
        replaced_by: The address of the next version, for a text as it stood on a day; "" otherwise.
        caution: Sentences on how far the text can be relied on, "" when there is nothing to say.
    """

    title: str
    item_title: str
    place: Place
    type: str
    is_secondary: bool
    day: dt.date | None
    published: dt.date | None
    updated: dt.date | None
    description: str
    language: str
    replaced_by: str
    caution: str


def facts_of(root: etree._Element, *, otherwise: str) -> Facts:
    """The facts; `otherwise` is the title of a document that gives none."""
    place = _place(root)
    published = first_date(*(_value(root, name, "Date") for name in ("EnactmentDate", "Made")))
    valid = parse_date(_said(root, TERMS, "valid"))
    item_title = _title(root) or otherwise
    replaced_by, version_note = _version(root, place)
    return Facts(
        title=f"{item_title}, {in_words(place.provision)}" if place.provision else item_title,
        item_title=item_title,
        place=place,
        type=place.type or CODES.get(_value(root, "DocumentMainType"), ""),
        is_secondary=_value(root, "DocumentCategory") == "secondary" or child(root, "Secondary") is not None,
        day=valid,
        published=published,
        updated=valid or parse_date(root.get("RestrictStartDate")) or published,
        description=_said(root, DC, "description"),
        language=_said(root, DC, "language"),
        replaced_by=replaced_by,
        caution=" ".join(filter(None, (version_note, _outstanding(root)))),
    )


def _place(root: etree._Element) -> Place:
    """The address; a part of an item has one only among the Dublin Core terms."""
    told = (_said(root, DC, "identifier"), root.get("DocumentURI", ""), root.get("IdURI", ""))
    found = next(filter(None, map(place_of, told)), None)
    if found is None:
        year, code = _value(root, "Year"), CODES.get(_value(root, "DocumentMainType"), "")
        if year.isdecimal() and int(year) >= _REGNAL_UNTIL:
            found = place_at(f"{code}/{year}/{_value(root, 'Number')}")
    return found or Place("")


def _title(root: etree._Element) -> str:
    """The title with its year, which a few old titles lack."""
    title = _said(root, DC, "title")
    if not title:
        titles = (one_line("".join(found.itertext())) for name in ("PrimaryPrelims", "SecondaryPrelims")
                  for prelims in within(root, name) if (found := child(prelims, "Title")) is not None)  # fmt: skip
        title = next(filter(None, titles), "")
    year = _value(root, "Year")
    has_year = any(word.strip("(),.").isdecimal() and len(word.strip("(),.")) == 4 for word in title.split())
    return title if has_year or not title or not year else f"{title} ({year})"


def _version(root: etree._Element, place: Place) -> tuple[str, str]:
    """What replaces this version of the text, and a sentence on which version it is."""
    status = _value(root, "DocumentStatus")
    if status == "draft":
        return "", "This is a draft; it is not law."
    if place.version in _FIRST_VERSIONS or (status == "final" and not place.version):
        verb = place.version or ("made" if child(root, "Secondary") is not None else "enacted")
        return "", f"This is the text as it was {verb}; changes made since are not in it."
    day = parse_date(place.version)
    if day is None:
        return "", ""
    sentence = f"This is the text as it stood on {_in_words(day)}"
    for link in within(root, "link", namespace=ATOM):
        later = parse_date(link.get("title"))
        if link.get("rel") == _REPLACED_BY and later is not None and (target := place_of(link.get("href", ""))):
            return target.url, f"{sentence}; there is a later version, of {_in_words(later)}."
    return "", f"{sentence}."


def _outstanding(root: etree._Element) -> str:
    """A sentence on changes that the publisher knows of and has not made to the text."""
    effects = [effect for effect in within(root, "UnappliedEffect", namespace=METADATA)
               if effect.get("RequiresApplied", "true") == "true"]  # fmt: skip
    if not effects:
        return ""
    changes = "one change" if len(effects) == 1 else f"{len(effects)} changes"
    return f"legislation.gov.uk lists {changes} to it not yet made to this text."


def _said(root: etree._Element, namespace: str, name: str) -> str:
    found = next(within(root, name, namespace=namespace), None)
    return one_line("".join(found.itertext())) if found is not None else ""


def _value(root: etree._Element, name: str, attribute: str = "Value") -> str:
    found = next(within(root, name, namespace=METADATA), None)
    return one_line(found.get(attribute)) if found is not None else ""


def _in_words(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
