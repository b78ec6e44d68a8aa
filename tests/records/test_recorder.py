"""Recording beside answering: an answer is never lost, delayed or kept against the settings."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answer import Reason, Status
from assistant.errors import RecordsUnusable
from assistant.records import Recorded, Recorder, Records, are_there
from assistant.records.database import records_file
from assistant.settings import Settings
from tests.records.conftest import changed
from tests.web.sample_answers import SampleAnswers, answer, foi


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An empty data folder; no model is needed here."""
    (tmp_path / "data").mkdir()
    return Settings(data_dir=tmp_path / "data")


def test_every_answer_is_recorded_beside_being_given(recording: Settings) -> None:
    answers = SampleAnswers()
    with Recorder(recording) as recorder:
        recorded = Recorded(answers, recorder)
        first = recorded.ask("freedom", id="q1")
        recorded.ask("parking")

    assert (first.question, [question for question, _ in answers.asked]) == ("freedom", ["freedom", "parking"])
    with Records(recording) as records:
        assert [listed.question for listed in records.listed(limit=9)] == ["parking", "freedom"]


def test_nothing_is_kept_or_made_where_the_setting_says_so(settings: Settings) -> None:
    off = changed(settings, days=0)
    with Recorder(off) as recorder:
        assert recorder.keep(foi("freedom")) == ""

    assert not are_there(off)
    assert not records_file(off).parent.exists()


@pytest.mark.parametrize("reason", [Reason.EMPTY_QUESTION, Reason.QUESTION_TOO_LONG])
def test_what_was_no_question_is_not_kept(reason: Reason, settings: Settings) -> None:
    with Recorder(settings) as recorder:
        assert recorder.keep(answer("", Status.NEEDS_CLARIFICATION, reason=reason)) == ""

    assert not are_there(settings)


def test_records_that_cannot_be_opened_cost_no_answer_and_are_told_once(
    settings: Settings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.records.recorder._PAUSE", 0.0)
    records_file(settings).parent.mkdir()
    records_file(settings).write_bytes(b"no database at all " * 100)
    told: list[str] = []

    with caplog.at_level(logging.ERROR), Recorder(settings, tell=told.append) as recorder:
        answers = [Recorded(SampleAnswers(), recorder).ask("freedom xylophone") for _ in range(2)]

    assert [given.status for given in answers] == [Status.ANSWERED] * 2
    assert len(told) == 1
    assert told[0].startswith("The answer was not recorded. The records of answers in ")
    assert len(caplog.records) == 2
    assert "xylophone" not in caplog.text


def test_a_server_that_is_down_is_not_waited_for_at_every_answer(settings: Settings) -> None:
    nowhere = changed(settings, url="postgresql://bernard@10.255.255.1/records")
    with Recorder(nowhere, tell=lambda _: None) as recorder:
        started = time.perf_counter()
        recorder.keep(foi("freedom"))
        assert time.perf_counter() - started < 15
        started = time.perf_counter()
        assert [recorder.keep(foi("freedom")) for _ in range(50)] == [""] * 50
        assert time.perf_counter() - started < 1


def test_a_server_that_is_down_is_not_waited_for_each_time_the_records_are_asked_for(settings: Settings) -> None:
    nowhere = changed(settings, url="postgresql://bernard@127.0.0.1:9/records")
    with Recorder(nowhere, tell=lambda _: None) as recorder:
        with pytest.raises(RecordsUnusable, match="Connection refused"):
            recorder.records()
        with pytest.raises(RecordsUnusable, match="Try again in a minute"):
            recorder.records()
        assert recorder.keep(foi("freedom")) == ""


def test_recording_goes_on_when_the_server_comes_back(
    new_database: Callable[[], str], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    monkeypatch.setattr("assistant.records.recorder._PAUSE", 0.0)
    url = new_database()
    with Recorder(changed(settings, url=url), tell=lambda _: None) as recorder:
        assert recorder.keep(foi("freedom"))
        with psycopg.connect(url, autocommit=True) as connection:  # every connection is cut, as by a restart
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'bernard'")
        assert recorder.keep(foi("freedom"))
