"""`bernard records` as people and scripts meet it, and that every way of asking leaves a record."""

from __future__ import annotations

import io
import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant import records_verbs
from assistant.cli import main
from assistant.records import Records
from assistant.records.database import records_file
from assistant.settings import Settings
from assistant.uploads import Shelves
from tests.conftest import settings_in
from tests.test_cli import ANSWERABLE, ELSEWHERE, Outcome, read_lines, unwrapped, write_lines
from tests.web.sample_answers import foi, parking

Run = Callable[..., Outcome]


class Terminal(io.StringIO):
    """Somebody who types these lines."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def office(small_settings: Settings, tmp_path: Path, model_cache: Path) -> Settings:
    """The small index with records of its own, where nothing is yet."""
    settings = settings_in(tmp_path / "data", model_cache)
    settings.index_dir.symlink_to(small_settings.index_dir.resolve(), target_is_directory=True)
    return settings


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, office: Settings) -> Run:
    monkeypatch.setenv("BERNARD_DATA_DIR", str(office.data_dir))

    def run(*arguments: object, typed: str | None = None) -> Outcome:
        monkeypatch.setattr("sys.stdin", io.StringIO("") if typed is None else Terminal(typed))
        monkeypatch.setattr("builtins.input", lambda _="": __import__("sys").stdin.readline().rstrip("\n"))
        status = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Outcome(status, printed.out, printed.err)

    return run


def asked(run: Run) -> list[str]:
    return [entry["question"] for entry in run("records", "list", "--json").json]


def test_a_question_a_batch_and_a_conversation_are_all_recorded(run: Run, tmp_path: Path) -> None:
    single = run("ask", ANSWERABLE, "--json").json
    questions = write_lines(tmp_path / "in.jsonl", {"id": "b", "question": ELSEWHERE}, {"id": "e", "question": " "})
    run("ask", "--batch", questions, "--out", tmp_path / "out.jsonl")
    run("ask", typed="How long is the fog log kept?\nand why?\n\n")

    assert asked(run) == ["and why?", "How long is the fog log kept?", ELSEWHERE, ANSWERABLE]
    newest, *_, first = run("records", "list", "--json").json
    assert (first["status"], newest["question"]) == (single["status"], "and why?")
    pack = run("records", "show", first["id"], "--json").json
    assert pack["answer"] == single
    assert pack["index_digest"] == single["index_digest"]
    assert pack["passages"][0]["passage_id"] == single["sources"][0]["passage_id"]
    assert run("records", "show", newest["id"], "--json").json["standalone_question"] != "and why?"


def test_nothing_is_recorded_where_the_setting_says_so(run: Run, office: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BERNARD_RECORDS__DAYS", "0")

    assert run("ask", ANSWERABLE).status == 0
    assert run("records", "list").out == "No answer is in the records.\n"
    assert run("records", "check").out == "No answer is in the records.\n"
    assert "Nothing has been recorded yet" in run("records", "show", "x").err
    assert not records_file(office).parent.exists()


def test_an_answer_that_cannot_be_recorded_is_given_all_the_same(run: Run, office: Settings, tmp_path: Path) -> None:
    records_file(office).parent.mkdir()
    records_file(office).write_bytes(b"no database at all " * 100)
    questions = write_lines(tmp_path / "in.jsonl", *({"id": n, "question": ANSWERABLE} for n in range(3)))

    single = run("ask", ANSWERABLE, "--json")
    batch = run("ask", "--batch", questions, "--out", tmp_path / "out.jsonl")

    assert (single.status, single.json["status"]) == (0, "answered")
    assert "The answer was not recorded." in single.err
    assert "file is not a database" in single.err
    assert "Traceback" not in single.err
    assert (batch.status, batch.err.count("was not recorded")) == (0, 1)
    assert [line["status"] for line in read_lines(tmp_path / "out.jsonl")] == ["answered"] * 3
    assert run("records", "list").status == 2


def test_the_records_are_listed_and_shown_to_people(run: Run) -> None:
    run("ask", ELSEWHERE)
    run("ask", ANSWERABLE)

    listed = run("records", "list", "--limit", 1)
    record = listed.out.split()[0]
    shown = run("records", "show", record)

    assert ANSWERABLE in unwrapped(listed.out)
    assert listed.out.splitlines()[0].endswith("answered")
    assert "These are the newest 1 of 2 answers; --limit N shows more." in listed.out
    for part in (
        ANSWERABLE,
        "31 days of paid leave",
        f"Record: {record}",
        "Drafted by: quotation",
        "rank 1, score",
        "Milliseconds:",
    ):
        assert part in unwrapped(shown.out)
    assert run("records", "show", "no such").status == 2


def test_what_was_answered_is_exported_oldest_first(run: Run, tmp_path: Path) -> None:
    run("ask", ANSWERABLE)
    run("ask", ELSEWHERE)
    out = tmp_path / "records.jsonl"

    printed = [json.loads(line) for line in run("records", "export").out.splitlines()]
    told = run("records", "export", "--out", out)
    counted = run("records", "export", "--out", out, "--json").json

    assert [pack["question"] for pack in printed] == [ANSWERABLE, ELSEWHERE]
    assert read_lines(out) == printed
    assert (told.out, counted) == (f"Wrote 2 answers to {out}.\n", {"exported": 2, "file": str(out)})
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "cannot be written" in run("records", "export", "--out", tmp_path / "none" / "x.jsonl").err


def test_answers_are_deleted_one_by_one_or_after_a_yes_all_at_once(run: Run, office: Settings) -> None:
    with Records(office) as records:
        first = records.add(foi("first"))
        for question in ("second", "third"):
            records.add(parking(question))

    assert run("records", "delete", first, "--json").json == {"deleted": 1}
    assert (run("records", "delete", first).status, asked(run)) == (2, ["third", "second"])
    unasked = run("records", "delete", "--all")
    assert (unasked.status, unasked.out) == (2, "")
    assert "2 answers would go" in unasked.err
    assert run("records", "delete", "--all", typed="no\n").err.endswith("bernard: Nothing was deleted.\n")
    assert asked(run) == ["third", "second"]
    assert run("records", "delete", "--all", typed="yes\n").out == "Deleted 2 answers from the records.\n"
    assert run("records", "delete", "--all", "--yes", "--json").json == {"deleted": 0}


def test_the_check_tells_that_all_is_well(run: Run) -> None:
    run("ask", ANSWERABLE)

    assert run("records", "check").out == "1 answer in the records: what they quote still stands.\n"
    checked = run("records", "check", "--json")
    assert (checked.status, checked.json) == (0, [])


def test_text_of_a_question_cannot_steer_the_terminal(run: Run, office: Settings) -> None:
    with Records(office) as records:
        record = records.add(parking("why\x1b[2J\u202e?\nnot a line of its own"))

    for outcome in (run("records", "list"), run("records", "show", record)):
        assert "\x1b" not in outcome.out
        assert "\u202e" not in outcome.out
    assert len(run("records", "list").out.splitlines()) == 2


def test_a_file_left_in_the_way_gets_no_question(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.txt"
    theirs.touch()
    (tmp_path / "out.jsonl.partial").symlink_to(theirs)

    records_verbs._write_bytes(tmp_path / "out.jsonl", [b"a question\n"])

    assert theirs.read_bytes() == b""
    assert (tmp_path / "out.jsonl").read_bytes() == b"a question\n"
    assert (tmp_path / "out.jsonl").stat().st_mode & 0o077 == 0


def test_nothing_is_left_behind_when_writing_breaks_off(tmp_path: Path) -> None:
    def parts() -> Iterator[bytes]:
        yield b"a question\n"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        records_verbs._write_bytes(tmp_path / "out.jsonl", parts())

    assert list(tmp_path.iterdir()) == []


def test_documents_of_deleted_conversations_go_too(run: Run, office: Settings) -> None:
    with Records(office) as records:
        shelves = Shelves(office)
        for user in ("ada", "eve"):
            talk = records.begin(user)
            answer = records.add(foi("?"), user=user, conversation=talk)
            with shelves.unfinished(user, talk) as made:
                kept = made.rename(made.with_name("0" * 32))
            kept.joinpath("about.json").write_text("{}")

    assert run("records", "delete", answer).status == 0
    assert len(list(office.uploads_dir.iterdir())) == 1
    assert run("records", "delete", "--all", "--yes").status == 0
    assert list(office.uploads_dir.iterdir()) == []
