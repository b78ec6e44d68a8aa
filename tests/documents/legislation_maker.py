"""Makes legislation for tests: XML to the published schema, of made-up Acts and instruments about lighthouses."""

from __future__ import annotations

SITE = "http://www.legislation.gov.uk"
ACT = "ukpga/2031/7"
INSTRUMENT = "uksi/2031/214"


def act(
    body: str = "",
    *,
    after: str = "",
    prelims: str = "",
    path: str = ACT,
    view: str = "",
    attributes: str = 'RestrictExtent="E+W+S+N.I." RestrictStartDate="2031-06-01"',
    valid: str = "2031-06-01",
    status: str = "revised",
    metadata: str = "",
    title: str = "Lighthouse Keepers (Leave) Act 2031",
    language: str = "en",
) -> str:
    """An Act with a body; `after` follows what makes it an Act, as commentaries do, `view` ends its own address."""
    return _document(
        f"<Primary>{prelims}<Body>{body}</Body></Primary>{after}" if body or prelims else after,
        kinds='<ukm:DocumentCategory Value="primary"/><ukm:DocumentMainType Value="UnitedKingdomPublicGeneralAct"/>',
        dates='<ukm:EnactmentDate Date="2031-03-04"/>',
        group="PrimaryMetadata",
        path=path,
        view=view,
        attributes=attributes,
        valid=valid,
        status=status,
        metadata=metadata,
        title=title,
        language=language,
    )


def instrument(
    body: str,
    *,
    prelims: str = "",
    after: str = "",
    attributes: str = "",
    valid: str = "",
    status: str = "final",
    title: str = "The Lamp Oil (Storage) Regulations 2031",
) -> str:
    """A statutory instrument; `after` follows its body, as schedules and notes do."""
    return _document(
        f"<Secondary>{prelims}<Body>{body}</Body>{after}</Secondary>",
        kinds='<ukm:DocumentCategory Value="secondary"/>'
        '<ukm:DocumentMainType Value="UnitedKingdomStatutoryInstrument"/>'
        '<ukm:DocumentMinorType Value="regulation"/>',
        dates='<ukm:Made Date="2031-05-12"/>',
        group="SecondaryMetadata",
        path=INSTRUMENT,
        attributes=attributes,
        valid=valid,
        status=status,
        title=title,
    )


def section(number: str, title: str, content: str, *, attributes: str = "", path: str = ACT, unit: str = "section") -> str:
    """A section with its heading; `content` is what stands in its `P1para`."""
    place = f"{unit}/{number}"
    return (
        f'<P1group {attributes}><Title>{title}</Title><P1 id="{place.replace("/", "-")}" '
        f'IdURI="{SITE}/id/{path}/{place}" DocumentURI="{SITE}/{path}/{place}">'
        f"<Pnumber>{number}</Pnumber><P1para>{content}</P1para></P1></P1group>"
    )


def p(level: int, number: str, content: str) -> str:
    """A numbered provision below a section; plain words stand in a `Text`."""
    inner = content if content.startswith("<") else text(content)
    return f"<P{level}><Pnumber>{number}</Pnumber><P{level}para>{inner}</P{level}para></P{level}>"


def text(words: str) -> str:
    """Words."""
    return f"<Text>{words}</Text>"


def _document(
    inside: str,
    *,
    kinds: str,
    dates: str,
    group: str,
    path: str,
    view: str = "",
    attributes: str,
    valid: str,
    status: str,
    metadata: str = "",
    title: str,
    language: str = "en",
) -> str:
    _, year, number = path.split("/")
    dated = f"<dct:valid>{valid}</dct:valid>" if valid else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Legislation xmlns="http://www.legislation.gov.uk/namespaces/legislation" xmlns:html="http://www.w3.org/1999/xhtml"
  xmlns:math="http://www.w3.org/1998/Math/MathML" xmlns:ukm="http://www.legislation.gov.uk/namespaces/metadata"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dct="http://purl.org/dc/terms/" xmlns:atom="http://www.w3.org/2005/Atom"
  DocumentURI="{SITE}/{path}" IdURI="{SITE}/id/{path}" SchemaVersion="1.0" {attributes}>
<ukm:Metadata><dc:identifier>{SITE}/{path}{view}</dc:identifier><dc:title>{title}</dc:title>
<dc:language>{language}</dc:language><dc:publisher>Statute Law Database</dc:publisher>
<dc:modified>2031-06-20</dc:modified>{dated}<dc:description>About lights and those who keep them.</dc:description>
<ukm:{group}><ukm:DocumentClassification>{kinds}<ukm:DocumentStatus Value="{status}"/></ukm:DocumentClassification>
<ukm:Year Value="{year}"/><ukm:Number Value="{number}"/>{dates}</ukm:{group}>{metadata}</ukm:Metadata>
{inside}</Legislation>"""
