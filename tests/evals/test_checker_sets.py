"""Public sets of labelled claims as the checker gets them; the records here are made up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from assistant.errors import InputError
from evals.checker_sets import attributionbench, summedits, wice


def written(path: Path, *records: Mapping[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")


def test_attributionbench_is_cut_into_sentences_and_loses_its_markers(tmp_path: Path) -> None:
    record = {
        "src_dataset": "made-up", "question": "How long?", "claim": "Keep the log for 7 years [1][2]. Then burn it.",
        "references": ["Keep the log for 7 years.", "Burn old logs."], "attribution_label": "attributable",
    }  # fmt: skip
    written(tmp_path / "attributionbench" / "dev.jsonl", record, record | {"attribution_label": "not attributable"})

    first, second = attributionbench(tmp_path)

    assert first.claims == ("Keep the log for 7 years.", "Then burn it.")
    assert [passage.text for passage in first.passages] == record["references"]
    assert (first.supported, second.supported) == (True, False)
    assert first.group == second.group == "How long?"


def test_of_wice_only_what_is_wholly_supported_counts_as_that(tmp_path: Path) -> None:
    labels = ["supported", "partially_supported", "not_supported"]
    records = [{"claim": "It rained.", "evidence": ["Rain fell.", "All day."], "label": label} for label in labels]
    written(tmp_path / "wice" / "dev.jsonl", *records)

    found = wice(tmp_path)

    assert [one.supported for one in found] == [True, False, False]
    assert found[0].passages[0].text == "Rain fell.\nAll day."
    assert len({one.group for one in found}) == 3


def test_summaries_of_one_text_are_one_group(tmp_path: Path) -> None:
    edited = [{"doc": "It rained.", "summary": "Rain.", "label": 1}, {"doc": "It rained.", "summary": "Snow.", "label": 0}]
    for part in ("news", "podcast", "qmsumm"):
        written(tmp_path / "summedits" / f"{part}.jsonl", *edited, {"doc": part, "summary": "Wind.", "label": 1})

    found = summedits(tmp_path)

    assert [one.supported for one in found if one.part == "news"] == [True, False, True]
    assert len({one.group for one in found}) == 4


def test_a_set_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"There is no .*wice.*--sets"):
        wice(tmp_path)
