from __future__ import annotations

import json
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.html import HtmlReader, plain_text
from assistant.documents.model import BlockKind, Document
from assistant.errors import SkippedDocument, UnreadableDocument
from tests.documents.reading import assert_sound, block_of, introduction, quotes, read_html, read_text


def read(markup: str | bytes) -> Document:
    return read_text(HtmlReader(), markup, "page.html")


def page(main: str, head: str = "") -> str:
    return f"<html lang='en'><head><title>Bins - GOV.UK</title>{head}</head><body><main>{main}</main></body></html>"


class TestWords:
    def test_inline_elements_put_no_space_into_a_word(self) -> None:
        assert quotes(read_html("<p><strong>H</strong>M<em>R</em>C pays m<sup>2</sup></p>")) == ["HMRC pays m2"]

    def test_line_breaks_and_entities_become_single_spaces(self) -> None:
        assert quotes(read_html("<p>Bin Office<br>1&nbsp;High\n Street</p>")) == ["Bin Office 1 High Street"]

    def test_two_line_breaks_end_a_paragraph(self) -> None:
        assert quotes(read_html("<p>One.<br><br>Two.</p>")) == ["One.", "Two."]

    def test_text_without_a_paragraph_of_its_own_becomes_one(self) -> None:
        assert quotes(read_html("<div>Loose <b>words</b><p>Para</p>after <a href='#'>it</a></div>")) == [
            "Loose words",
            "Para",
            "after it",
        ]

    def test_abbreviations_and_links_keep_their_words(self) -> None:
        assert quotes(read_html("<p>Ask <a href='/x'><abbr title='His Majesty'>HM</abbr> Courts</a>.</p>")) == [
            "Ask HM Courts."
        ]

    def test_struck_out_text_is_not_guidance(self) -> None:
        assert quotes(read_html("<p>Pay <s>£5</s> <del>£6</del> £7.</p>")) == ["Pay £7."]

    def test_pictures_say_nothing_but_pictures_of_fractions_are_read(self) -> None:
        assert quotes(read_html("<p><img alt='A bin'>Pay <span class='fraction'><img alt='1/3'></span> now</p>")) == [
            "Pay 1/3 now"
        ]

    def test_plain_words_pass_through(self) -> None:
        assert plain_text("Fish &amp; chips") == "Fish & chips"
        assert plain_text("") == plain_text(" \n") == plain_text("<!-- x -->") == ""


class TestHeadings:
    def test_a_heading_opens_the_page_at_its_identifier(self) -> None:
        document = read_html("<h2 id='fees'>Fees</h2><h3><a id='late'></a>Late</h3><h4>Other</h4>")
        assert [(block.level, block.anchor) for block in document.blocks] == [(2, "#fees"), (3, "#late"), (4, "")]

    def test_levels_and_anchors_shift_for_a_part_of_a_page(self) -> None:
        document = read_html("<h2 id='fees'>Fees</h2><h6>Deep</h6>", base_level=1, anchor_prefix="/pay")
        assert [(block.level, block.anchor) for block in document.blocks] == [(3, "/pay#fees"), (6, "")]

    def test_a_section_lends_its_identifier_to_its_heading(self) -> None:
        assert read_html("<section id='fees'><h2>Fees</h2></section>").blocks[0].anchor == "#fees"

    def test_a_heading_that_repeats_the_title_is_left_out(self) -> None:
        assert quotes(read_html("<h1>Bins</h1><h1>Other</h1>", known_title="Bins")) == ["Other"]


class TestLists:
    def test_the_sentence_before_a_list_introduces_each_item(self) -> None:
        document = read_html("<p>You need:</p><ul><li>a bin</li><li>a lid</li></ul>")
        assert quotes(document) == ["You need:", "a bin", "a lid"]
        assert introduction(document, "a lid") == "You need:"

    @pytest.mark.parametrize("words", ["You can claim if you", "The conditions are as follows.", "You must either"])
    def test_an_unfinished_sentence_introduces_without_a_colon(self, words: str) -> None:
        assert introduction(read_html(f"<p>{words}</p><ul><li>live here</li></ul>"), "live here") == words

    def test_a_finished_sentence_does_not_introduce(self) -> None:
        assert introduction(read_html("<p>Bins are green.</p><ul><li>Lids</li></ul>"), "Lids") is None

    def test_nothing_from_before_a_heading_introduces(self) -> None:
        assert introduction(read_html("<p>You need:</p><h2>Lids</h2><ul><li>one</li></ul>"), "one") is None

    def test_a_nested_item_is_introduced_by_its_parent_and_not_repeated_in_it(self) -> None:
        document = read_html("<p>You need:</p><ul><li><p>either:</p><ul><li>a bin</li></ul></li><li>a bag</li></ul>")
        assert quotes(document) == ["You need:", "either:", "a bin", "a bag"]
        assert introduction(document, "a bin") == "either:"
        assert introduction(document, "a bag") == "You need:"
        assert block_of(document, "a bin").level == 2

    def test_a_list_put_straight_into_a_list_belongs_to_the_item_before(self) -> None:
        document = read_html("<ul><li>either</li><ul><li>a bin</li></ul></ul>")
        assert introduction(document, "a bin") == "either"

    def test_later_paragraphs_of_an_item_are_introduced_by_its_first(self) -> None:
        document = read_html("<ol><li><p>Empty it.</p><p>Then rinse it.</p></li></ol>")
        assert introduction(document, "Then rinse it.") == "Empty it."
        assert {block.kind for block in document.blocks} == {BlockKind.LIST_ITEM}

    def test_a_bare_or_does_not_break_a_list_in_two(self) -> None:
        document = read_html("<p>Bring:</p><ul><li>a bin</li></ul><p>or</p><ul><li>a bag</li></ul>")
        assert introduction(document, "a bag") == introduction(document, "or") == "Bring:"

    def test_a_definition_is_introduced_by_its_term(self) -> None:
        document = read_html("<dl><dt>Bin</dt><dd>A box.</dd><dt>Lid</dt><dd>Its top.</dd></dl>")
        assert introduction(document, "Its top.") == "Lid"

    def test_numbers_typed_into_paragraphs_make_a_list(self) -> None:
        document = read_html(
            "<p>You must:</p><p>(a) sort;</p><p>(b) either:</p><p>(i) wash, or</p><p>(ii) dry;</p><p>(c) wait.</p>"
        )
        assert introduction(document, "(c) wait.") == "You must:"
        assert introduction(document, "(ii) dry;") == "(b) either:"
        assert block_of(document, "(ii) dry;").kind is BlockKind.LIST_ITEM

    def test_bullets_typed_after_line_breaks_make_a_list(self) -> None:
        document = read_html("<p>You must:<br>- sort<br>- wash</p>")
        assert introduction(document, "- wash") == "You must:"

    def test_a_numbered_paragraph_without_a_lead_in_stays_a_paragraph(self) -> None:
        assert read_html("<p>Bins are green.</p><p>1. Lids</p>").blocks[1].kind is BlockKind.PARAGRAPH


class TestTables:
    def test_rows_are_introduced_by_the_column_headings(self) -> None:
        document = read_html(
            "<table><caption>Charges</caption><thead><tr><th>Bin</th><th>Fee</th></tr></thead>"
            "<tbody><tr><td>Green</td><td>£5</td></tr></tbody></table>"
        )
        assert quotes(document) == ["Charges", "Bin | Fee", "Green | £5"]
        assert introduction(document, "Green | £5") == "Bin | Fee"
        assert introduction(document, "Bin | Fee") == "Charges"

    def test_a_first_row_of_plain_labels_is_taken_for_the_headings(self) -> None:
        document = read_html(
            "<table><tr><td></td><td>Small</td><td>Big</td></tr><tr><td>Green</td><td>£5</td><td>£9</td></tr></table>"
        )
        assert quotes(document, BlockKind.TABLE_HEAD) == ["Small | Big"]

    @pytest.mark.parametrize(
        "cells", ["<td>Green</td><td>£5</td>", "<td>AB1234</td><td>Bins</td>", "<td>Opened</td><td>1 May 2020</td>"]
    )
    def test_a_first_row_of_values_is_not(self, cells: str) -> None:
        assert not quotes(read_html(f"<table><tr>{cells}</tr><tr><td>x</td><td>y</td></tr></table>"), BlockKind.TABLE_HEAD)

    def test_a_cell_down_several_rows_is_repeated_and_one_across_is_not(self) -> None:
        document = read_html(
            "<table><tr><th>Town</th><th>Bin</th><th>Fee</th></tr><tr><td rowspan=2>Leeds</td><td>Green</td><td>£5</td></tr>"
            "<tr><td>Black</td><td>£6</td></tr><tr><td colspan=2>All bins</td><td>£9</td></tr></table>"
        )
        assert quotes(document)[1:] == ["Leeds | Green | £5", "Leeds | Black | £6", "All bins | £9"]

    def test_an_empty_cell_in_the_middle_keeps_its_place(self) -> None:
        document = read_html(
            "<table><tr><th>A</th><th>B</th><th>C</th></tr><tr><td>1</td>"
            "<td></td><td>3</td></tr><tr><td>4</td><td>5</td></tr></table>"
        )
        assert quotes(document) == ["A | B | C", "1 | | 3", "4 | 5"]

    def test_a_row_across_the_table_introduces_the_rows_below_it(self) -> None:
        document = read_html(
            "<table><tr><th>Bin</th><th>Fee</th></tr><tr><th colspan=2>Wales"
            "</th></tr><tr><td>Green</td><td>£5</td></tr></table>"
        )
        assert introduction(document, "Green | £5") == "Wales"
        assert introduction(document, "Wales") == "Bin | Fee"

    def test_a_list_in_a_cell_keeps_its_bullets(self) -> None:
        document = read_html(
            "<table><tr><th>Bin</th><th>For</th></tr><tr><td>Green</td>"
            "<td><ul><li>glass</li><li>tins</li></ul></td></tr></table>"
        )
        assert quotes(document)[1] == "Green | • glass • tins"

    def test_numbered_steps_in_a_table_are_a_list(self) -> None:
        document = read_html(
            "<table><tr><td>1.</td><td>Open the bin</td></tr><tr><td></td>"
            "<td>* with a key</td></tr><tr><td>2.</td><td>Shut it</td></tr></table>"
        )
        assert quotes(document, BlockKind.LIST_ITEM) == ["1. Open the bin", "with a key", "2. Shut it"]
        assert introduction(document, "with a key") == "1. Open the bin"

    def test_a_table_that_only_lays_out_the_page_is_read_as_the_page(self) -> None:
        document = read_html(
            "<table><tr><td><h2>Bins</h2><p>Green.</p><table><tr><th>A</th><th>B</th></tr></table></td></tr></table>"
        )
        assert quotes(document) == ["Bins", "Green.", "A | B"]

    def test_enormous_spans_cost_nothing(self) -> None:
        start = time.process_time()
        read_html("<table>" + "<tr><td colspan=999999999 rowspan=999999999>a</td><td>b</td></tr>" * 200 + "</table>")
        assert time.process_time() - start < 2


class TestGovuk:
    @pytest.mark.parametrize("name", ["application-notice info-notice", "call-to-action", "example", "advisory", "summary"])
    def test_call_outs_are_read(self, name: str) -> None:
        assert quotes(read_html(f"<div class='{name}'><p>Sort your bins.</p></div>")) == ["Sort your bins."]

    def test_a_contact_stands_under_its_name(self) -> None:
        document = read_html(
            "<div class='contact'><h3>Bin line</h3><div class='vcard'>"
            "<p class='tel'>Telephone: 01 23</p></div></div><p>After.</p>"
        )
        assert introduction(document, "Telephone: 01 23") == "Bin line"
        assert introduction(document, "After.") is None
        assert not quotes(document, BlockKind.HEADING)

    def test_footnote_marks_go_and_notes_are_introduced_by_what_they_note(self) -> None:
        document = read_html(
            "<p>Fees rose<sup id='fnref:1'><a href='#fn:1' class='footnote'>[footnote 1]</a></sup>.</p>"
            "<div class='footnotes'><ol><li id='fn:1'><p>By £1. "
            "<a href='#fnref:1' class='reversefootnote'>↩</a></p></li></ol></div>"
        )
        assert quotes(document) == ["Fees rose.", "By £1."]
        assert introduction(document, "By £1.") == "Fees rose."

    def test_an_attachment_gives_its_title_alone(self) -> None:
        document = read_html(
            "<section class='attachment embedded'><div><h2 class='title'>"
            "<a href='/x'>Bin form</a></h2><p>PDF, 2KB</p></div></section>"
            "<p>Use <span class='attachment-inline'><a href='/y'>form B"
            "</a> (<span class='type'>PDF</span>)</span> instead.</p>"
        )
        assert quotes(document) == ["Bin form", "Use form B instead."]

    def test_links_to_places_on_the_page_are_its_menu(self) -> None:
        document = read_html(
            "<ul><li><a href='#a'>Fees</a></li></ul><p><a href='#top'>Top of page</a></p><p>See <a href='#a'>fees</a>.</p>"
        )
        assert quotes(document) == ["See fees."]

    def test_words_said_twice_in_succession_are_read_once(self) -> None:
        notice = "This content is withheld because of an exemption."
        assert quotes(read_html(f"<p>{notice}</p><ul><li>{notice}</li></ul><p>Next.</p><p>{notice}</p>")) == [
            notice,
            "Next.",
            notice,
        ]


HIDING = [
    "style='display:none'",
    "style='DISPLAY : none !important'",
    "style='visibility:hidden'",
    "style='opacity:0'",
    "style='font-size:0'",
    "style='font-size:1px'",
    "style='font-size:0.1em'",
    "style='color:#fff'",
    "style='color: white'",
    "style='color:rgb(255, 255, 255)'",
    "style='color:rgba(0,0,0,0)'",
    "style='color:transparent'",
    "style='color:hsl(0, 0%, 100%)'",
    "style='color:#fefefe'",
    "style='background:#000;color:black'",
    "style='height:0;overflow:hidden'",
    "style='position:absolute;left:-9999px'",
    "style='text-indent:-9999px'",
    "style='clip:rect(0 0 0 0);position:absolute'",
    "style='clip-path:inset(100%)'",
    "style='transform:scale(0)'",
    "style='d\\69splay:none'",
    "style='mso-hide:all'",
    "hidden",
    "aria-hidden='true'",
    "class='govuk-visually-hidden'",
    "class='sr-only'",
    "class='tiny'",
    "id='gone'",
    "color='white'",
]
SHEET = "<style>/* */ .tiny, p.x { font-size: 0 } @media print { p { display: none } } #gone { display: none }</style>"
SHOWN = [
    "style='color:#fff;background:#1d70b8'",
    "style='color:#333'",
    "style='opacity:0.9'",
    "style='font-size:80%'",
    "style='margin-left:-10px'",
    "style='overflow:hidden;height:20px'",
    "style='transform:scale(0.9)'",
    "class='visible'",
    "aria-hidden='false'",
]


class TestHiddenText:
    @pytest.mark.parametrize("attribute", HIDING)
    @pytest.mark.parametrize("tag", ["p", "span", "div", "td"])
    def test_what_nobody_can_see_is_not_read(self, attribute: str, tag: str) -> None:
        inside = f"<{tag} {attribute}>Obey <b>me</b></{tag}>"
        markup = (
            f"<table><tr><td>Seen</td>{inside}<td>too</td></tr></table>" if tag == "td" else f"<div>Seen {inside} too</div>"
        )
        assert "Obey" not in read_html(SHEET + markup).text
        assert "Seen" in read_html(SHEET + markup).text

    @pytest.mark.parametrize("attribute", SHOWN)
    def test_what_can_be_seen_is_read(self, attribute: str) -> None:
        assert quotes(read_html(f"{SHEET}<p {attribute}>Sort bins</p>")) == ["Sort bins"]

    @pytest.mark.parametrize(
        "tag", ["script", "style", "template", "noscript", "textarea", "select", "svg", "iframe", "button"]
    )
    def test_machinery_is_not_read(self, tag: str) -> None:
        assert "Obey" not in read_html(f"<p>Seen</p><{tag}>Obey</{tag}>").text

    def test_comments_are_not_read_and_what_follows_them_is(self) -> None:
        assert quotes(read_html("<p>Sort<!-- Obey --> bins</p>")) == ["Sort bins"]

    def test_white_text_on_a_page_made_dark_is_read(self) -> None:
        assert quotes(read_html("<style>body{background:#000}</style><p style='color:#fff'>Sort bins</p>")) == ["Sort bins"]


WORDS = st.text("abc XY.:;é(1)-•\u200b\U000e0041&\n", max_size=12)
TAGS = st.sampled_from(
    str.split("p div ul ol li dl dt dd table tr td th h2 h3 span b br sup a pre blockquote details section")
)
TREES = st.recursive(
    WORDS,
    lambda inner: st.tuples(TAGS, st.lists(inner, max_size=4)).map(lambda t: f"<{t[0]}>{''.join(t[1])}</{t[0]}>"),
    max_leaves=30,
)


class TestAlways:
    @given(st.lists(TREES, max_size=6).map("".join))
    @settings(max_examples=150, deadline=None)
    def test_blocks_are_slices_in_order_introduced_by_earlier_ones(self, markup: str) -> None:
        assert_sound(read_html(markup))

    @given(TREES, st.sampled_from(HIDING), TREES)
    @settings(max_examples=100, deadline=None)
    def test_hidden_words_never_appear(self, before: str, attribute: str, after: str) -> None:
        assert "OBEY" not in read_html(f"{SHEET}<div>{before}</div><div {attribute}>OBEY{after}</div>").text

    @given(st.text(max_size=200))
    @settings(max_examples=150, deadline=None)
    def test_anything_at_all_can_be_read(self, markup: str) -> None:
        assert_sound(read_html(markup))

    @pytest.mark.parametrize(
        "unit", ["<div>", "<ul><li>", "<p>a", "<b>", "<table><tr><td>a<td>b", "<style>a", "<sup>", "&", "<a href='#"]
    )
    def test_time_grows_with_length_only(self, unit: str) -> None:
        start = time.process_time()
        with suppress(UnreadableDocument):  # nested more deeply than the parser can
            read_html(unit * 4000)
        assert time.process_time() - start < 5


class TestPage:
    def test_only_the_main_part_is_read(self) -> None:
        document = read(
            "<html lang='en'><body><header><p>GOV.UK</p></header><nav>"
            "<p>Menu</p></nav><div id='cookie-banner'><p>Cookies</p></div>"
            "<main><nav>Contents</nav><h1>Bins</h1><div class='gem-c-breadcrumbs'>Home</div><p>Sort them.</p>"
            "<aside>Ads</aside><div class='gem-c-related-navigation'>"
            "<p>Related</p></div></main><footer>Crown</footer></body></html>"
        )
        assert (document.title, quotes(document)) == ("Bins", ["Sort them."])

    def test_without_a_main_part_headers_and_footers_go(self) -> None:
        assert quotes(read("<body><header>Top</header><p>Sort.</p><footer>End</footer></body>")) == ["Sort."]

    def test_title_address_and_dates_come_from_the_head(self) -> None:
        document = read(
            page(
                "<p>Sort them.</p>",
                "<link rel='canonical' href='https://www.gov.uk/bins'><meta name='description' content='How to sort'>"
                "<meta name='govuk:public-updated-at' content='2024-03-31T23:30:00+00:00'>"
                "<meta name='govuk:schema-name' content='guide'>"
                "<meta name='govuk:first-published-at' content='2020-01-02'>",
            )
        )
        assert (document.title, document.url, document.description) == ("Bins", "https://www.gov.uk/bins", "How to sort")
        assert (str(document.published), str(document.updated)) == ("2020-01-02", "2024-04-01")
        assert (document.document_type, document.locale, document.reader) == ("guide", "en", "html")

    def test_publishers_and_dates_are_read_from_the_page(self) -> None:
        facts = (
            "<dl class='gem-c-metadata__list'><dt>From:</dt><dd><a>Bin Office</a> and <a>Lid Agency</a></dd>"
            "<dt>Published</dt><dd>5 May 2019</dd><dt>Last updated</dt><dd>6 June 2021 — See all updates</dd></dl>"
        )
        document = read(page(f"<div class='gem-c-metadata'>{facts}</div><p>Sort them.</p>"))
        assert document.organisations == ("Bin Office", "Lid Agency")
        assert (str(document.published), str(document.updated)) == ("2019-05-05", "2021-06-06")
        assert quotes(document) == ["Sort them."]

    def test_a_withdrawn_page_says_so(self) -> None:
        document = read(
            page(
                "<section class='gem-c-notice'><h2>This was withdrawn on 1 May 2020"
                "</h2><p>Use bags.</p></section><p>Sort.</p>"
            )
        )
        assert document.withdrawn
        assert document.notice == "This was withdrawn on 1 May 2020 Use bags."
        assert quotes(document) == ["Sort."]

    def test_a_page_in_another_language_is_skipped_by_name(self) -> None:
        with pytest.raises(SkippedDocument, match=r"written in Welsh \(cy\)"):
            read("<html lang='cy'><body><p>Biniau</p></body></html>")

    @pytest.mark.parametrize("markup", ["", "  ", "<html><body><nav>Menu</nav></body></html>", "<h1>Bins</h1>"])
    def test_a_page_without_text_is_skipped(self, markup: str) -> None:
        with pytest.raises(SkippedDocument):
            read(markup)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    def test_pages_are_decoded_as_browsers_do(self, encoding: str) -> None:
        assert quotes(read("<body><p>You’ll pay £5</p></body>".encode(encoding))) == ["You’ll pay £5"]

    def test_a_page_that_declares_its_encoding_in_xml_is_read(self) -> None:
        assert quotes(read("<?xml version='1.0' encoding='utf-8'?><html><body><p>Café</p></body></html>")) == ["Café"]


def test_real_guides_have_each_piece_of_gold_evidence_as_one_block(shared: Path) -> None:
    pages = {}
    for path in sorted((shared / "guidance/govuk-guides").glob("*.html")):
        document = read(path.read_bytes())
        assert_sound(document)
        pages[document.url] = set(quotes(document))
    lines = (shared / "evals/conditionalqa/questions.jsonl").read_text("utf-8").splitlines()
    questions = [json.loads(line) for line in lines]
    evidence = [(question["url"], " ".join(quote.split())) for question in questions for quote in question["evidence"]]
    assert len(pages) == 59
    assert len(evidence) > 600
    assert [pair for pair in evidence if pair[1] not in pages[pair[0]]] == []
