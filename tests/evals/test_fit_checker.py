"""The script that fits the checker's score, on numbers made up here."""

from __future__ import annotations

import json

import numpy as np
import pytest

from assistant.grounding.features import FEATURES
from assistant.grounding.weighing import Trees
from scripts.fit_checker import Table, as_stored, cross_validated, fit

DRAW = np.random.RandomState(5)


def table(*, groups: int = 40) -> Table:
    """Records of two sentences; the first number says whether both are borne out, the second only names the group."""
    records = np.repeat(np.arange(400), 2)
    labels = DRAW.rand(400) < 0.5
    values = DRAW.rand(800, len(FEATURES))
    values[:, 0] = labels[records] + 0.3 * DRAW.randn(800)
    of_group = np.arange(400) % groups
    values[:, 1] = of_group[records]
    return Table(values, records, ["guidance"] * 400, [str(group) for group in of_group], list(labels))


def test_what_is_stored_gives_the_probabilities_that_were_fitted() -> None:
    made = table()
    fitted = fit(made, np.ones(800, dtype=bool))

    stored = json.loads(json.dumps(as_stored(fitted)))
    ours = Trees.load(stored, FEATURES, made_by="a test").probability(made.values)

    assert np.abs(ours - fitted.predict_proba(made.values)[:, 1]).max() < 1e-6
    assert ours.max() - ours.min() > 0.5


def test_weights_fitted_on_other_numbers_are_refused() -> None:
    made = table()
    stored = as_stored(fit(made, np.ones(800, dtype=bool)))

    with pytest.raises(ValueError, match="run a test again"):
        Trees.load(stored, [*FEATURES, "one more"], made_by="a test")


def test_a_record_is_as_good_as_its_least_sentence() -> None:
    made = table()

    scores = made.scores(np.where(np.arange(800) % 2 == 0, 0.9, np.linspace(0, 0.8, 800)))

    assert scores == pytest.approx(np.linspace(0, 0.8, 800)[1::2])


def test_no_group_is_both_fitted_and_measured_on() -> None:
    """Labels that only the group tells cannot be learnt where a group is never in both parts."""
    made = table(groups=40)
    made.values[:, 0] = DRAW.rand(800)
    told = DRAW.rand(40) < 0.5
    made.labels[:] = told[np.arange(400) % 40]
    seen = fit(made, np.ones(800, dtype=bool)).predict_proba(made.values)[:, 1]

    unseen = cross_validated(made, seed=1)

    assert ((made.scores(seen) > 0.5) == made.labels).mean() > 0.9
    assert ((unseen > 0.5) == made.labels).mean() < 0.75
