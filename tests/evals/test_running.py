"""Runs over a few questions about made-up notes: what is kept, how a stopped run goes on, what is shown and compared."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest

from assistant.settings import Settings
from evals.gathering import Options, drawn_evenly, limit_of
from evals.own_questions import read_questions
from evals.run_folder import read_about, read_results
from evals.sets import load_set
from evals.suites.known import suites_named
from evals.writing import read_scorecard
from tests.evals.small_run import LEAVE, evaluate


@pytest.mark.usefixtures("_live")
def test_a_run_is_kept_whole_and_shown(tmp_path: Path, own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "run"
    assert evaluate("run", "retrieval", "answers", "grounding", "refusal", "--data", own, "--out", out) == 0
    about = read_about(out)
    assert about.finished
    assert about.indexes.keys() == {"live"}
    assert about.command.startswith("bernard eval run retrieval")
    figures = {(one.suite, one.name): one for one in read_scorecard(out).figures if not one.kind}
    assert figures["retrieval", "found_250"].value.mean == 1
    assert figures["retrieval", "found_250"].n == 2, "what has no evidence cannot be found"
    assert figures["refusal", "recall"].value.mean == 1
    assert figures["refusal", "false_answers"].upper is not None, "nothing seen in two says little"
    assert figures["grounding", "quotes"].value.mean == 1
    assert math.isnan(figures["answers", "conditions"].value.mean), "no question has conditions"
    assert figures["grounding", "quotes"].lower == pytest.approx(0.05 ** (1 / figures["grounding", "quotes"].n))
    assert "quotations exact | 1.000 (at least 0.2" in (out / "scorecard.md").read_text("utf-8"), "two say little"
    left = {one.suite: one.count for one in about.left_out}
    assert left == {"retrieval": 2, "answers": 2}, "what lacks evidence is not asked, and that is told"
    by_case = {one.id: one for one in read_results(out) if one.suite == "grounding"}
    assert by_case["moon"].measures == {}, "a refusal is neither grounded nor ungrounded"
    written = json.loads((out / "scorecard.json").read_text("utf-8"))
    assert next(one for one in written["figures"] if one["name"] == "conditions")["value"]["mean"] is None
    assert "| own | evidence in the first 250 words | 1.000 (at least 0.224) | 2 |" in (out / "scorecard.md").read_text(
        "utf-8"
    )
    assert str(out / "scorecard.html") in capsys.readouterr().err


@pytest.mark.usefixtures("_live")
def test_the_page_needs_nothing_from_elsewhere_and_escapes_what_was_asked(tmp_path: Path) -> None:
    own = tmp_path / "own.jsonl"
    row = {"id": "x", "question": "Who <b>keeps</b> the moon & why?", "evidence": ["Nobody <i>keeps</i> it."]}
    own.write_text(json.dumps(row) + "\n", "utf-8")
    assert evaluate("run", "answers", "--data", own, "--out", tmp_path / "run") == 0
    page = (tmp_path / "run" / "scorecard.html").read_text("utf-8")
    assert "Who &lt;b&gt;keeps&lt;/b&gt; the moon &amp; why?" in page
    assert "Nobody &lt;i&gt;keeps" in page
    assert not re.search(r"<(?:script|link|img|iframe)\b|\bsrc=|@import|url\(", page)
    assert '<html lang="en-GB">' in page
    assert page.count("<h1>") == 1


@pytest.mark.usefixtures("_live")
def test_a_stopped_run_goes_on_where_it_stopped(tmp_path: Path, own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "run"
    assert evaluate("run", "refusal", "--data", own, "--out", out) == 0
    whole = (out / "samples.jsonl").read_text("utf-8")
    lines = whole.splitlines(keepends=True)
    marked = lines[0].replace('"why":""', '"why":"from before"')
    (out / "samples.jsonl").write_text(marked + lines[1] + lines[2][:40], "utf-8")
    assert evaluate("run", "refusal", "--data", own, "--out", out) == 2
    assert "holds a run already. Give --resume" in capsys.readouterr().err
    assert evaluate("run", "refusal", "--data", own, "--out", out, "--resume") == 0
    results = read_results(out)
    assert [one.id for one in results] == ["leave", "fog", "moon", "tax"]
    assert results[0].why == "from before", "what was scored is not asked again"


def test_a_run_that_failed_before_its_first_result_is_not_in_the_way(
    tmp_path: Path, own: Path, small_settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    monkeypatch.setenv("BERNARD_DATA_DIR", str(tmp_path / "empty"))
    assert evaluate("run", "refusal", "--data", own, "--out", out) == 2
    assert "There is no index in" in capsys.readouterr().err
    monkeypatch.setenv("BERNARD_DATA_DIR", str(small_settings.data_dir))
    assert evaluate("run", "refusal", "--data", own, "--out", out) == 0


@pytest.mark.usefixtures("_live")
def test_epochs_ask_again_and_settings_can_be_changed(tmp_path: Path, own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    assert evaluate("run", "answers", "--data", own, "--out", one, "--epochs", 2) == 0
    assert len(read_results(one)) == 4
    assert evaluate("run", "answers", "--data", own, "--out", two, "--set", "answer.max_blocks=1", "--epochs", 2) == 0
    assert read_about(two).settings == {"answer.max_blocks": "1"}
    capsys.readouterr()
    assert evaluate("compare", one, two, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    [recall] = [row for row in told["differences"] if row["name"] == "recall"]
    assert (recall["verdict"], recall["n"]) == ("too few to say", 2), "two questions are two, however often asked"
    assert evaluate("run", "answers", "--data", own, "--out", tmp_path / "three", "--set", "answer.maxblocks=1") == 2
    assert "'answer.maxblocks' sets nothing" in capsys.readouterr().err


@pytest.mark.usefixtures("_live")
def test_the_gate_lists_what_falls_short(tmp_path: Path, own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, bars = tmp_path / "run", tmp_path / "bars.toml"
    assert evaluate("run", "answers", "--data", own, "--out", out) == 0
    rows = [
        ("recall", "at_least = 0.5"),
        ("words", "at_most = 1"),
        ("conditions", "at_least = 0.1"),
        ("nothing", "at_least = 0.1"),
    ]
    bars.write_text(
        "".join(f'[[threshold]]\nsuite="answers"\nset="own"\nfigure="{name}"\n{bar}\nwhy="a test"\n' for name, bar in rows),
        "utf-8",
    )
    capsys.readouterr()
    assert evaluate("gate", out, "--thresholds", bars) == 1
    told = capsys.readouterr().out
    assert re.search(
        r"answers, own: length is [\d.]+ \([\d.]+ to [\d.]+\) words; it must be at most 1.0 words \(a test\)\.", told
    )
    assert "conditions mentioned is undefined" in told
    assert "answers, own: nothing was not measured" in told
    assert told.endswith("1 of 4 thresholds met.\n")
    bars.write_text('[[threshold]]\nsuite="answers"\nset="own"\nfigure="recall"\nat_least=0.5\nwhy="a test"\n', "utf-8")
    assert evaluate("gate", out, "--thresholds", bars) == 0


@pytest.mark.usefixtures("_live")
def test_a_transparency_record_has_the_figures_and_leaves_questions_open(
    tmp_path: Path, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate("run", "refusal", "--data", own, "--out", tmp_path / "run") == 0
    capsys.readouterr()
    assert evaluate("transparency", tmp_path / "run") == 0
    text = capsys.readouterr().out
    assert "| refusal | own | false answers | 0.000 (at most 0.776) | 2 |" in text
    assert "[team and e-mail address]" in text
    assert "nothing leaves the machine" in text
    assert "| grounding | – | quotations exact | not measured | 0 |" in text


KEEPERS = "https://www.gov.uk/guidance/lighthouse-leave"
QUESTION = {"id": "q", "answerable": True, "scenario": "I keep a lighthouse.", "answers": [{"conditions": []}]}


@pytest.fixture
def public(tmp_path: Path) -> Path:
    """A folder of public sets with one of them in it, about the made-up notes."""
    row = {
        **QUESTION,
        "question": "How many days of paid leave do lighthouse keepers have?",
        "evidence": [LEAVE],
        "url": KEEPERS,
    }
    elsewhere = {**row, "id": "elsewhere", "url": "https://www.gov.uk/elsewhere"}
    folder = tmp_path / "sets"
    (folder / "conditionalqa").mkdir(parents=True)
    (folder / "conditionalqa" / "questions.jsonl").write_text(f"{json.dumps(row)}\n{json.dumps(elsewhere)}\n", "utf-8")
    return folder


@pytest.mark.usefixtures("_live")
def test_public_sets_are_asked_instead_of_the_shipped_ones_and_once_more_without_their_page(
    tmp_path: Path, public: Path
) -> None:
    assert evaluate("run", "refusal", "answers", "--sets", public, "--out", tmp_path / "run") == 0
    results = {(one.suite, one.id): one for one in read_results(tmp_path / "run")}
    assert results.keys() == {("refusal", "q"), ("refusal", "q-removed"), ("answers", "q")}
    assert results["answers", "q"].measures["recall"] == (1.0, 1.0), (
        "taking a page out for one question leaves it for others"
    )
    assert results["refusal", "q"].got == "answered"
    assert results["refusal", "q-removed"].got == "refused", "its page is not searched"
    assert LEAVE not in results["refusal", "q-removed"].shown
    left = {(one.suite, one.set): one for one in read_about(tmp_path / "run").left_out}
    assert left["refusal", "conditionalqa"].count == 2
    assert left["refusal", "conditionalqa"].reason == "the index holds no page of the question"
    assert left["refusal", "clapnq"].reason == "clapnq/questions.jsonl is not in sets/"
    assert ("refusal", "shipped") not in left


def test_a_public_set_without_its_guidance_is_told(
    tmp_path: Path, public: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BERNARD_DATA_DIR", str(tmp_path / "empty"))
    assert evaluate("run", "retrieval", "--sets", public, "--only", "conditionalqa", "--out", tmp_path / "run") == 2
    told = capsys.readouterr().err
    assert "Nothing was asked: retrieval found no case in the sets chosen." in told
    assert "retrieval, conditionalqa: nothing is indexed in the data folder that the settings name" in told


def test_a_limit_draws_every_kind_alike_and_the_same_each_time() -> None:
    found = load_set("routing")
    assert not hasattr(found, "reason")
    cases = found.cases
    drawn = drawn_evenly(cases, 30, 0)
    assert len(drawn) == 30
    kinds = [case.kind for case in drawn]
    assert max(map(kinds.count, kinds)) - min(map(kinds.count, kinds)) <= 1
    assert drawn == drawn_evenly(cases, 30, 0) != drawn_evenly(cases, 30, 1)


def test_a_suite_that_needs_few_draws_few_unless_it_is_told_otherwise(own: Path) -> None:
    [speed, refusal] = suites_named(["speed", "refusal"])
    assert limit_of(speed, Options()) == speed.enough > 0
    assert limit_of(refusal, Options()) == 0
    assert limit_of(speed, Options(limit=500)) == 500
    assert limit_of(speed, Options(own=read_questions(own))) == 0, "what somebody brings is asked whole"


def test_where_there_is_no_run_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate("gate", tmp_path) == 2
    assert "There is no finished run in" in capsys.readouterr().err
    assert evaluate("run", "colour", "--out", tmp_path) == 2
    assert "There is no suite colour. The suites are: retrieval" in capsys.readouterr().err
    assert evaluate("run", "--only", "shiped", "--out", tmp_path / "run") == 2
    assert "There is no set shiped. The sets are: shipped, routing" in capsys.readouterr().err
    assert evaluate("run", "--sets", tmp_path / "nowhere", "--out", tmp_path / "run") == 2
    assert f"There is no folder {tmp_path / 'nowhere'} to take sets from." in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
