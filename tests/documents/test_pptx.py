"""What a deck of slides is read as: the text on the slides that are shown, in the order in which people read it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import cache
from typing import Any

import pptx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx.util import Cm

from assistant.documents.model import BlockKind, Document
from assistant.documents.pptx import PptxReader
from assistant.errors import SkippedDocument, UnreadableDocument
from tests.documents.office_maker import convert, needs_libreoffice
from tests.documents.reading import assert_sound, block_of, introduction, quotes, read_text
from tests.documents.sheet_maker import flat_file, package, relations
from tests.documents.test_xlsx import assert_only_our_errors, damaged

TITLE_AND_BODY, SECTION, COMPARISON, TITLE_ONLY, BLANK = 1, 2, 4, 5, 6


def box(x: float, y: float, width: float, *paragraphs: str, height: float = 1.5, look: str = "") -> str:
    """A text box on a slide of 28 by 15.75 cm, in cm."""
    inside = "".join(text if text.startswith("<") else f"<text:p>{text}</text:p>" for text in paragraphs)
    look = look or 'draw:style-name="text"'
    return (
        f'<draw:frame {look} svg:x="{x}cm" svg:y="{y}cm" svg:width="{width}cm" svg:height="{height}cm">'
        f"<draw:text-box>{inside}</draw:text-box></draw:frame>"
    )


def title(text: str) -> str:
    return box(2, 1, 24, text, height=2, look='presentation:class="title" presentation:style-name="titled"')


def page(*shapes: str, style: str = "", notes: str = "") -> str:
    aside = (
        '<presentation:notes><draw:frame presentation:class="notes" presentation:style-name="titled" svg:x="2cm" '
        f'svg:y="14cm" svg:width="16cm" svg:height="10cm"><draw:text-box><text:p>{notes}</text:p></draw:text-box>'
        "</draw:frame></presentation:notes>"
    )
    return f'<draw:page draw:master-page-name="M" {style}>{"".join(shapes)}{aside if notes else ""}</draw:page>'


STEPS = (
    '<text:list text:style-name="bullets"><text:list-item><text:p>sounds the signal</text:p><text:list><text:list-item>'
    "<text:p>for four seconds</text:p></text:list-item></text:list></text:list-item><text:list-item><text:p>waits</text:p>"
    "</text:list-item></text:list>"
)
FOOTER = box(2, 14, 24, "Harbour office, internal")
TABLE = (
    '<draw:frame svg:x="2cm" svg:y="5cm" svg:width="24cm" svg:height="4cm"><table:table table:use-first-row-styles="true">'
    "<table:table-column/><table:table-column/>"
    + "".join(
        f"<table:table-row><table:table-cell><text:p>{left}</text:p></table:table-cell><table:table-cell><text:p>{right}</text:p>"
        "</table:table-cell></table:table-row>"
        for left, right in (("Vessel", "Blasts"), ("Trawler", "2"))
    )
    + "</table:table></draw:frame>"
)
DECK = flat_file(
    "presentation",
    page(
        FOOTER,
        box(15, 7, 12, "The log says who had the watch.", height=6),
        box(15, 5, 12, "The log"),
        box(2, 7, 12, "The keeper:", STEPS, height=6),
        box(2, 5, 12, "The signal"),
        title("Signals in fog"),
        notes="Say this slowly.",
    )
    + page(title("Old rules"), style='draw:style-name="hidden-slide"')
    + page(title("Signals by vessel"), TABLE, FOOTER, box(40, 3, 4, "Off the slide"))
    + page(
        f"<draw:g>{box(2, 9, 24, 'Second in the group.')}{box(2, 6, 24, 'First in the group.')}</draw:g>",
        box(2, 2, 24, "Who keeps watch"),
        FOOTER,
    ),
    meta="<dc:title>Fog signals for keepers</dc:title>",
)


@cache
def deck() -> Document:
    return read(convert(DECK, ".fodp", ".pptx"))


def read(data: bytes, name: str = "fog.pptx") -> Document:
    document = read_text(PptxReader(), data, name)
    assert_sound(document)
    return document


def made(*fill: Callable[[Any], object], change: Callable[[str], str] = str) -> bytes:
    """A deck made by python-pptx, whose layouts are PowerPoint's; `change` edits the XML of its slides."""
    presentation = pptx.Presentation()
    for function in fill:
        function(presentation)
    saved = io.BytesIO()
    presentation.save(saved)
    with zipfile.ZipFile(saved) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    for name, content in parts.items():
        if name.startswith("ppt/slides/slide") and isinstance(content, bytes):
            parts[name] = change(content.decode())
    return package(parts)


def slide(presentation: Any, layout: int, *texts: str) -> Any:
    """A slide whose placeholders hold texts, in the order of the layout."""
    added = presentation.slides.add_slide(presentation.slide_layouts[layout])
    for placeholder, text in zip(added.placeholders, texts, strict=False):
        placeholder.text_frame.text = text
    return added


def kinds(document: Document) -> list[tuple[str, BlockKind, int]]:
    return [(document.quote(block), block.kind, block.level) for block in document.blocks]


@needs_libreoffice
def test_slides_are_read_title_first_and_column_by_column() -> None:
    assert quotes(deck()) == [
        "Signals in fog",
        "The signal",
        "The keeper:",
        "sounds the signal",
        "for four seconds",
        "waits",
        "The log",
        "The log says who had the watch.",
        "Signals by vessel",
        "Vessel | Blasts",
        "Trawler | 2",
        "Who keeps watch",
        "First in the group.",
        "Second in the group.",
    ]


@needs_libreoffice
def test_lists_and_tables_point_to_what_introduces_them() -> None:
    assert introduction(deck(), "sounds the signal") == "The keeper:"
    assert introduction(deck(), "for four seconds") == "sounds the signal"
    assert introduction(deck(), "waits") == "The keeper:"
    assert introduction(deck(), "Trawler | 2") == "Vessel | Blasts"
    assert block_of(deck(), "Vessel | Blasts").kind is BlockKind.TABLE_HEAD


@needs_libreoffice
def test_what_is_not_on_the_slides_shown_is_counted() -> None:
    assert {left.what: left.count for left in deck().left_out} == {"hidden slides": 1, "hidden texts": 1, "speaker notes": 1}


@needs_libreoffice
def test_a_block_knows_its_slide_hidden_slides_counted() -> None:
    assert [block.page for block in deck().blocks if block.kind is BlockKind.HEADING] == [1, 3, 4]
    assert deck().title == "Fog signals for keepers"


def test_bullets_come_from_the_master_and_a_single_line_has_none() -> None:
    def fill(presentation: Any) -> None:
        first = slide(presentation, TITLE_AND_BODY, "In fog", "Sound the signal")
        below = first.placeholders[1].text_frame.add_paragraph()
        below.text, below.level = "for four seconds", 1
        slide(presentation, TITLE_AND_BODY, "At dusk", "The lamp is lit by the keeper.")

    assert kinds(read(made(fill))) == [
        ("In fog", BlockKind.HEADING, 2),
        ("Sound the signal", BlockKind.LIST_ITEM, 1),
        ("for four seconds", BlockKind.LIST_ITEM, 2),
        ("At dusk", BlockKind.HEADING, 2),
        ("The lamp is lit by the keeper.", BlockKind.PARAGRAPH, 0),
    ]


def test_a_section_opens_a_higher_heading() -> None:
    document = read(made(lambda deck: (slide(deck, SECTION, "Part one"), slide(deck, TITLE_ONLY, "In fog"))))

    assert kinds(document) == [("Part one", BlockKind.HEADING, 1), ("In fog", BlockKind.HEADING, 2)]


def test_placeholders_stand_where_their_layout_puts_them() -> None:
    texts = ("By day", "Left head", "Left text is here.", "Right head", "Right text is here.")

    assert quotes(read(made(lambda deck: slide(deck, COMPARISON, *texts)))) == list(texts)


def test_merged_cells_are_repeated_down_and_stand_once_across() -> None:
    def fill(presentation: Any) -> None:
        added = slide(presentation, TITLE_ONLY, "Berths")
        table = added.shapes.add_table(3, 3, Cm(2), Cm(6), Cm(20), Cm(5)).table
        for row, texts in enumerate((("Quay", "Berth", "Depth"), ("North", "N1", "4"), ("", "N2", ""))):
            for column, text in enumerate(texts):
                table.cell(row, column).text = text
        table.cell(1, 0).merge(table.cell(2, 0))
        table.cell(2, 1).merge(table.cell(2, 2))

    assert quotes(read(made(fill)))[1:] == ["Quay | Berth | Depth", "North | N1 | 4", "North | N2"]


def test_hidden_shapes_and_texts_without_ink_are_counted_and_not_read() -> None:
    def fill(presentation: Any) -> None:
        added = slide(presentation, TITLE_ONLY, "Berths")
        for number, text in enumerate(("Seen by all.", "Switched off.", "Too small.")):
            added.shapes.add_textbox(Cm(2), Cm(5 + 2 * number), Cm(10), Cm(1)).text_frame.text = text

    def change(xml: str) -> str:
        xml = xml.replace('name="TextBox 3"', 'name="TextBox 3" hidden="1"')
        return xml.replace("<a:r><a:t>Too small", '<a:r><a:rPr sz="100"/><a:t>Too small')

    document = read(made(fill, change=change))

    assert quotes(document) == ["Berths", "Seen by all."]
    assert [(left.what, left.count) for left in document.left_out] == [("hidden texts", 2)]


def test_groups_in_groups_are_followed_as_deep_as_a_file_can_go() -> None:
    def change(xml: str) -> str:
        start, end = xml.index("<p:sp>"), xml.index("</p:sp>") + len("</p:sp>")
        return f"{xml[:start]}{'<p:grpSp>' * 200}{xml[start:end]}{'</p:grpSp>' * 200}{xml[end:]}"

    assert quotes(read(made(lambda deck: slide(deck, TITLE_ONLY, "Berths"), change=change))) == ["Berths"]


def test_a_diagram_is_read_as_a_list() -> None:
    names = (
        'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        'xmlns:d="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
    )
    points = "".join(
        f'<d:pt modelId="{number}"{" type=" + chr(34) + "doc" + chr(34) if not text else ""}>'
        f"<d:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></d:t></d:pt>"
        for number, text in enumerate(("", "Look", "Sound", "with the horn"))
    )
    links = "".join(
        f'<d:cxn srcId="{source}" destId="{to}" srcOrd="{order}"/>'
        for source, to, order in ((0, 2, 1), (0, 1, 0), (2, 3, 0), (3, 0, 0))
    )
    frame = '<p:graphicFrame><a:graphic><a:graphicData><d:relIds r:dm="x"/></a:graphicData></a:graphic></p:graphicFrame>'
    data = package(
        {
            "_rels/.rels": relations([("a", "officeDocument", "ppt/presentation.xml")]),
            "ppt/presentation.xml": (
                f'<p:presentation {names}><p:sldIdLst><p:sldId id="256" r:id="s"/></p:sldIdLst></p:presentation>'
            ),
            "ppt/_rels/presentation.xml.rels": relations([("s", "slide", "slide.xml")]),
            "ppt/slide.xml": f"<p:sld {names}><p:cSld><p:spTree>{frame}</p:spTree></p:cSld></p:sld>",
            "ppt/_rels/slide.xml.rels": relations([("x", "diagramData", "data.xml")]),
            "ppt/data.xml": f"<d:dataModel {names}><d:ptLst>{points}</d:ptLst><d:cxnLst>{links}</d:cxnLst></d:dataModel>",
        }
    )

    document = read(data)

    assert kinds(document) == [
        ("Look", BlockKind.LIST_ITEM, 1),
        ("Sound", BlockKind.LIST_ITEM, 1),
        ("with the horn", BlockKind.LIST_ITEM, 2),
    ]
    assert introduction(document, "with the horn") == "Sound"


def test_what_is_no_deck_or_has_nothing_on_it_says_so() -> None:
    with pytest.raises(UnreadableDocument, match=r"^fog\.pptx is not a PowerPoint presentation"):
        read(package({"_rels/.rels": relations([("a", "officeDocument", "w.xml")]), "w.xml": "<document/>"}))
    with pytest.raises(UnreadableDocument, match=r"^fog\.pptx is protected by a password"):
        read(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    with pytest.raises(SkippedDocument, match=r"^fog\.pptx has no text on the slides that it shows"):
        read(made(lambda deck: slide(deck, BLANK)))


@cache
def _source() -> bytes:
    return made(lambda deck: slide(deck, TITLE_AND_BODY, "In fog", "Sound the signal"))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damaged_files_raise_nothing_but_our_own_errors(data: st.DataObject) -> None:
    assert_only_our_errors(read, damaged(_source(), data))


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_damaged_slides_raise_nothing_but_our_own_errors(data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(_source())) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    for name in ("ppt/slides/slide1.xml", "ppt/presentation.xml"):
        content = parts[name]
        assert isinstance(content, bytes)
        parts[name] = damaged(content, data) if data.draw(st.booleans()) else content
    assert_only_our_errors(read, package(parts))
