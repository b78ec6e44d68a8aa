"""`bernard users`, and what `bernard records` does with feedback and files, as people and scripts meet them."""

from __future__ import annotations

import io
import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.records import Records
from assistant.records.database import make_engine, records_file, writing
from assistant.records.schema import answers
from assistant.settings import Settings
from tests.records.conftest import changed
from tests.test_cli import Outcome, read_lines, unwrapped
from tests.web.sample_answers import FIRST, foi, parking

RIGHT = "correct horse battery"
Run = Callable[..., Outcome]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A data folder where nothing is yet; the working folder is beside it."""
    (tmp_path / "desk").mkdir()
    monkeypatch.chdir(tmp_path / "desk")
    monkeypatch.setenv("BERNARD_DATA_DIR", str(tmp_path / "data"))
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, office: Settings) -> Run:
    def run(*arguments: object, piped: str = "", typed: tuple[str, ...] = ()) -> Outcome:
        stdin = io.StringIO(piped)
        lines = iter(typed)
        monkeypatch.setattr("sys.stdin", stdin)
        monkeypatch.setattr(stdin, "isatty", lambda: bool(typed))
        monkeypatch.setattr("getpass.getpass", lambda prompt: next(lines))
        status = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Outcome(status, printed.out, printed.err)

    return run


# users


def test_looking_for_users_makes_no_records(run: Run, office: Settings) -> None:
    assert run("users", "list").out == "There are no users. `bernard users add NAME` adds one.\n"
    assert run("users", "list", "--json").json == []
    assert not records_file(office).exists()


def test_a_user_is_added_listed_given_another_password_and_removed(run: Run, office: Settings) -> None:
    added = run("users", "add", "Jim.Hacker", "--role", "administrator", piped=f"{RIGHT}\n")
    run("users", "add", "ann", typed=(RIGHT, RIGHT))
    changed_ = run("users", "password", "ann", piped="another long password\r\n")

    assert (added.status, added.out) == (0, "Added jim.hacker as administrator.\n")
    assert [(user["name"], user["role"]) for user in run("users", "list", "--json").json] == [
        ("ann", "official"),
        ("jim.hacker", "administrator"),
    ]
    assert run("users", "list").out.splitlines()[1].split()[:2] == ["jim.hacker", "administrator"]
    assert (changed_.status, changed_.out) == (0, "ann has a new password.\n")
    with Records(office) as records:
        assert records.users().check("jim.hacker", RIGHT)
        assert records.users().check("ann", "another long password")
    assert run("users", "remove", "ann").out == "Removed ann.\n"
    assert [user["name"] for user in run("users", "list", "--json").json] == ["jim.hacker"]


@pytest.mark.parametrize(
    ("arguments", "typed", "told"),
    [
        (("add", "ann"), ("too short", "too short"), "at least 12 characters"),
        (("add", "ann"), (RIGHT, f"{RIGHT}!"), "The two passwords differ"),
        (("add", "ann", "--role", "minister"), (RIGHT, RIGHT), "Choose from: official, evaluator, administrator"),
        (("add", "not a name"), (RIGHT, RIGHT), "cannot be a user name"),
        (("password", "nobody"), (RIGHT, RIGHT), "There is no user nobody"),
        (("remove", "nobody"), (), "There is no user nobody"),
    ],
)
def test_what_will_not_do_changes_nothing_and_is_told(
    arguments: tuple[str, ...], typed: tuple[str, ...], told: str, run: Run
) -> None:
    outcome = run("users", *arguments, typed=typed)

    assert outcome.status == 2
    assert told in outcome.err
    assert RIGHT not in outcome.out + outcome.err
    assert run("users", "list", "--json").json == []


# feedback


def test_feedback_is_listed_for_people_and_written_as_cases(run: Run, office: Settings, tmp_path: Path) -> None:
    assert run("records", "feedback").out == "Nobody has said anything of an answer yet.\n"
    with Records(office) as records:
        answer = records.add(foi("freedom"), user="ann")
        records.give_feedback("ann", answer, kinds=["wrong", "unclear"], text="No\x1b[2J!", claim=0)
    out = tmp_path / "cases.jsonl"

    listed = run("records", "feedback")
    told = run("records", "feedback", "--cases", out)
    (entry,) = run("records", "feedback", "--json").json

    assert "by ann: wrong, unclear" in unwrapped(listed.out)
    assert "claim 1" in listed.out
    assert "\x1b" not in listed.out
    assert (entry["answer_id"], entry["kinds"], entry["claim"]) == (answer, ["wrong", "unclear"], 0)
    assert told.out == f"Wrote 1 case to {out}.\n"
    assert run("records", "feedback", "--cases", out, "--json").json == {"cases": 1, "file": str(out)}
    (case,) = read_lines(out)
    assert (case["claim"], case["comment"]) == (FIRST, "No\x1b[2J!")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


# files


def test_an_answer_is_written_as_a_file_named_after_it_or_as_asked(run: Run, office: Settings) -> None:
    with Records(office) as records:
        ids = [records.add(foi("How long?")), records.add(parking("Where?"))]

    named = run("records", "export", ids[0])
    by_ending = run("records", "export", *ids, "--out", "paper.md", "--marking", "OFFICIAL", "--json")
    by_form = run("records", "export", ids[0], "--form", "json", "--out", "paper")

    (word,) = Path().glob("bernard-how-long-*.docx")
    assert named.out == f"Wrote 1 answer to {word}.\n"
    assert word.read_bytes().startswith(b"PK")
    assert stat.S_IMODE(word.stat().st_mode) == 0o600
    assert by_ending.json == {"exported": 2, "file": "paper.md"}
    assert Path("paper.md").read_text("utf-8").startswith("**OFFICIAL**\n\n# How long?\n")
    assert "## Where?" in Path("paper.md").read_text("utf-8")
    assert by_form.status == 0
    assert json.loads(Path("paper").read_bytes())["answers"][0]["id"] == ids[0]


def test_a_file_that_cannot_be_written_as_asked_is_told_plainly_and_leaves_nothing(run: Run, office: Settings) -> None:
    with Records(office) as records:
        answer = records.add(foi("How long?"))

    for arguments, told in (
        (("no-such",), "No answer in the records"),
        ((answer, "--form", "exe"), "Bernard writes no 'exe' files"),
        ((answer, "--out", "paper.exe"), "Bernard writes no 'exe' files"),
        ((answer, "--marking", "SECRET"), "'SECRET' is no protective marking"),
        ((answer, "--out", "none/paper.docx"), "cannot be written to none/paper.docx"),
    ):
        outcome = run("records", "export", *arguments)
        assert (outcome.status, told in outcome.err) == (2, True), outcome
    with pytest.raises(SystemExit):
        run("records", "export", "--marking", "OFFICIAL")
    assert list(Path().iterdir()) == []


def test_an_answer_of_another_version_is_told_of(run: Run, office: Settings) -> None:
    with Records(changed(office, days=0)) as records:
        answer = records.add(foi("How long?"))
    engine = make_engine(office)
    with writing(engine) as connection:
        connection.execute(answers.update().values(answer={"text": "As it was."}))
    engine.dispose()

    outcome = run("records", "export", answer)

    assert outcome.status == 2
    assert "another version of Bernard" in outcome.err
