"""Addresses on legislation.gov.uk: of a whole item, of a provision of it, as it is or as it stood on a day.

They look like /ukpga/2000/36/section/14/2024-01-01 and begin with a type of legislation. Knows nothing of XML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

SITE = "https://www.legislation.gov.uk"

CODES = {
    "UnitedKingdomPublicGeneralAct": "ukpga",
    "UnitedKingdomLocalAct": "ukla",
    "UnitedKingdomPrivateOrPersonalAct": "ukppa",
    "GreatBritainAct": "apgb",
    "GreatBritainLocalAct": "gbla",
    "GreatBritainPrivateOrPersonalAct": "gbppa",
    "EnglandAct": "aep",
    "ScottishOldAct": "aosp",
    "ScottishAct": "asp",
    "IrelandAct": "aip",
    "NorthernIrelandParliamentAct": "apni",
    "NorthernIrelandAssemblyMeasure": "mnia",
    "NorthernIrelandAct": "nia",
    "UnitedKingdomChurchMeasure": "ukcm",
    "WelshAssemblyMeasure": "mwa",
    "WelshNationalAssemblyAct": "anaw",
    "WelshParliamentAct": "asc",
    "UnitedKingdomStatutoryInstrument": "uksi",
    "ScottishStatutoryInstrument": "ssi",
    "WelshStatutoryInstrument": "wsi",
    "NorthernIrelandStatutoryRule": "nisr",
    "UnitedKingdomChurchInstrument": "ukci",
    "NorthernIrelandOrderInCouncil": "nisi",
    "UnitedKingdomMinisterialOrder": "ukmo",
    "UnitedKingdomMinisterialDirection": "ukmd",
    "UnitedKingdomStatutoryRuleOrOrder": "uksro",
    "NorthernIrelandStatutoryRuleOrOrder": "nisro",
    "UnitedKingdomDraftStatutoryInstrument": "ukdsi",
    "ScottishDraftStatutoryInstrument": "sdsi",
    "WelshDraftStatutoryInstrument": "wdsi",
    "NorthernIrelandDraftStatutoryRule": "nidsr",
    "NorthernIrelandDraftOrderInCouncil": "nidsi",
    "EuropeanUnionRegulation": "eur",
    "EuropeanUnionDecision": "eudn",
    "EuropeanUnionDirective": "eudr",
    "EuropeanUnionTreaty": "eut",
}
"""The types of legislation: codes in addresses by the names that the publisher's XML has for them, primary first."""
TYPES = frozenset(CODES.values())

_HOSTS = {"www.legislation.gov.uk", "legislation.gov.uk"}
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}|enacted|made|created|adopted|prospective")
_EXTENT = re.compile(r"=?(?:england|wales|scotland|ni)(?:\+(?:england|wales|scotland|ni))*")
_YEAR = re.compile(r"\d{4}|[A-Z][A-Za-z0-9]{2,40}/\d{1,2}(?:(?:and|-)[A-Za-z0-9-]{1,12})?")
"""A year, or one of a reign: Eliz2/7-8."""
_NUMBER = re.compile(r"[a-z]{0,2}\d{1,13}X?")
"""Prefixed in the smaller series; drafts have ISBNs."""
_VIEWS = {"contents", "data.xml", "data.htm", "data.html", "data.pdf", "data.akn", "data.xht", "resources"}
_UNITS = "section|article|regulation|rule|paragraph|schedule|annex|part|chapter|group|title|division|attachment"
_IDENTIFIER = re.compile(rf"(?:{_UNITS})(?:-[0-9A-Za-z.]+)?(?:-(?:{_UNITS})(?:-[0-9A-Za-z.]+)?)*")
_WORD = re.compile(_UNITS)
_PROVISION = re.compile(
    rf"(?:(?:{_UNITS}|crossheading|introduction|body|schedules|annexes|signature|note|earlier-orders)"
    r"(?:/[A-Za-z0-9](?:[A-Za-z0-9-]|\.(?!\.)){0,150}){0,20})?"
)


@dataclass(frozen=True, slots=True)
class Place:
    """An address, taken apart.

    Attributes:
        item: "ukpga/2000/36".
        provision: "section/14"; "" for the whole item.
        extent: "england+wales" where the address asks for that; else "".
        version: A day as "2024-01-01", or "enacted" and the like; "" for the latest.
    """

    item: str
    provision: str = ""
    extent: str = ""
    version: str = ""

    @property
    def type(self) -> str:
        """The code of its type, such as "ukpga"."""
        return self.item.partition("/")[0]

    @property
    def url(self) -> str:
        """The page of it."""
        return "/".join(filter(None, (SITE, self.item, self.provision, self.extent, self.version)))

    def anchor(self, provision: str, identifier: str) -> str:
        """What to append to `base` to open a provision on the site.

        Args:
            provision: Such as "section/14/2".
            identifier: The provision's id on the page, such as "section-14-2".
        """
        if not self.item:
            return ""
        if self.provision:  # one page with all of the text
            below = identifier and provision.startswith(f"{self.provision}/")
            return f"#{identifier}" if below else ""
        return "".join(f"/{part}" for part in (provision, self.extent, self.version) if part) if provision else ""

    @property
    def base(self) -> str:
        """The address that anchors are appended to: the page itself, or the item when its provisions have pages."""
        return "" if not self.item else self.url if self.provision else f"{SITE}/{self.item}"


def place_of(address: str) -> Place | None:
    """The place that an address on legislation.gov.uk names, whatever view of it; None when it is no such address."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or parts.netloc.lower() not in _HOSTS:
        return None
    return place_at(parts.path)


def place_at(path: str) -> Place | None:
    """The place at a path such as "ukpga/2000/36/section/14"; None when it is no path of legislation."""
    segments = [segment for segment in path.strip("/").split("/") if segment not in _VIEWS]
    segments = segments[1:] if segments[:1] == ["id"] else segments
    ends = 3 if len(segments) > 1 and segments[1].isdecimal() else 4
    year, rest = "/".join(segments[1 : ends - 1]), segments[ends:]
    known = len(segments) >= ends and segments[0] in TYPES
    if not known or not _YEAR.fullmatch(year) or not _NUMBER.fullmatch(segments[ends - 1]):
        return None
    version = rest.pop() if rest and _VERSION.fullmatch(rest[-1]) else ""
    extent = rest.pop() if rest and _EXTENT.fullmatch(rest[-1]) else ""
    provision = "/".join(rest)
    return Place("/".join(segments[:ends]), provision, extent, version) if _PROVISION.fullmatch(provision) else None


def provision_of(identifier: str) -> str:
    """The path of a provision with an id, as "schedule-1-paragraph-2" gives "schedule/1/paragraph/2"; "" for other ids."""
    whole = re.fullmatch(rf"({_IDENTIFIER.pattern})((?:-[0-9A-Za-z]{{1,8}})*)", identifier)
    return identifier.replace("-", "/") if whole else ""


def in_words(provision: str) -> str:
    """A provision as people name it: "schedule/1/paragraph/2/a" gives "schedule 1, paragraph 2(a)"."""
    named: list[str] = []
    is_first = True
    for segment in filter(None, provision.split("/")):
        if _WORD.fullmatch(segment) or not named:
            named.append(segment)
            is_first = True
        elif is_first:
            named[-1] += f" {segment}"
            is_first = False
        else:
            named[-1] += f"({segment})"
    return ", ".join(named)
