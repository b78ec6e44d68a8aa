"""What legislation says on its page is what is read of it: its structure, what is in force, and where."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.legislation import LegislationReader
from assistant.documents.legislation_places import in_words, place_of, provision_of
from assistant.documents.model import BlockKind, Document
from assistant.errors import BernardError, SkippedDocument, UnreadableDocument
from tests.documents.legislation_maker import ACT, INSTRUMENT, SITE, act, instrument, p, section, text
from tests.documents.reading import assert_sound, block_of, introduction, quotes, read_text

WHOLE = 'RestrictExtent="E+W+S+N.I."'


def read(source: str | bytes) -> Document:
    document = read_text(LegislationReader(), source, "7.xml")
    assert_sound(document)
    return document


def left_out(document: Document) -> dict[str, int]:
    return {part.what: part.count for part in document.left_out}


def headings(document: Document) -> list[tuple[int, str, str]]:
    return [(b.level, document.quote(b), b.anchor) for b in document.blocks if b.kind is BlockKind.HEADING]


DUTY = section("4", "Duty to publish", text("Each keeper must publish a log."))
LEAVE = section(
    "1",
    "Right to leave",
    p(2, "1", text("A keeper may leave a light if—") + p(3, "a", "another keeper is present, or")
      + p(3, "b", text("the lamp is—") + p(4, "i", "out of use, or") + p(4, "ii", "lit by day,"))
      + text("but never in fog."))
    + p(2, "2", "Leave is 14 days a year."),
)  # fmt: skip


# What the document is


def test_the_facts_of_an_act() -> None:
    document = read(act(DUTY))
    assert document.title == "Lighthouse Keepers (Leave) Act 2031"
    assert document.url == "https://www.legislation.gov.uk/ukpga/2031/7"
    assert document.organisations == ("legislation.gov.uk",)
    assert document.document_type == "ukpga"
    assert (document.published, document.updated) == (dt.date(2031, 3, 4), dt.date(2031, 6, 1))
    assert document.extent == ("England", "Scotland", "Wales", "Northern Ireland")
    assert document.description == "About lights and those who keep them."
    assert (document.withdrawn, document.notice, document.superseded_by, document.collection) == (False, "", "", "")
    assert (document.locale, document.reader, document.left_out) == ("en", "legislation", ())


def test_the_facts_of_an_instrument_as_it_was_made() -> None:
    document = read(instrument(section("2", "Storage", text("Store oil."), path=INSTRUMENT, unit="regulation")))
    assert document.url == "https://www.legislation.gov.uk/uksi/2031/214"
    assert document.document_type == "uksi"
    assert document.published == document.updated == dt.date(2031, 5, 12)
    assert document.extent == ()
    assert document.notice == "This is the text as it was made; changes made since are not in it."


def test_a_title_without_a_year_is_given_it() -> None:
    assert read(act(DUTY, title="Lamp Act")).title == "Lamp Act (2031)"


def test_an_act_without_an_address_is_known_by_its_type_year_and_number() -> None:
    bare = act(DUTY).replace(f"<dc:identifier>{SITE}/{ACT}</dc:identifier>", "")
    bare = bare.replace(f'DocumentURI="{SITE}/{ACT}" IdURI="{SITE}/id/{ACT}" Schema', "Schema")
    assert read(bare).url == "https://www.legislation.gov.uk/ukpga/2031/7"


def test_where_nothing_says_what_it_is_no_address_is_made_up() -> None:
    source = '<Legislation xmlns="http://www.legislation.gov.uk/namespaces/legislation"><Primary><Body>'
    document = read(f'{source}<P1 id="section-1"><Pnumber>1</Pnumber><P1para>{text("Keep it lit.")}</P1para></P1>'
                    "</Body></Primary></Legislation>")  # fmt: skip
    assert (document.title, document.url, document.document_type) == ("7", "", "")
    assert headings(document) == [(2, "1", "")]


def test_one_section_has_its_own_page_and_belongs_to_its_act() -> None:
    inside = f'<Part id="part-2"><Number>PART 2</Number><Title>Logs</Title>{DUTY}</Part>'
    document = read(act(inside, view="/section/4"))
    assert document.url == "https://www.legislation.gov.uk/ukpga/2031/7/section/4"
    assert document.title == "Lighthouse Keepers (Leave) Act 2031, section 4"
    assert document.collection == "Lighthouse Keepers (Leave) Act 2031"
    assert headings(document) == [(2, "PART 2 Logs", ""), (3, "4 Duty to publish", "")]


def test_a_part_on_its_own_page_is_opened_at_its_sections() -> None:
    inside = f'<Part id="part-2" IdURI="{SITE}/id/{ACT}/part/2"><Title>Logs</Title>{DUTY}</Part>'
    inside = inside.replace(f"{SITE}/id/{ACT}/section/4", f"{SITE}/id/{ACT}/part/2/section/4")
    assert [anchor for _, _, anchor in headings(read(act(inside, view="/part/2")))] == ["", "#section-4"]


@pytest.mark.parametrize(
    ("attributes", "valid"), [('RestrictStartDate="2031-06-01"', "2031-06-01"), ('RestrictStartDate="2031-06-01"', "")]
)
def test_the_day_of_the_text_is_when_it_was_last_changed(attributes: str, valid: str) -> None:
    assert read(act(DUTY, attributes=attributes, valid=valid)).updated == dt.date(2031, 6, 1)


def test_a_document_in_welsh_is_skipped() -> None:
    with pytest.raises(SkippedDocument, match="Welsh"):
        read(act(DUTY, language="cy"))


# Structure


def test_divisions_are_headings_one_below_the_other_and_sections_open_on_their_own_page() -> None:
    inside = (
        f'<Part id="part-1" IdURI="{SITE}/id/{ACT}/part/1"><Number>Part 1</Number><Title>Keepers</Title>'
        f'<Chapter id="part-1-chapter-2"><Number>Chapter 2</Number><Title>Leave</Title>'
        f'<Pblock id="part-1-chapter-2-crossheading-shore-leave"><Title>Shore leave</Title>{LEAVE}</Pblock>'
        f"</Chapter></Part>{DUTY}"
    )
    assert headings(read(act(inside))) == [
        (2, "Part 1 Keepers", "/part/1"),
        (3, "Chapter 2 Leave", "/part/1/chapter/2"),
        (4, "Shore leave", ""),
        (5, "1 Right to leave", "/section/1"),
        (2, "4 Duty to publish", "/section/4"),
    ]


def test_subsections_and_paragraphs_keep_their_numbers_and_point_to_their_opening_words() -> None:
    document = read(act(LEAVE))
    assert [(b.kind.value, b.level, document.quote(b)) for b in document.blocks[1:]] == [
        ("list_item", 1, "(1) A keeper may leave a light if—"),
        ("list_item", 2, "(a) another keeper is present, or"),
        ("list_item", 2, "(b) the lamp is—"),
        ("list_item", 3, "(i) out of use, or"),
        ("list_item", 3, "(ii) lit by day,"),
        ("paragraph", 0, "but never in fog."),
        ("list_item", 1, "(2) Leave is 14 days a year."),
    ]
    assert introduction(document, "(a) another keeper is present, or") == "(1) A keeper may leave a light if—"
    assert introduction(document, "(ii) lit by day,") == "(b) the lamp is—"
    assert introduction(document, "but never in fog.") == "(1) A keeper may leave a light if—"
    assert introduction(document, "(2) Leave is 14 days a year.") is None


def test_a_number_without_words_stands_before_the_first_words_under_it() -> None:
    document = read(act(section("1", "Lamps", p(2, "1", p(3, "a", "Trim it.") + p(3, "b", "Light it.")))))
    assert quotes(document, BlockKind.LIST_ITEM) == ["(1)(a) Trim it.", "(b) Light it."]


def test_a_number_that_a_page_prints_differently_is_printed_so() -> None:
    numbered = '<P2><Pnumber PuncAfter=".">1</Pnumber><P2para><Text>Trim it.</Text></P2para></P2>'
    assert "1. Trim it." in quotes(read(act(section("1", "Lamps", numbered))))


def test_a_group_of_subsections_keeps_its_number() -> None:
    grouped = f"<P2group><Pnumber>2</Pnumber><Title>In fog</Title><P2para>{text('No leave is given.')}</P2para></P2group>"
    document = read(act(section("1", "Right to leave", grouped)))

    assert [words for _, words, _ in headings(document)] == ["1 Right to leave", "(2) In fog"]


def test_sections_under_one_heading_and_without_a_heading_are_found_by_their_numbers() -> None:
    def bare(number: str) -> str:
        return f'<P1 id="section-{number}"><Pnumber>{number}</Pnumber><P1para>{text(f"Rule {number}.")}</P1para></P1>'

    document = read(act(f"<P1group><Title>Lamps</Title>{bare('5')}{bare('6')}</P1group>{bare('7')}"))
    assert headings(document) == [(2, "Lamps", ""), (3, "5", "/section/5"), (3, "6", "/section/6"), (2, "7", "/section/7")]
    assert quotes(document, BlockKind.PARAGRAPH) == ["Rule 5.", "Rule 6.", "Rule 7."]


def test_the_introductory_text_stands_under_a_heading_of_its_own() -> None:
    prelims = (
        "<SecondaryPrelims><Number>2031 No. 214</Number><SubjectInformation><Subject><Title>LIGHTS</Title></Subject>"
        "</SubjectInformation><Title>The Lamp Oil (Storage) Regulations 2031</Title>"
        "<MadeDate><Text>Made</Text><DateText>12th May 2031</DateText></MadeDate>"
        "<ComingIntoForce><Text>Coming into force</Text>"
        "<ComingIntoForceClauses><Text>Regulation 2</Text><DateText>1st June 2031</DateText></ComingIntoForceClauses>"
        "</ComingIntoForce><SecondaryPreamble><EnactingText><Para><Text>The Secretary of State<FootnoteRef Ref='f00001'/> "
        "makes these Regulations.</Text></Para></EnactingText></SecondaryPreamble></SecondaryPrelims>"
    )
    regulation = section("2", "Storage", text("Store oil."), path=INSTRUMENT, unit="regulation")
    document = read(instrument(regulation, prelims=prelims))
    assert quotes(document)[:6] == [
        "Introductory Text",
        "2031 No. 214",
        "Made 12th May 2031",
        "Coming into force",
        "Regulation 2 1st June 2031",
        "The Secretary of State makes these Regulations.",
    ]
    assert introduction(document, "Regulation 2 1st June 2031") == "Coming into force"
    assert [anchor for _, _, anchor in headings(document)] == ["/introduction", "/regulation/2"]


@pytest.mark.parametrize(
    ("make", "first"), [(act, "1(1) A large lamp is £5."), (instrument, "1.—(1) A large lamp is £5.")], ids=["act", "si"]
)
def test_paragraphs_of_a_schedule_are_numbered_as_in_their_kind_of_legislation(make: object, first: str) -> None:
    schedule = (
        '<Schedules><Title>SCHEDULES</Title><Schedule id="schedule-1"><Number>SCHEDULE 1</Number><TitleBlock>'
        "<Title>Fees</Title></TitleBlock><Reference>Section 4</Reference><ScheduleBody>"
        f'<P1 id="schedule-1-paragraph-1"><Pnumber>1</Pnumber><P1para>{p(2, "1", "A large lamp is £5.")}'
        f"{p(2, '2', 'A small one is £2.')}</P1para></P1>"
        f'<P1group><Title>Waiver</Title><P1 id="schedule-1-paragraph-2"><Pnumber>2</Pnumber><P1para>{text("None is due.")}'
        "</P1para></P1></P1group></ScheduleBody></Schedule></Schedules>"
    )
    document = read(make(DUTY + schedule))  # type: ignore[operator]
    assert headings(document)[1:] == [
        (2, "SCHEDULE 1 Fees (Section 4)", "/schedule/1"),
        (3, "2 Waiver", "/schedule/1/paragraph/2"),
    ]
    assert quotes(document, BlockKind.LIST_ITEM) == [first, "(2) A small one is £2."]


def test_definitions_and_lists_are_introduced_and_numbered() -> None:
    listed = (
        text("In this Act—")
        + '<UnorderedList Class="Definition" Decoration="none"><ListItem><Para><Text>“<Term>lamp</Term>” means—</Text>'
        '<OrderedList Type="alpha" Decoration="parens"><ListItem><Para><Text>a light, or</Text></Para></ListItem>'
        '<ListItem NumberOverride="ab"><Para><Text>a lens;</Text></Para></ListItem></OrderedList></Para></ListItem>'
        "<ListItem><Para><Text>“oil” includes gas.</Text></Para></ListItem></UnorderedList>"
        '<OrderedList Type="romanupper" Decoration="period" Start="4"><ListItem><Para><Text>Fourth.</Text></Para></ListItem>'
        "</OrderedList>"
    )
    document = read(act(section("9", "Interpretation", listed)))
    assert quotes(document)[1:] == [
        "In this Act—", "“lamp” means—", "(a) a light, or", "(ab) a lens;", "“oil” includes gas.", "IV. Fourth.",
    ]  # fmt: skip
    assert introduction(document, "“oil” includes gas.") == "In this Act—"
    assert introduction(document, "(ab) a lens;") == "“lamp” means—"


def test_tables_have_titles_and_rows_beside_their_column_headings() -> None:
    table = (
        "<Tabular><Title>Fees</Title><html:table><html:thead><html:tr><html:th>Lamp</html:th><html:th>Fee</html:th></html:tr>"
        "</html:thead><html:tbody><html:tr><html:td><Para><Text>Large</Text></Para></html:td><html:td>£5</html:td></html:tr>"
        "<html:tr><html:td>Small<FootnoteRef Ref='f00001'/></html:td><html:td>£2</html:td></html:tr></html:tbody>"
        "</html:table></Tabular>"
    )
    document = read(act(section("3", "Fees", text("The fees are these.") + table)))
    assert quotes(document)[2:] == ["Fees", "Lamp | Fee", "Large | £5", "Small | £2"]
    assert introduction(document, "Small | £2") == "Lamp | Fee"
    assert introduction(document, "Lamp | Fee") == "Fees"
    assert introduction(document, "Fees") == "The fees are these."


def test_formulas_are_read_on_one_line_with_what_their_letters_stand_for() -> None:
    maths = (
        "<Formula><math:math><math:mfrac><math:mi>S</math:mi><math:mrow><math:mi>M</math:mi><math:mo>+</math:mo>"
        "<math:mn>1</math:mn></math:mrow></math:mfrac></math:math><Where><Para><Text>where—</Text><KeyList><KeyListItem>"
        "<Key>S</Key><ListItem><Para><Text>is the sum.</Text></Para></ListItem></KeyListItem></KeyList></Para></Where>"
        "</Formula>"
    )
    document = read(act(section("3", "Sums", text("The fee is—") + maths)))
    assert quotes(document)[1:] == ["The fee is—", "S / (M + 1)", "where—", "S = is the sum."]
    assert introduction(document, "S / (M + 1)") == "The fee is—"


def test_raised_and_lowered_figures_stay_raised_and_lowered() -> None:
    words = (
        "50 cm<Superior>3</Superior> of CO<Inferior>2</Inferior>, at 10<Superior>-2</Superior>, 4<Superior>th</Superior>."
    )
    assert "50 cm³ of CO₂, at 10⁻², 4th." in quotes(read(act(section("3", "Gas", text(words)))))


def test_an_explanatory_note_is_kept_apart_and_signatures_and_earlier_orders_are_left_out() -> None:
    after = (
        "<ExplanatoryNotes><Comment><Para><Text>(This note is not part of the Regulations)</Text></Para></Comment>"
        "<P><Text>These Regulations make lamps safer.</Text></P></ExplanatoryNotes>"
        "<EarlierOrders><P><Text>None.</Text></P></EarlierOrders>"
    )
    signed = "<SignedSection><Signatory><Para><Text>A Keeper, Minister of State</Text></Para></Signatory></SignedSection>"
    regulation = section("2", "Storage", text("Store oil."), path=INSTRUMENT, unit="regulation")
    document = read(instrument(regulation + signed, after=after))
    assert headings(document)[1:] == [(2, "Explanatory Note (This note is not part of the Regulations)", "/note")]
    assert quotes(document)[-1] == "These Regulations make lamps safer."
    assert left_out(document) == {"signatures": 1, "notes on earlier orders": 1}


# What is in force


def test_changed_words_read_as_current_text_and_repealed_ones_are_left_out() -> None:
    words = (
        "Leave is <Substitution ChangeId='a'>[14]</Substitution> days<Repeal ChangeId='b'> or fewer</Repeal>, "
        "<CommentaryRef Ref='c1'/><Addition ChangeId='c' CommentaryRef='c1'>on full pay</Addition>."
    )
    notes = (
        '<Commentaries><Commentary id="c1" Type="F"><Para><Text>Words in s. 1 inserted by a later Act</Text></Para>'
        '</Commentary></Commentaries><Footnotes><Footnote id="f1"><FootnoteText><Para><Text>S.I. 2030/1</Text></Para>'
        "</FootnoteText></Footnote></Footnotes>"
    )
    document = read(act(section("1", "Leave", text(words)), after=notes))
    assert quotes(document)[1:] == ["Leave is [14] days, on full pay."]
    assert left_out(document) == {"editorial annotations": 1, "footnotes": 1, "repealed texts": 1}


def test_rows_of_dots_that_stand_for_repealed_text_are_left_out_with_their_numbers_and_headings() -> None:
    gone = section("5", ". . . . .", text("<CommentaryRef Ref='c1'/>. . . . . . . ."))
    partly = section("6", "Rest", p(2, "1", "A keeper may rest<CommentaryRef Ref='c1'/>. . ..") + p(2, "2", ". . . ."))
    document = read(act(f'<Part id="part-1"><Title>Gone</Title>{gone}</Part>{partly}'))
    assert quotes(document) == ["6 Rest", "(1) A keeper may rest"]
    assert left_out(document)["repealed texts"] >= 3


def test_an_ellipsis_that_the_law_itself_quotes_is_kept() -> None:
    words = "For “from ... to the end” substitute “a lamp”."
    assert words in quotes(read(act(section("5", "Change", text(words)))))


def test_words_repealed_for_some_purposes_only_are_kept_and_said() -> None:
    words = 'A keeper <Repeal RetainText="true" ChangeId="a">or mate</Repeal> may rest.'
    document = read(act(section("5", "Rest", text(words))))
    assert quotes(document)[1:] == ["A keeper or mate may rest."]
    assert document.notice == "Some words of it are repealed for part of the United Kingdom or for some purposes only."


@pytest.mark.parametrize(
    "attributes",
    [
        'Status="Prospective" Match="false"',
        'RestrictStartDate="2031-06-02"',
        'Match="false" RestrictStartDate="2033-01-01"',
        'Match="0"',
    ],
)
def test_what_is_not_yet_in_force_is_left_out_and_counted(attributes: str) -> None:
    document = read(act(DUTY + section("5", "Later", text("Not yet."), attributes=attributes)))
    assert quotes(document) == ["4 Duty to publish", "Each keeper must publish a log."]
    assert left_out(document) == {"provisions not yet in force": 1}


@pytest.mark.parametrize(
    "attributes", ['Status="Repealed"', 'Status="Dead"', 'RestrictStartDate="2020-01-01" RestrictEndDate="2031-06-01"']
)
def test_what_is_no_longer_in_force_is_left_out_and_counted(attributes: str) -> None:
    document = read(act(DUTY + section("5", "Old", text("No more."), attributes=attributes)))
    assert "No more." not in document.text
    assert left_out(document) == {"repealed provisions": 1}


def test_a_whole_part_to_come_counts_its_sections() -> None:
    later = f'<Part id="part-9" Status="Prospective"><Number>PART 9</Number>{DUTY}{LEAVE}</Part>'
    document = read(act(section("8", "Now", text("Now.")) + later))
    assert left_out(document) == {"provisions not yet in force": 2}


def test_a_part_changed_later_keeps_its_sections_that_were_in_force() -> None:
    """A change to one section moves the dates of its part; the sections' own dates decide."""
    dated = section("4", "Now", text("In force."), attributes='RestrictStartDate="2031-04-01"')
    later = section("5", "Later", text("Not yet."), attributes='RestrictStartDate="2032-04-01"')
    document = read(act(f'<Part id="part-1" RestrictStartDate="2032-04-01"><Title>Lamps</Title>{dated}{later}</Part>'))
    assert quotes(document) == ["Lamps", "4 Now", "In force."]


def test_an_act_of_which_nothing_is_in_force_is_skipped() -> None:
    later = section("5", "Later", text("Not yet."), attributes='Status="Prospective"')
    with pytest.raises(SkippedDocument, match="None of it was in force"):
        read(act(later))
    with pytest.raises(SkippedDocument, match="prospective"):
        read(act(DUTY, attributes=f'{WHOLE} Status="Prospective"'))


def test_a_repealed_section_fetched_by_itself_is_read_as_withdrawn() -> None:
    attributes = 'Status="Repealed" Match="false" RestrictStartDate="2020-01-01" RestrictEndDate="2030-10-23"'
    document = read(act(section("5", "Old", text("No more."), attributes=attributes), view="/section/5"))
    assert document.withdrawn
    assert document.notice == "It is withdrawn: this law is repealed and has not been in force since 23 October 2030."
    assert quotes(document) == ["5 Old", "No more."]


# Amendments of other legislation


def test_an_inserted_section_is_quoted_and_introduced_by_the_words_that_insert_it() -> None:
    inserted = section("3A", "Horns", p(2, "1", "A horn must sound.") + p(2, "2", "It may rest."))
    words = (
        text("After section 3 of the Fog Act 2001 insert—")
        + f'<BlockAmendment TargetClass="primary" TargetSubClass="unknown" Context="main" Format="double">{inserted}'
        "</BlockAmendment><AppendText>.</AppendText>"
    )
    document = read(act(section("2", "Fog", words)))
    assert quotes(document) == [
        "2 Fog",
        "After section 3 of the Fog Act 2001 insert—",
        "“3A Horns",
        "(1) A horn must sound.",
        "(2) It may rest.”.",
    ]
    assert [b.kind for b in document.blocks].count(BlockKind.HEADING) == 1
    assert introduction(document, "“3A Horns") == "After section 3 of the Fog Act 2001 insert—"
    assert introduction(document, "(2) It may rest.”.") == "“3A Horns"


def test_quoted_paragraphs_keep_their_numbers_and_the_words_after_the_quotation() -> None:
    quoted = p(3, "ea", text("at night—") + p(4, "i", "a lamp;"))
    words = (
        p(3, "a", text("after paragraph (e) insert—")
          + f'<BlockAmendment TargetClass="secondary" TargetSubClass="unknown" Context="main" Format="single">{quoted}'
          "</BlockAmendment><AppendText>; and</AppendText>")
        + p(3, "b", "omit paragraph (f).")
    )  # fmt: skip
    document = read(act(section("2", "Fog", p(2, "1", text("In rule 4—") + words))))
    assert quotes(document)[2:] == [
        "(a) after paragraph (e) insert—",
        "‘(ea) at night—",
        "(i) a lamp;’; and",
        "(b) omit paragraph (f).",
    ]
    assert introduction(document, "‘(ea) at night—") == "(a) after paragraph (e) insert—"
    assert introduction(document, "(b) omit paragraph (f).") == "(1) In rule 4—"
    assert block_of(document, "(b) omit paragraph (f).").level == 2


def test_a_title_that_is_substituted_alone_is_quoted() -> None:
    new = '<BlockAmendment Format="double" TargetClass="primary"><FragmentTitle Context="P1group"><Title>Keeping a log' \
        "</Title></FragmentTitle></BlockAmendment><AppendText>.</AppendText>"  # fmt: skip
    document = read(act(section("9", "Changes", text("For the heading of section 4 substitute—") + new)))

    assert quotes(document, BlockKind.PARAGRAPH) == ["For the heading of section 4 substitute—", "“Keeping a log”."]
    assert introduction(document, "“Keeping a log”.") == "For the heading of section 4 substitute—"


def test_an_inserted_part_makes_no_heading_of_the_act_that_inserts_it() -> None:
    words = text("Insert—") + '<BlockAmendment Format="none" TargetClass="secondary"><Part><Number>PART 1A</Number>'
    words += (
        f"<Title>Fog</Title><P1><Pnumber>9</Pnumber><P1para>{p(2, '1', 'Sound it.')}</P1para></P1></Part></BlockAmendment>"
    )
    document = read(act(section("2", "Fog", words)))
    assert quotes(document) == ["2 Fog", "Insert—", "PART 1A Fog", "9.—(1) Sound it."]
    assert introduction(document, "PART 1A Fog") == "Insert—"


# Where it extends to


def test_a_provision_that_extends_to_fewer_nations_says_so_in_its_heading_and_in_the_notice() -> None:
    scottish = section("5", "Scottish lights", text("In Scotland."), attributes='RestrictExtent="S"')
    document = read(act(DUTY + scottish))
    assert "5 Scottish lights (extends to Scotland)" in quotes(document)
    assert document.extent == ("England", "Scotland", "Wales", "Northern Ireland")
    assert document.notice == "Some provisions extend to part of the United Kingdom only: section 5 (Scotland)."


def test_a_narrow_part_is_named_once_and_long_lists_are_cut() -> None:
    part = f'<Part id="part-1" RestrictExtent="E+W"><Title>Lamps</Title>{DUTY}{LEAVE}</Part>'
    assert "only: part 1 (England and Wales)." in read(act(part + section("8", "All", text("All.")))).notice
    many = "".join(section(str(n), "Isles", text("Isles."), attributes='RestrictExtent="S"') for n in range(10, 20))
    assert read(act(DUTY + many)).notice.endswith("section 15 (Scotland) and 4 more.")


def test_a_single_section_extends_to_what_it_says_and_not_to_what_its_act_does() -> None:
    scottish = section("5", "Scottish lights", text("In Scotland."), attributes='RestrictExtent="S"')
    document = read(act(scottish, view="/section/5"))
    assert document.extent == ("Scotland",)
    assert document.notice == ""


def test_a_section_that_differs_between_nations_is_read_as_it_is_in_each() -> None:
    english = section("6", "Services", text("In England."), attributes='RestrictExtent="E+W" AltVersionRefs="v00001"')
    scottish = section("6", "Services", text("In Scotland."), attributes='RestrictExtent="S" Concurrent="true"')
    document = read(act(english, after=f'<Versions><Version id="v00001">{scottish}</Version></Versions>'))
    assert quotes(document) == [
        "6 Services (extends to England and Wales)", "In England.", "6 Services (extends to Scotland)", "In Scotland.",
    ]  # fmt: skip
    assert document.extent == ("England", "Scotland", "Wales")


def test_where_one_provision_does_not_say_the_document_does_not() -> None:
    document = read(act(DUTY + section("5", "S", text("S."), attributes='RestrictExtent="S"'), attributes=""))
    assert document.extent == ()


# Versions


def test_a_text_as_it_stood_on_a_day_opens_that_day_and_says_what_replaced_it() -> None:
    later = f'<atom:link rel="http://purl.org/dc/terms/isReplacedBy" href="{SITE}/{ACT}/2032-01-05" title="2032-01-05"/>'
    document = read(act(DUTY, view="/2031-06-01", metadata=later))
    assert (
        document.url + block_of(document, "4 Duty to publish").anchor
        == f"https://www.legislation.gov.uk/{ACT}/section/4/2031-06-01"
    )
    assert document.superseded_by == f"https://www.legislation.gov.uk/{ACT}/2032-01-05"
    assert document.notice == "This is the text as it stood on 1 June 2031; there is a later version, of 5 January 2032."


def test_the_latest_text_is_not_superseded_by_one_to_come() -> None:
    later = f'<atom:link rel="http://purl.org/dc/terms/isReplacedBy" href="{SITE}/{ACT}/prospective" title="prospective"/>'
    document = read(act(DUTY, metadata=later))
    assert (document.superseded_by, document.notice) == ("", "")


def test_changes_not_yet_made_to_the_text_are_told() -> None:
    effects = (
        '<ukm:UnappliedEffects><ukm:UnappliedEffect RequiresApplied="true"/><ukm:UnappliedEffect RequiresApplied="true"/>'
    )
    document = read(act(DUTY, metadata=f'{effects}<ukm:UnappliedEffect RequiresApplied="false"/></ukm:UnappliedEffects>'))
    assert document.notice == "legislation.gov.uk lists 2 changes to it not yet made to this text."


def test_a_draft_is_called_one() -> None:
    regulation = section("2", "Storage", text("Store oil."), path=INSTRUMENT, unit="regulation")
    assert read(instrument(regulation, status="draft")).notice == "This is a draft; it is not law."


# What cannot be read


def test_other_xml_is_skipped() -> None:
    with pytest.raises(SkippedDocument, match=r"is XML, but not legislation.*'feed'"):
        read('<feed xmlns="http://www.w3.org/2005/Atom"/>')


def test_a_table_of_contents_is_skipped() -> None:
    contents = "<Contents><ContentsTitle>Lamps</ContentsTitle></Contents>"
    with pytest.raises(SkippedDocument, match="table of contents"):
        read(act(after=contents, view="/contents"))


def test_pictures_alone_are_skipped() -> None:
    with pytest.raises(SkippedDocument, match="pictures"):
        read(act(section("1", "Form", "<Figure><Image ResourceRef='r00001'/></Figure>")))


def test_a_file_cut_short_is_unreadable() -> None:
    with pytest.raises(UnreadableDocument, match=r"not well-formed XML.*Fetch it again"):
        read(act(DUTY)[:-40])


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE Legislation SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE Legislation [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE Legislation [<!ENTITY a "lamp"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
    ],
)
def test_declared_entities_are_refused(declared: str) -> None:
    source = act(section("1", "Lamps", text("&c;" if "ENTITY c" in declared else "&x;" if "ENTITY x" in declared else "a")))
    with pytest.raises(UnreadableDocument, match="entities"):
        read(source.replace("?>\n", f"?>\n{declared}", 1))


def test_nesting_is_bounded_by_the_parser_and_not_by_pythons_stack() -> None:
    deep = "<Para>" * 200 + text("Deep.") + "</Para>" * 200
    assert quotes(read(act(section("1", "Lamps", deep))))[-1] == "Deep."
    with pytest.raises(UnreadableDocument):
        read(act(section("1", "Lamps", "<Para>" * 5000 + text("Deep.") + "</Para>" * 5000)))


RICH = act(
    LEAVE + section("2", "Fog", text("Insert—") + '<BlockAmendment Format="double">' + DUTY + "</BlockAmendment>")
    + section("5", "S", text("A <Repeal>b</Repeal> c."), attributes='RestrictExtent="S"')
    + section("6", "Later", text("Later."), attributes='Status="Prospective"'),
    after='<Versions><Version id="v1">x</Version></Versions>',
).encode()  # fmt: skip


@given(st.integers(0, len(RICH)))
@settings(max_examples=60, deadline=None)
def test_a_file_cut_anywhere_is_refused_in_plain_words(length: int) -> None:
    check(RICH[:length])


@given(st.lists(st.tuples(st.integers(0, len(RICH) - 1), st.integers(0, 255)), min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_a_damaged_file_is_read_soundly_or_refused(changes: list[tuple[int, int]]) -> None:
    data = bytearray(RICH)
    for place, value in changes:
        data[place] = value
    check(bytes(data))


NAMES = ("P1group", "P1", "P1para", "P2", "P2para", "P3", "Text", "Title", "Pnumber", "BlockAmendment", "AppendText", "Part",
         "Number", "Schedule", "OrderedList", "ListItem", "Tabular", "Repeal", "Addition", "Formula", "Where", "P2group",
         "KeyList", "KeyListItem", "Key", "ExplanatoryNotes", "PrimaryPrelims", "Division", "Version")  # fmt: skip


@given(
    st.recursive(
        st.sampled_from(["lamp", "1", ". . .", "", "“a”"]),
        lambda inner: st.tuples(st.sampled_from(NAMES), st.sampled_from(["", 'RestrictExtent="S"', 'Match="false"']),
                                st.lists(inner, max_size=4)).map(lambda e: f"<{e[0]} {e[1]}>{''.join(e[2])}</{e[0]}>"),
        max_leaves=25,
    )
)  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_elements_in_any_order_are_read_soundly(inside: str) -> None:
    check(act(DUTY + inside).encode())


def check(data: bytes) -> None:
    with contextlib.suppress(BernardError):
        assert_sound(read_text(LegislationReader(), data, "7.xml"))


# Addresses


@pytest.mark.parametrize(
    ("address", "item", "provision", "extent", "version"),
    [
        (f"{SITE}/id/ukpga/2000/36", "ukpga/2000/36", "", "", ""),
        (f"{SITE}/ukpga/2000/36/section/14/2024-01-01", "ukpga/2000/36", "section/14", "", "2024-01-01"),
        (f"{SITE}/ukpga/Eliz2/7-8/33/schedule/1/part/II", "ukpga/Eliz2/7-8/33", "schedule/1/part/II", "", ""),
        (f"{SITE}/ukpga/1985/67/section/6/england+wales/enacted", "ukpga/1985/67", "section/6", "england+wales", "enacted"),
        (f"{SITE}/uksi/2012/632/contents/made/data.xml", "uksi/2012/632", "", "", "made"),
    ],
)
def test_addresses_are_taken_apart(address: str, item: str, provision: str, extent: str, version: str) -> None:
    place = place_of(address)
    assert place is not None
    assert (place.item, place.provision, place.extent, place.version) == (item, provision, extent, version)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/ukpga/2000/36",
        f"{SITE}/browse",
        f"{SITE}/ukpga/2000/../36",
        "http://[",
        f"{SITE}/xx/2000/36",
        f"{SITE}/ukpga/2000/36/made-up",
        f"{SITE}/ukpga/2000/36/welsh",
        f"{SITE}/",
    ],
)
def test_other_addresses_are_not(address: str) -> None:
    assert place_of(address) is None


def test_identifiers_are_paths_and_paths_are_words() -> None:
    assert provision_of("schedule-1-paragraph-2-a") == "schedule/1/paragraph/2/a"
    assert provision_of("p00071") == provision_of("part-1-crossheading-shore-leave") == ""
    assert in_words("section/14/2/b") == "section 14(2)(b)"
    assert in_words("schedule/1/paragraph/2/a") == "schedule 1, paragraph 2(a)"
    assert in_words("schedule") == "schedule"
