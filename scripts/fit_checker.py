"""Fits the model behind the checker's score and writes it to assistant/grounding/weights.json.

Boosted trees over the numbers in assistant/grounding/features.py say how likely passages bear out a claim. They are fitted
on claims that people have labelled (AttributionBench and, a little, WiCE) and on statements from real guidance, true and
corrupted. SummEdits, whose summaries say what they say in other words than their texts, pulls the other way and is measured
only. Every figure printed is from cross-validation in which no question or text is in both parts.

    python -m scripts.fit_checker --sets FOLDER --guidance FOLDER [--write]

The numbers are kept in data/checker-features.npz, so that a second run takes seconds; --anew makes them again.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import balanced_accuracy_score, f1_score, roc_auc_score
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from assistant.grounding import Checker
from assistant.grounding.features import FEATURES
from assistant.grounding.weighing import Trees
from assistant.index import make_token_embedder
from assistant.settings import load_settings
from evals.checker_sets import Labelled, attributionbench, from_cases, summedits, wice
from evals.perturbations import cases, read_guidance

FOLDS = 5
TREES, LEAVES, RATE = 200, 6, 0.04  # 120 trees of 8 leaves differ by less than .005 AUROC on the same folds
LEAST_IN_LEAF, SHRINKAGE = 20, 5.0
SHARES = {"attributionbench": 1.0, "guidance": 0.5, "wice": 0.15, "summedits": 0.0}  # how much each set counts
SEEDS = 3  # divisions into folds that figures are the mean of
EACH = 100  # corruptions of each kind
FILES = 600  # of guidance
STATEMENTS_SEED = 11  # evals.checker measures with other seeds
WITHHELD = 0.02  # share of true statements of guidance that may fall below "partly supported"
DEMOTED = 0.06  # and below "supported"
TARGET = Path("assistant/grounding/weights.json")
KEPT = Path("data/checker-features.npz")
EXACT = 1e-4  # how far a stored probability may be from the fitted one

Numbers = npt.NDArray[np.float64]


class Table:
    """One row a sentence: its numbers, the record it is of, and that record's set, group and label."""

    def __init__(
        self, values: Numbers, records: npt.NDArray[Any], sets: Sequence[str], groups: Sequence[str], labels: Sequence[bool]
    ) -> None:
        self.values, self.records = values, records
        self.sets, self.groups, self.labels = np.array(sets), np.array(groups), np.array(labels, dtype=bool)

    @classmethod
    def make(cls, labelled: Sequence[Labelled], checker: Checker) -> Table:
        """Describe every sentence of every record."""
        rows, records = [], []
        for number, one in enumerate(tqdm(labelled, desc="Describing claims", disable=None)):
            for claim in one.claims:
                numbers = checker.describe(claim, one.passages)
                if numbers is not None:
                    rows.append(numbers)
                    records.append(number)
        return cls(
            np.array(rows), np.array(records), [one.set for one in labelled], [one.group for one in labelled],
            [one.supported for one in labelled],
        )  # fmt: skip

    def save(self, path: Path) -> None:
        """Keep it for the next run."""
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, values=self.values, records=self.records, sets=self.sets, groups=self.groups, labels=self.labels)

    @classmethod
    def load(cls, path: Path) -> Table:
        """What `save` kept."""
        kept = np.load(path)
        return cls(kept["values"], kept["records"], list(kept["sets"]), list(kept["groups"]), list(kept["labels"]))

    def scores(self, probabilities: Numbers) -> Numbers:
        """Each record's score: the least of its sentences', or 0 when none shares a word with its passages."""
        least = np.ones(len(self.sets))
        np.minimum.at(least, self.records, probabilities)
        least[~np.isin(np.arange(len(self.sets)), self.records)] = 0.0
        return least


def model() -> HistGradientBoostingClassifier:
    """The model before it is fitted."""
    return HistGradientBoostingClassifier(
        max_iter=TREES, learning_rate=RATE, max_leaf_nodes=LEAVES, min_samples_leaf=LEAST_IN_LEAF,
        l2_regularization=SHRINKAGE, early_stopping=False, random_state=0,
    )  # fmt: skip


def fit(table: Table, rows: npt.NDArray[np.bool_], *, only: str = "") -> HistGradientBoostingClassifier:
    """Fit on some rows; each set counts as `SHARES` says and both its labels the same, or `only` one set counts."""
    weights = np.zeros(len(rows))
    sets, labels = table.sets[table.records], table.labels[table.records]
    for name in np.unique(sets[rows]):
        for label in (False, True):
            chosen = rows & (sets == name) & (labels == label)
            weights[chosen] = (name == only if only else SHARES[name]) * 1000 / max(chosen.sum(), 1)
    rows = rows & (weights > 0)
    mean_one = weights[rows] * rows.sum() / weights[rows].sum()  # the least in a leaf counts statements, not their weight
    with threadpool_limits(limits=1):  # on a busy machine its threads wait for each other
        return model().fit(table.values[rows], labels[rows], sample_weight=mean_one)


def cross_validated(table: Table, *, seed: int, only: str = "") -> Numbers:
    """Each record's score from a model that has not seen its group; `only` fits and scores one set alone."""
    draw = np.random.RandomState(seed)
    folds = {group: draw.randint(FOLDS) for group in np.unique(table.groups)}
    fold = np.array([folds[group] for group in table.groups])
    rows_fold = fold[table.records]
    probabilities = np.zeros(len(table.records))
    for number in range(FOLDS):
        seen = fit(table, rows_fold != number, only=only)
        probabilities[rows_fold == number] = seen.predict_proba(table.values[rows_fold == number])[:, 1]
    return table.scores(probabilities)


def figures(table: Table, name: str, scores: Sequence[Numbers]) -> str:
    """AUROC, macro-F1 and balanced accuracy of one set at .5, as means over divisions into folds."""
    of = table.sets == name
    truth = table.labels[of]
    found = [
        (
            roc_auc_score(truth, scored[of]),
            f1_score(truth, scored[of] >= 0.5, average="macro"),
            balanced_accuracy_score(truth, scored[of] >= 0.5),
        )
        for scored in scores
    ]
    auroc, f1, accuracy = np.mean(found, axis=0)
    return f"{name:18} n {of.sum():5}  AUROC {auroc:.3f}  macro-F1 {f1:.3f}  balanced accuracy {accuracy:.3f}"


def main() -> None:
    """Fit, print what cross-validation says, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, required=True, help="folder with attributionbench, wice and summedits")
    parser.add_argument("--guidance", type=Path, required=True, help="folder of real guidance")
    parser.add_argument("--anew", action="store_true", help="make the numbers again")
    parser.add_argument("--write", action="store_true", help=f"write {TARGET}")
    options = parser.parse_args()
    table = _table(options)
    together = [cross_validated(table, seed=seed) for seed in range(SEEDS)]
    print("All sets fitted together (as kept), threshold .5:")
    for name in np.unique(table.sets):
        print(" ", figures(table, name, together))
    print("Each set fitted alone, threshold .5:")
    for name in np.unique(table.sets):
        print(" ", figures(table, name, [cross_validated(table, seed=seed, only=name) for seed in range(SEEDS)]))
    statements = (table.sets == "guidance") & table.labels
    mean = np.mean(together, axis=0)
    partly, supported = (round(float(np.quantile(mean[statements], share)), 3) for share in (WITHHELD, DEMOTED))
    print(f"Partly supported from {partly}, supported from {supported}.")
    if options.write:
        _write(table, partly=partly, supported=supported)


def _table(options: argparse.Namespace) -> Table:
    if KEPT.is_file() and not options.anew:
        return Table.load(KEPT)
    settings = load_settings()
    checker = Checker(make_token_embedder(settings.embedding, cache_dir=settings.data_dir / "models"))
    guidance = cases(
        read_guidance([options.guidance], most_files=FILES, seed=STATEMENTS_SEED, half=0), each=EACH, seed=STATEMENTS_SEED
    )
    labelled = [*attributionbench(options.sets), *wice(options.sets), *from_cases(guidance), *summedits(options.sets)]
    table = Table.make(labelled, checker)
    table.save(KEPT)
    return table


def _write(table: Table, *, partly: float, supported: float) -> None:
    fitted = fit(table, np.ones(len(table.records), dtype=bool))
    support = as_stored(fitted)
    stored = {
        "made": {
            "by": "scripts/fit_checker.py",
            "on": dt.date.today().isoformat(),
            "records": {name: int((table.sets == name).sum()) for name in np.unique(table.sets)},
        },
        "support": support,
        "supported_from": supported,
        "partly_from": partly,
    }
    ours = Trees.load(support, FEATURES, made_by="scripts/fit_checker.py").probability(table.values)
    furthest = float(np.abs(ours - fitted.predict_proba(table.values)[:, 1]).max())
    if furthest > EXACT:
        raise SystemExit(f"What would be stored is off by {furthest} from what was fitted; nothing is written.")
    TARGET.write_text(_as_json(stored), encoding="utf-8")
    print(f"Wrote {TARGET}.")


def as_stored(fitted: HistGradientBoostingClassifier) -> dict[str, Any]:
    """The trees as `Trees.load` reads them. scikit-learn gives no public way to them; `_write` compares the outcome."""
    grown = [trees[0].nodes for trees in fitted._predictors]
    return {
        "features": list(FEATURES),
        "baseline": float(fitted._baseline_prediction.item()),
        "depth": int(max(nodes["depth"].max() for nodes in grown)),
        "trees": [[_node(node) for node in nodes] for nodes in grown],
    }


def _node(node: Any) -> list[float]:
    if node["is_leaf"]:
        return [float(f"{node['value']:.7g}")]
    return [int(node["feature_idx"]), float(node["num_threshold"]), int(node["left"]), int(node["right"])]


def _as_json(stored: dict[str, Any]) -> str:
    """A tree a line."""
    support = dict(stored["support"])
    trees = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in support.pop("trees"))
    rest = json.dumps({**stored, "support": support}, indent=1)
    place = rest.index('"support": {') + len('"support": {')
    return f'{rest[:place]}\n  "trees": [\n{trees}\n  ],{rest[place:]}\n'


if __name__ == "__main__":
    main()
