"""The page without JavaScript: a real uvicorn, real records, a real Chromium whose JavaScript is switched off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.records import Records
from assistant.settings import Settings
from assistant.web.places import Places
from tests.web.access import barriers
from tests.web.sample_answers import FIRST, HOSTILE, FullAnswers, SampleAnswers
from tests.web.serving import served_parts, settings_with
from tests.web.test_render import Page


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def answers() -> FullAnswers:
    return FullAnswers()


@pytest.fixture(scope="module")
def address(folder: Path, answers: FullAnswers) -> Iterator[str]:
    with served_parts(answers, settings_with(folder)) as address:
        yield address


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address) as client:
        yield client


def asked(client: httpx.Client, question: str, **fields: str) -> str:
    """The address of the page with the answer."""
    at = fields.pop("at", "/plain")
    reply = client.post(at, data={"question": question, **fields})
    assert reply.status_code == 303, reply.text
    return reply.headers["location"]


class TestAsking:
    def test_an_answer_has_an_address_and_is_shown_there_with_its_check_and_sources(self, client: httpx.Client) -> None:
        location = asked(client, "freedom of information")
        assert re.fullmatch(r"/plain/[0-9a-f]{32}#t1-question", location)
        page = client.get(location)
        assert FIRST in page.text
        assert "Quoted" in page.text
        assert "t1-source-1" in page.text
        assert "no-store" in page.headers["cache-control"]

    def test_a_follow_up_belongs_to_the_conversation(self, client: httpx.Client, answers: FullAnswers) -> None:
        first = asked(client, "freedom of information").partition("#")[0]
        assert asked(client, "And parking?", at=first) == f"{first}#t2-question"
        question, history = answers.asked[-1]
        assert question == "And parking?"
        assert history[0].content == "freedom of information"

    def test_it_is_limited_as_chosen_and_the_choices_stay(self, client: httpx.Client, answers: FullAnswers) -> None:
        location = asked(client, "freedom", organisations="HM Treasury", year="2024", way="quotation")
        filters, drafter = answers.options[-1]
        assert filters
        assert (filters.organisations, filters.updated_since.year if filters.updated_since else 0) == (
            ("HM Treasury",),
            2024,
        )
        assert drafter == "quotation"
        page = client.get(location).text
        assert 'value="HM Treasury" checked' in page
        assert 'name="year" value="2024"' in page

    def test_both_ways_stand_side_by_side(self, client: httpx.Client) -> None:
        page = client.get(asked(client, "written grade", way="both")).text
        assert "By quotation" in page
        assert "Written by the model" in page

    def test_a_choice_is_asked_under_the_same_limits(self, client: httpx.Client, answers: FullAnswers) -> None:
        page = client.get(asked(client, "several topics", organisations="HM Treasury")).text
        assert '<form id="choosing" method="post"' in page
        assert '<input type="hidden" name="organisations" value="HM Treasury">' in page
        assert 'form="choosing" name="question" value="What does “freedom of information” say about fees?"' in page

    def test_a_changed_question_takes_the_place_of_the_old_one(self, client: httpx.Client, folder: Path) -> None:
        at = asked(client, "freedom one").partition("#")[0]
        asked(client, "parking two", at=at)
        reply = client.post(f"{at}/change", data={"turn": "1", "question": "grade three"})
        assert reply.headers["location"] == f"{at}#t1-question"
        page = client.get(at).text
        assert "grade three" in page
        assert "freedom one" not in page
        assert "parking two" not in page


class TestFaults:
    @pytest.mark.parametrize("question", ["", "  ", "?!"])
    def test_nothing_asked_is_told_by_a_summary_that_leads_to_the_box(self, client: httpx.Client, question: str) -> None:
        reply = client.post("/plain", data={"question": question})
        assert reply.status_code == 422
        assert '<a href="#question">Nothing was asked.' in reply.text
        assert "<title>Error: " in reply.text
        assert "aria-invalid=true" in reply.text

    def test_a_question_that_is_too_long_stays_in_the_box(self, client: httpx.Client) -> None:
        reply = client.post("/plain", data={"question": "word " * 3000})
        assert reply.status_code == 422
        assert "the most is 10,000" in reply.text
        assert "word word" in reply.text

    def test_what_is_no_date_is_told_and_nothing_typed_is_lost(self, client: httpx.Client) -> None:
        reply = client.post("/plain", data={"question": "freedom", "day": "31", "month": "2", "year": "2024", "folder": "x"})
        assert '<a href="#f-day">' in reply.text
        assert 'name="day" value="31"' in reply.text
        assert 'name="folder" value="x"' in reply.text
        assert ">\nfreedom</textarea>" in reply.text

    @pytest.mark.parametrize(
        ("question", "told"), [("crash", "give reference "), ("missing", "Nothing has been indexed yet")]
    )
    def test_what_breaks_is_told_in_words(self, client: httpx.Client, question: str, told: str) -> None:
        reply = client.post("/plain", data={"question": question})
        assert told in reply.text
        assert "secret detail" not in reply.text
        assert "Traceback" not in reply.text

    @pytest.mark.parametrize("path", ["", "/change", "/feedback", "/rename", "/delete"])
    @pytest.mark.parametrize("name", ["none", "0" * 32, "%00", "..%2f..", "x" * 3000])
    def test_a_conversation_that_is_not_there_is_told(self, client: httpx.Client, path: str, name: str) -> None:
        reply = client.post(f"/plain/{name}{path}", data={"question": "freedom", "turn": "1"})
        assert reply.status_code == 404
        assert "Traceback" not in reply.text

    @pytest.mark.parametrize("turn", ["0", "2", "-1", "x", "9" * 5000, "²", ""])
    def test_a_turn_that_is_not_there_is_told(self, client: httpx.Client, turn: str) -> None:
        at = asked(client, "freedom").partition("#")[0]
        assert client.post(f"{at}/change", data={"turn": turn, "question": "parking"}).status_code == 404

    def test_a_form_too_long_or_with_too_many_fields_is_refused(self, client: httpx.Client) -> None:
        for content in (b"question=" + b"x" * 300_000, b"&".join(b"a%d=1" % n for n in range(500))):
            assert client.post("/plain", content=content).status_code == 413

    @pytest.mark.parametrize("content", [b"question=%ff%fe", b"question=\xff", b"\x00=\x00", b"question=a%00freedom", b"%"])
    def test_bytes_that_are_no_text_are_borne(self, client: httpx.Client, content: bytes) -> None:
        assert client.post("/plain", content=content).status_code in {303, 422}

    def test_when_all_places_are_taken_the_question_stays(self, tmp_path: Path) -> None:
        with served_parts(SampleAnswers(), settings_with(tmp_path), places=Places(at_once=0, waiting=0)) as address:
            reply = httpx.post(f"{address}/plain", data={"question": "freedom"})
        assert reply.status_code == 503
        assert reply.headers["retry-after"] == "5"
        assert "Too many people" in reply.text
        assert ">\nfreedom</textarea>" in reply.text


class TestKeeping:
    def test_conversations_are_listed_found_renamed_and_deleted(self, client: httpx.Client) -> None:
        at = asked(client, "freedom of the unusual word").partition("#")[0]
        assert "freedom of the unusual word" in client.get("/plain").text
        reply = client.post("/plain/find", data={"search": "unusual"})
        assert f'href="{at}"' in reply.text
        assert "No conversation has these words" in client.post("/plain/find", data={"search": "nowhere"}).text

        renamed = client.post(f"{at}/rename", data={"title": f"Fees {HOSTILE}"})
        assert renamed.headers["location"] == f"{at}?said=renamed#said"
        assert "Fees &lt;script" in client.get(at).text

        unsure = client.post(f"{at}/delete", data={})
        assert '<a href="#sure">Tick the box' in unsure.text
        deleted = client.post(f"{at}/delete", data={"sure": "yes"})
        assert "Deleted." in client.get(deleted.headers["location"]).text
        assert client.get(at).status_code == 404

    def test_a_title_of_nothing_is_told_by_its_field(self, client: httpx.Client) -> None:
        at = asked(client, "freedom").partition("#")[0]
        assert '<a href="#title">A conversation needs a title' in client.post(f"{at}/rename", data={"title": " "}).text

    def test_feedback_on_a_claim_is_kept(self, client: httpx.Client, folder: Path) -> None:
        at = asked(client, "freedom").partition("#")[0]
        (record,) = re.findall(r'name="record" value="([^"]+)"', client.get(at).text)
        nothing = client.post(f"{at}/feedback", data={"record": record})
        assert '<a href="#t1-feedback-kind-0">Tick what you want to say' in nothing.text
        sent = {"record": record, "kinds": "wrong", "claim": "1", "text": HOSTILE}
        done = client.post(f"{at}/feedback", data=sent)
        assert "Thank you" in client.get(done.headers["location"]).text
        with Records(Settings(data_dir=folder)) as records:
            given = list(records.feedback())[-1]
        assert (given.claim, given.text, given.answer_id) == (1, HOSTILE, record)
        assert "no kind of feedback" in client.post(f"{at}/feedback", data={**sent, "kinds": "<b>"}).text

    def test_files_are_where_the_page_says(self, client: httpx.Client) -> None:
        page = client.get(asked(client, "freedom")).text
        for place in set(re.findall(r'formaction="([^"]+\.markdown)"', page)):
            assert FIRST in client.get(place).text

    def test_where_nothing_is_kept_the_answer_is_in_the_reply(self, tmp_path: Path) -> None:
        with served_parts(SampleAnswers(), settings_with(tmp_path, records={"days": 0})) as address:
            reply = httpx.post(f"{address}/plain", data={"question": "freedom of information"})
            assert reply.status_code == 200
            assert FIRST in reply.text
            assert "This answer is not kept" in reply.text
            assert "Your conversations" not in reply.text
            assert "Say what is wrong" not in reply.text
            assert httpx.get(f"{address}/plain/none").status_code == 404
        assert not (tmp_path / "records").exists()

    def test_records_that_fail_cost_no_answer(self, tmp_path: Path) -> None:
        (tmp_path / "records").write_text("in the way")
        with served_parts(SampleAnswers(), settings_with(tmp_path)) as address:
            reply = httpx.post(f"{address}/plain", data={"question": "freedom of information"})
            assert FIRST in reply.text
            assert "This answer is not kept" in reply.text
            assert httpx.get(f"{address}/plain").status_code == 200


@pytest.mark.parametrize("place", ["question", "folder", "organisations", "day"])
def test_nothing_typed_becomes_markup(client: httpx.Client, place: str) -> None:
    fields = {"question": f"freedom {HOSTILE}", place: f"freedom {HOSTILE}"}
    reply = client.post("/plain", data=fields, follow_redirects=True)
    assert "&lt;script" in reply.text
    assert not {"script", "img"} & set(Page(reply.text).tags)


def test_an_answer_that_tries_to_be_markup_does_not_become_it(client: httpx.Client) -> None:
    page = Page(client.get(asked(client, "hostile")).text)
    assert not {"script", "img"} & set(page.tags)
    assert len(set(page.ids)) == len(page.ids)


class TestWithoutJavaScript:
    pytestmark = pytest.mark.browser

    @pytest.fixture
    def page(self, chromium: Any, address: str) -> Iterator[Any]:
        context = chromium.new_context(java_script_enabled=False)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.goto(f"{address}/plain")
        yield page
        context.close()

    def test_a_question_is_asked_by_keyboard_and_a_citation_leads_to_its_source(self, page: Any) -> None:
        page.keyboard.press("Tab")
        assert page.locator("a.b-skip").evaluate("element => element.matches(':focus')")
        page.get_by_label("Your question").focus()
        page.keyboard.type("freedom of information")
        for _ in range(2):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/plain/*")
        assert FIRST in page.locator(".b-answer").inner_text()
        page.locator(".b-claim a.b-cite").first.click()
        assert page.url.endswith("#t1-source-1")
        assert page.locator("#t1-source-1:target").is_visible()

    def test_the_whole_journey_by_forms(self, page: Any) -> None:
        page.locator(".b-filters > summary").click()
        page.get_by_label("HM Treasury").check()
        page.get_by_label("Your question").fill("several topics")
        page.get_by_role("button", name="Ask", exact=True).click()
        page.get_by_role("button", name="Freedom of information").click()
        page.locator("#t2-question").wait_for()
        assert "HM Treasury" in page.locator(".b-limits").last.inner_text()
        page.get_by_text("Say what is wrong").last.click()
        page.locator("#t2-feedback-kind-0").check()
        page.get_by_role("button", name="Send").last.click()
        assert page.get_by_role("status").inner_text().startswith("Thank you")
        page.get_by_text("Rename, save or delete this conversation").click()
        page.get_by_label("New name").fill("My fees")
        page.get_by_role("button", name="Rename").click()
        page.get_by_role("link", name="New conversation").click()
        page.get_by_text("Your conversations", exact=True).click()
        page.get_by_role("link", name="My fees").click()
        page.locator("#t2-question").wait_for()


class TestLook:
    pytestmark = pytest.mark.browser

    WINDOWS = {  # noqa: RUF012 - a table
        "light": {"color_scheme": "light", "viewport": {"width": 1366, "height": 768}},
        "dark": {"color_scheme": "dark", "viewport": {"width": 1366, "height": 768}},
        "400 %": {"color_scheme": "light", "viewport": {"width": 320, "height": 256}},
    }

    @pytest.fixture(params=WINDOWS)
    def page(self, request: pytest.FixtureRequest, chromium: Any) -> Iterator[Any]:
        context = chromium.new_context(**self.WINDOWS[request.param])
        page = context.new_page()
        page.set_default_timeout(20_000)
        yield page
        context.close()

    def test_axe_finds_nothing_serious_in_a_conversation_and_nothing_is_lost_off_the_side(
        self, page: Any, address: str, client: httpx.Client
    ) -> None:
        at = asked(client, "written grade", way="both").partition("#")[0]
        asked(client, "several topics", at=at)
        elsewhere: list[str] = []
        page.on("request", lambda request: elsewhere.append(request.url) if not request.url.startswith(address) else None)
        for path in ("/plain", "/accessibility", "/privacy", at):
            page.goto(address + path)
            page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert barriers(page) == []
        assert elsewhere == []

    def test_nor_in_a_fault_or_a_text(self, chromium: Any, address: str) -> None:
        page = chromium.new_page()
        page.goto(f"{address}/plain")
        page.get_by_role("button", name="Ask", exact=True).click()
        page.locator(".b-summary").wait_for()
        assert barriers(page) == []
        for path in ("/accessibility", "/privacy", "/api/docs"):
            page.goto(address + path)
            assert barriers(page) == []
        page.close()
