"""Fits the two models behind answering by quotation and writes them to assistant/answer/weights.json.

Which blocks are evidence, and whether the passages found answer the question at all, are each a logistic model over the
features in assistant/answer/evidence.py. Questions are asked twice: as they are, and with their page taken away, which
makes them unanswerable. Every figure printed is from cross-validation in which no page is in both parts.

    python scripts/fit_answering.py QUESTIONS.jsonl [MORE.jsonl …]

The index that the settings name must hold the questions' pages. The first file is the one reported on.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from tqdm import tqdm

from assistant.answer.evidence import FEATURES, RETRIEVAL_FEATURES, Candidate, candidates, features, retrieval_features
from assistant.answer.selection import Limits, select
from assistant.index import Index
from assistant.search import Retrieval, Searcher
from assistant.settings import load_settings

ANSWERED = 0.9  # share of answerable questions that must be answered
FOLDS = 10
BLOCK_STRENGTH, ENOUGH_STRENGTH = 0.03, 0.1  # inverse regularisation, chosen on the same folds
MAX_BLOCKS = 6
TARGET = Path("assistant/answer/weights.json")


@dataclass
class Asked:
    """One question as asked of the index, with or without its page."""

    url: str
    gold: frozenset[str]
    reported: bool
    complete: bool
    with_page: bool
    retrieval: Retrieval
    blocks: list[Candidate]
    described: np.ndarray
    likely: np.ndarray

    @property
    def labels(self) -> np.ndarray:
        return np.array([normalised(block.text) in self.gold for block in self.blocks])


def main() -> None:
    """Ask, fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", nargs="+", type=Path)
    parser.add_argument("--dry", action="store_true", help="report only; leave weights.json as it is")
    options = parser.parse_args()
    settings = load_settings()
    with Index(settings) as index:
        searcher = Searcher(index, settings.search)
        asked = list(ask_all(searcher, options.questions))
        block, limits, shown = fit_blocks(asked)
        enough, threshold, refusal = fit_enough(searcher, asked)
        if options.dry:
            return
        stored = {
            "fitted": dt.date.today().isoformat(),
            "script": "scripts/fit_answering.py",
            "data": {
                "files": [path.name for path in options.questions],
                "questions": sum(item.with_page for item in asked),
                "pages": len({item.url for item in asked}),
                "index_digest": index.digest,
            },
            "cross_validated": {**shown, **refusal},
            "keep_from": limits.keep_from,
            "keep_least": limits.keep_least,
            "enough_from": round(threshold, 4),
            "block": as_json(block, FEATURES),
            "enough": as_json(enough, RETRIEVAL_FEATURES),
        }
        TARGET.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")
        print(f"wrote {TARGET}")


def normalised(text: str) -> str:
    """Lower case, words only."""
    return re.sub(r"\W+", " ", text).strip().lower()


def ask_all(searcher: Searcher, files: Sequence[Path]) -> Iterator[Asked]:
    """Ask every answerable question whose page is in the index, with and without the page."""
    texts = page_blocks(searcher.index)
    questions = [(number, json.loads(line)) for number, path in enumerate(files) for line in path.read_text("utf-8").splitlines()]
    for number, question in tqdm(questions, desc="Asking"):
        url = question["url"]
        gold = frozenset(normalised(sentence) for sentence in question["evidence"])
        if not question["answerable"] or not gold or url not in texts:
            continue
        complete = gold <= texts[url]
        if number and not complete:
            continue  # the page has changed since the evidence was marked
        text = f"{question['scenario']} {question['question']}"
        for with_page in (True, False):
            retrieval = searcher.retrieve(text, limit=40, keep=None if with_page else lambda document, u=url: document.url != u)
            blocks = candidates(searcher, retrieval)
            described = features(searcher, retrieval, blocks)
            yield Asked(url, gold, not number, complete, with_page, retrieval, blocks, described, np.zeros(len(blocks)))


def page_blocks(index: Index) -> dict[str, set[str]]:
    """The normalised texts of all blocks of each page."""
    texts: dict[str, set[str]] = {}
    for row in {index.document_key(row): row for row in range(len(index))}.values():
        document = index.stored(row).document
        texts.setdefault(document.url, set()).update(normalised(document.quote(block)) for block in document.blocks)
    return texts


def logistic(strength: float) -> Pipeline:
    """A logistic model over standardised features."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=5000))


def fit_blocks(asked: Sequence[Asked]) -> tuple[Pipeline, Limits, dict[str, float]]:
    """Fit the block model; leaves cross-validated probabilities in `asked`."""
    known = [item for item in asked if item.with_page]

    def fit(part: Sequence[Asked]) -> Pipeline:
        return logistic(BLOCK_STRENGTH).fit(np.vstack([i.described for i in part]), np.concatenate([i.labels for i in part]))

    def use(model: Pipeline, item: Asked) -> None:
        item.likely = model.predict_proba(item.described)[:, 1]

    crossed(asked, known, fit, use)
    best = max(
        (
            (mean_f1([item for item in known if item.reported], limits), limits)
            for keep_from in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
            for keep_least in (0.0, 0.1, 0.15, 0.2)
            for limits in [Limits(keep_from, keep_least, MAX_BLOCKS)]
        ),
        key=lambda pair: pair[0],
    )
    f1, limits = best
    reported = [item for item in known if item.reported]
    quoted = float(np.mean([len(select(item.blocks, item.likely, limits)) for item in reported]))
    print(f"evidence shown: mean F1 {f1:.3f} over {len(reported)} questions, {quoted:.1f} blocks each, {limits}")
    return fit(known), limits, {"evidence_f1": round(f1, 4), "blocks": round(quoted, 2)}


def mean_f1(items: Sequence[Asked], limits: Limits) -> float:
    """Mean F1 of the blocks quoted, with what introduces them, against the gold evidence."""
    return float(np.mean([f1(item, limits) for item in items]))


def f1(item: Asked, limits: Limits) -> float:
    """F1 of one question; see `mean_f1`."""
    shown: set[str] = set()
    for position in select(item.blocks, item.likely, limits):
        block = item.blocks[position]
        shown.add(normalised(block.text))
        introduced_by = block.span.introduced_by
        while introduced_by is not None:
            introduction = block.document.blocks[introduced_by]
            shown.add(normalised(block.document.quote(introduction)))
            introduced_by = introduction.introduced_by
    return 2 * len(shown & item.gold) / (len(shown) + len(item.gold))


def fit_enough(searcher: Searcher, asked: Sequence[Asked]) -> tuple[Pipeline, float, dict[str, float]]:
    """Fit the model that tells an answerable question; returns it with the threshold for `ANSWERED`."""
    rows = {id(i): retrieval_features(searcher, i.retrieval, i.blocks, i.described, i.likely) for i in asked}
    confidence: dict[int, float] = {}

    def fit(part: Sequence[Asked]) -> Pipeline:
        return logistic(ENOUGH_STRENGTH).fit(np.vstack([rows[id(i)] for i in part]), [i.with_page for i in part])

    def use(model: Pipeline, item: Asked) -> None:
        confidence[id(item)] = float(model.predict_proba(rows[id(item)][None, :])[0, 1])

    crossed(asked, asked, fit, use)
    reported = [item for item in asked if item.reported]
    answerable = [confidence[id(item)] for item in reported if item.with_page]
    removed = np.array([confidence[id(item)] for item in reported if not item.with_page])
    threshold = float(np.quantile(answerable, 1 - ANSWERED))
    false_answers = float(np.mean(removed >= threshold))
    print(f"false answers with the page removed, {ANSWERED:.0%} answered: {false_answers:.3f} (threshold {threshold:.3f})")
    return fit(asked), threshold, {"false_answers": round(false_answers, 4), "answered": ANSWERED}


def crossed(
    everything: Sequence[Asked],
    known: Sequence[Asked],
    fit: Callable[[Sequence[Asked]], Pipeline],
    use: Callable[[Pipeline, Asked], None],
) -> None:
    """Fit on all pages but a fold's, use on the fold's."""
    urls = sorted({item.url for item in everything})
    for _, held in GroupKFold(FOLDS).split(urls, groups=urls):
        held_out = {urls[number] for number in held}
        model = fit([item for item in known if item.url not in held_out])
        for item in everything:
            if item.url in held_out:
                use(model, item)


def as_json(model: Pipeline, names: Sequence[str]) -> dict[str, Any]:
    """Mean, scale and weight of each feature, and the intercept."""
    scaler, regression = model.steps[0][1], model.steps[1][1]
    table = zip(names, scaler.mean_, scaler.scale_, regression.coef_[0], strict=True)
    return {
        "intercept": float(regression.intercept_[0]),
        "features": {name: [round(float(value), 6) for value in values] for name, *values in table},
    }


if __name__ == "__main__":
    main()
