"""What the page does when the reader acts twice: one answer at a time, and no reply on top of another conversation."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from assistant.answer import Assistant
from assistant.records import Records
from assistant.settings import Settings
from assistant.uploads import OwnDocuments
from assistant.web.desk import Changes, Desk
from assistant.web.keeping import Session
from assistant.web.words import STILL_ANSWERING
from tests.uploads.policies import NEW, OLD, added
from tests.web.sample_answers import FullAnswers


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def records(settings: Settings) -> Iterator[Records]:
    with Records(settings) as records:
        yield records


@pytest.fixture
def own(settings: Settings, bernard: Assistant) -> OwnDocuments:
    return OwnDocuments(settings, bernard.index.embedder)


@pytest.fixture
def desk(bernard: Assistant, records: Records, own: OwnDocuments) -> Desk:
    return Desk(bernard, records, documents=own)


def told_to_wait(changes: list[Changes]) -> bool:
    (only,) = changes
    return STILL_ANSWERING in only["fault"] and set(only) == {"fault"}


def test_one_answer_at_a_time_is_on_its_way_on_a_page(
    desk: Desk, records: Records, own: OwnDocuments, tmp_path: Path
) -> None:
    session = Session(id=records.begin("ada"))
    first, second = (added(own, tmp_path, name, text, talk=session.id) for name, text in (("a.md", OLD), ("b.md", NEW)))
    compare = {"do": "compare", "first": first.id, "second": second.id}
    under_way = desk.documents(compare, session, user="ada", tab="t")
    assert next(under_way)["is_busy"] is True
    for sent in ({"do": "summarise", "file": first.id}, {"do": "duties", "file": first.id}, compare):
        assert told_to_wait(list(desk.documents(sent, session, user="ada", tab="t")))
    for question in ("How long must the fog log be kept?", "", "Summarise “a.md”"):
        assert told_to_wait(list(desk.ask(question, session, "", user="ada", tab="t")))
    assert told_to_wait(list(desk.ask_again({"question": "Why?", "turn": "1"}, session, "", user="ada", tab="t")))

    *_, other = desk.documents({"do": "duties", "file": first.id}, session, user="ada", tab="another page")
    assert len(other["session"].exchanges) == 1
    *_, last = under_way
    assert [one.answer.question for one in last["session"].exchanges] == ["Compare “a.md” with “b.md”"]
    *_, after = desk.documents({"do": "duties", "file": first.id}, last["session"], user="ada", tab="t")
    assert len(after["session"].exchanges) == 2


def test_an_answer_that_is_left_bars_no_other(desk: Desk) -> None:
    left = desk.ask("How long must the fog log be kept?", Session(), "", user="ada", tab="t")
    next(left)
    assert isinstance(left, Generator)
    left.close()
    *_, last = desk.ask("How long must the fog log be kept?", Session(), "", user="ada", tab="t")
    assert len(last["session"].exchanges) == 1


def test_no_other_conversation_is_shown_while_an_answer_is_on_its_way(records: Records) -> None:
    desk = Desk(FullAnswers(), records)
    *_, asked = desk.ask("freedom", Session(), "", user="ada", tab="t")
    session = asked["session"]
    under_way = desk.ask("parking", session, "", user="ada", tab="t")
    next(under_way)
    for sent in ({"do": "open", "id": session.id}, {"do": "delete", "id": session.id, "sure": "yes"}):
        assert told_to_wait([desk.keep(sent, session, user="ada", tab="t")])
    assert told_to_wait([desk.start_again(user="ada", tab="t")])
    assert "own" in desk.keep({"do": "rename", "id": session.id, "title": "Mine"}, session, user="ada", tab="t")
    *_, last = under_way
    assert len(last["session"].exchanges) == 2
    assert desk.start_again(user="ada", tab="t")["session"] == Session()


def test_each_turn_to_a_conversation_is_told_as_a_new_one_and_an_answer_is_not(records: Records) -> None:
    desk = Desk(FullAnswers(), records)
    *_, asked = desk.ask("freedom", Session(), "", user="ada", tab="t")
    assert "data-opened" not in asked["name"]
    sent = {"do": "open", "id": asked["session"].id}
    names = [desk.keep(sent, Session(), user="ada")["name"] for _ in range(2)]
    names += [desk.start_again(user="ada")["name"], desk.start(asked["session"].id, user="ada")["name"]]
    assert len({re.sub(r".*data-opened=\"(\d+)\".*", r"\1", name) for name in names}) == 4


def test_listing_documents_tells_the_page_no_session_of_its_own(desk: Desk, records: Records) -> None:
    # An answer that comes meanwhile would be lost.
    session = Session(id=records.begin("ada"))
    for do in ("list", "remove", "begin"):
        assert not [changes for changes in desk.documents({"do": do}, session, user="ada", tab="t") if "session" in changes]


def test_a_conversation_with_documents_and_no_question_is_listed_by_their_names(
    desk: Desk, records: Records, own: OwnDocuments, tmp_path: Path
) -> None:
    talk, bare = records.begin("ada"), records.begin("ada")
    added(own, tmp_path, "travel <plan>.md", OLD, talk=talk)
    assert "travel &lt;plan&gt;.md</button>" in desk.own("ada", "")
    added(own, tmp_path, "b.md", NEW, talk=talk)
    panel = desk.own("ada", "")
    assert "travel &lt;plan&gt;.md and 1 more</button>" in panel
    assert "no question yet" in panel
    assert bare not in panel
    assert talk not in desk.own("eve", "")
    assert talk in desk.own("ada", "", search="PLAN travel")
    assert talk in desk.own("ada", "", search="b.md")
    assert talk not in desk.own("ada", "", search="boats")

    opened = desk.keep({"do": "open", "id": talk}, Session(), user="ada")
    assert opened["session"].id == talk
    assert "b.md" in opened["documents"]
    records.rename("ada", talk, "Mine")
    assert ">Mine</button>" in desk.own("ada", "")
    *_, last = desk.ask("How long must the fog log be kept?", opened["session"], "", user="ada", tab="t")
    assert last["own"].count(f'data-do="open" data-id="{talk}"') == 1
    assert "1 question" in last["own"]
    own.clear("ada", talk)
    assert "1 question" in desk.own("ada", "")
