"""Word documents: what Word writes that LibreOffice does not, each case in a package made by hand."""

from __future__ import annotations

import time

import pytest

from assistant.documents.docx import DocxReader
from assistant.documents.model import BlockKind, Document, LeftOut
from assistant.errors import SkippedDocument, UnreadableDocument
from tests.documents.flow_maker import docx, package, paragraph
from tests.documents.reading import assert_sound, block_of, introduction, quotes, read_text

STYLES = """
<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="cy-GB"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/></w:style>
<w:style w:type="paragraph" w:styleId="House"><w:name w:val="House heading"/><w:basedOn w:val="berschrift1"/></w:style>
<w:style w:type="paragraph" w:styleId="Plain"><w:name w:val="No heading"/><w:basedOn w:val="berschrift1"/>
<w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="paragraph" w:styleId="Bullet"><w:name w:val="List Bullet"/>
<w:pPr><w:numPr><w:numId w:val="5"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Bullet2"><w:name w:val="List Bullet 2"/><w:basedOn w:val="Bullet"/>
<w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Gone"><w:name w:val="Gone"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="character" w:styleId="gone"><w:name w:val="gone"/><w:rPr><w:vanish/></w:rPr></w:style>
"""
NUMBERING = """
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="x"/>
<w:pPr><w:ind w:left="720"/></w:pPr></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/>
<w:pPr><w:ind w:left="1440"/></w:pPr></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="none"/><w:lvlText w:val=""/></w:lvl></w:abstractNum>
<w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="6"><w:abstractNumId w:val="2"/></w:num>
"""


def read(body: str, **named: str) -> Document:
    data = docx(body, **{"styles": STYLES, "numbering": NUMBERING, **named})  # type: ignore[arg-type]
    document = read_text(DocxReader(), data, "note.docx")
    assert_sound(document)
    return document


def styled(words: str, style: str, more: str = "") -> str:
    return paragraph(words, f'<w:pStyle w:val="{style}"/>{more}')


def run(words: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def cell(words: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{words if words.startswith('<') else paragraph(words)}</w:tc>"


def table(*rows: str, properties: str = "") -> str:
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def field(instruction: str, result: str) -> str:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    return f"{mark('begin')}<w:r><w:instrText>{instruction}</w:instrText></w:r>{mark('separate')}{result}{mark('end')}"


def words_of(inside: str, **named: str) -> list[str]:
    return quotes(read(f"<w:p>{inside}</w:p>", **named))


# Paragraphs and headings


def test_headings_come_from_names_of_styles_what_these_are_based_on_and_outline_levels() -> None:
    document = read(
        styled("Named", "berschrift1")
        + styled("Based", "House")
        + styled("Undone", "Plain")
        + paragraph("Direct", '<w:outlineLvl w:val="2"/>')
        + styled("Lowered", "House", '<w:outlineLvl w:val="9"/>')
        + paragraph("Deep", '<w:outlineLvl w:val="8"/>')
    )

    levels = {document.quote(block): block.level for block in document.blocks if block.kind is BlockKind.HEADING}
    assert levels == {"Named": 1, "Based": 1, "Direct": 3, "Deep": 6}


def test_the_title_on_the_page_is_the_title_where_the_properties_say_nothing() -> None:
    body = styled("Travel", "T") + styled("Fares", "berschrift1")

    assert read(body, core="<dc:title>Document1</dc:title>").title == "Travel"
    assert read(body, core="<dc:title>Rules of travel</dc:title>").title == "Rules of travel"
    assert read(paragraph("Words.")).title == "Note"


def test_the_language_is_what_the_styles_say() -> None:
    assert read(paragraph("Geiriau")).locale == "cy"


# Lists


def test_lists_by_style_know_their_level_and_paragraphs_without_a_label_are_no_items() -> None:
    document = read(
        paragraph("You must:")
        + styled("apply", "Bullet")
        + styled("online", "Bullet2")
        + styled("Stop.", "Bullet", '<w:numPr><w:numId w:val="0"/></w:numPr>')
        + paragraph("Bare", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="6"/></w:numPr>')
    )

    assert introduction(document, "online") == "apply"
    assert [block.level for block in document.blocks] == [0, 1, 2, 0, 0]
    assert block_of(document, "Bare").kind is BlockKind.PARAGRAPH


# Words


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        (run("bro") + run("ken ", "<w:b/>") + run("words"), "broken words"),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:cr/><w:t>d</w:t></w:r>", "a b c d"),
        ("<w:r><w:t>non</w:t><w:noBreakHyphen/><w:t>stop co</w:t><w:softHyphen/><w:t>op</w:t></w:r>", "non\u2011stop coop"),
        ('<w:r><w:t xml:space="preserve">x </w:t><w:sym w:font="Symbol" w:char="F0B3"/><w:t> y</w:t></w:r>', "x ≥ y"),
        ('<w:r><w:t>x</w:t><w:sym w:font="Symbol" w:char="zz"/></w:r>', "x"),
        ('<w:ins w:id="1">' + run("put in") + "</w:ins>", "put in"),
        ('<w:moveTo w:id="1">' + run("moved here") + "</w:moveTo>", "moved here"),
        ("<w:hyperlink>" + run("a link") + "</w:hyperlink>", "a link"),
        ("<w:smartTag><w:customXml>" + run("tagged") + "</w:customXml></w:smartTag>", "tagged"),
        ("<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>" + run("chosen") + "</w:sdtContent></w:sdt>", "chosen"),
        (
            "<w:r><w:ruby><w:rt>" + run("above") + "</w:rt><w:rubyBase>" + run("base") + "</w:rubyBase></w:ruby></w:r>",
            "base",
        ),
        (
            "<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath>",
            "a/b",
        ),
    ],
)
def test_words_are_those_of_the_page_with_their_spaces(inside: str, words: str) -> None:
    assert words_of(inside) == [words]


def test_deleted_moved_and_hidden_words_are_left_out_and_counted() -> None:
    document = read(
        "<w:p>"
        + run("Seen")
        + '<w:del w:id="1"><w:r><w:delText>struck</w:delText></w:r></w:del>'
        + '<w:moveFrom w:id="2">'
        + run("moved away")
        + "</w:moveFrom>"
        + run(" again")
        + run("hidden", "<w:vanish/>")
        + run(" and", '<w:vanish w:val="0"/>')
        + run("by style", '<w:rStyle w:val="gone"/>')
        + run(" more")
        + run("white", '<w:color w:val="FFFFFF"/>')
        + run("tiny", '<w:sz w:val="2"/>')
        + run(".", '<w:color w:val="FFFFFF"/><w:highlight w:val="black"/>')
        + "</w:p>"
        + styled("A paragraph by style.", "Gone")
    )

    assert quotes(document) == ["Seen again and more."]
    assert document.left_out == (LeftOut("hidden texts", 4), LeftOut("tracked deletions", 1))


def test_a_page_of_hidden_words_says_so() -> None:
    with pytest.raises(SkippedDocument, match=r"no text that a reader of its pages can see"):
        read(styled("A paragraph by style.", "Gone"))


def test_a_deleted_end_joins_paragraphs_and_a_large_first_letter_is_joined_to_its_word() -> None:
    ended = '<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>' + run("Staff ") + "</w:p>" + paragraph("may claim.")
    drop = paragraph("O", '<w:framePr w:dropCap="drop"/>') + paragraph("nce upon a time.")

    assert quotes(read(ended + drop)) == ["Staff may claim.", "Once upon a time."]


def test_white_words_on_a_dark_cell_or_in_a_styled_table_are_read() -> None:
    white = "<w:p>" + run("Band", '<w:color w:val="FFFFFF"/>') + "</w:p>"
    dark = table(cell(white, '<w:shd w:fill="203040" w:val="clear"/>') + cell("Fee"), cell("A") + cell("£1"))
    by_style = table(cell(white) + cell("Cost"), cell("B") + cell("£2"), properties='<w:tblStyle w:val="GridTable5Dark"/>')
    bare = table(cell(white) + cell("Hidden"), cell("C") + cell("£3"))

    assert quotes(read(dark + by_style + bare), BlockKind.TABLE_HEAD) == ["Band | Fee", "Band | Cost", "Hidden"]


# Fields


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        (run("See ") + field(" REF x \\h ", run("section 2")), "See section 2"),
        (run("Page ") + field(" PAGE ", run("7")), "Page"),
        (run("Of ") + field("NUMPAGES", run("9")) + run("all"), "Of all"),
        (run("A") + field(" TOC \\o ", run("Fares 1") + field("PAGEREF x", run("3"))) + run("B"), "AB"),
        (field("IF " + "</w:instrText></w:r>" + field("REF x", run("inner")) + "<w:r><w:instrText>", run("outer")), "outer"),
        ('<w:fldSimple w:instr=" PAGE ">' + run("7") + "</w:fldSimple>" + run("end"), "end"),
        ('<w:fldSimple w:instr=" REF x ">' + run("part 3") + "</w:fldSimple>", "part 3"),
        ("<w:del>" + field("REF x", "") + "</w:del>" + run("kept"), "kept"),
    ],
)
def test_results_of_fields_are_read_and_instructions_page_numbers_and_contents_are_not(inside: str, words: str) -> None:
    assert words_of(inside) == [words]


def test_contents_are_not_read_however_they_are_made() -> None:
    gallery = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    control = f"<w:sdt>{gallery}<w:sdtContent>{paragraph('Fares 1')}</w:sdtContent></w:sdt>"

    assert quotes(read(control + styled("Fares 1", "TOC1") + paragraph("Fares"))) == ["Fares"]


# Notes and comments


NOTE = (
    '<w:footnote w:id="-1" w:type="separator">{0}</w:footnote><w:footnote w:id="2">{1}</w:footnote>'
    '<w:footnote w:id="3">{2}</w:footnote>'
)


def test_notes_with_marks_come_last_and_others_not_at_all() -> None:
    notes = NOTE.format(
        paragraph("line"), "<w:p><w:r><w:footnoteRef/></w:r>" + run(" By rail.") + "</w:p>", paragraph("Lost.")
    )
    mark = '<w:r><w:footnoteReference w:id="2" w:customMarkFollows="1"/><w:t>*</w:t></w:r>'
    comments = (
        '<w:comment w:id="1">'
        + paragraph("Really?")
        + '</w:comment><w:comment w:id="2">'
        + paragraph("Yes.")
        + "</w:comment>"
    )

    document = read("<w:p>" + run("Fares") + mark + run(".") + "</w:p>", footnotes=notes, comments=comments)

    assert quotes(document) == ["Fares.", "Notes", "By rail."]
    assert introduction(document, "By rail.") == "Fares."
    assert document.left_out == (LeftOut("comments", 2),)


def test_the_mark_of_a_note_in_deleted_words_is_not_followed() -> None:
    notes = NOTE.format("", paragraph("By rail."), "")
    deleted = '<w:del w:id="1"><w:r><w:footnoteReference w:id="2"/></w:r></w:del>'

    assert words_of(run("Fares") + deleted, footnotes=notes) == ["Fares"]


# Boxes and alternatives


def test_one_of_several_forms_of_a_box_is_read_after_the_paragraph_it_is_anchored_in() -> None:
    def box(words: str) -> str:
        return f"<w:txbxContent>{paragraph(words)}</w:txbxContent>"

    def either(needs: str) -> str:
        choice = f'<mc:Choice Requires="{needs}">{box("New.")}</mc:Choice>'
        return f"<w:r><mc:AlternateContent>{choice}<mc:Fallback>{box('Old.')}</mc:Fallback></mc:AlternateContent></w:r>"

    assert words_of(either("wps") + run("Text")) == ["Text", "New."]
    assert words_of(run("Text") + either("odd")) == ["Text", "Old."]
    assert words_of(run("Text") + "<w:r><w:rPr><w:vanish/></w:rPr>" + box("Hidden.") + "</w:r>") == ["Text"]


# Tables


def test_rows_to_repeat_are_headings_and_merged_cells_keep_their_columns() -> None:
    merged, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = table(
        "<w:trPr><w:tblHeader/></w:trPr>" + cell("1") + cell("2") + cell("3"),
        cell("North", merged) + cell("a") + cell("£1"),
        cell("<w:p/>", goes_on) + cell("b", '<w:gridSpan w:val="2"/>'),
        '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + cell("c") + cell("£3"),
        '<w:trPr><w:del w:id="1"/></w:trPr>' + cell("struck") + cell("x") + cell("y"),
    )

    document = read(body)

    assert quotes(document) == ["1 | 2 | 3", "North | a | £1", "North | b", "| c | £3"]
    assert introduction(document, "North | b") == "1 | 2 | 3"
    assert document.left_out == (LeftOut("tracked deletions", 1),)


# Packages


def test_what_word_opens_is_opened() -> None:
    relations = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/word/main.xml"/>
<Relationship Id="r2" Type="x/image" Target="NULL"/></Relationships>"""
    main = '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>' + paragraph("Strict.")
    strict = package({"_rels/.rels": relations, "word/main.xml": main + "</w:body></w:document>"})

    assert quotes(read_text(DocxReader(), strict, "a.docx")) == ["Strict."]


def test_a_declared_entity_is_refused_wherever_it_stands() -> None:
    late = "<!-- " + "x" * 70_000 + ' --><!DOCTYPE a [<!ENTITY b "c">]><a/>'

    with pytest.raises(UnreadableDocument, match=r"declares a document type"):
        read_text(DocxReader(), docx("", parts={"word/document.xml": late}), "a.docx")


@pytest.mark.parametrize(
    "body",
    [
        paragraph("word " * 200_000),
        "<w:p>" + run("ab") * 50_000 + "</w:p>",
        styled("word", "Bullet") * 10_000,
        table(*[cell("word") * 50] * 100),
        "<w:tbl><w:tr><w:tc>" * 60 + paragraph("word") + "</w:tc></w:tr></w:tbl>" * 60,
    ],
    ids=["long paragraph", "many runs", "many items", "large table", "nested tables"],
)
def test_large_documents_take_seconds(body: str) -> None:
    start = time.perf_counter()
    read(body)
    assert time.perf_counter() - start < 10


def test_elements_nested_without_end_are_refused() -> None:
    with pytest.raises(UnreadableDocument, match=r"nested too deeply"):
        read("<w:tbl><w:tr><w:tc>" * 10_000 + "</w:tc></w:tr></w:tbl>" * 10_000)
