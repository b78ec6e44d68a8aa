"""The verbs of `bernard consult`, as an analyst types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import main
from assistant.settings import Settings
from tests.consult.conftest import Write, bus_rows

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `bernard consult` with these arguments: status, what was printed, and what was said beside it."""
    monkeypatch.setenv("BERNARD_DATA_DIR", str(settings.data_dir))

    def run(*arguments: object) -> tuple[int, str, str]:
        try:
            status = main(["consult", *map(str, arguments)])
        except SystemExit as stop:
            status = int(stop.code or 0)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def test_from_a_file_to_a_signed_report(run: Run, write_csv: Write, tmp_path: Path) -> None:
    def json_of(*arguments: object) -> Any:
        status, out, err = run(*arguments, "--json")
        assert status == 0, err
        return json.loads(out)

    made = json_of("new", "buses", write_csv(bus_rows()))
    assert made["questions"][0]["rows"]["blank"] == 1
    assert len(json_of("themes", "buses", "--number", 3)) == 3
    json_of("rename", "buses", "T1", "Cost of travel", "--who", "Ann")
    json_of("merge", "buses", "T1", "T2", "--who", "Ann")
    json_of("undo", "buses", 3, "--who", "Ben")
    json_of("approve", "buses", "--who", "Ann")
    json_of("review", "buses", "R1", "T1", "--who", "Ann", "--blind")
    json_of("blind", "buses", "--draw", 2, "--who", "Ann")
    for one in json_of("blind", "buses")["to_label"]:
        json_of("blind", "buses", one["response"], "T1", "--who", "Ann")
    assert json_of("blind", "buses")["agreement"][0]["labelled"] == 2
    json_of("sign", "buses", "--who", "Ann")
    for ending in ("html", "xlsx", "csv", "json"):
        json_of("export", "buses", "--out", tmp_path / f"out.{ending}")
        assert (tmp_path / f"out.{ending}").stat().st_mode & 0o077 == 0
    history = json_of("history", "buses")

    assert [one["number"] for one in history if one["undone"]] == [3]
    assert {one["who"] for one in history} == {"Bernard", "Ann", "Ben"}
    assert "signed by Ann" in (tmp_path / "out.html").read_text("utf-8")
    assert json_of("show", "buses", "T1")[0]["title"] == "Cost of travel"
    assert json_of("list")[0]["name"] == "buses"


def test_a_row_that_was_lost_is_told_and_makes_the_status_1(run: Run, tmp_path: Path) -> None:
    lines = [",".join(f'"{cell}"' for cell in row) for row in bus_rows()]
    (tmp_path / "r.csv").write_text("\n".join([*lines, "R99,No,Too dear, and late,Town,more"]), "utf-8")

    status, out, err = run("new", "buses", tmp_path / "r.csv")

    assert status == 1
    assert "Row 21 has 6 cells where there are 4 headings" in err
    assert "open question" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "trains"), "There is no consultation 'trains'"),
        (("new", "buses", "missing.csv"), "missing.csv cannot be read"),
        (("delete", "trains"), "There is no consultation"),
    ],
)
def test_a_mistake_is_answered_in_plain_words_with_status_2(run: Run, arguments: tuple[str, ...], said: str) -> None:
    status, _, err = run(*arguments)

    assert status == 2
    assert said in err


def test_deleting_asks_first_and_then_leaves_nothing(run: Run, write_csv: Write, settings: Settings) -> None:
    run("new", "buses", write_csv(bus_rows()))

    assert run("delete", "buses")[0] == 2
    assert run("delete", "buses", "--yes")[0] == 0
    assert list((settings.data_dir / "consultations").iterdir()) == []


def test_themes_named_together_are_decided_on_together(run: Run, write_csv: Write) -> None:
    run("new", "buses", write_csv(bus_rows()))
    run("themes", "buses", "--number", 3)
    status, _, err = run("reject", "buses", "T1", "T99", "--who", "Ann")

    assert status != 0
    assert "no theme T99" in err
    assert "T1" in run("show", "buses")[1]
    assert run("approve", "buses", "T1", "T2", "--who", "Ann")[0] == 0
    assert run("undo", "buses", 3, "--who", "Ann")[0] == 0
    assert "[approved]" not in run("show", "buses")[1], "what was approved at a stroke is undone at a stroke"
