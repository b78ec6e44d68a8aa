"""RTF: groups, code pages, tables without columns, and what old programs write; sources are the files themselves."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from assistant.documents.model import BlockKind, Document, LeftOut
from assistant.documents.rtf import RtfReader
from assistant.documents.rtf_tokens import Kind, tokens
from assistant.errors import UnreadableDocument
from tests.documents.reading import assert_sound, block_of, introduction, quotes, read_text

HEAD = (
    rb"{\fonttbl{\f0\fcharset0 Arial{\*\falt Helvetica};}{\f1\fcharset2 Symbol;}"
    rb"{\f2\fcharset204 Arial Cyr;}{\f3\fcharset128 Mincho;}}"
    rb"{\colortbl;\red0\green0\blue0;\red255\green255\blue255;\red32\green48\blue64;}"
    rb"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s2\sbasedon1 House;}{\s3\sbasedon1\outlinelevel9 Not;}"
    rb"{\s4 Title;}{\s5 toc 1;}{\*\cs9 Strong;}}"
    rb"{\*\listtable{\list{\listlevel\levelnfc23{\leveltext\'01*;}\li720}{\listlevel\levelnfcn23\li1080}\listid77}"
    rb"{\list{\listlevel\levelnfc255\li0}\listid78}}"
    rb"{\*\listoverridetable{\listoverride\listid77\ls1}{\listoverride\listid78\ls2}}"
    rb"{\*\generator Tests;}{\header Running header\par}{\footer Page {\field{\*\fldinst PAGE}{\fldrslt 1}}\par}"
)


def read(body: bytes, head: bytes = HEAD) -> Document:
    document = read_text(RtfReader(), rb"{\rtf1\ansi\ansicpg1252\deff0 " + head + b"\n" + body + b"}\r\n\0", "note.rtf")
    assert_sound(document)
    return document


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (rb"bro{\b ken} words", "broken words"),
        (b"bro\r\nken", "broken"),
        (rb"a\tab b\line c\~d\page e", "a b c d e"),
        (rb"non\_stop co\-op", "non\u2011stop coop"),
        (rb"\lquote a\rquote  \ldblquote b\rdblquote  c\endash d\emdash e \bullet  f", "‘a’ “b” c–d—e • f"),
        (rb"\{a\} \\b", "{a} \\b"),
        (rb"caf\'e9 \'80\'a35", "café €£5"),
        (rb"\u163?5 \u8364\'80 \uc0\u233 e", "£5 € ée"),
        (rb"\uc2\u8212--b {\uc1\u163?}\u163\'20\'20c", "—b ££c"),
        (rb"\u8220\ldblquote a\u8221\rdblquote  \u233\par e", "“a” é e"),
        (rb"x \u-10179?\u-8704? y", "x \U0001f600 y"),
        (rb"x \u-10179? y", "x y"),
        (rb"{\f1 \'b3\'a3 m} {\f1 \u-3917?}", "≥≤ μ ≥"),
        (rb"{\f2 \'cc\'e8\'f0}", "Мир"),
        (rb"{\f3 \'83\'65\'83X\'83g}", "テスト"),
        (rb"x{\pict\wmetafile8 0102ff}{\*\unknown words}{\bin5 {{{{{}y", "xy"),
        (rb"\bin4 {{{{seen", "seen"),
        (rb"{\object{\*\objdata 0102}{\result shown}}", "shown"),
        (rb"{\*\bkmkstart a}x{\*\bkmkend a}{\xe{\v entry}}{\tc entry}y", "xy"),
        (rb"{\mmath{\*\moMath{\mf{\mfPr{\mtype bar}}{\mnum{\mr a}}{\mden{\mr b}}}}}", "a/b"),
    ],
)
def test_words_are_those_of_the_page_with_their_spaces(source: bytes, words: str) -> None:
    assert " ".join(quotes(read(source))) == words


def test_headings_come_from_outline_levels_and_styles() -> None:
    document = read(
        rb"\pard\s4 Travel\par\pard\s1 Named\par\pard\s2 Based\par\pard\s3 Undone\par\pard\outlinelevel2 Direct\par"
        rb"\pard\s1\outlinelevel9 Lowered\par\pard\s5 Fares 1\par"
    )

    assert [(document.quote(b), b.level) for b in document.blocks] == [
        ("Travel", 1),
        ("Named", 1),
        ("Based", 1),
        ("Undone", 0),
        ("Direct", 3),
        ("Lowered", 0),
    ]
    assert document.title == "Travel"


def test_lists_know_their_levels_and_numbers_in_the_text_are_not_read() -> None:
    document = read(
        rb"\pard You must:\par{\listtext\'b7\tab}\pard\ls1\ilvl0\li720 apply\par"
        rb"{\listtext o\tab}\pard\ls1\ilvl1\li1080 online\par"
        rb"\pard\li720 Then wait.\par\pard\ls2 Bare\par"
    )

    assert quotes(document) == ["You must:", "apply", "online", "Then wait.", "Bare"]
    assert [block.level for block in document.blocks] == [0, 1, 2, 1, 0]
    assert introduction(document, "online") == introduction(document, "Then wait.") == "apply"


def test_lists_of_the_time_before_word_97_are_lists() -> None:
    document = read(
        rb"Bring:\par\pard{\pntext\f1\'B7\tab}{\*\pn\pnlvlblt\pnf1\pnindent0{\pntxtb\'B7}}\fi-360\li720 a form\par"
        rb"{\pntext\f1\'B7\tab}a pen\par\pard Sign.\par"
    )

    assert quotes(document, BlockKind.LIST_ITEM) == ["a form", "a pen"]
    assert introduction(document, "a pen") == "Bring:"
    assert block_of(document, "Sign.").kind is BlockKind.PARAGRAPH


def test_deleted_moved_and_hidden_words_and_comments_are_left_out_and_counted() -> None:
    document = read(
        rb"Seen{\deleted struck}{\mvf moved away} again{\revised , put in}{\v hidden}\v0  and{\cf2 white}{\fs2 tiny} more"
        rb"{\*\atnid AB}{\*\atnauthor Ann}\chatn{\*\annotation{\*\atndate 1}Really?}."
        rb"{\cf2\highlight3 !}\par{\deleted Gone.\par}{\v Secret.\par}"
    )

    assert quotes(document) == ["Seen again, put in and more.!"]
    assert document.left_out == (LeftOut("comments", 1), LeftOut("hidden texts", 3), LeftOut("tracked deletions", 2))


def test_a_deleted_end_joins_paragraphs() -> None:
    assert quotes(read(rb"Staff {\deleted\par}may claim.\par")) == ["Staff may claim."]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (rb'See {\field{\*\fldinst{ HYPERLINK "a" }}{\fldrslt{\ul the page}}}.', "See the page."),
        (rb"A{\field{\*\fldinst TOC \\o}{\fldrslt Fares {\field{\*\fldinst PAGEREF}{\fldrslt 1}}}}B", "AB"),
        (rb"{\field{\*\fldinst IF {\field{\*\fldinst REF}{\fldrslt inner}}}{\fldrslt outer}}", "outer"),
    ],
)
def test_results_of_fields_are_read_and_instructions_and_contents_are_not(source: bytes, words: str) -> None:
    assert quotes(read(source)) == [words]


def test_notes_come_last_also_those_in_tables() -> None:
    document = read(
        rb"Fares{\super\chftn{\footnote\pard\chftn  By rail.\par Or bus.}}.\par"
        rb"\trowd\cellx100\cellx200\intbl A\cell B{\footnote\ftnalt\pard\chftn  End.}\cell\row\pard After."
    )

    assert quotes(document) == ["Fares.", "A | B", "After.", "Notes", "By rail.", "Or bus.", "End."]
    assert introduction(document, "Or bus.") == "Fares."
    assert introduction(document, "End.") == "A | B"


def test_boxes_follow_their_paragraph_and_are_read_once() -> None:
    words = rb"{\shptxt\pard Boxed.\par}"
    shape = rb"{\shp{\*\shpinst{\sp{\sn wzDescription}{\sv Alt text}}" + words + rb"}{\shprslt{\*\do Boxed.}}}"

    assert quotes(read(rb"Be" + shape + rb"fore\par After\par")) == ["Before", "Boxed.", "After"]


# Tables


def test_rows_to_repeat_are_headings_and_merged_cells_keep_their_columns() -> None:
    document = read(
        rb"\trowd\trhdr\cellx100\cellx1000\cellx2000\pard\intbl 1\cell 2\cell 3\cell\row"
        rb"\trowd\clvmgf\cellx100\cellx1000\cellx2000\pard\intbl North\cell a\cell \'a31\cell\row"
        rb"\trowd\clvmrg\cellx110\cellx2000\pard\intbl\cell b\cell\row"
        rb"\trowd\cellx100\clmgf\cellx1000\clmrg\cellx2000\pard\intbl South\cell c\cell\cell\row\pard End.\par"
    )

    assert quotes(document) == ["1 | 2 | 3", "North | a | £1", "North | b", "South | c", "End."]
    assert introduction(document, "North | b") == "1 | 2 | 3"


def test_a_table_in_a_cell_stands_where_it_is() -> None:
    document = read(
        rb"\trowd\cellx1000\cellx9000\pard\intbl Left.\cell Right.\par"
        rb"\pard\intbl\itap2 Fee\nestcell Cost\nestcell{\*\nesttableprops\trowd\cellx100\cellx200\nestrow}"
        rb"{\nonesttables\par}\pard\intbl\itap2 A\nestcell\'a31\nestcell{\*\nesttableprops\trowd\cellx100\cellx200\nestrow}"
        rb"{\nonesttables\par}"
        rb"\pard\intbl Below.\cell\row\pard End.\par"
    )

    assert quotes(document) == ["Left.", "Right.", "Fee | Cost", "A | £1", "Below.", "End."]
    assert introduction(document, "A | £1") == "Fee | Cost"


def test_white_words_on_a_dark_cell_are_read_and_on_a_white_one_not() -> None:
    document = read(
        rb"\trowd\clcbpat3\cellx100\cellx200\pard\intbl{\cf2 Band}\cell Fee\cell\row"
        rb"\trowd\cellx100\cellx200\pard\intbl{\cf2 Hidden}A\cell 1\cell\row\pard End."
    )

    assert quotes(document) == ["Band | Fee", "A | 1", "End."]


def test_a_row_that_never_ends_is_still_read() -> None:
    assert quotes(read(rb"\trowd\cellx100\cellx200\pard\intbl A\cell B")) == ["A | B"]


# The file


def test_the_file_says_its_title_days_and_language() -> None:
    info = (
        rb"\deflang1106{\info{\title Travel \'93rules\'94}{\doccomm Who may travel.}{\creatim\yr2024\mo3\dy5\hr9}"
        rb"{\revtim\yr2025\mo1\dy31}{\author Ann}}"
    )

    document = read(b"Words.", info)

    assert (document.title, document.description) == ("Travel “rules”", "Who may travel.")
    assert (document.published, document.updated) == (dt.date(2024, 3, 5), dt.date(2025, 1, 31))
    assert document.locale == "cy"


def test_a_file_may_begin_with_a_byte_order_mark_and_end_with_zeros() -> None:
    assert quotes(read_text(RtfReader(), b"\xef\xbb\xbf\n{\\rtf1 words}\0\0{", "a.rtf")) == ["words"]


def test_tokens_are_cut_as_the_format_says() -> None:
    found = [(token.kind, token.name or token.data, token.number) for token in tokens(rb"{\b0 a\'e9\~\par-b}")]

    assert found == [
        (Kind.OPEN, b"", None),
        (Kind.WORD, "b", 0),
        (Kind.TEXT, b"a", None),
        (Kind.TEXT, b"\xe9", None),
        (Kind.SYMBOL, "~", None),
        (Kind.WORD, "par", None),
        (Kind.TEXT, b"-b", None),
        (Kind.CLOSE, b"", None),
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"word " * 200_000,
        b"{" * 10_000 + b"word" + b"}" * 10_000,
        rb"{\field{\*\fldinst A}{\fldrslt " * 10_000 + b"word" + b"}}" * 10_000,
        rb"word{\footnote word" * 5_000 + b"}" * 5_000,
        rb"\trowd\cellx1\cellx999\intbl word\cell word\cell\row" * 10_000,
        rb"\pard\intbl\itap2000000000 word\nestcell\par " * 5_000,
        rb"\trowd"
        + b"".join(rb"\cellx%d" % (100 * n) for n in range(10_000))
        + rb"\intbl "
        + rb"word\cell" * 10_000
        + rb"\row",
    ],
    ids=["long paragraph", "groups", "fields", "notes", "rows", "nested tables", "wide row"],
)
def test_large_documents_take_seconds(body: bytes) -> None:
    start = time.perf_counter()
    read(body)
    assert time.perf_counter() - start < 10


def test_groups_nested_without_end_are_refused() -> None:
    with pytest.raises(UnreadableDocument, match=r"nested too deeply"):
        read(b"{" * 60_000 + b"}" * 60_000)
