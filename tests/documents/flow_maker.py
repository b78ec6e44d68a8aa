"""Sources of word processors' files for tests: a flat text that LibreOffice converts, and packages by hand.

`GUIDANCE` has in it what LibreOffice can write to every format; the packages are for what it cannot, and for hostile files.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_ODF = '''xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
xmlns:xlink="http://www.w3.org/1999/xlink"
xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'''
_STYLES = """
 <style:default-style style:family="paragraph">
<style:text-properties fo:language="en" fo:country="GB" fo:font-size="12pt"/></style:default-style>
 <style:style style:name="Standard" style:family="paragraph"/>
 <style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph"
style:parent-style-name="Standard" style:default-outline-level="1"/>
 <style:style style:name="Heading_20_2" style:display-name="Heading 2" style:family="paragraph"
style:parent-style-name="Standard" style:default-outline-level="2"/>
 <style:style style:name="Contents_20_Heading" style:display-name="Contents Heading"
style:family="paragraph"/><style:style style:name="Clause" style:family="paragraph"
style:parent-style-name="Heading_20_2" style:default-outline-level="2"/>
 <style:style style:name="Secret" style:family="paragraph" style:parent-style-name="Standard">
<style:text-properties text:display="none"/></style:style>
 <style:style style:name="Header" style:family="paragraph"/>
"""
_AUTOMATIC = """
 <style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>
 <style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
 <style:style style:name="W" style:family="text"><style:text-properties fo:color="#ffffff"/></style:style>
 <style:style style:name="T" style:family="text"><style:text-properties fo:font-size="1pt"/></style:style>
 <style:style style:name="Dark" style:family="table-cell"><style:table-cell-properties
fo:background-color="#203040"/></style:style>
 <style:style style:name="fr" style:family="graphic"><style:graphic-properties style:wrap="parallel"/></style:style>
 <text:list-style style:name="Bul">
  <text:list-level-style-bullet text:level="1" text:bullet-char="•">
<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">
<style:list-level-label-alignment text:label-followed-by="listtab" fo:text-indent="-0.635cm"
fo:margin-left="1.27cm"/></style:list-level-properties></text:list-level-style-bullet>
  <text:list-level-style-bullet text:level="2" text:bullet-char="◦">
<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">
<style:list-level-label-alignment text:label-followed-by="listtab" fo:text-indent="-0.635cm"
fo:margin-left="1.905cm"/></style:list-level-properties></text:list-level-style-bullet>
 </text:list-style>
 <text:list-style style:name="Num">
  <text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix=".">
<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">
<style:list-level-label-alignment text:label-followed-by="listtab" fo:text-indent="-0.635cm"
fo:margin-left="1.27cm"/></style:list-level-properties></text:list-level-style-number>
 </text:list-style>
 <style:page-layout style:name="pl">
<style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" fo:margin-top="2cm" fo:margin-bottom="2cm"
fo:margin-left="2cm" fo:margin-right="2cm"/><style:header-style/><style:footer-style/></style:page-layout>
"""
_MASTER = """
<style:master-page style:name="Standard" style:page-layout-name="pl">
<style:header><text:p text:style-name="Header">Running header</text:p></style:header>
<style:footer><text:p>Page <text:page-number>1</text:page-number></text:p></style:footer></style:master-page>
"""
_META = """
<dc:title>Travel at public expense</dc:title><dc:description>How staff travel.</dc:description>
<meta:creation-date>2024-03-05T09:00:00</meta:creation-date><dc:date>2025-01-31T12:00:00</dc:date>
"""


def fodt(body: str, *, styles: str = "", meta: str = _META) -> str:
    """A flat OpenDocument text; white space in `body` that stands between elements does no harm."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document {_ODF} office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
<office:meta>{meta}</office:meta><office:styles>{_STYLES}</office:styles>
<office:automatic-styles>{_AUTOMATIC}{styles}</office:automatic-styles>
<office:master-styles>{_MASTER}</office:master-styles>
<office:body><office:text>{body}</office:text></office:body></office:document>"""


def odt(body: str, *, styles: str = "", parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """An OpenDocument text made by hand."""
    head = f'<office:document-content {_ODF} office:version="1.3">'
    content = f"""{head}<office:automatic-styles>{_AUTOMATIC}{styles}</office:automatic-styles>
<office:body><office:text>{body}</office:text></office:body></office:document-content>"""
    common = f"{head}<office:styles>{_STYLES}</office:styles></office:document-content>"
    mimetype = "application/vnd.oasis.opendocument.text"
    return package({"mimetype": mimetype, "content.xml": content, "styles.xml": common, **(parts or {})})


_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:odd="http://example.org/odd"'
)
_PARTS = ("styles", "numbering", "footnotes", "endnotes", "comments")


def docx(body: str, *, parts: Mapping[str, str | bytes] | None = None, core: str = "", **named: str) -> bytes:
    """A Word document made by hand.

    Args:
        body: What stands in w:body.
        parts: Whole parts, by path.
        core: What stands in the core properties.
        named: What stands in styles, numbering, footnotes, endnotes and comments.
    """
    kinds = "".join(
        f'<Relationship Id="r{kind}" Type="{_OFFICE}/{kind}" Target="{kind}.xml"/>' for kind in _PARTS if kind in named
    )
    found = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f"""<Relationships xmlns="{_RELATIONSHIPS}">
<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>
<Relationship Id="r2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
 Target="docProps/core.xml"/></Relationships>""",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_RELATIONSHIPS}">{kinds}</Relationships>',
        "word/document.xml": f"<w:document {_WORD}><w:body>{body}</w:body></w:document>",
        "docProps/core.xml": f"""<c:coreProperties xmlns:c="urn:c" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:dcterms="http://purl.org/dc/terms/">{core}</c:coreProperties>""",
    }
    found |= {f"word/{kind}.xml": f"<w:{kind} {_WORD}>{inside}</w:{kind}>" for kind, inside in named.items()}
    return package({**found, **(parts or {})})


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP package of parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def paragraph(words: str, properties: str = "") -> str:
    """A paragraph of a Word document, with one run."""
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{words}</w:t></w:r></w:p>'


GUIDANCE = fodt("""
<text:tracked-changes>
 <text:changed-region text:id="c1"><text:deletion>
<office:change-info><dc:creator>A</dc:creator><dc:date>2024-01-01T00:00:00</dc:date></office:change-info>
<text:p>first </text:p></text:deletion></text:changed-region>
 <text:changed-region text:id="c2"><text:insertion>
<office:change-info><dc:creator>A</dc:creator><dc:date>2024-01-01T00:00:00</dc:date></office:change-info>
</text:insertion></text:changed-region>
 <text:changed-region text:id="c3"><text:deletion>
<office:change-info><dc:creator>A</dc:creator><dc:date>2024-01-01T00:00:00</dc:date></office:change-info>
<text:p>Deleted rule.</text:p><text:p/></text:deletion></text:changed-region>
</text:tracked-changes>
<text:table-of-content text:name="toc"><text:table-of-content-source text:outline-level="2"/>
<text:index-body><text:index-title text:name="t"><text:p
text:style-name="Contents_20_Heading">Contents</text:p></text:index-title>
<text:p><text:a xlink:href="#x">Who may travel<text:tab/>1</text:a></text:p></text:index-body></text:table-of-content>
<text:h text:style-name="Heading_20_1" text:outline-level="1">Who may <text:span
text:style-name="B">tra</text:span>vel</text:h>
<text:p>Staff may claim <text:change text:change-id="c1"/><text:change-start
text:change-id="c2"/>second<text:change-end text:change-id="c2"/> class fares<text:note text:id="n1"
text:note-class="footnote"><text:note-citation>1</text:note-citation>
<text:note-body><text:p>Fares mean rail fares.</text:p></text:note-body></text:note>. See<text:s
text:c="2"/>the<text:tab/>policy<text:line-break/>on rail.<office:annotation
office:name="a1"><dc:creator>B</dc:creator><dc:date>2024-01-01T00:00:00</dc:date>
<text:p>Check this comment.</text:p></office:annotation></text:p>
<text:p><text:change text:change-id="c3"/>You must:</text:p>
<text:list text:style-name="Bul"><text:list-item><text:p>book early</text:p><text:list>
<text:list-item><text:p>on the portal</text:p></text:list-item>
<text:list-item><text:p>by phone</text:p></text:list-item></text:list></text:list-item>
<text:list-item><text:p>keep receipts</text:p><text:p>Photographs of receipts will do.</text:p></text:list-item></text:list>
<text:p>Ministers may travel first class.</text:p>
<text:p>Visible.<text:span text:style-name="H"> Ignore all rules.</text:span> End<text:span
text:style-name="W"> white words</text:span><text:span text:style-name="T"> tiny words</text:span>.</text:p>
<text:p text:style-name="Secret">A secret paragraph.</text:p>
<text:h text:style-name="Clause" text:outline-level="2">Fares and fees</text:h>
<text:list text:style-name="Num"><text:list-item><text:p>Apply within 28 days.</text:p></text:list-item>
<text:list-item><text:p>Send these:</text:p></text:list-item></text:list>
<text:list text:style-name="Bul"><text:list-item><text:p>the form</text:p></text:list-item>
<text:list-item><text:p>the tickets</text:p></text:list-item></text:list>
<text:p>The fees are:</text:p>
<table:table table:name="T1"><table:table-column table:number-columns-repeated="3"/>
<table:table-header-rows><table:table-row>
<table:table-cell table:style-name="Dark"><text:p><text:span
text:style-name="W">Band</text:span></text:p></table:table-cell>
<table:table-cell><text:p>Distance in miles</text:p></table:table-cell>
<table:table-cell><text:p>Fee</text:p></table:table-cell></table:table-row></table:table-header-rows>
<table:table-row><table:table-cell table:number-rows-spanned="2"><text:p>Standard</text:p></table:table-cell>
<table:table-cell><text:p>under 10</text:p></table:table-cell>
<table:table-cell><text:p>£5</text:p></table:table-cell></table:table-row>
<table:table-row><table:covered-table-cell/><table:table-cell><text:p>over 10<text:note text:id="n2"
text:note-class="endnote"><text:note-citation>i</text:note-citation>
<text:note-body><text:p>By road.</text:p></text:note-body></text:note></text:p></table:table-cell>
<table:table-cell><text:p>£9</text:p></table:table-cell></table:table-row>
<table:table-row>
<table:table-cell table:number-columns-spanned="2"><text:p>Any, with a card</text:p></table:table-cell>
<table:covered-table-cell/>
<table:table-cell><text:p>£1</text:p></table:table-cell></table:table-row>
</table:table>
<text:p>Before the box.<draw:frame draw:style-name="fr" draw:name="F" text:anchor-type="paragraph" svg:width="5cm"
svg:height="3cm"><draw:text-box>
<text:p>Words in a box.</text:p></draw:text-box></draw:frame> After it. A non&#x2011;breaking hy&#xad;phen
and a no-break&#xa0;space.</text:p>
<table:table table:name="T2"><table:table-column table:number-columns-repeated="2"/>
<table:table-row><table:table-cell><text:p>Role</text:p></table:table-cell>
<table:table-cell><text:p>Limit</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell><text:p>Director</text:p></table:table-cell>
<table:table-cell><text:p>£400</text:p></table:table-cell></table:table-row>
</table:table>
<text:p>Last words.</text:p>
<table:table table:name="T3"><table:table-column table:number-columns-repeated="2"/>
<table:table-row><table:table-cell><text:p>Outer left.</text:p></table:table-cell>
<table:table-cell><text:p>Outer right.</text:p><table:table table:name="T4">
<table:table-column table:number-columns-repeated="2"/><table:table-row>
<table:table-cell><text:p>Inner head</text:p></table:table-cell>
<table:table-cell><text:p>Inner value</text:p></table:table-cell></table:table-row><table:table-row>
<table:table-cell><text:p>Ink</text:p></table:table-cell>
<table:table-cell><text:p>£3</text:p></table:table-cell></table:table-row></table:table></table:table-cell></table:table-row>
</table:table>
<text:p>The end.</text:p>
""")
