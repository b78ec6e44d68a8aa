"""`bernard fetch`, `ask` and `update` one after the other: which answers rest on what the publisher has changed since."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import main
from assistant.records import Records
from assistant.records.database import records_file
from assistant.settings import Settings
from tests.fetch.items import page
from tests.fetch.replay_server import API, Fault, ReplayServer, dump
from tests.test_cli import Outcome, unwrapped

OIL, LAMP, FOG, BELL = "/guidance/oil", "/guidance/lamp", "/guidance/fog", "/guidance/bell"
TEXTS = {
    OIL: "Lamp oil must be bought from a supplier on the approved list.",
    LAMP: "The keeper must trim the wick of the lamp every evening at six.",
    FOG: "The fog log must be kept for seven years after the last entry.",
    BELL: "The bell must be rung twice when a ferry leaves the harbour.",
}
QUESTIONS = {
    OIL: "From whom must lamp oil be bought?",
    LAMP: "When must the keeper trim the wick of the lamp?",
    FOG: "For how long must the fog log be kept?",
    BELL: "How often must the bell be rung when a ferry leaves?",
}
Run = Callable[..., Outcome]


def item(path: str, text: str, **more: Any) -> bytes:
    return dump({**page(path, text), "title": f"Rules on {path.rpartition('/')[2]}", **more})


@pytest.fixture
def server() -> Iterator[ReplayServer]:
    with ReplayServer() as server:
        server.items.update({path: item(path, text) for path, text in TEXTS.items()})
        yield server


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, server: ReplayServer, recording: Settings
) -> Run:
    for name, value in {
        "BERNARD_DATA_DIR": str(recording.data_dir),
        "BERNARD_RECORDS__URL": recording.records.url.get_secret_value(),
        "BERNARD_FETCH__GOVUK_URL": server.url,
        "BERNARD_FETCH__PER_SECOND": "200",
    }.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: object) -> Outcome:
        status = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Outcome(status, printed.out, printed.err)

    return run


def test_an_update_names_the_answers_that_no_longer_hold_and_no_others(server: ReplayServer, run: Run) -> None:
    assert run("fetch", *TEXTS, "--ingest").status == 0
    for path, question in QUESTIONS.items():
        answer = run("ask", question, "--json").json
        assert {source["title"] for source in answer["sources"]} == {f"Rules on {path.rpartition('/')[2]}"}
    assert run("update", "--json").json["affected"] == []

    server.items[OIL] = item(OIL, TEXTS[OIL].replace("supplier on", "chandler on"))
    server.items[LAMP] = item(LAMP, f"New matter stands first now.</p><p>{TEXTS[LAMP]}</p><p>And last.")
    server.always[f"{API}{FOG}"] = Fault(status=410)
    updated = run("update", "--json")
    again = run("update")
    checked = run("records", "check")

    found = {entry["question"]: entry["changes"] for entry in updated.json["affected"]}
    assert updated.status == 0
    assert updated.json["ingest"]["changed"] == 2, "the page that says the same has changed, too"
    assert set(found) == {QUESTIONS[OIL], QUESTIONS[FOG]}
    (oil,), (fog,) = found[QUESTIONS[OIL]], found[QUESTIONS[FOG]]
    assert (oil["kind"], oil["quote"], oil["now"]) == (
        "changed", TEXTS[OIL], "Lamp oil must be bought from a chandler on the approved list."
    )  # fmt: skip
    assert (fog["kind"], fog["quote"], fog["now"]) == ("disappeared", TEXTS[FOG], "")
    for shown in (again, checked):
        text = unwrapped(shown.out)
        assert "2 answers in the records no longer hold:" in text
        assert f"{QUESTIONS[OIL]}" in text
        assert f"quoted: {TEXTS[OIL]} now: Lamp oil must be bought from a chandler on the approved list." in text
        assert "Rules on fog is no longer in the index." in text
        assert QUESTIONS[LAMP] not in text
        assert QUESTIONS[BELL] not in text
    assert (again.status, checked.status) == (0, 1)


def test_a_page_withdrawn_by_its_publisher_is_named(server: ReplayServer, run: Run) -> None:
    run("fetch", *TEXTS, "--ingest")
    run("ask", QUESTIONS[BELL])
    notice = {"explanation": "<p>Replaced by the harbour code.</p>", "withdrawn_at": "2026-05-01T09:00:00Z"}
    server.items[BELL] = item(BELL, TEXTS[BELL], withdrawn_notice=notice)

    (entry,) = run("update", "--json").json["affected"]

    assert entry["question"] == QUESTIONS[BELL]
    assert {change["kind"] for change in entry["changes"]} == {"withdrawn"}
    assert "Replaced by the harbour code." in entry["changes"][0]["notice"]


def test_records_that_cannot_be_read_do_not_cost_the_update(
    server: ReplayServer, run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BERNARD_RECORDS__URL", "")
    run("fetch", *TEXTS, "--ingest")
    records_file(settings).parent.mkdir(exist_ok=True)
    records_file(settings).write_bytes(b"no database at all " * 100)
    server.items[OIL] = item(OIL, "Lamp oil is bought by the clerk.")

    updated = run("update", "--json")

    assert updated.status == 1
    assert updated.json["ingest"]["changed"] == 1
    assert "file is not a database" in updated.json["errors"][0]


def test_an_update_without_records_makes_none(
    run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BERNARD_RECORDS__URL", "")
    run("fetch", *TEXTS, "--ingest")

    assert run("update", "--json").json["affected"] == []
    assert not records_file(settings).exists()
    with Records(settings) as records:
        assert records.count() == 0
