"""People label answers without seeing what made them; their labels come back by table or page, and agreement is computed."""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import InputError
from evals.cli import main
from evals.results import SampleResult
from evals.review_agreement import agreement_table, agreements
from evals.review_tables import as_csv, read_labels
from evals.reviewing import Label, by_present_names, items_of, keep, kept


def result(number: int, *, recall: float = 1.0, cluster: str = "a", **other: Any) -> SampleResult:
    shown = "answered (evidence found; confidence 0.91)\n• Keep the log. [1] (quoted)\n[1] Logs: https://www.gov.uk/logs"
    return SampleResult(**{
        "suite": "answers", "set": "own", "id": str(number), "cluster": cluster, "question": f"Question {number}?",
        "shown": shown, "measures": {"recall": (recall, 1.0), "f1": (recall, 1.0)}, **other,
    })  # fmt: skip


def claimed(*verdicts: str) -> dict[str, Any]:
    claims = [{"text": f"Claim {n}.", "verdict": one, "sources": [1]} for n, one in enumerate(verdicts, start=1)]
    return {"details": {"claims": claims, "sources": [{"number": 1, "text": "Keep the log."}]}}


RUNS = {"one": [result(n) for n in range(6)], "two": [result(n, recall=0.0) for n in range(6, 12)]}


def test_answers_of_several_runs_are_mixed_and_tell_not_what_made_them() -> None:
    items = items_of(RUNS, limit=12)
    assert len(items) == 12
    shown = [one.item.shown for one in items.values()]
    assert not any(word in text for text in shown for word in ("confidence", "quoted", "0.91"))
    assert shown[0] == "answered\n• Keep the log. [1]\n[1] Logs: https://www.gov.uk/logs"
    order = [one.result.measures["recall"][0] for one in items.values()]
    assert order not in (sorted(order), sorted(order, reverse=True))
    assert list(items) == list(items_of(RUNS, limit=12)), "all raters get the same"
    assert list(items) != list(items_of(RUNS, limit=12, seed=1))


def test_a_rater_sees_the_guidance_that_an_answer_cites() -> None:
    cited = result(1).model_copy(update={"details": {"sources": [{"number": 1, "text": "Keep the log for 7 years."}]}})
    [one] = items_of({"one": [cited]}, limit=1).values()
    assert one.item.shown.endswith("\nThe guidance cited:\n[1] Keep the log for 7 years.")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_goes_out_and_comes_back_however_it_was_saved(tmp_path: Path, delimiter: str) -> None:
    items = [one.item for one in items_of(RUNS, limit=3).values()]
    rows = list(csv.DictReader(io.StringIO(as_csv(items))))
    rows[0] |= {"helpful": "Yes", "supported": "yes", "complete": "no", "comment": "too short"}
    path = tmp_path / "filled.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.DictWriter(file, rows[0].keys(), delimiter=delimiter)
        table.writeheader()
        table.writerows(rows)
    labels = read_labels(path, "HA")
    assert labels == [
        Label(item=items[0].item, rater="HA", helpful="yes", supported="yes", complete="no", comment="too short")
    ], "rows left empty are no labels"


def test_a_table_with_other_words_is_told_by_row(tmp_path: Path) -> None:
    path = tmp_path / "filled.csv"
    path.write_text("item,helpful,supported,complete\nabc,yes\nabd,maybe\n", "utf-8")
    with pytest.raises(InputError, match="row 3: helpful is 'maybe'"):
        read_labels(path, "HA")
    path.write_text("thing,helpful\nabc,yes\n", "utf-8")
    with pytest.raises(InputError, match="does not name the column 'item'"):
        read_labels(path, "HA")


def test_a_question_that_looks_like_a_formula_is_none() -> None:
    items = items_of({"one": [result(1).model_copy(update={"question": "=HYPERLINK(1)"})]}, limit=1)
    assert "'=HYPERLINK" in as_csv([one.item for one in items.values()])


def test_a_later_label_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    keep(path, [Label(item="a", rater="HA", helpful="no"), Label(item="a", rater="BW", helpful="no")])
    keep(path, [Label(item="a", rater="HA", helpful="yes")])
    assert {(one.rater, one.helpful) for one in kept(path)} == {("HA", "yes"), ("BW", "no")}
    assert kept(tmp_path / "none.jsonl") == []


def test_agreement_between_raters_and_with_figures() -> None:
    items = items_of(RUNS, limit=12)
    right = {name: "yes" if one.result.measures["recall"][0] else "no" for name, one in items.items()}
    labels = [Label(item=name, rater=rater, helpful=value) for name, value in right.items() for rater in ("HA", "BW")]
    found = {(one.question, one.with_whom): one for one in agreements(labels, items)}
    assert found["helpful", "each other"].alpha.mean == 1
    assert found["helpful", "evidence recall"].alpha.mean == 1
    assert found["helpful", "evidence recall"].items == 12
    assert math.isnan(found["supported", "each other"].alpha.mean), "nobody said"
    assert "| supported | each other | 0 | 0 | undefined |" in agreement_table(list(found.values()))


def written_run(folder: Path, results: list[SampleResult]) -> Path:
    folder.mkdir()
    (folder / "samples.jsonl").write_text("".join(one.model_dump_json() + "\n" for one in results), "utf-8")
    return folder


def filled(table: str, **given: str) -> str:
    """A table with the same labels in every row that they are asked of."""
    rows = list(csv.DictReader(io.StringIO(table)))
    out = io.StringIO()
    written = csv.DictWriter(out, rows[0].keys())
    written.writeheader()
    asked = {True: ("borne_out",), False: ("helpful", "supported", "complete")}
    written.writerows([row | {name: given[name] for name in asked["." in row["item"]] if name in given} for row in rows])
    return out.getvalue()


def test_labels_stay_with_the_answers_when_the_folder_of_a_run_is_moved(tmp_path: Path, capsys: Any) -> None:
    run = written_run(tmp_path / "run", [result(n, **claimed("quoted", "supported")) for n in range(4)])
    table = tmp_path / "table.csv"
    assert main(["review", str(run), "--limit", "3", "--write", str(table)]) == 0
    table.write_text(filled(table.read_text("utf-8-sig"), helpful="yes", supported="no", borne_out="no"), "utf-8")
    for rater in ("HA", "BW"):
        assert main(["review", str(run), "--read", str(table), "--rater", rater]) == 0
    assert "Kept the labels of 3 answers and 6 statements" in capsys.readouterr().err
    moved = run.rename(tmp_path / "moved")
    assert main(["review", str(moved), "--agreement"]) == 0
    told = capsys.readouterr().out
    assert "| helpful | evidence recall | 3 | 3 |" in told
    assert "| borne_out | each other | 6 | 6 |" in told
    assert "not counted" not in told
    written_run(tmp_path / "other", [result(9)])
    (moved / "labels.jsonl").rename(tmp_path / "other" / "labels.jsonl")
    assert main(["review", str(tmp_path / "other"), "--agreement"]) == 0
    assert "18 labels" in capsys.readouterr().out, "labels of other answers are told of, and not lost in silence"


def test_labels_from_before_names_were_taken_from_what_is_shown_are_read() -> None:
    [one] = items_of({"/runs/one": [result(1)]}).values()
    old = hashlib.sha256(b"0:/runs/one:own:1").hexdigest()[:10]
    given, others = by_present_names(
        [Label(item=old, rater="HA", helpful="yes"), Label(item="x", rater="HA")], {one.item.item: one}
    )
    assert [(label.item, label.helpful) for label in given] == [(one.item.item, "yes")]
    assert [label.item for label in others] == ["x"]


def test_a_row_that_is_there_twice_is_refused_and_rows_are_numbered_as_in_the_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "filled.csv"
    path.write_text("item,helpful,supported,complete,borne_out\nabc,yes\n\nabc,no\nabd,perhaps\nabd.1,yes\nabe.1,,,,never\n")
    with pytest.raises(InputError) as told:
        read_labels(path, "HA")
    assert "row 4: the item abc stands in row 2 already" in str(told.value)
    assert "row 5: helpful is 'perhaps'" in str(told.value)
    assert "row 6: helpful is not asked of a statement" in str(told.value)
    assert "row 7: borne_out is 'never', which is none of yes, no, cannot tell" in str(told.value)


def test_claims_are_labelled_one_by_one_and_compared_with_the_check_of_each() -> None:
    unsupported = result(
        1, suite="grounding", measures={"citation_recall": (1.0, 2.0)}, details={"unsupported": ["Claim 2."]}
    )
    items = items_of({"one": [result(1, **claimed("quoted", "supported", "partly supported")), unsupported]})
    [one] = items.values()
    assert one.item.claims == ("Claim 1. [1]", "Claim 2. [1]", "Claim 3. [1]")
    assert "quoted" not in as_csv([one.item])
    said = dict(zip(one.item.claim_items(), ("yes", "no", "no"), strict=True))
    labels = [Label(item=name, rater="HA", borne_out=value) for name, value in said.items()]
    labels += [Label(item=one.item.item, rater="HA", supported="partly")]
    labels += [Label(item=one.item.claim_items()[0], rater="BW", borne_out="cannot tell")]
    found = {(one.question, one.with_whom): one for one in agreements(labels, items)}
    assert (found["borne_out", "verdict shown"].items, found["borne_out", "verdict shown"].same) == (3, 2)
    assert found["borne_out", "citation recall"].same == 2
    assert found["borne_out", "each other"].items == 0, "who cannot tell has said nothing"
    assert (found["supported", "verdicts shown"].same, found["supported", "citation recall"].same) == (1, 1)


def test_refusals_and_false_answers_are_labelled_and_held_against_what_was_due() -> None:
    def ended(number: int, due: str, got: str) -> SampleResult:
        shown = "not in the guidance (too little evidence; confidence 0.1)\nThis is not in the guidance."
        told: dict[str, Any] = {"suite": "refusal", "measures": {"recall": (1.0, 1.0)}, "expected": due, "got": got}
        return result(number, **told, **({"shown": shown} if got == "refused" else claimed("quoted")))

    three = [ended(1, "refused", "refused"), ended(2, "refused", "answered"), ended(3, "answered", "answered")]
    items = items_of({"one": [*three, result(3, **claimed("quoted"))]})
    assert len(items) == 3, "an answer that two suites looked at is one"
    labels = [Label(item=name, rater="HA", helpful="yes" if one.result.id != "2" else "no") for name, one in items.items()]
    found = {(one.question, one.with_whom): one for one in agreements(labels, items)}
    assert (found["helpful", "answered or refused as was due"].items, found["helpful", "evidence recall"].items) == (3, 1)
    assert found["helpful", "answered or refused as was due"].alpha.mean == 1


def test_intervals_of_agreement_draw_documents_whole() -> None:
    def interval(clusters: Callable[[int], str]) -> float:
        items = items_of({"one": [result(n, cluster=clusters(n)) for n in range(24)]})
        numbers = {name: int(one.result.id) for name, one in items.items()}
        labels = [Label(item=name, rater="A", helpful="yes" if at % 2 else "no") for name, at in numbers.items()]
        labels += [Label(item=name, rater="B", helpful="yes" if at % 2 or at < 8 else "no") for name, at in numbers.items()]
        alpha = next(one.alpha for one in agreements(labels, items) if one.with_whom == "each other")
        return alpha.high - alpha.low

    assert interval(lambda n: str(n // 8)) > interval(str) + 0.1, "eight answers of one document stand or fall together"
