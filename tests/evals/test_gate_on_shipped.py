"""The shipped questions with the gate: the assistant as it is passes, and one that is broken on purpose does not.

A part of the questions, drawn evenly over their kinds; `make eval` asks all of them.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Answer, Assistant, Claim, Question, Turn, Verdict
from assistant.answer.flow import Parts
from assistant.answer.flow import answer as answer_with
from assistant.answer.weighing import fitted
from evals.figures import Figure
from evals.gate import check, read_thresholds
from evals.running import Options, run
from evals.suites.known import suites_named
from evals.writing import read_scorecard
from tests.conftest import settings_in

GUARDED = ["retrieval", "answers", "grounding", "refusal", "currency"]
LIMIT = 36
LIMIT_BROKEN = {"grounding": 18, "refusal": 18}


@pytest.fixture(scope="module")
def _shelf(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Any:
    """A data folder in which the notes are indexed once for all runs of this module."""
    folder = tmp_path_factory.mktemp("gate") / "data"
    settings_in(folder, model_cache)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BERNARD_DATA_DIR", str(folder))
        yield


class Broken(Assistant):
    """An assistant with something broken in it; subclasses say what."""

    def ask(self, question: str, *, history: Sequence[Turn] = (), **_: Any) -> Answer:
        return self.spoil(super().ask(question, history=history))

    def spoil(self, answer: Answer) -> Answer:
        raise NotImplementedError


class ShufflesCitations(Broken):
    """Every claim of an answer cites what the next one rests on."""

    def spoil(self, answer: Answer) -> Answer:
        claims = answer.claims
        moved = [claim.model_copy(update={"citations": claims[n - 1].citations}) for n, claim in enumerate(claims)]
        return answer.model_copy(update={"claims": tuple(moved)})


class DoesNotCheck(Broken):
    """A draft that gets its figures and duties wrong is shown, and called supported."""

    def spoil(self, answer: Answer) -> Answer:
        return answer.model_copy(update={"claims": tuple(map(_wrong, answer.claims))})


class NeverRefuses(Broken):
    """Whatever is found is shown, whether it answers or not."""

    def ask(self, question: str, *, history: Sequence[Turn] = (), **_: Any) -> Answer:
        weights = dataclasses.replace(fitted(), enough_from=0.0, enough_from_short=0.0)
        parts = Parts(self.searcher, weights, self.settings.answer)
        return answer_with(Question(question=question, history=tuple(history)), parts)


def _wrong(claim: Claim) -> Claim:
    text = re.sub(r"\d+", lambda found: str(int(found[0]) + 3), claim.text)
    if text == claim.text:
        text = re.sub(r"\b(must|can|should|is|are)\b", r"\1 never", claim.text, count=1)
    return claim.model_copy(update={"text": text, "verdict": Verdict.SUPPORTED})


def figures_of(
    out: Path, suites: list[str], limit: int, made: Callable[[Any], Assistant] = Assistant.open
) -> tuple[Figure, ...]:
    run(suites_named(suites), out, Options(limit=limit, sets=("shipped", "currency"), open=made))
    return read_scorecard(out).figures


@pytest.mark.slow
@pytest.mark.usefixtures("_shelf")
def test_the_assistant_as_it_is_passes(tmp_path: Path) -> None:
    outcomes = check(figures_of(tmp_path, GUARDED, LIMIT), read_thresholds(), suites=GUARDED)
    assert len(outcomes) >= 12
    assert [one.told for one in outcomes if one.state != "met"] == []


@pytest.mark.slow
@pytest.mark.usefixtures("_shelf")
@pytest.mark.parametrize(
    ("broken", "suite", "falls"),
    [
        (ShufflesCitations, "grounding", {"citation_recall"}),
        (DoesNotCheck, "grounding", {"citation_recall"}),
        (NeverRefuses, "refusal", {"recall", "false_answers"}),
    ],
)
def test_an_assistant_broken_on_purpose_does_not_pass(
    tmp_path: Path, broken: type[Assistant], suite: str, falls: set[str]
) -> None:
    outcomes = check(figures_of(tmp_path, [suite], LIMIT_BROKEN[suite], broken.open), read_thresholds(), suites=[suite])
    assert falls <= {one.threshold.figure for one in outcomes if one.state == "missed" and one.threshold.set == "shipped"}
