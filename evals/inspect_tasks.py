"""The suites as tasks of Inspect (inspect-ai, the UK AI Security Institute's framework), for its viewer and its tools.

    PYTHONPATH=. inspect eval evals/inspect_tasks.py@suite -T name=refusal --model none   # asks
    bernard eval inspect RUN                                 # puts a finished run into Inspect's form

The assistant is a solver that never calls `generate`, so that `--model none` will do; a suite is a scorer. Each sample shows
the question, the answer with its claims and verdicts, its sources, and what the guidance says.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.log import transcript
from inspect_ai.model import ChatMessageAssistant
from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, Target, metric, scorer
from inspect_ai.solver import Generate, Solver, TaskState, solver

from assistant.errors import InputError
from assistant.settings import load_settings
from evals.gathering import drawn_evenly
from evals.guidance import Shelf
from evals.observing import Observer
from evals.results import SampleResult
from evals.run_folder import read_results
from evals.sets import Missing, load_set
from evals.suites.known import SUITES
from evals.suites.suite import Asked

_RESULT = "result"
Result = Callable[[str, int], SampleResult]
"""What a suite says of a sample, by its name and epoch (from 0)."""


@task
def suite(name: str = "refusal", sets: str = "shipped", limit: int = 0, seed: int = 0) -> Task:
    """Ask and score one suite.

    Args:
        name: Of the suite.
        sets: Names of sets, parted by commas.
        limit: Most cases of a set; 0 for all.
        seed: Of the draw.
    """
    chosen = SUITES[name]
    observer = Observer(Shelf(load_settings()))
    asked: dict[str, Asked] = {}
    for set_name in sets.split(","):
        found = load_set(set_name)
        if not isinstance(found, Missing):
            for case in drawn_evenly([one for one in found.cases if chosen.select(one)], limit, seed):
                asked[f"{found.name}:{case.id}"] = Asked(case, found, observer)
    samples = [
        Sample(id=key, input=one.case.question, target=list(one.case.evidence) or "", metadata={"kind": one.case.kind})
        for key, one in asked.items()
    ]
    return _task(samples, lambda key, epoch: chosen.score(asked[key]), name)


@task
def finished(run: str, name: str) -> Task:
    """One suite of a finished run: nothing is asked again.

    Args:
        run: Folder of the run.
        name: Of the suite.
    """
    results = {f"{one.set}:{one.id}": one for one in read_results(Path(run)) if one.suite == name and not one.epoch}
    samples = [
        Sample(id=key, input=one.question, target=list(one.evidence) or "", metadata={"kind": one.kind})
        for key, one in results.items()
    ]
    return _task(samples, lambda key, epoch: results[key], name)


def _task(samples: list[Sample], result: Result, name: str) -> Task:
    return Task(
        dataset=MemoryDataset(samples, name=name), solver=bernard(result), scorer=as_scored(), name=f"bernard_{name}"
    )


@solver
def bernard(result: Result) -> Solver:
    """The assistant; never calls `generate`."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        found = result(str(state.sample_id), state.epoch - 1)
        transcript().info(found.shown or "(nothing)", source="bernard")
        for cited in found.details.get("sources", []):
            transcript().info(f"[{cited['number']}] {cited['text']}", source="guidance cited")
        state.messages.append(ChatMessageAssistant(content=found.shown or "(nothing)", source="input"))
        state.output.completion = found.shown
        state.store.set(_RESULT, found.model_dump(mode="json"))
        state.completed = True
        return state

    return solve


@metric
def mean_where_defined() -> Metric:
    """The mean over the samples that have the figure; NaN when none has. The scorecard's figures are ratios of sums."""

    def compute(scores: list[SampleScore]) -> float:
        defined = [value for one in scores if not math.isnan(value := one.score.as_float())]
        return sum(defined) / len(defined) if defined else math.nan

    return compute


@scorer(metrics={"*": [mean_where_defined()]})
def as_scored() -> Scorer:
    """What the suite says of the sample: all its figures, as Inspect wants; one that is undefined for the sample is NaN."""

    async def score(state: TaskState, target: Target) -> Score:
        found = SampleResult.model_validate(state.store.get(_RESULT))
        held = {name: above / below for name, (above, below) in found.measures.items() if below}
        names = dict.fromkeys(one.of or one.name for one in SUITES[found.suite].measures)
        values: dict[str, Any] = {name: held.get(name, math.nan) for name in names}
        return Score(
            value=values, answer=found.got or None, explanation=found.why or None, metadata={"details": found.details}
        )

    return score


def put_into_inspect(run: Path) -> Path:
    """Write the logs of a finished run for `inspect view`; returns their folder.

    Raises:
        InputError: Inspect could not score a suite.
    """
    from inspect_ai import eval as inspect_eval

    folder = run / "inspect"
    suites = dict.fromkeys(one.suite for one in read_results(run))
    tasks = [finished(run=str(run), name=name) for name in suites]
    logs = inspect_eval(tasks, model="none", log_dir=str(folder), display="none", score_display=False)
    if failed := [f"{log.eval.task} ({log.error.message if log.error else log.status})" for log in logs if log.error]:
        raise InputError(f"Inspect could not take in {', '.join(failed)}.")
    return folder
