"""Fits the model that tells questions of guidance from other messages, and writes it to assistant/answer/routing.json.

    python scripts/fit_routing.py [SITUATIONS.jsonl …] [--unseen UNSEEN …] [--dry]

Fitted on assistant/answer/routes.toml and, as further questions of guidance, on SITUATIONS (`scenario` and `question` a
line). The thresholds are the lowest at which a cross-validated model turns away few of the questions; see `TURNED_AWAY`.
Printed are a confusion matrix on evals/data/routing_messages.jsonl, whose messages the model has not seen, and how many
questions of evals/data and of each UNSEEN file (.jsonl with `question`, or .csv with `prompt` and `type`) are turned away.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from assistant.answer.pleasantries import without_pleasantries
from assistant.answer.routing import VECTOR_WEIGHT, Route, Router, described, fitted_router, route, runs_of, shortened
from assistant.index import Embedder, make_embedder
from assistant.settings import EmbeddingSettings, load_settings

TURNED_AWAY = 0.004  # share of questions of guidance, in cross-validation, that may get a fixed reply
OFTEN = 3  # examples in which a run of words must stand to count
STRENGTH = 3.0  # inverse regularisation; 1 and 10 did worse on the same folds
FOLDS = 10
DISTRESS = 0.5  # set by hand, below the other threshold: to miss a call for help is worse than to offer help unasked
TARGET = Path("assistant/answer/routing.json")
EXAMPLES = Path("assistant/answer/routes.toml")
UNSEEN_MESSAGES = Path("evals/data/routing_messages.jsonl")
QUESTIONS = ("corpus_questions", "guidance_questions", "unanswerable_questions")


def main() -> None:
    """Fit, write, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("situations", nargs="*", type=Path)
    parser.add_argument("--unseen", nargs="*", type=Path, default=[])
    parser.add_argument("--dry", action="store_true", help="report on routing.json as it is")
    options = parser.parse_args()
    embedder = make_embedder(EmbeddingSettings(), cache_dir=load_settings().data_dir / "models")
    if not options.dry:
        texts, labels, weights = examples(options.situations)
        stored = fit(texts, labels, weights, embedder)
        stored["data"] = {"examples": len(texts), "situations": [path.name for path in options.situations]}
        TARGET.write_text(json.dumps(stored) + "\n", "utf-8")
        fitted_router.cache_clear()
        print(f"wrote {TARGET}, {TARGET.stat().st_size:,} bytes")
    report(fitted_router(), embedder, options.unseen)


def examples(situations: Sequence[Path]) -> tuple[list[str], list[str], list[float]]:
    """Texts with their routes and weights, each text as it is and without its courtesies."""
    rows: dict[str, tuple[str, float]] = {}
    for path in situations:
        for line in path.read_text("utf-8").splitlines():
            record = json.loads(line)
            rows[record["question"]] = (Route.GUIDANCE, 0.5)
            rows[f"{record['scenario']} {record['question']}"] = (Route.GUIDANCE, 0.5)
    for name, block in tomllib.loads(EXAMPLES.read_text("utf-8"))["routes"].items():
        for line in filter(None, map(str.strip, block.splitlines())):
            rows[line] = (name, 1.0)
            rows.setdefault(without_pleasantries(line) or line, (name, 1.0))
    return [shortened(text) for text in rows], [name for name, _ in rows.values()], [weight for _, weight in rows.values()]


def fit(texts: list[str], labels: list[str], weights: list[float], embedder: Embedder) -> dict[str, Any]:
    """The model as it is kept, with the thresholds from cross-validation."""
    counts = Counter(
        run for text, label, weight in zip(texts, labels, weights, strict=False) if weight == 1 for run in runs_of(text)
    )
    runs = {run: column for column, run in enumerate(sorted(run for run, count in counts.items() if count >= OFTEN))}
    values = np.hstack([VECTOR_WEIGHT * embedder.embed(texts), described(texts, runs)])
    known, weighed = np.array(labels), np.array(weights)

    def model(rows: np.ndarray) -> LogisticRegression:
        fresh = LogisticRegression(C=STRENGTH, max_iter=5000)
        return fresh.fit(values[rows], known[rows], sample_weight=weighed[rows])

    likely = np.zeros((len(texts), len(set(labels))))
    for teach, held in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(values, known):
        likely[held] = model(teach).predict_proba(values[held])
    whole = model(np.arange(len(texts)))
    routes = [str(name) for name in whole.classes_]
    guidance = known == Route.GUIDANCE
    away = np.sort(1 - likely[guidance, routes.index(Route.GUIDANCE)])[::-1]
    threshold = round(float(away[int(TURNED_AWAY * len(away))]) + 0.005, 2)
    right = np.array(routes)[likely.argmax(axis=1)] == known
    caught = float(np.mean(1 - likely[~guidance, routes.index(Route.GUIDANCE)] >= threshold))
    false_help = float(np.mean(likely[guidance, routes.index(Route.DISTRESS)] >= DISTRESS))
    print(
        f"cross-validated: {right.mean():.3f} right; threshold {threshold}, at which {caught:.3f} of others get a reply; "
        f"questions taken for distress {false_help:.4f}"
    )
    return {
        "fitted": dt.date.today().isoformat(),
        "script": "scripts/fit_routing.py",
        "embedder": embedder.name,
        "cross_validated": {"right": round(float(right.mean()), 4), "caught": round(caught, 4), "turned_away": TURNED_AWAY},
        "threshold": threshold,
        "distress_threshold": min(DISTRESS, threshold),
        "routes": routes,
        "intercepts": [round(float(value), 4) for value in whole.intercept_],
        "runs": list(runs),
        "weights": {name: [round(float(value), 3) for value in row] for name, row in zip(routes, whole.coef_, strict=False)},
    }


def report(router: Router, embedder: Embedder, unseen: Sequence[Path]) -> None:
    """Print how unseen messages are routed."""
    rows = [json.loads(line) for line in UNSEEN_MESSAGES.read_text("utf-8").splitlines()]
    pairs = [(row["route"], str(route(row["question"], router, embedder.embed)), row["question"]) for row in rows]
    names = [str(name) for name in Route]
    table = Counter((given, found) for given, found, _ in pairs)
    print("| | " + " | ".join(names) + " | recall |")
    print("|---|" + "---|" * (len(names) + 1))
    for given in names:
        counts = [table[given, found] for found in names]
        print(f"| {given} | " + " | ".join(map(str, counts)) + f" | {table[given, given] / max(1, sum(counts)):.2f} |")
    precision = [table[n, n] / max(1, sum(table[g, n] for g in names)) for n in names]
    print("| precision | " + " | ".join(f"{value:.2f}" for value in precision) + " | |")
    for given, found, text in pairs:
        if given != found:
            print(f"  {given} taken for {found}: {text}")
    for name, texts in unseen_sets(unseen):
        kinds = [(text, route(text, router, embedder.embed)) for text in texts]
        away = [(text, kind) for text, kind in kinds if kind is not Route.GUIDANCE]
        print(f"{name}: {len(away)} of {len(texts)} turned away ({len(away) / len(texts):.2%})")
        for text, kind in away:
            print(f"  {kind}: {text[:150]}")


def unseen_sets(paths: Sequence[Path]) -> Iterator[tuple[str, list[str]]]:
    """Sets of questions none of which may be turned away."""
    for path in [*(Path("evals/data") / f"{name}.jsonl" for name in QUESTIONS), *paths]:
        if path.suffix == ".csv":
            with path.open(encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
            yield f"{path.name}, safe", [row["prompt"] for row in rows if row["label"] == "safe"]
            continue
        records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        yield path.name, list(dict.fromkeys(record["question"] for record in records))
        if "scenario" in records[0]:
            both = [f"{record['scenario']} {record['question']}" for record in records]
            yield f"{path.name}, with scenario", list(dict.fromkeys(both))


if __name__ == "__main__":
    main()
