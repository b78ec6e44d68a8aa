"""Claims of a language model drawn to be judged by a person, and what is kept of the labels."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from evals.judged import main


def line(number: int, *, shown: bool = True) -> str:
    claim = {
        "id": f"q{number}", "question": "How long?", "shown": shown, "text": f"Keep log {number} for 7 years.",
        "verdict": "supported", "reasons": [], "citations": [{"quote": f"Log {number} is kept for 7 years."}],
    }  # fmt: skip
    return json.dumps(claim) + "\n"


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    (tmp_path / "written.jsonl").write_text("".join(line(n, shown=n % 2 == 0) for n in range(20)) + line(2), "utf-8")
    assert main(["draw", str(tmp_path / "written.jsonl"), str(tmp_path / "sheet.csv"), "--count", "6"]) == 0
    return tmp_path / "sheet.csv"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def label(path: Path, labels: list[str]) -> None:
    rows = rows_of(path)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | {"label": given} for row, given in zip(rows, labels, strict=True))


def test_a_sample_of_shown_claims_is_drawn_each_once_with_what_it_cites(sheet: Path) -> None:
    rows = rows_of(sheet)

    assert len({row["claim"] for row in rows}) == len(rows) == 6
    for row in rows:
        number = int(row["id"].removeprefix("q"))
        assert number % 2 == 0
        assert row["quotes"] == f"Log {number} is kept for 7 years."


def test_labels_are_kept_and_counted_without_the_words(
    sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    label(sheet, ["supported"] * 4 + ["Not supported ", "contradicted"])

    assert main(["keep", str(sheet), str(tmp_path / "labels.jsonl")]) == 0

    assert "| all 6 | 4 | 0 | 1 | 1 |" in capsys.readouterr().out
    text = (tmp_path / "labels.jsonl").read_text("utf-8")
    assert len(text.splitlines()) == 6
    assert "7 years" not in text
    assert main(["count", str(tmp_path / "labels.jsonl")]) == 0
    assert "| supported | 4 | 0 | 1 | 1 |" in capsys.readouterr().out


def test_a_row_without_a_label_is_named_and_nothing_is_kept(
    sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    label(sheet, ["supported"] * 3 + ["perhaps"] + ["supported"] * 2)

    assert main(["keep", str(sheet), str(tmp_path / "labels.jsonl")]) == 2

    assert "Row 5: the label is “perhaps”" in capsys.readouterr().err
    assert not (tmp_path / "labels.jsonl").exists()


def test_a_sheet_that_may_hold_labels_is_not_written_over(
    sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["draw", str(tmp_path / "written.jsonl"), str(sheet)]) == 2
    assert "may hold labels" in capsys.readouterr().err
