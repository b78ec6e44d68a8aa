"""Conversations that are kept: real records in SQLite, a real Chromium, and a restart in between."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.records import Recorder, Records
from assistant.settings import Settings
from assistant.web.conversation import Exchange
from assistant.web.desk import Desk
from assistant.web.keeping import NOT_KEPT, Session, fault_of, kept, opened
from assistant.web.lasting import Lasting
from tests.web.browser import IN_A_BROWSER, ask, served
from tests.web.sample_answers import HOSTILE, FullAnswers, foi, parking, rules


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with Records(Settings(data_dir=tmp_path)) as records:
        yield records


def talk(records: Records, user: str, *exchanges: Exchange) -> Session:
    session = Session()
    for exchange in exchanges:
        session = kept(records, user, Session((*session.exchanges, exchange), session.id))
    return session


def test_a_conversation_is_begun_with_its_first_answer_and_found_again(records: Records) -> None:
    session = talk(records, "ada", Exchange(foi("How long?")), Exchange(parking("Where?")))
    found = opened(records, "ada", session.id)
    assert [exchange.answer.question for exchange in found.exchanges] == ["How long?", "Where?"]
    assert [exchange.id for exchange in found.exchanges] == [exchange.id for exchange in session.exchanges]


def test_two_answers_side_by_side_stay_so(records: Records) -> None:
    written = rules("grade").model_copy(update={"model": "openai:x"})
    session = talk(records, "ada", Exchange(written, beside=rules("grade")), Exchange(foi("?")))
    first, second = opened(records, "ada", session.id).exchanges
    assert first.beside is not None
    assert first.beside.model == "quotation"
    assert first.answer.model == "openai:x"
    assert second.beside is None


def test_a_changed_question_takes_both_answers_out(records: Records) -> None:
    written = rules("grade").model_copy(update={"model": "openai:x"})
    session = talk(records, "ada", Exchange(written, beside=rules("grade")))
    *_, last = Desk(FullAnswers(), records).ask("freedom", session, "", user="ada", tab="t", turn=1)
    assert [exchange.answer.question for exchange in last["session"].exchanges] == ["freedom"]
    assert [exchange.answer.question for exchange in opened(records, "ada", session.id).exchanges] == ["freedom"]


def test_another_users_conversation_is_a_message_and_nothing_of_it_is_shown(records: Records) -> None:
    session = talk(records, "ada", Exchange(foi("A secret question?")))
    desk = Desk(FullAnswers(), records)
    for act in ("open", "rename", "delete"):
        changes = desk.keep({"do": act, "id": session.id, "title": "Mine", "sure": "yes"}, Session(), user="eve")
        assert "b-fault" in changes["fault"]
        assert "secret" not in str(changes)
    assert "secret" not in desk.own("eve", "")
    assert "secret" in desk.own("ada", "")


def test_records_that_fail_cost_no_answer(records: Records) -> None:
    records.close()
    session = Session((Exchange(foi("?")),))
    assert kept(Broken(), "ada", session) == session
    assert fault_of(RuntimeError("secret")) == NOT_KEPT
    assert NOT_KEPT in Desk(FullAnswers(), Broken()).own("ada", "")


class Broken:
    """Records whose database is gone."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("no database")


def test_feedback_says_what_is_missing_and_is_kept(records: Records) -> None:
    session = talk(records, "ada", Exchange(foi("?")))
    desk = Desk(FullAnswers(), records)
    sent = {"record": session.exchanges[0].id, "said": "t1-feedback-said"}
    assert "Tick what you want to say" in desk.feedback(sent, user="ada")
    done = desk.feedback({**sent, "kinds": ["wrong", "unclear"], "claim": ["1"], "text": [HOSTILE]}, user="ada")
    assert "Thank you" in done
    assert "b-fault" in desk.feedback({**sent, "kinds": ["wrong"]}, user="eve")
    (given,) = records.feedback()
    assert (given.user, given.claim, given.text, len(given.kinds)) == ("ada", 1, HOSTILE, 2)


def test_a_place_that_the_browser_names_is_escaped(records: Records) -> None:
    assert "<img" not in Desk(FullAnswers(), records).feedback({"said": HOSTILE}, user="")


class TestInABrowser:
    pytestmark = IN_A_BROWSER

    @pytest.fixture
    def page(self, chromium: Any) -> Iterator[Any]:
        page = chromium.new_context(viewport={"width": 1366, "height": 900}).new_page()
        page.set_default_timeout(20_000)
        yield page
        page.context.close()

    def test_a_conversation_survives_reload_and_restart_and_is_looked_after(self, page: Any, tmp_path: Path) -> None:
        settings = Settings(data_dir=tmp_path)
        with Recorder(settings) as recorder, served(FullAnswers(), keeping=Lasting(recorder), recorded_days=90) as first:
            page.goto(first)
            page.locator("#question textarea").wait_for()
            ask(page, "freedom of information")
            ask(page, "grade")
            page.wait_for_function("location.hash.startsWith('#conversation=')")
            page.reload()
            page.locator("#conversation .b-exchange").nth(1).wait_for()
            mark = re.sub(r"^[^#]*", "", page.url)
            self.say_what_is_wrong(page)
            (given,) = recorder.records().feedback()
            assert (given.claim, given.text) == (0, "It is 21 days.")
        with Recorder(settings) as recorder, served(FullAnswers(), keeping=Lasting(recorder), recorded_days=90) as second:
            page.goto(f"{second}/{mark}")
            page.locator("#conversation .b-exchange").nth(1).wait_for()
            assert page.locator(".b-question").first.inner_text().endswith("freedom of information")
            page.get_by_role("button", name="New conversation").click()
            page.locator("#conversation .b-exchange").first.wait_for(state="detached")
            assert "#" not in page.url
            ask(page, "parking")
            self.rename(page)
            self.find_and_open(page)
            self.delete(page)
        with Records(settings) as records:
            assert [listed.title for listed in records.conversations("")] == ["parking"]

    def say_what_is_wrong(self, page: Any) -> None:
        panel = page.locator(".b-feedback").first
        panel.locator("summary").click()
        panel.get_by_role("button", name="Send").click()
        panel.get_by_text("Tick what you want to say").wait_for()
        panel.get_by_label("Statement 1", exact=False).check()
        panel.get_by_label("It is wrong").check()
        panel.get_by_label("In your own words").fill("It is 21 days.")
        panel.get_by_role("button", name="Send").click()
        panel.get_by_text("Thank you.").wait_for()

    def rename(self, page: Any) -> None:
        page.locator(".b-own > summary").click()
        item = page.locator(".b-conversation", has_text="freedom of information")
        item.locator("summary").click()
        item.get_by_label("New name").fill(f"Requests {HOSTILE}")
        item.get_by_role("button", name="Rename").click()
        page.locator("button.b-open", has_text="Requests").wait_for()
        assert page.locator("#own img").count() == 0

    def find_and_open(self, page: Any) -> None:
        page.get_by_label("Find a conversation").fill("Requests")
        page.get_by_role("button", name="Find", exact=True).click()
        page.wait_for_function("document.querySelectorAll('.b-conversation').length == 1")
        page.locator("button.b-open").click()
        page.locator("#conversation .b-exchange").nth(1).wait_for()
        assert page.locator(".b-own[open]").count() == 0

    def delete(self, page: Any) -> None:
        page.locator(".b-own > summary").click()
        item = page.locator(".b-conversation", has_text="Requests")
        item.locator("summary").click()
        item.get_by_role("button", name="Delete").click()  # the browser asks for the tick first
        item.get_by_label("Delete it and its answers for good").check()
        item.get_by_role("button", name="Delete").click()
        page.locator("#conversation .b-exchange").first.wait_for(state="detached")
        assert "#" not in page.url

    def test_a_conversation_that_is_not_there_says_so(self, page: Any, tmp_path: Path) -> None:
        with Recorder(Settings(data_dir=tmp_path)) as recorder, served(FullAnswers(), keeping=Lasting(recorder)) as address:
            page.goto(f"{address}/#conversation=unknown")
            page.locator("#fault .b-fault").wait_for()
            assert page.get_by_label("Your question", exact=True).is_visible()

    def test_one_that_ends_soon_warns_above_the_answers(self, page: Any, tmp_path: Path) -> None:
        days = Settings(data_dir=tmp_path).records.model_copy(update={"days": 3})
        settings = Settings(data_dir=tmp_path).model_copy(update={"records": days})
        with Recorder(settings) as recorder, served(FullAnswers(), keeping=Lasting(recorder)) as address:
            page.goto(address)
            page.locator("#question textarea").wait_for()
            ask(page, "freedom")
            page.reload()
            page.locator("#conversation .b-warning", has_text="This conversation is deleted on").wait_for()
            assert (
                str((dt.datetime.now(dt.UTC) + dt.timedelta(days=3)).year) in page.locator(".b-warning").first.inner_text()
            )
