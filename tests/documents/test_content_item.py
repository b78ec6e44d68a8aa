from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.content_item import ContentItemReader
from assistant.documents.model import BlockKind, Document
from assistant.errors import DocumentError, SkippedDocument, UnreadableDocument
from tests.documents.reading import assert_sound, introduction, quotes, read_text

BODY = "<h2 id='sort'>Sort</h2><p>Sort your bins every week.</p>"
SORT = ["Sort", "Sort your bins every week."]


def item(schema: str = "detailed_guide", details: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    return {
        "base_path": "/guidance/bins",
        "schema_name": schema,
        "document_type": schema,
        "locale": "en",
        "title": "Bins",
        "details": {"body": BODY} if details is None else details,
    } | fields


def read(content: object, name: str = "bins.json") -> Document:
    return read_text(ContentItemReader(), json.dumps(content), name)


def reason(content: object) -> str:
    with pytest.raises(SkippedDocument) as caught:
        read(content)
    return str(caught.value)


class TestMetadata:
    def test_title_address_type_and_reader(self) -> None:
        document = read(item(document_type="guidance", description="How to sort"))
        assert (document.title, document.url, document.document_type) == (
            "Bins",
            "https://www.gov.uk/guidance/bins",
            "guidance",
        )
        assert (document.description, document.locale, document.reader) == ("How to sort", "en", "content_item")

    def test_a_description_in_several_formats_is_read_as_text(self) -> None:
        forms = [
            {"content_type": "text/govspeak", "content": "x"},
            {"content_type": "text/html", "content": "<p>How to <b>sort</b></p>"},
        ]
        assert read(item(description=forms)).description == "How to sort"

    def test_dates_are_the_days_they_were_in_london(self) -> None:
        document = read(item(first_published_at="2015-03-31T23:00:00.000+00:00", public_updated_at="2016-01-01T00:30:00Z"))
        assert (str(document.published), str(document.updated)) == ("2015-04-01", "2016-01-01")

    def test_the_last_change_falls_back_to_the_technical_one(self) -> None:
        assert str(read(item(public_updated_at=None, updated_at="2017-02-20T16:54:09.397Z")).updated) == "2017-02-20"

    def test_the_lead_organisation_comes_first_and_none_twice(self) -> None:
        links = {
            "organisations": [{"title": "Lid Agency"}, {"title": "Bin Office"}],
            "primary_publishing_organisation": [{"title": "Bin Office"}],
        }
        assert read(item(links=links)).organisations == ("Bin Office", "Lid Agency")
        assert read(item(expanded_links=links)).organisations == ("Bin Office", "Lid Agency")

    def test_organisations_may_stand_in_the_details(self) -> None:
        details = {"body": BODY, "organisations": [{"title": "HM Revenue & Customs"}]}
        assert read(item(details=details)).organisations == ("HM Revenue & Customs",)

    def test_a_withdrawn_item_gives_the_words_and_what_replaces_it(self) -> None:
        words = "<p>Replaced by the <a href='/guidance/boxes'>box rules</a>.</p>"
        document = read(item(withdrawn_notice={"explanation": words, "withdrawn_at": "2020-01-01T00:00:00Z"}))
        assert (document.withdrawn, document.notice) == (True, "Replaced by the box rules.")
        assert document.superseded_by == "https://www.gov.uk/guidance/boxes"

    def test_an_empty_notice_withdraws_nothing(self) -> None:
        assert not read(item(withdrawn_notice={})).withdrawn

    def test_the_nations_it_applies_to(self) -> None:
        nations = {"england": {"applicable": True}, "northern_ireland": {"applicable": True}, "wales": {"applicable": False}}
        assert read(item(details={"body": BODY, "national_applicability": nations})).extent == (
            "England",
            "Northern Ireland",
        )

    def test_a_section_of_a_manual_carries_its_number_and_the_manual(self) -> None:
        details = {"body": BODY, "section_id": "BIN1234", "manual": {"base_path": "/bins", "title": "Bin Manual"}}
        document = read(item("hmrc_manual_section", details))
        assert (document.title, document.collection) == ("BIN1234 - Bins", "Bin Manual")

    def test_an_item_without_a_title_is_named_after_its_file(self) -> None:
        assert read(item(title=None)).title == "bins"


class TestText:
    @pytest.mark.parametrize(
        "body", [BODY, [{"content_type": "text/govspeak", "content": "x"}, {"content_type": "text/html", "content": BODY}]]
    )
    def test_the_body_is_html_given_alone_or_among_formats(self, body: object) -> None:
        document = read(item(details={"body": body}))
        assert quotes(document) == SORT
        assert document.blocks[0].anchor == "#sort"

    def test_govspeak_alone_is_rendered(self) -> None:
        body = [{"content_type": "text/govspeak", "content": "## Sort\n\n$CTA\nSort your bins every week.\n$CTA"}]
        assert quotes(read(item(details={"body": body}))) == SORT

    def test_the_first_part_of_a_guide_has_the_guides_address_and_others_their_own(self) -> None:
        parts = [{"title": "Overview", "slug": "overview", "body": BODY}, {"title": "Fees", "slug": "fees", "body": BODY}]
        document = read(item("guide", {"parts": parts}))
        anchors = [(document.quote(b), b.level, b.anchor) for b in document.blocks if b.kind is BlockKind.HEADING]
        assert anchors == [("Overview", 2, ""), ("Sort", 3, "#sort"), ("Fees", 2, "/fees"), ("Sort", 3, "/fees#sort")]

    def test_a_transaction_is_read_under_the_headings_of_the_page(self) -> None:
        details = {
            "introductory_paragraph": "<p>Order a bin here.</p>",
            "more_information": "<p>Have a card ready.</p>",
            "will_continue_on": "x",
        }
        assert quotes(read(item("transaction", details))) == ["Order a bin here.", "Before you start", "Have a card ready."]

    def test_a_closed_consultation_keeps_outcome_and_original_apart(self) -> None:
        details = {"body": "<p>What do you think of bins?</p>", "final_outcome_detail": "<p>Most people like bins.</p>"}
        assert quotes(read(item("consultation", details))) == [
            "Detail of outcome",
            "Most people like bins.",
            "Original consultation",
            "What do you think of bins?",
        ]

    def test_a_step_by_step_is_steps_with_their_tasks(self) -> None:
        tasks = {"type": "list", "contents": [{"text": "Order a bin", "href": "/bin", "context": "£5"}]}
        step = {"title": "Get a bin", "contents": [{"type": "paragraph", "text": "You need one bin a house."}, tasks]}
        document = read(item("step_by_step_nav", {"step_by_step_nav": {"introduction": "<p>How to.</p>", "steps": [step]}}))
        assert quotes(document) == ["How to.", "Get a bin", "You need one bin a house.", "Order a bin £5"]
        assert introduction(document, "Order a bin £5") == "You need one bin a house."

    def test_outcomes_of_questions_stand_under_the_answers_that_lead_to_them(self) -> None:
        nodes = [
            {"kind": "question", "slug": "q", "title": "Have you a bin?", "options": [{"label": "No", "next_node": "o"}]},
            {"kind": "outcome", "slug": "o", "title": "Get one", "body": "<p>Order it from the council.</p>"},
        ]
        document = read(item("simple_smart_answer", {"nodes": nodes}))
        assert quotes(document) == ["Have you a bin?", "No", "Get one", "Order it from the council."]
        assert [block.level for block in document.blocks] == [2, 3, 4, 0]

    def test_telephone_numbers_stand_under_whose_they_are(self) -> None:
        number = {
            "title": "Bin line",
            "number": "01 23",
            "textphone": "",
            "open_hours": "<p>Monday to Friday, 8am to 6pm</p>",
        }
        address = {"title": "Bin Office", "street_address": "1 High Street\r\n", "postal_code": "AB1 2CD"}
        document = read(item("contact", {"phone_numbers": [number], "post_addresses": [address]}))
        assert quotes(document) == [
            "Bin line",
            "Telephone: 01 23",
            "Monday to Friday, 8am to 6pm",
            "Bin Office, 1 High Street, AB1 2CD",
        ]
        assert introduction(document, "Telephone: 01 23") == "Bin line"
        assert introduction(document, "Monday to Friday, 8am to 6pm") == "Bin line"

    def test_groups_of_a_collection_are_read_where_they_say_something(self) -> None:
        groups = [{"title": "Lids", "body": "<p>Lids come in three sizes.</p>"}, {"title": "Empty", "body": ""}]
        assert quotes(read(item("document_collection", {"collection_groups": groups}))) == [
            "Lids",
            "Lids come in three sizes.",
        ]

    def test_a_body_without_html_is_read_line_by_line(self) -> None:
        assert quotes(read(item(details={"body": "Bins & lids\n\n    Sort your bins every week."}))) == [
            "Bins & lids",
            "Sort your bins every week.",
        ]

    def test_a_table_left_in_a_paragraph_is_a_table(self) -> None:
        body = "<p>| 1. | Open the bin  |\n||\n| \xa0 | * with a key |\n| 2. | Shut it |</p>"
        document = read(item(details={"body": body}))
        assert quotes(document) == ["1. Open the bin", "with a key", "2. Shut it"]
        assert introduction(document, "with a key") == "1. Open the bin"

    def test_an_unknown_schema_with_a_body_is_read(self) -> None:
        assert quotes(read(item("something_new"))) == SORT


class TestSkipped:
    def test_a_redirect_names_where_it_leads(self) -> None:
        redirects = [{"path": "/a", "destination": "/b"}]
        assert "/b" in reason({"base_path": "/a", "schema_name": "redirect", "title": None, "redirects": redirects})

    def test_a_page_that_is_gone_names_what_takes_its_place(self) -> None:
        gone = {"schema_name": "gone", "document_type": "gone", "title": None, "details": {"alternative_path": "/c"}}
        assert "/c takes its place" in reason(gone)

    def test_another_language_is_named(self) -> None:
        assert "Welsh (cy)" in reason(item(locale="cy"))

    @pytest.mark.parametrize(
        "schema", ["organisation", "taxon", "finder_email_signup", "homepage", "role", "mainstream_browse_page"]
    )
    def test_pages_that_are_not_guidance_say_what_they_are(self, schema: str) -> None:
        assert f"({schema})" in reason(item(schema))

    def test_an_index_of_sections_is_told_from_an_empty_page(self) -> None:
        contents = {"body": "<p></p>", "child_section_groups": [{"child_sections": []}]}
        assert "only lists its sections" in reason(item("hmrc_manual_section", contents))
        assert "no text of its own" in reason(item(details={"body": ""}))

    def test_a_lead_in_to_a_list_of_sections_is_no_text(self) -> None:
        assert "only lists its sections" in reason(item(details={"body": "<p>This chapter contains the following:</p>"}))

    def test_a_page_whose_text_was_taken_away_says_so(self) -> None:
        assert "This page has been archived" in reason(item(details={"body": "<p>This page has been archived.</p>"}))

    def test_a_page_withheld_from_the_public_says_so(self) -> None:
        body = "<p>(This content has been withheld because of exemptions in the Freedom of Information Act 2000)</p>"
        assert "withheld" in reason(item(details={"body": body}))


class TestUnreadable:
    @pytest.mark.parametrize("data", ["", "{", "[]", "3", '{"a": 1}', b"\xff\xfe\x00", "[" * 100_000])
    def test_what_is_no_content_item_is_refused_in_words(self, data: str | bytes) -> None:
        with pytest.raises(UnreadableDocument, match="JSON"):
            read_text(ContentItemReader(), data, "x.json")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.just(BODY),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["title", "body", "slug", "contents", "type", "text", "steps", "options", "organisations"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
FIELDS = [
    "body",
    "parts",
    "nodes",
    "step_by_step_nav",
    "collection_groups",
    "phone_numbers",
    "post_addresses",
    "ways_to_respond",
    "manual",
    "emphasised_organisations",
    "variants",
]


@given(
    st.dictionaries(st.sampled_from(FIELDS), JSON),
    st.dictionaries(
        st.sampled_from(["title", "links", "locale", "description", "withdrawn_notice", "redirects", "base_path"]), JSON
    ),
)
@settings(max_examples=200, deadline=None)
def test_whatever_stands_in_the_fields_is_read_or_refused_in_words(details: dict[str, Any], fields: dict[str, Any]) -> None:
    with contextlib.suppress(DocumentError):
        assert_sound(read(item(details=details, **fields)))


@pytest.mark.parametrize(("folder", "fewest"), [("content-api", 190), ("hmrc-manuals", 3060)])
def test_every_real_item_is_read_or_skipped_and_none_is_unreadable(shared: Path, folder: str, fewest: int) -> None:
    read_items = 0
    for path in sorted((shared / "guidance" / folder).rglob("*.json")):
        try:
            document = read_text(ContentItemReader(), path.read_bytes(), path.name)
        except SkippedDocument:
            continue
        read_items += 1
        assert_sound(document)
        assert document.title
        assert document.url.startswith("https://www.gov.uk/")
    assert read_items >= fewest
