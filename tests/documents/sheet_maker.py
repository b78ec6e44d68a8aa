"""Writes the sources of spreadsheets for tests: flat OpenDocument that LibreOffice converts, and packages by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape

_NAMES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
        "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
        "presentation": "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0",
        "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
        "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
        "number": "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
        "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
        "dc": "http://purl.org/dc/elements/1.1/",
        "of": "urn:oasis:names:tc:opendocument:xmlns:of:1.2",
        "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
    }.items()
)
_STYLES = """
<number:currency-style style:name="N1"><number:currency-symbol number:language="en" number:country="GB">£</number:currency-symbol><number:number number:decimal-places="2" number:min-decimal-places="2" number:min-integer-digits="1" number:grouping="true"/></number:currency-style>
<number:percentage-style style:name="N2"><number:number number:decimal-places="1" number:min-decimal-places="1" number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>
<number:date-style style:name="N3"><number:day number:style="long"/><number:text> </number:text><number:month number:style="long" number:textual="true"/><number:text> </number:text><number:year number:style="long"/></number:date-style>
<number:number-style style:name="N4"><number:number number:decimal-places="0" number:min-decimal-places="0" number:min-integer-digits="1" number:grouping="true"/></number:number-style>
<number:time-style style:name="N5"><number:hours number:style="long"/><number:text>:</number:text><number:minutes number:style="long"/></number:time-style>
<style:style style:name="bold" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="white" style:family="table-cell"><style:text-properties fo:color="#ffffff"/></style:style>
<style:style style:name="pounds" style:family="table-cell" style:data-style-name="N1"/>
<style:style style:name="percent" style:family="table-cell" style:data-style-name="N2"/>
<style:style style:name="date" style:family="table-cell" style:data-style-name="N3"/>
<style:style style:name="thousands" style:family="table-cell" style:data-style-name="N4"/>
<style:style style:name="time" style:family="table-cell" style:data-style-name="N5"/>
<style:style style:name="shown" style:family="table"><style:table-properties table:display="true"/></style:style>
<style:style style:name="hidden" style:family="table"><style:table-properties table:display="false"/></style:style>
<style:style style:name="hidden-slide" style:family="drawing-page"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>
<style:style style:name="text" style:family="graphic"><style:graphic-properties draw:fill="none" draw:stroke="none"/></style:style>
<style:style style:name="titled" style:family="presentation"/>
<text:list-style style:name="bullets"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/><text:list-level-style-bullet text:level="2" text:bullet-char="–"/></text:list-style>
"""  # noqa: E501 - one style a line


def flat_file(kind: str, body: str, *, meta: str = "") -> str:
    """A flat OpenDocument file: `kind` is "spreadsheet" or "presentation"."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {_NAMES} office:version="1.3" '
        f'office:mimetype="application/vnd.oasis.opendocument.{kind}"><office:meta>{meta}</office:meta>'
        f"<office:automatic-styles>{_STYLES}</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}>"
        "</office:body></office:document>"
    )


def sheet(name: str, *rows: str, columns: str = "", style: str = "shown") -> str:
    """A sheet of rows."""
    return f'<table:table table:name="{name}" table:style-name="{style}">{columns}{"".join(rows)}</table:table>'


def row(*cells: str, attributes: str = "") -> str:
    """A row of cells; those that are not markup are texts."""
    return f"<table:table-row {attributes}>{''.join(c if c.startswith('<') else cell(c) for c in cells)}</table:table-row>"


def cell(text: str, style: str = "", *, attributes: str = "", inside: str = "") -> str:
    """A cell with a text, empty when it has none."""
    if not text:
        return "<table:table-cell/>"
    look = f'table:style-name="{style}"' if style else ""
    return (
        f'<table:table-cell office:value-type="string" {look} {attributes}>{inside}<text:p>{escape(text)}</text:p>'
        "</table:table-cell>"
    )


def value(kind: str, held: str, *, style: str = "", formula: str = "") -> str:
    """A cell with a number, a date or a boolean, perhaps the result of a formula."""
    name = {"date": "date-value", "time": "time-value", "boolean": "boolean-value"}.get(kind, "value")
    currency = 'office:currency="GBP"' if kind == "currency" else ""
    return (
        f'<table:table-cell office:value-type="{kind}" office:{name}="{held}" {currency} '
        f'{f"""table:style-name="{style}" """ if style else ""} {f"""table:formula="of:={formula}" """ if formula else ""}/>'
    )


def bold(*texts: str) -> list[str]:
    """Cells in bold."""
    return [cell(text, "bold") for text in texts]


RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP package of parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def relations(links: Sequence[tuple[str, str, str]]) -> str:
    """A part of relationships: identifier, last word of the type, target."""
    inner = "".join(f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>' for name, kind, target in links)
    return f'<Relationships xmlns="{RELATIONS}">{inner}</Relationships>'


def workbook(
    content: str, *, state: str = "visible", styles: str = "", more: Mapping[str, str | bytes] | None = None
) -> bytes:
    """An Excel workbook with one sheet, whose XML is `content`."""
    names = f'xmlns="{MAIN}" xmlns:r="{OFFICE}"'
    parts: dict[str, str | bytes] = {
        "_rels/.rels": relations([("a", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": (
            f'<workbook {names}><sheets><sheet name="Rules" sheetId="1" state="{state}" r:id="b"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": relations([("b", "worksheet", "sheet.xml"), ("c", "styles", "styles.xml")]),
        "xl/styles.xml": f"<styleSheet {names}>{styles}</styleSheet>",
        "xl/sheet.xml": f"<worksheet {names}>{content}</worksheet>",
    }
    return package(parts | dict(more or {}))


def numbered(*rows: Sequence[str], attributes: str = "") -> str:
    """The rows of a sheet of Excel's, with texts written in their cells."""
    return (
        "<sheetData>"
        + "".join(
            f'<row r="{number}" {attributes}>'
            + "".join(f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>' if text else "<c/>" for text in cells)
            + "</row>"
            for number, cells in enumerate(rows, start=1)
        )
        + "</sheetData>"
    )
