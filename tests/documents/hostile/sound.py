"""Small sound files of the formats that are ZIP packages, made by hand so that every part of them can be damaged."""

from __future__ import annotations

from collections.abc import Callable

from tests.documents.flow_maker import docx, odt, package, paragraph
from tests.documents.sheet_maker import OFFICE, numbered, relations, workbook

RULE = "Fog signals are sounded every two minutes."
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
)
_SLIDES = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" ' + (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="' + OFFICE + '"'
)


def docx_file() -> bytes:
    """A Word document with the rule as its one paragraph."""
    return docx(paragraph(RULE))


def xlsx_file() -> bytes:
    """A workbook with the rule in a cell."""
    return workbook(numbered(["Signal", "Rule"], ["Horn", RULE]))


def odt_file() -> bytes:
    """An OpenDocument text."""
    return odt(f"<text:p>{RULE}</text:p>")


def ods_file() -> bytes:
    """An OpenDocument spreadsheet."""
    cell = f'<table:table-cell office:value-type="string"><text:p>{RULE}</text:p></table:table-cell>'
    return ods_of(f'<table:table table:name="Rules"><table:table-row>{cell}{cell}</table:table-row></table:table>')


def ods_of(tables: str) -> bytes:
    """An OpenDocument spreadsheet with these tables."""
    content = f"<office:document-content {_ODF}><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    return package({"mimetype": _ODS, "content.xml": f"{content}</office:document-content>"})


def pptx_file() -> bytes:
    """A deck of one slide with the rule in a box."""
    shape = (
        '<p:sp><p:nvSpPr><p:cNvPr id="2" name="a"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x="9" y="9"/>'
        f'<a:ext cx="99999" cy="99999"/></a:xfrm></p:spPr><p:txBody><a:bodyPr/><a:p><a:r><a:t>{RULE}</a:t></a:r></a:p>'
        "</p:txBody></p:sp>"
    )
    slides = '<p:sldIdLst><p:sldId id="256" r:id="a"/></p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/>'
    return package(
        {
            "_rels/.rels": relations([("a", "officeDocument", "ppt/presentation.xml")]),
            "ppt/presentation.xml": f"<p:presentation {_SLIDES}>{slides}</p:presentation>",
            "ppt/_rels/presentation.xml.rels": relations([("a", "slide", "slides/slide1.xml")]),
            "ppt/slides/slide1.xml": f"<p:sld {_SLIDES}><p:cSld><p:spTree>{shape}</p:spTree></p:cSld></p:sld>",
        }
    )


FORMATS: tuple[tuple[str, str, Callable[[], bytes]], ...] = (
    (".docx", "word/document.xml", docx_file),
    (".xlsx", "xl/sheet.xml", xlsx_file),
    (".pptx", "ppt/slides/slide1.xml", pptx_file),
    (".odt", "content.xml", odt_file),
    (".ods", "content.xml", ods_file),
)
SOUND = {suffix: make for suffix, _, make in FORMATS}
"""How to make a small sound file of each format."""
