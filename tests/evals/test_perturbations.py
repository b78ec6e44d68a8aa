"""The checker's regression test: statements of the notes in corpus/, as they are, reworded and falsified by rule.

The same measure over real guidance is `python -m evals.checker`; docs/benchmarks.md has its figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.grounding import Check, Checker, Verdict
from assistant.index import make_token_embedder
from assistant.settings import EmbeddingSettings
from evals.checker import LEAST_CAUGHT, LEAST_OF_KIND, MOST_WITHHELD, Result, measure, table
from evals.corruptions import KINDS, STRUCTURAL
from evals.perturbations import Case, cases, read_guidance

EACH, SEED = 30, 7
FEW = 6
"""Fewer cases of a kind say nothing of it."""


@pytest.fixture(scope="module")
def made(repository: Path) -> list[Case]:
    return cases(read_guidance([repository / "corpus"], most_files=100, seed=SEED), each=EACH, seed=SEED)


@pytest.fixture(scope="module")
def results(made: list[Case], model_cache: Path) -> list[Result]:
    return measure(made, Checker(make_token_embedder(EmbeddingSettings(), cache_dir=model_cache)))


def share(held: Sequence[bool]) -> float:
    return sum(held) / len(held)


def wrong(results: Sequence[Result]) -> str:
    return "\n".join(f"{r.case.rule}: {r.case.claim} | {r.case.sentence} | {r.check.verdict}" for r in results if r.missed)


def test_the_same_seed_makes_the_same_statements(made: list[Case], repository: Path) -> None:
    again = cases(read_guidance([repository / "corpus"], most_files=100, seed=SEED), each=EACH, seed=SEED)

    assert again == made
    assert len({case.kind for case in made} & set(KINDS)) >= len(KINDS) - 2  # the notes hardly speak of some


def test_a_changed_statement_is_changed_and_its_sentence_stands_in_a_passage(made: list[Case]) -> None:
    for case in made:
        assert (case.claim == case.sentence) == (case.kind in {"verbatim", "item"})
        if case.kind not in {"item", *STRUCTURAL}:
            assert any(case.sentence in passage.text for passage in case.passages)
        assert case.true == (case.kind in {"verbatim", "paraphrase", "item"})


def test_corruptions_are_caught(results: list[Result]) -> None:
    false = [result for result in results if not result.case.true]
    by_kind = {kind: [result for result in false if result.case.kind == kind] for kind in (*KINDS, *STRUCTURAL)}

    assert share([result.caught for result in false]) >= LEAST_CAUGHT, wrong(false)
    for kind, of in by_kind.items():
        assert len(of) < FEW or share([result.caught for result in of]) >= LEAST_OF_KIND, f"{kind}\n{wrong(of)}"


def test_true_statements_are_shown(results: list[Result]) -> None:
    """Word for word as quoted, but for a step whose lead-in limits it: what "normally" goes so, or "if" something holds."""
    true = [result for result in results if result.case.true]

    assert share([result.missed for result in true]) <= MOST_WITHHELD, wrong(true)
    verbatim = [result.check for result in true if result.case.kind == "verbatim"]
    limited = ("normally", "The guidance adds “If")
    assert all(
        check.verdict in {Verdict.QUOTED, Verdict.SUPPORTED} or any(words in check.reasons[0] for words in limited)
        for check in verbatim
    )
    assert sum(check.verdict is Verdict.QUOTED for check in verbatim) >= 0.9 * len(verbatim), wrong(true)


def test_a_dropped_condition_shown_in_part_counts_as_caught_and_other_kinds_do_not(made: list[Case]) -> None:
    def caught(kind: str, verdict: Verdict) -> bool:
        case = next(case for case in made if case.kind == kind)
        return Result(case, Check(verdict, 0.5), 1.0).caught

    assert caught("condition dropped", Verdict.PARTLY_SUPPORTED)
    assert not caught("number", Verdict.PARTLY_SUPPORTED)
    assert not caught("condition dropped", Verdict.SUPPORTED)
    assert caught("number", Verdict.UNSUPPORTED)


def test_the_table_counts_what_was_missed(made: list[Case]) -> None:
    verdicts = {True: Verdict.UNSUPPORTED, False: Verdict.SUPPORTED}  # all wrong
    lines = table([Result(case, Check(verdicts[case.true], 0.5), 1.0) for case in made])

    assert "Corruptions caught: 0.000" in "\n".join(lines)
    assert "True statements withheld: 1.000" in "\n".join(lines)
