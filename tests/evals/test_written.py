"""The benchmark of written answers, with the real small model over the dozen notes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from assistant.settings import Settings
from evals import written
from evals.conditionalqa import SET

QUESTIONS = [
    ("leave", "I keep a light.", "How many days of paid leave do lighthouse keepers have?"),
    ("log", "", "How long must the fog log be kept?"),
    ("cup", "", "Who won the football World Cup in 1966?"),
]


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """A folder laid out as the shared one is, with three questions."""
    path = tmp_path / "sets" / SET
    path.parent.mkdir(parents=True)
    lines = [
        {"id": name, "url": "", "scenario": scenario, "question": question, "answerable": True, "evidence": ["x"]}
        for name, scenario, question in QUESTIONS
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return tmp_path / "sets"


@pytest.mark.slow
def test_every_claim_of_the_model_is_kept_with_the_sources_it_was_compared_with(
    sets: Path, tmp_path: Path, notes_settings: Settings, small_model: str,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    given = {"DATA_DIR": str(notes_settings.data_dir), "MODEL": "openai:smollm2", "GENERATION__BASE_URL": small_model}
    small = {"GENERATION__MAX_TOKENS": "60", "GENERATION__CONTEXT_TOKENS": "900", "GENERATION__TIMEOUT": "120"}
    for name, value in (given | small).items():
        monkeypatch.setenv(f"BERNARD_{name}", value)
    out = tmp_path / "claims" / "written.jsonl"

    assert written.main(["--shared", str(sets), "--out", str(out)]) == 0

    told = capsys.readouterr().out
    figure = dict(re.findall(r"^\| ([^|]+?) \| (\d+)[^|]*\|$", told, re.M))
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert figure["questions asked"] == "3"
    assert figure["answers: not in the guidance"] == "1"
    assert int(figure["claims drafted"]) == len(lines) > 0
    assert {line["id"] for line in lines} <= {"leave", "log"}
    assert int(figure["claims shown"]) + int(figure["claims withheld"]) == len(lines)
    for line in lines:
        if line["shown"]:
            texts = {source["text"] for source in line["sources"]}
            assert all(any(citation["quote"] in text for text in texts) for citation in line["citations"])
            assert line["citations"]
        else:
            assert line["reasons"]
            assert line["offered"], "a withheld claim can be judged only beside what the model was given"


def test_what_was_asked_before_can_be_left_out(sets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    earlier = tmp_path / "earlier.jsonl"
    earlier.write_text("".join(json.dumps({"id": name}) + "\n" for name, _, _ in QUESTIONS), "utf-8")

    assert written.main(["--shared", str(sets), "--leave-out", str(earlier)]) == 2
    assert "among those left out" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [(["--questions", "0"], "ask at least one"), (["--shared", "/nowhere"], "cannot be read")],
)
def test_what_cannot_be_measured_is_told_in_a_line(
    options: list[str], said: str, sets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert written.main(["--shared", str(sets), *options]) == 2
    assert said in capsys.readouterr().err
