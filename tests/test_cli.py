"""The command line as people and scripts meet it: what is printed where, and with which exit status."""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import main
from assistant.settings import Settings
from tests.conftest import index_held

ANSWERABLE = "How many days of paid leave do lighthouse keepers have?"
ELSEWHERE = "What is the corporation tax rate for a film studio in Peru?"


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Outcome]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, small_settings: Settings) -> Run:
    """Runs `bernard` with these arguments, on the small index unless `data` names another data folder."""

    def run(*arguments: object, data: Path | None = None, typed: str | None = None) -> Outcome:
        monkeypatch.setenv("BERNARD_DATA_DIR", str(data or small_settings.data_dir))
        monkeypatch.setattr("sys.stdin", io.StringIO(typed or ""))
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as stop:  # what argparse refuses
            status = int(stop.code or 0)
        printed = capsys.readouterr()
        return Outcome(status, printed.out, printed.err)

    return run


def write_lines(path: Path, *lines: object) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


def read_lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def unwrapped(text: str) -> str:
    return " ".join(text.split())


# in general


def test_help_is_instant_since_nothing_heavy_is_imported() -> None:
    code = (
        "import sys; from assistant.cli import build_parser; build_parser().format_help(); "
        "heavy = {'torch', 'gradio', 'pydantic', 'numpy', 'chromadb', 'langchain_core', 'sqlalchemy'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_module_and_the_file_are_doors_to_the_same_verbs(repository: Path) -> None:
    def shown(*command: str) -> str:
        return subprocess.run([sys.executable, *command, "--help"], capture_output=True, text=True, check=True).stdout

    assert shown("-m", "assistant", "ingest") == shown(str(repository / "ingest.py"))


@pytest.mark.parametrize("door", [["ingest.py"], ["ui.py"], ["-m", "assistant", "ingest"]])
def test_a_python_without_the_packages_is_told_plainly(repository: Path, door: list[str]) -> None:
    bare = [sys.executable, "-S", *door]  # without what is installed beside it

    outcome = subprocess.run(bare, capture_output=True, text=True, check=False, cwd=repository, timeout=60)

    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert re.search(r"has no .*\. Run `make setup`", outcome.stderr)
    assert ".venv/bin/bernard" in outcome.stderr
    assert "Traceback" not in outcome.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["answer"],
        ["ask", "--colour"],
        ["search", "leave", "--limit", "0"],
        ["search", "leave", "--limit", "²"],
        ["search", "leave", "--updated-since", "yesterday"],
        ["ingest", "--wait", "nan"],
        ["serve", "--port", "70000"],
        ["ask", "--batch", "questions.jsonl"],
        ["ask", "leave", "--batch", "questions.jsonl", "--out", "answers.jsonl"],
        ["ask", "leave", "--out", "answers.jsonl"],
        ["settings", "--json", "--markdown"],
        ["records", "delete"],
        ["records", "delete", "20260302-093000-0badcafe", "--all"],
        ["records", "export", "--json"],
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_usage(arguments: list[str], run: Run) -> None:
    outcome = run(*arguments)

    assert outcome.status == 2
    assert outcome.err.startswith("usage: bernard")
    assert outcome.out == ""


def test_the_reference_of_commands_is_current(
    repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    runpy.run_path(str(repository / "scripts/command_reference.py"), run_name="__main__")

    assert (repository / "docs/commands.md").read_text("utf-8") == capsys.readouterr().out, "run `make docs`"


def test_an_argument_without_a_help_text_stops_the_reference(repository: Path) -> None:
    made = runpy.run_path(str(repository / "scripts/command_reference.py"))
    parser = argparse.ArgumentParser(prog="bernard ring", description="Rings the bell.")
    parser.add_argument("times", metavar="TIMES")

    with pytest.raises(SystemExit, match="bernard ring: TIMES has no help text"):
        list(made["_verb"]("bernard ring", parser, heading="##"))


def test_a_setting_that_cannot_be_used_is_told_without_a_stack_trace(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BERNARD_WEB__PORT", "many")

    outcome = run("search", "leave")

    assert outcome.status == 2
    assert outcome.err.startswith("bernard: These settings cannot be used: web.port")
    assert "Traceback" not in outcome.err


# ingest


def test_an_ingest_tells_what_it_did(run: Run, settings: Settings, small_guidance: Path) -> None:
    first = run("ingest", small_guidance, data=settings.data_dir)
    again = run("ingest", small_guidance, "--json", data=settings.data_dir)

    assert first.status == 0
    assert first.out.startswith("3 documents read (3 added); the index holds 8 passages.")
    counts = {
        name: again.json[name] for name in ("added", "changed", "unchanged", "removed", "skipped", "failed", "passages")
    }
    assert counts == {"added": 0, "changed": 0, "unchanged": 3, "removed": 0, "skipped": 0, "failed": 0, "passages": 8}
    assert again.json["seconds"] >= 0


def test_a_file_that_cannot_be_read_is_listed_and_the_rest_is_indexed(
    run: Run, settings: Settings, write_guidance: Callable[..., Path]
) -> None:
    folder = write_guidance({"sound.md": "# Lamps\n\nTrim the wick.\n", "broken.pdf": "%PDF-1.7 broken", "empty.txt": ""})

    outcome = run("ingest", folder, data=settings.data_dir)

    assert outcome.status == 1
    assert "1 document read (1 added)" in outcome.out
    assert f"1 file could not be read: {folder}/broken.pdf: " in unwrapped(outcome.out)
    assert "1 × the file is empty" in outcome.out


def test_a_path_that_is_not_there_leaves_the_index_as_it_was(run: Run, settings: Settings, small_guidance: Path) -> None:
    outcome = run("ingest", small_guidance, "nowhere", data=settings.data_dir)

    assert (outcome.status, outcome.out) == (2, "")
    assert "nowhere" in outcome.err
    assert not settings.index_dir.exists()


def test_without_a_path_the_notes_that_ship_are_indexed_and_only_if_needed(
    run: Run, settings: Settings, small_guidance: Path
) -> None:
    notes = run("ingest", "--if-needed", "--json", data=settings.data_dir)
    again = run("ingest", "--if-needed", "--json", data=settings.data_dir)
    others = run("ingest", "--if-needed", small_guidance, data=settings.data_dir)

    assert notes.json["added"] > 10
    assert (again.json["added"], again.json["unchanged"]) == (0, notes.json["added"])
    assert "is left as it is" in others.err


def test_rebuilding_forgets_other_paths(
    run: Run, settings: Settings, small_guidance: Path, write_guidance: Callable[..., Path]
) -> None:
    folder = write_guidance({"one.md": "# Lamps\n\nTrim the wick every evening.\n"})
    run("ingest", small_guidance, data=settings.data_dir)

    outcome = run("ingest", folder, "--rebuild", "--json", data=settings.data_dir)

    assert (outcome.json["added"], outcome.json["passages"]) == (1, 1)


# search


def test_search_prints_passages_for_people_and_programs(run: Run) -> None:
    shown = run("search", "how", "long", "is", "the", "fog", "log", "kept?")
    given = run("search", "how long is the fog log kept?", "--limit", "2", "--json").json

    assert shown.status == 0
    assert shown.out.startswith("1. Fog signals: charges and records > Records\n   Fog Office, updated 1 June 2015")
    assert {"id", "question", "passages", "timings_ms"} <= set(given)
    assert [passage["rank"] for passage in given["passages"]] == [1, 2]
    assert {
        "rank", "score", "passage_id", "url", "title", "headings", "text", "organisation", "updated", "withdrawn"
    } <= set(given["passages"][0])  # fmt: skip
    assert given["passages"][0]["url"] == "https://www.gov.uk/guidance/fog-signals#records"


@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        (["--organisation", "fog office"], {"Fog signals: charges and records"}),
        (["--type", "guidance"], {"Leave for lighthouse keepers", "Buying lamp oil"}),
        (["--updated-since", "2026-01-01"], {"Leave for lighthouse keepers"}),
        (["--folder", "*/old/*"], {"Buying lamp oil"}),
    ],
)
def test_filters_say_which_guidance_is_searched(filters: list[str], titles: set[str], run: Run) -> None:
    found = run("search", "what must be kept?", "--json", *filters).json["passages"]

    assert {passage["title"] for passage in found} == titles


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        (["--organisation", "Fog Ofice"], r"published by “Fog Ofice”.*Fog Office"),
        (["--type", "guidence"], r"of the type “guidence”.*guidance"),
        (["--folder", "nowhere"], r"from the folder “nowhere”.*bernard index list"),
    ],
)
@pytest.mark.parametrize("verb", ["ask", "search"])
def test_a_limit_that_no_guidance_meets_is_told_instead_of_nothing_found(
    verb: str, filters: list[str], told: str, run: Run
) -> None:
    outcome = run(verb, "what must be kept?", *filters)

    assert (outcome.status, outcome.out) == (2, "")
    assert re.search(told, outcome.err)


def test_a_question_is_read_from_standard_input(run: Run) -> None:
    assert run("search", "-", "--json", typed="fog log\n").json["question"] == "fog log"
    assert run("search", "--json", typed="fog log\n").json["question"] == "fog log"


def test_an_empty_question_is_refused(run: Run) -> None:
    outcome = run("search", "", "--json")

    assert (outcome.status, outcome.out) == (2, "")
    assert "Traceback" not in outcome.err


def test_a_batch_of_searches_gives_a_line_for_each_question_in_order(run: Run, tmp_path: Path) -> None:
    questions = write_lines(
        tmp_path / "questions.jsonl",
        {"id": "oil", "question": "where is lamp oil stored?"},
        {"id": 2, "question": "fog log", "history": [{"role": "user", "content": "Hello"}]},
    )

    outcome = run("search", "--batch", questions, "--out", tmp_path / "results.jsonl", "--limit", 3)
    oil, fog = read_lines(tmp_path / "results.jsonl")

    assert outcome.status == 0
    assert (oil["id"], fog["id"]) == ("oil", 2)
    assert (oil["passages"][0]["title"], len(fog["passages"])) == ("Buying lamp oil", 3)


def test_a_question_that_breaks_costs_itself_only(run: Run, tmp_path: Path) -> None:
    questions = write_lines(
        tmp_path / "questions.jsonl", {"id": "long", "question": "why " * 20_000}, {"id": "sound", "question": "fog log"}
    )

    outcome = run("search", "--batch", questions, "--out", tmp_path / "results.jsonl")
    broken, sound = read_lines(tmp_path / "results.jsonl")

    assert outcome.status == 1
    assert (broken["id"], broken["status"], broken["passages"]) == ("long", "failed", [])
    assert sound["passages"]


def test_a_bad_line_stops_a_batch_before_it_starts(run: Run, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"id": "1", "question": "fog log"}\n{"id": "2", question}\n')

    outcome = run("ask", "--batch", questions, "--out", tmp_path / "answers.jsonl")

    assert outcome.status == 2
    assert "line 2: is not JSON" in outcome.err
    assert not (tmp_path / "answers.jsonl").exists()


# ask


def test_an_answer_is_printed_for_people_and_programs(run: Run) -> None:
    shown = run("ask", ANSWERABLE)
    given = run("ask", ANSWERABLE, "--json").json

    assert shown.status == 0
    assert "31 days of paid leave" in shown.out
    assert "https://www.gov.uk/guidance/lighthouse-leave" in shown.out
    assert given["status"] == "answered"
    assert {
        "id", "question", "standalone_question", "status", "reason", "text", "claims", "withheld", "sources", "notices",
        "model", "timings_ms", "index_digest",
    } <= set(given)  # fmt: skip
    sources = {source["number"]: source["text"] for source in given["sources"]}
    for citation in (citation for claim in given["claims"] for citation in claim["citations"]):
        assert sources[citation["source"]][citation["start"] : citation["end"]] == citation["quote"]


def test_what_is_not_in_the_guidance_is_not_answered(run: Run) -> None:
    given = run("ask", ELSEWHERE, "--json").json

    assert given["status"] == "not in the guidance"
    assert (given["claims"], given["sources"]) == ([], [])


def test_a_batch_of_questions_is_answered_in_order(run: Run, tmp_path: Path) -> None:
    questions = write_lines(
        tmp_path / "questions.jsonl", {"id": "b", "question": ELSEWHERE}, {"id": "a", "question": ANSWERABLE}
    )

    outcome = run("ask", "--batch", questions, "--out", tmp_path / "answers.jsonl")

    assert outcome.status == 0
    assert [(line["id"], line["status"]) for line in read_lines(tmp_path / "answers.jsonl")] == [
        ("b", "not in the guidance"),
        ("a", "answered"),
    ]


def test_the_conversation_before_a_question_counts(run: Run, tmp_path: Path) -> None:
    history = tmp_path / "history.json"
    turns = [{"role": "user", "content": ANSWERABLE}, {"role": "assistant", "content": "31 days."}]
    history.write_text(json.dumps(turns))

    given = run("ask", "and how many can they carry over?", "--history", history, "--json").json

    assert given["standalone_question"] != given["question"]
    assert run("ask", "why?", "--history", tmp_path / "none.json").status == 2


def test_without_an_index_the_way_to_make_one_is_told(run: Run, tmp_path: Path) -> None:
    outcome = run("ask", ANSWERABLE, data=tmp_path / "empty")

    assert (outcome.status, outcome.out) == (2, "")
    assert "`bernard ingest`" in outcome.err


def test_a_data_folder_that_cannot_be_is_told_without_a_stack_trace(run: Run, tmp_path: Path, small_guidance: Path) -> None:
    (tmp_path / "file").touch()

    outcome = run("ingest", small_guidance, data=tmp_path / "file")

    assert (outcome.status, outcome.out) == (2, "")
    assert "Not a directory" in outcome.err
    assert "bernard doctor" in outcome.err


def test_a_reader_that_has_seen_enough_ends_the_printing_quietly(small_settings: Settings) -> None:
    environment = {**os.environ, "BERNARD_DATA_DIR": str(small_settings.data_dir)}
    command = [sys.executable, "-m", "assistant", "settings"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""


# several processes, and being stopped


def test_an_index_that_another_process_changes_can_be_asked(run: Run, settings: Settings, small_guidance: Path) -> None:
    run("ingest", small_guidance, data=settings.data_dir)
    with index_held(settings) as holder:
        outcomes = [
            run(*arguments, data=settings.data_dir) for arguments in (["search", "leave"], ["ingest", small_guidance])
        ]

    assert [outcome.status for outcome in outcomes] == [0, 2]
    assert f"process {holder}" in outcomes[1].err


def test_being_stopped_ends_with_a_message_and_the_shell_s_status(settings: Settings, small_guidance: Path) -> None:
    environment = {**os.environ, "BERNARD_DATA_DIR": str(settings.data_dir)}
    command = [sys.executable, "-m", "assistant", "ingest", str(small_guidance), "--wait", "60"]
    with index_held(settings), subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as waiting:
        time.sleep(3)  # long enough to be waiting for the index
        waiting.send_signal(signal.SIGINT)
        _, told = waiting.communicate(timeout=30)

    assert waiting.returncode == 130
    assert told.startswith("bernard: Stopped")  # and, once it is waiting: "; the index is as it was before."
    assert "Traceback" not in told


# settings and doctor


def test_settings_are_listed_with_those_that_differ_marked(run: Run) -> None:
    shown = run("settings").out
    given = run("settings", "--json").json

    assert "* data_dir = " in shown
    assert "  web.port = 7860" in shown
    assert {"name": "web.host", "value": "127.0.0.1"}.items() <= next(s for s in given if s["name"] == "web.host").items()


def test_the_doctor_s_status_says_whether_there_is_a_fault(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()

    sound = run("doctor", "--json")
    broken = run("doctor", data=tmp_path / "file" / "data")
    monkeypatch.setenv("BERNARD_WEB__PORT", "many")
    unset = run("doctor", "--json")

    assert (sound.status, broken.status, unset.status) == (0, 1, 1)
    assert {finding["name"] for finding in sound.json} >= {"python", "packages", "model weights", "index", "disk", "port"}
    assert "fault data folder: " in unwrapped(broken.out)
    assert [finding["name"] for finding in unset.json] == ["settings"]
