"""OpenDocument texts: what LibreOffice writes in this format alone, and hostile files, in packages made by hand."""

from __future__ import annotations

import time

import pytest

from assistant.documents.model import BlockKind, Document, LeftOut
from assistant.documents.odt import OdtReader
from assistant.errors import UnreadableDocument
from tests.documents.flow_maker import fodt, odt
from tests.documents.office_maker import convert, needs_libreoffice
from tests.documents.reading import assert_sound, block_of, introduction, quotes, read_text

STYLES = """
<style:style style:name="Title" style:family="paragraph"/>
<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>
<style:style style:name="P2" style:family="paragraph" style:parent-style-name="Heading_20_2"/>
<style:style style:name="Heading_20_3" style:family="paragraph"/>
<style:style style:name="Not" style:family="paragraph" style:parent-style-name="Heading_20_3"
style:default-outline-level=""/>
<style:style style:name="Back" style:family="text" style:parent-style-name="H">
<style:text-properties text:display="true"/></style:style>
<text:list-style style:name="Bare"><text:list-level-style-number text:level="1" style:num-format=""/></text:list-style>
"""


def read(body: str, *, parts: dict[str, str | bytes] | None = None) -> Document:
    document = read_text(OdtReader(), odt(body, styles=STYLES, parts=parts), "note.odt")
    assert_sound(document)
    return document


def paragraph(words: str, style: str = "Standard") -> str:
    return f'<text:p text:style-name="{style}">{words}</text:p>'


def items(*inside: str, style: str = "Bul") -> str:
    listed = "".join(f"<text:list-item>{words}</text:list-item>" for words in inside)
    return f'<text:list text:style-name="{style}">{listed}</text:list>'


def cell(words: str, more: str = "") -> str:
    return f"<table:table-cell {more}>{paragraph(words)}</table:table-cell>"


def table(*rows: str) -> str:
    return f"<table:table>{''.join(f'<table:table-row>{row}</table:table-row>' for row in rows)}</table:table>"


@needs_libreoffice
def test_hidden_sections_and_conditional_texts_that_libreoffice_writes_are_left_out() -> None:
    body = """<text:p>Seen.</text:p>
<text:section text:name="A" text:display="none"><text:p>In a hidden section.</text:p></text:section>
<text:section text:name="C"><text:p>In an open section.</text:p></text:section>
<text:section text:name="B" text:display="condition" text:condition="ooow:1==1" text:is-hidden="true">
<text:p>Hidden on a condition.</text:p></text:section>
<text:p>By mode: <text:conditional-text text:condition="ooow:1==1" text:string-value-if-true="yes"
text:string-value-if-false="no">yes</text:conditional-text></text:p>"""

    document = read_text(OdtReader(), convert(fodt(body), ".fodt", ".odt"), "a.odt")

    assert quotes(document) == ["Seen.", "In an open section.", "By mode: yes"]
    assert document.left_out == (LeftOut("hidden texts", 2),)


def test_a_paragraph_with_a_field_that_hides_it_is_left_out() -> None:
    shown = '<text:hidden-paragraph text:condition="x" text:is-hidden="false"/>'

    document = read(paragraph(f"{shown}Seen.") + paragraph(f"Not {shown.replace('false', 'true')}seen."))

    assert quotes(document) == ["Seen."]
    assert document.left_out == (LeftOut("hidden texts", 1),)


def test_headings_come_from_elements_and_from_styles_and_the_title_from_its_style() -> None:
    document = read(
        paragraph("Travel", "P1")
        + '<text:h text:outline-level="9">Deep</text:h>'
        + paragraph("Fares", "P2")
        + paragraph("By name", "Heading_20_3")
        + paragraph("Undone", "Not")
        + items('<text:h text:outline-level="1">Numbered</text:h>', style="Num")
    )

    assert [(document.quote(b), b.level) for b in document.blocks if b.kind is BlockKind.HEADING] == [
        ("Travel", 1),
        ("Deep", 6),
        ("Fares", 2),
        ("By name", 3),
        ("Numbered", 1),
    ]
    assert document.title == "Travel"


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("bro<text:span>ken</text:span> <text:span text:style-name='B'>words</text:span>", "broken words"),
        ("a<text:s text:c='9'/>b<text:tab/>c<text:line-break/>d", "a b c d"),
        ("a\n   b", "a b"),
        ("a<text:soft-page-break/>b<text:bookmark text:name='x'/>c", "abc"),
        ("<text:a>a <text:span>link</text:span></text:a>.", "a link."),
        ("<text:ruby><text:ruby-base>base</text:ruby-base><text:ruby-text>above</text:ruby-text></text:ruby>", "base"),
        ("on <text:date>1 May</text:date>, page <text:page-number>3</text:page-number>", "on 1 May, page"),
        ("<text:span text:style-name='H'>no <text:span text:style-name='Back'>yes</text:span></text:span>", "yes"),
        ("x<draw:frame><draw:image/><svg:title>Alt</svg:title><svg:desc>A picture.</svg:desc></draw:frame>y", "xy"),
    ],
)
def test_words_are_those_of_the_page_with_their_spaces(inside: str, words: str) -> None:
    assert quotes(read(paragraph(inside))) == [words]


def test_lists_keep_their_structure() -> None:
    document = read(
        paragraph("You must:")
        + items(
            paragraph("apply") + items(paragraph("online")) + paragraph("Then wait."),
            paragraph("pay"),
        )
        + items(paragraph("No number here"), style="Bare")
        + '<text:numbered-paragraph text:level="1" text:style-name="Num"><text:p>Numbered</text:p></text:numbered-paragraph>'
    )

    assert [block.level for block in document.blocks] == [0, 1, 2, 1, 1, 0, 1]
    assert introduction(document, "Then wait.") == "apply"
    assert introduction(document, "pay") == "You must:"
    assert block_of(document, "No number here").kind is BlockKind.PARAGRAPH


def test_cells_that_reach_over_rows_and_columns_keep_their_places() -> None:
    covered = "<table:covered-table-cell/>"
    document = read(
        "<table:table><table:table-header-rows><table:table-row>"
        + cell("1")
        + cell("2")
        + cell("3")
        + "</table:table-row></table:table-header-rows><table:table-row>"
        + cell("North", 'table:number-rows-spanned="2" table:number-columns-spanned="2"')
        + covered
        + cell("£1")
        + "</table:table-row><table:table-row>"
        + '<table:covered-table-cell table:number-columns-repeated="2"/>'
        + cell("£2")
        + "</table:table-row></table:table>"
    )

    assert quotes(document) == ["1 | 2 | 3", "North | £1", "North | £2"]
    assert introduction(document, "North | £2") == "1 | 2 | 3"


def test_hidden_rows_and_what_stands_under_a_covered_cell_are_left_out() -> None:
    hidden = f'<table:table-row table:visibility="collapse">{cell("Secret")}{cell("£9")}</table:table-row>'
    under = f"<table:covered-table-cell>{paragraph('Under')}</table:covered-table-cell>"
    rows = f"<table:table-row>{cell('A')}{under}{cell('£1')}</table:table-row>"

    document = read(f"<table:table>{rows}{hidden}</table:table>")

    assert quotes(document) == ["A | £1"]
    assert document.left_out == (LeftOut("hidden texts", 1),)


def test_boxes_follow_the_paragraph_they_are_anchored_in() -> None:
    box = f"<draw:frame>\n <draw:text-box>{paragraph('Boxed.')}</draw:text-box></draw:frame>"
    shape = f"<draw:custom-shape>{paragraph('Shaped.')}</draw:custom-shape>"

    assert quotes(read(shape + paragraph(f"Be{box}fore") + paragraph("After"))) == ["Shaped.", "Before", "Boxed.", "After"]


def test_formulas_are_read_from_their_own_parts() -> None:
    maths = 'xmlns="http://www.w3.org/1998/Math/MathML"'
    formula = (
        f"<math {maths}><semantics><mfrac><mi>a</mi><mn>2</mn></mfrac><annotation>a over 2</annotation></semantics></math>"
    )
    frame = '<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>'
    lost = '<draw:frame><draw:object xlink:href="./Object 2"/></draw:frame>'

    document = read(paragraph(f"Take {frame} of it{lost}."), parts={"Object 1/content.xml": formula})

    assert quotes(document) == ["Take a/2 of it."]


def test_indexes_are_not_read_and_a_bibliography_is() -> None:
    index = f"<text:index-body>{paragraph('Entry')}</text:index-body>"
    tags = ["table-of-content", "alphabetical-index", "illustration-index", "table-index", "user-index", "bibliography"]

    document = read("".join(f"<text:{tag}>{index.replace('Entry', tag)}</text:{tag}>" for tag in tags))

    assert quotes(document) == ["bibliography"]


def test_a_locked_file_says_so() -> None:
    name = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    manifest = f'<m:manifest xmlns:m="{name}"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'

    locked: list[dict[str, str | bytes]] = [
        {"META-INF/manifest.xml": manifest, "content.xml": b"\x00\x01"},
        {"encrypted-package": b"\x00"},
    ]
    for parts in locked:
        with pytest.raises(UnreadableDocument, match=r"note\.odt is protected by a password; ask its owner"):
            read("", parts=parts)


@pytest.mark.parametrize(
    "body",
    [
        paragraph("word " * 200_000),
        paragraph("<text:span>a</text:span>" * 50_000),
        items(*[paragraph("word")] * 10_000),
        table(*[cell("word") * 50] * 100),
        table(cell("word", 'table:number-columns-repeated="999999999"') * 50),
        paragraph('<text:s text:c="999999999"/>word'),
        f"<text:list><text:list-item>{paragraph('word')}" * 100 + "</text:list-item></text:list>" * 100,
    ],
    ids=["long paragraph", "many spans", "many items", "large table", "repeated cells", "spaces", "nested lists"],
)
def test_large_documents_take_seconds(body: str) -> None:
    start = time.perf_counter()
    document = read(body)
    assert time.perf_counter() - start < 10
    assert max(block.level for block in document.blocks) <= 6


def test_elements_nested_without_end_are_refused() -> None:
    with pytest.raises(UnreadableDocument, match=r"nested too deeply"):
        read("<text:list><text:list-item>" * 10_000 + "</text:list-item></text:list>" * 10_000)
