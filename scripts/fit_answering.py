"""Fits the models behind answering by quotation and writes them to assistant/answer/weights.json.

Which blocks are evidence, and whether the passages found answer the question at all, are logistic models over the
features in assistant/answer/evidence.py. Questions are asked as they are, with their page taken away, and, if they are
short, with nothing but the passages of their evidence taken away, which leaves what is about the same subject and does
not answer. Near misses that were written as such are asked too. Every figure printed is from cross-validation in which
no page is in both parts.

Two kinds of question are used, since people ask both ways: situations of several sentences (ConditionalQA, which counts
most for the blocks) and short direct questions (evals/data). Each kind has a model of what is enough, and a threshold.

    python scripts/fit_answering.py SITUATIONS.jsonl [MORE_SITUATIONS.jsonl …]

The index that the settings name must hold the guidance that the questions are about, and corpus/. Figures on situations
are of the first file. The short questions over corpus/ are asked of an index of corpus/ alone, too.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz import fuzz
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from tqdm import tqdm

from assistant.answer.evidence import FEATURES, RETRIEVAL_FEATURES, Candidate, candidates, features, retrieval_features
from assistant.answer.expected import asked_for
from assistant.answer.selection import Limits, select
from assistant.documents import Document
from assistant.index import Index, Searchable, ingest
from assistant.search import Retrieval, Searcher
from assistant.settings import load_settings

ANSWERED = 0.9  # share of answerable situations that must be answered
ANSWERED_SHORT = 0.82  # share of answerable short questions, their evidence found, that must be answered
SHORT_WEIGHT = 0.4  # of a short question beside a situation, when fitting what is enough for situations
LESS = {"page": 0.3, "evidence": 0.6}  # weight of a short question without its page, or its evidence, beside a near miss
LESS_FIGURES = (
    0.3  # of a question in FIGURES, all of which ask for a figure; they keep near misses from teaching that none is there
)
SITUATION_WEIGHT = 0.2  # of a situation's block beside a short question's; 1 quotes worse for short ones, no better for long
NEAR_BEST = 0.005  # F1 of situations given up, at most, for quoting better for short questions
FOLDS = 10
STRENGTH = 0.02  # inverse regularisation; .01 to .1 did alike on the same folds, 1 worse
STRENGTH_SHORT = 0.05
MAX_BLOCKS = 6
TARGET = Path("assistant/answer/weights.json")
DATA = Path("evals/data")
CORPUS, FIGURES, GUIDANCE = (DATA / f"{name}_questions.jsonl" for name in ("corpus", "figure", "guidance"))
SHIPPED = DATA / "shipped"
"""What is measured with (`bernard eval`): no question near one of these is fitted on."""
NEAR_IN_SENSE, NEAR_IN_WORDS = 0.8, 72  # cosine; rapidfuzz's token_sort_ratio
UNANSWERABLE, NEAR = DATA / "unanswerable_questions.jsonl", DATA / "near_miss_questions.jsonl"


@dataclass
class Asked:
    """One question as asked of an index.

    Attributes:
        taken: What was taken away before it was asked: "page", "evidence", or nothing.
        of_figures: Whether it is from FIGURES.
    """

    page: str
    gold: frozenset[str]
    kind: str
    answerable: bool
    searcher: Searcher
    retrieval: Retrieval
    blocks: list[Candidate]
    described: np.ndarray
    likely: np.ndarray
    taken: str = ""
    of_figures: bool = False
    confidence: float = 0.0

    @property
    def labels(self) -> np.ndarray:
        """Which blocks are gold evidence."""
        return np.array([digest(block.text) in self.gold for block in self.blocks])

    @property
    def usable(self) -> bool:
        """Whether it can teach what is enough: a short question whose evidence was not found cannot."""
        return not self.answerable or self.kind != "short" or bool(self.labels.any())

    @property
    def weight(self) -> float:
        """How much it counts when fitting what is enough for situations."""
        return SHORT_WEIGHT if self.kind == "short" else 1.0

    @property
    def weight_short(self) -> float:
        """How much it counts when fitting what is enough for short questions."""
        return LESS.get(self.taken, 1.0) * (LESS_FIGURES if self.of_figures else 1.0)


def main() -> None:
    """Ask, fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("situations", nargs="+", type=Path)
    parser.add_argument("--dry", action="store_true", help="report only; leave weights.json as it is")
    options = parser.parse_args()
    settings = load_settings()
    with Index(settings) as index, tempfile.TemporaryDirectory() as folder:
        alone = settings.model_copy(update={"data_dir": Path(folder)})
        ingest([Path("corpus")], alone)
        with Index(alone) as small:
            asked = list(ask_all(Searcher(index, settings.search), Searcher(small, settings.search), options.situations))
            block, limits, shown = fit_blocks(asked)
            enough, short, thresholds, refusal = fit_enough(asked)
            digest_of_index = index.digest
    if options.dry:
        return
    stored = {
        "fitted": dt.date.today().isoformat(),
        "script": "scripts/fit_answering.py",
        "data": {
            "situations": [path.name for path in options.situations],
            "short": [path.name for path in (CORPUS, FIGURES, GUIDANCE, UNANSWERABLE, NEAR)],
            "asked": len(asked),
            "pages": len({item.page for item in asked}),
            "index_digest": digest_of_index,
        },
        "cross_validated": {**shown, **refusal},
        "keep_from": limits.keep_from,
        "keep_least": limits.keep_least,
        **thresholds,
        "block": as_json(block, FEATURES),
        "enough": as_json(enough, RETRIEVAL_FEATURES),
        "enough_short": as_json(short, RETRIEVAL_FEATURES),
    }
    TARGET.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")
    print(f"wrote {TARGET}")


def normalised(text: str) -> str:
    """Lower case, words only."""
    return re.sub(r"\W+", " ", text).strip().lower()


def digest(text: str) -> str:
    """Names a block's normalised text; the data files hold these where the text is not ours to copy."""
    return hashlib.sha256(normalised(text).encode()).hexdigest()[:16]


def ask_all(searcher: Searcher, small: Searcher, situations: Sequence[Path]) -> Iterator[Asked]:
    """Ask every question of every set."""
    texts = page_blocks(searcher.index)
    new = Unlike(searcher, SHIPPED)
    for number, path in enumerate(situations):
        for item in lines(path):
            item["question"] = f"{item['scenario']} {item['question']}"
            yield from ask_both(searcher, item, "reported" if not number else "situation", texts)
    for path in (CORPUS, FIGURES, GUIDANCE):
        for item in new.of(lines(path)):
            yield from ask_both(searcher, item, "short", texts)
    for path in (CORPUS, FIGURES):
        for item in new.of(lines(path)):
            yield from ask_both(small, item, "short", texts)
    for item in new.of(lines(UNANSWERABLE)):
        for source in (searcher, small):
            yield ask(source, item, "short", frozenset(), answerable=False, page=f"none:{item['id']}")
    for item in new.of(lines(NEAR)):
        yield ask(small, item, "near miss", frozenset(), answerable=False, page=item["url"])


class Unlike:
    """Leaves out what comes near a question that is measured with: nearly its words, or nearly its meaning."""

    def __init__(self, searcher: Searcher, measured_with: Path) -> None:
        """Read the questions in the JSON Lines files of a folder."""
        self._embed = searcher.remembered.embed
        files = sorted(measured_with.glob("*.jsonl"))
        self._words = [
            json.loads(line)["question"].lower() for path in files for line in path.read_text("utf-8").splitlines()
        ]
        self._vectors = self._embed(self._words)

    def of(self, items: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The items that come near none of them."""
        for item in items:
            question = item["question"].lower()
            meant = float((self._vectors @ self._embed([question])[0]).max())
            if (
                meant < NEAR_IN_SENSE
                and max(fuzz.token_sort_ratio(question, other) for other in self._words) < NEAR_IN_WORDS
            ):
                yield item


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a JSON Lines file; a progress bar goes on as they are taken."""
    yield from tqdm([json.loads(line) for line in path.read_text("utf-8").splitlines()], desc=path.stem, disable=None)


def ask_both(searcher: Searcher, item: dict[str, Any], kind: str, texts: dict[str, set[str]]) -> Iterator[Asked]:
    """One question with its page, without, and without its evidence; nothing when the page is not there or has changed."""
    page = item["url"]
    gold = frozenset(item.get("evidence_sha256") or map(digest, item["evidence"]))
    if not item["answerable"] or not gold or page not in texts or (kind != "reported" and not gold <= texts[page]):
        return
    yield ask(searcher, item, kind, gold, answerable=True, page=page)
    gone = {page, *item.get("also", [])}  # other pages that answer it: with one of them left it would still be answerable
    yield ask(
        searcher, item, kind, gold, answerable=False, page=page, keep=lambda document: document.url not in gone, taken="page"
    )
    if kind == "short" and not item.get("also"):
        yield ask(searcher, item, kind, gold, answerable=False, page=page, taken="evidence")


def ask(
    searcher: Searcher,
    item: dict[str, Any],
    kind: str,
    gold: frozenset[str],
    *,
    answerable: bool,
    page: str,
    keep: Callable[[Document], bool] | None = None,
    taken: str = "",
) -> Asked:
    """One question, described."""
    retrieval = searcher.retrieve(item["question"], limit=40, keep=keep)
    if taken == "evidence":
        hits = tuple(hit for hit in retrieval.hits if not gold & digests_of(searcher.index, hit.row))
        retrieval = dataclasses.replace(retrieval, hits=hits)
    blocks = candidates(searcher, retrieval)
    if taken == "evidence":
        blocks = [block for block in blocks if digest(block.text) not in gold]
    described = features(searcher, retrieval, blocks)
    figures = item["id"].startswith("figure-")
    return Asked(page, gold, kind, answerable, searcher, retrieval, blocks, described, np.zeros(len(blocks)), taken, figures)


def digests_of(index: Searchable, row: int) -> set[str]:
    """The digests of a passage's blocks."""
    text = index.stored(row).document.text
    return {digest(text[span.start : span.end]) for span in index.passage(row).spans}


def page_blocks(index: Searchable) -> dict[str, set[str]]:
    """The digests of all blocks of each page."""
    texts: dict[str, set[str]] = {}
    for row in {index.document_key(row): row for row in range(len(index))}.values():
        document = index.stored(row).document
        texts.setdefault(document.url, set()).update(digest(document.quote(block)) for block in document.blocks)
    return texts


def logistic(strength: float = STRENGTH) -> Pipeline:
    """A logistic model over standardised features."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=5000))


def fit_blocks(asked: Sequence[Asked]) -> tuple[Pipeline, Limits, dict[str, float]]:
    """Fit the block model; leaves cross-validated probabilities in `asked`."""
    known = [item for item in asked if item.answerable]

    def fit(part: Sequence[Asked]) -> Pipeline:
        weights = [np.full(len(i.blocks), 1.0 if i.kind == "short" else SITUATION_WEIGHT) for i in part]
        return logistic().fit(
            np.vstack([i.described for i in part]),
            np.concatenate([i.labels for i in part]),
            logisticregression__sample_weight=np.concatenate(weights),
        )

    def use(model: Pipeline, item: Asked) -> None:
        item.likely = model.predict_proba(item.described)[:, 1]

    crossed(asked, known, fit, use)
    reported = [item for item in known if item.kind == "reported"]
    tried = [Limits(share, least, MAX_BLOCKS) for share in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7) for least in (0.0, 0.1, 0.15, 0.2)]
    short = [item for item in known if item.kind == "short"]
    of_situations = {limits: mean_f1(reported, limits) for limits in tried}
    best = max(of_situations.values())
    limits = max(
        (limits for limits in tried if of_situations[limits] >= best - NEAR_BEST), key=lambda limits: mean_f1(short, limits)
    )
    quoted = float(np.mean([len(quoted_by(item, limits)) for item in reported]))
    figures = {"evidence_f1": mean_f1(reported, limits), "evidence_f1_short": mean_f1(short, limits), "blocks": quoted}
    print(f"evidence shown, {len(reported)} situations, {limits}: {figures}")
    return fit(known), limits, {name: round(value, 4) for name, value in figures.items()}


def mean_f1(items: Sequence[Asked], limits: Limits) -> float:
    """Mean F1 of the blocks quoted, with what introduces them, against the gold evidence."""
    return float(np.mean([f1(item, limits) for item in items]))


def quoted_by(item: Asked, limits: Limits) -> list[int]:
    """Positions of the blocks quoted."""
    return select(item.blocks, item.likely, limits, wanted=asked_for(item.retrieval.focus))


def f1(item: Asked, limits: Limits) -> float:
    """F1 of one question; see `mean_f1`."""
    shown: set[str] = set()
    for position in quoted_by(item, limits):
        block = item.blocks[position]
        shown.add(digest(block.text))
        introduced_by = block.span.introduced_by
        while introduced_by is not None:
            introduction = block.document.blocks[introduced_by]
            shown.add(digest(block.document.quote(introduction)))
            introduced_by = introduction.introduced_by
    return 2 * len(shown & item.gold) / (len(shown) + len(item.gold))


def fit_enough(asked: Sequence[Asked]) -> tuple[Pipeline, Pipeline, dict[str, float], dict[str, float]]:
    """Fit what tells an answerable situation and an answerable short question; with the thresholds and the figures."""
    rows = {id(i): retrieval_features(i.searcher, i.retrieval, i.blocks, i.described, i.likely) for i in asked}

    def fitting(weight: Callable[[Asked], float], strength: float) -> Callable[[Sequence[Asked]], Pipeline]:
        def fit(part: Sequence[Asked]) -> Pipeline:
            values, labels = np.vstack([rows[id(item)] for item in part]), [item.answerable for item in part]
            return logistic(strength).fit(values, labels, logisticregression__sample_weight=[weight(item) for item in part])

        return fit

    def use(model: Pipeline, item: Asked) -> None:
        item.confidence = float(model.predict_proba(rows[id(item)][None, :])[0, 1])

    fit_long = fitting(lambda item: item.weight, STRENGTH)
    teaching = [item for item in asked if item.usable and item.kind != "near miss" and item.taken != "evidence"]
    crossed([item for item in asked if item.kind not in {"short", "near miss"}], teaching, fit_long, use)
    situations = confidences(asked, "reported")
    long_from = float(np.quantile(situations[True], 1 - ANSWERED))

    fit_short = fitting(lambda item: item.weight_short, STRENGTH_SHORT)
    brief = [item for item in asked if item.usable and item.kind in {"short", "near miss"}]
    crossed(brief, brief, fit_short, use)
    short = confidences([item for item in brief if item.answerable], "short")[True]
    short_from = float(np.quantile(short, 1 - ANSWERED_SHORT))
    false_short = {
        "page_removed": [item for item in brief if item.taken == "page"],
        "evidence_removed": [item for item in brief if item.taken == "evidence"],
        "written": [item for item in brief if not item.taken and item.kind == "short" and not item.answerable],
        "near_misses": [item for item in brief if item.kind == "near miss"],
    }
    figures = {
        "answered": float(np.mean(situations[True] >= long_from)),
        "false_answers": float(np.mean(situations[False] >= long_from)),
        "answered_short": float(np.mean(short >= short_from)),
        **{
            f"false_answers_{name}": float(np.mean([item.confidence >= short_from for item in items]))
            for name, items in false_short.items()
        },
    }
    print(f"answered and falsely answered, situations from {long_from:.3f}, short from {short_from:.3f}: {figures}")
    thresholds = {"enough_from": round(long_from, 4), "enough_from_short": round(short_from, 4)}
    figures = {name: round(value, 4) for name, value in figures.items()}
    return fit_long(teaching), fit_short(brief), thresholds, figures


def confidences(asked: Sequence[Asked], kind: str) -> dict[bool, np.ndarray]:
    """Confidence in the questions of a kind, by whether they can be answered."""
    return {
        answerable: np.array([item.confidence for item in asked if item.kind == kind and item.answerable is answerable])
        for answerable in (True, False)
    }


def crossed(
    everything: Sequence[Asked],
    known: Sequence[Asked],
    fit: Callable[[Sequence[Asked]], Pipeline],
    use: Callable[[Pipeline, Asked], None],
) -> None:
    """Fit on all pages but a fold's, use on the fold's."""
    pages = sorted({item.page for item in everything})
    for _, held in GroupKFold(FOLDS).split(pages, groups=pages):
        held_out = {pages[number] for number in held}
        model = fit([item for item in known if item.page not in held_out])
        for item in everything:
            if item.page in held_out:
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
