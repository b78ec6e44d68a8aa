"""People label answers without seeing what made them; their labels come back by table or page, and agreement is computed."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

import pytest

from assistant.errors import InputError
from evals.results import SampleResult
from evals.reviewing import Label, agreement_table, agreements, as_csv, items_of, keep, kept, read_labels


def result(number: int, *, recall: float = 1.0) -> SampleResult:
    shown = "answered (evidence found; confidence 0.91)\n• Keep the log. [1] (quoted)\n[1] Logs: https://www.gov.uk/logs"
    return SampleResult(
        suite="answers", set="own", id=str(number), cluster="a", question=f"Question {number}?", shown=shown,
        measures={"recall": (recall, 1.0), "f1": (recall, 1.0)},
    )  # fmt: skip


RUNS = {"one": [result(n) for n in range(6)], "two": [result(n, recall=0.0) for n in range(6)]}


def test_answers_of_several_runs_are_mixed_and_tell_not_what_made_them() -> None:
    items = items_of(RUNS, limit=12)
    assert len(items) == 12
    shown = [item.shown for item, _ in items.values()]
    assert not any(word in text for text in shown for word in ("confidence", "quoted", "0.91"))
    assert shown[0] == "answered\n• Keep the log. [1]\n[1] Logs: https://www.gov.uk/logs"
    order = [recall.measures["recall"][0] for _, recall in items.values()]
    assert order not in (sorted(order), sorted(order, reverse=True))
    assert list(items) == list(items_of(RUNS, limit=12)), "all raters get the same"
    assert list(items) != list(items_of(RUNS, limit=12, seed=1))


def test_a_rater_sees_the_guidance_that_an_answer_cites() -> None:
    cited = result(1).model_copy(update={"details": {"sources": [{"number": 1, "text": "Keep the log for 7 years."}]}})
    [(item, _)] = items_of({"one": [cited]}, limit=1).values()
    assert item.shown.endswith("\nThe guidance cited:\n[1] Keep the log for 7 years.")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_goes_out_and_comes_back_however_it_was_saved(tmp_path: Path, delimiter: str) -> None:
    items = [item for item, _ in items_of(RUNS, limit=3).values()]
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
    item = items_of({"one": [result(1).model_copy(update={"question": "=HYPERLINK(1)"})]}, limit=1)
    assert "'=HYPERLINK" in as_csv([one for one, _ in item.values()])


def test_a_later_label_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    keep(path, [Label(item="a", rater="HA", helpful="no"), Label(item="a", rater="BW", helpful="no")])
    keep(path, [Label(item="a", rater="HA", helpful="yes")])
    assert {(one.rater, one.helpful) for one in kept(path)} == {("HA", "yes"), ("BW", "no")}
    assert kept(tmp_path / "none.jsonl") == []


def test_agreement_between_raters_and_with_figures() -> None:
    items = items_of(RUNS, limit=12)
    right = {name: "yes" if found.measures["recall"][0] else "no" for name, (_, found) in items.items()}
    labels = [Label(item=name, rater=rater, helpful=value) for name, value in right.items() for rater in ("HA", "BW")]
    found = {(one.question, one.with_whom): one for one in agreements(labels, items)}
    assert found["helpful", "each other"].alpha.mean == 1
    assert found["helpful", "recall"].alpha.mean == 1
    assert found["helpful", "recall"].items == 12
    assert math.isnan(found["supported", "each other"].alpha.mean), "nobody said"
    assert "| supported | each other | 0 | undefined |" in agreement_table(list(found.values()))
