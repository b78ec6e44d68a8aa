"""A finished run can be looked at with Inspect: every sample with what was asked, shown and scored. Calls no model."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from evals.results import SampleResult

pytest.importorskip("inspect_ai", reason="Inspect needs an environment of its own (docs/evaluating.md)")


@pytest.mark.filterwarnings("default")
def test_a_run_becomes_logs_with_answers_and_scores(tmp_path: Path) -> None:
    from inspect_ai.log import read_eval_log

    from evals.inspect_tasks import put_into_inspect

    results = [
        SampleResult(
            suite="refusal", set="own", id=name, cluster=name, question=f"{name}?",
            shown="answered\n• Keep it. [1] (quoted)",
            measures={"answered": (1.0, 1.0)} | ({"recall": (0.0, 1.0)} if name == "b" else {}), evidence=("Keep it.",),
            why="answered what the guidance does not say" if name == "b" else "",
        )
        for name in ("b", "a")  # the first has figures that the second lacks
    ]  # fmt: skip
    (tmp_path / "samples.jsonl").write_text("".join(one.model_dump_json() + "\n" for one in results), "utf-8")
    folder = put_into_inspect(tmp_path)
    [path] = folder.glob("*.eval")
    log = read_eval_log(str(path))
    assert log.status == "success"
    assert log.stats.model_usage == {}, "no model was asked"
    assert log.samples is not None
    by_id = {str(sample.id): sample for sample in log.samples}
    sample = by_id["own:b"]
    assert "Keep it. [1] (quoted)" in sample.output.completion
    assert sample.scores is not None
    score = sample.scores["as_scored"]
    assert isinstance(score.value, dict)
    assert (score.value["answered"], score.value["recall"]) == (1.0, 0.0)
    assert log.results is not None
    means = {one.name: one.metrics["mean_where_defined"].value for one in log.results.scores}
    assert (means["answered"], means["recall"]) == (1.0, 0.0), "a sample without a figure does not count for it"
    assert math.isnan(means["precision"]), "nothing was refused"
    assert score.explanation == "answered what the guidance does not say"
