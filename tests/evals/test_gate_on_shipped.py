"""The shipped questions with the gate: the assistant as it is passes, and one that is broken on purpose does not.

A part of the questions, drawn evenly over their kinds; `make eval` asks all of them.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Answer, Assistant, Claim, Question, Turn, Verdict
from assistant.answer.flow import Parts
from assistant.answer.flow import answer as answer_with
from assistant.answer.weighing import fitted
from assistant.settings import Settings
from evals.figures import Figure
from evals.gate import check, read_thresholds
from evals.gathering import Options
from evals.running import run
from evals.suites.known import suites_named
from evals.writing import read_scorecard
from tests.conftest import settings_in

GUARDED = ["retrieval", "answers", "grounding", "refusal"]
LIMIT, LIMIT_OF_NOTICES = 36, 14
LIMIT_BROKEN = {"grounding": 8, "refusal": LIMIT}


class Kept(Assistant):
    """Stays open from one run to the next, and answers what it was asked before as it did before."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.given: dict[tuple[str, tuple[Turn, ...]], Answer] = {}

    def ask(self, question: str, *, history: Sequence[Turn] = (), **_: Any) -> Answer:
        key = question, tuple(history)
        if key not in self.given:
            self.given[key] = super().ask(question, history=history)
        return self.given[key]

    def close(self) -> None:
        """Left to the end of the module."""


class Broken(Kept):
    """The intact assistant with something broken in it; subclasses say what."""

    def __init__(self, intact: Kept) -> None:
        self.__dict__.update(intact.__dict__)

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


class Shelved:
    """One open assistant for each index of the module's data folder."""

    def __init__(self) -> None:
        self.opened: dict[Path, Kept] = {}

    def open(self, settings: Settings) -> Assistant:
        if settings.data_dir not in self.opened:
            self.opened[settings.data_dir] = Kept.open(settings)
        return self.opened[settings.data_dir]

    def close(self) -> None:
        for one in self.opened.values():
            Assistant.close(one)


@pytest.fixture(scope="module")
def shelved(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[Shelved]:
    """A data folder in which the notes are indexed, and opened, once for all runs of this module."""
    folder = tmp_path_factory.mktemp("gate") / "data"
    settings_in(folder, model_cache)
    shelved = Shelved()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BERNARD_DATA_DIR", str(folder))
        yield shelved
    shelved.close()


def figures_of(out: Path, suites: list[str], options: Options) -> tuple[Figure, ...]:
    run(suites_named(suites), out, options)
    return read_scorecard(out).figures


@pytest.mark.slow
def test_the_assistant_as_it_is_passes(tmp_path: Path, shelved: Shelved) -> None:
    answers = figures_of(tmp_path / "answers", GUARDED, Options(limit=LIMIT, sets=("shipped",), open=shelved.open))
    of_notices = Options(limit=LIMIT_OF_NOTICES, sets=("currency",), open=shelved.open)
    notices = figures_of(tmp_path / "notices", ["currency"], of_notices)
    outcomes = check((*answers, *notices), read_thresholds(), suites=[*GUARDED, "currency"])
    assert len(outcomes) >= 12
    assert [one.told for one in outcomes if one.state != "met"] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("broken", "suite", "falls"),
    [
        (ShufflesCitations, "grounding", {"citation_recall"}),
        (DoesNotCheck, "grounding", {"citation_recall"}),
        (NeverRefuses, "refusal", {"recall", "false_answers"}),
    ],
)
def test_an_assistant_broken_on_purpose_does_not_pass(
    tmp_path: Path, shelved: Shelved, broken: Callable[[Any], Assistant], suite: str, falls: set[str]
) -> None:
    options = Options(limit=LIMIT_BROKEN[suite], sets=("shipped",), open=lambda settings: broken(shelved.open(settings)))
    outcomes = check(figures_of(tmp_path, [suite], options), read_thresholds(), suites=[suite])
    assert falls <= {one.threshold.figure for one in outcomes if one.state == "missed"}
