"""Measures the consultation room on the sets in ../shared/evals: `python -m evals.consult [WHAT …]`.

Prints the figures with 95 % intervals (bootstrap over responses) and the bars they were set. Works without a model.
Knows nothing of how themes are found.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import math
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.consult import (
    Consultation,
    Corrections,
    Mapped,
    OpenQuestion,
    Statement,
    Theme,
    ThemeVectors,
    map_responses,
    uncertainty,
)
from assistant.consult.clusters import group, in_context
from assistant.consult.mapping import theme_vectors
from assistant.consult.stances import Position, closed_position, is_evidence_rich, learnt_positions, position
from assistant.consult.statements import statements
from assistant.consult.wordmatch import shared_words, vocabulary, words
from assistant.index import Embedder, Vectors, make_embedder
from assistant.settings import Settings, load_settings
from evals.consult_measures import (
    Coverage,
    bits_a_word,
    coverage,
    key_point_precision,
    macro_f1,
    micro_f1,
    picks_out,
    response_f1,
)
from evals.metrics import estimate

SETS = Path(__file__).parents[2] / "shared" / "evals"
_FOLDS = 5
_CORRECTIONS = 20
_SEEDS = 10


@dataclass(frozen=True, slots=True)
class Embedded:
    """Responses with their vectors, and themes' vectors with how much the responses share of their words."""

    texts: list[str]
    whole: Vectors
    points: list[Statement]
    vectors: Vectors
    themes: list[ThemeVectors]
    shared: np.ndarray


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for, or all but the load test."""
    suites: dict[str, Callable[[Path, Settings], None]] = {
        "themefinder": measure_themefinder,
        "nhs_fft": measure_nhs,
        "ibm_kpa": measure_key_points,
        "demo": measure_demo,
        "load": measure_load,
    }
    parser = argparse.ArgumentParser(prog="python -m evals.consult", description="Measures themes and mapping.")
    parser.add_argument("what", nargs="*", help=f"one or more of {', '.join(suites)} (none: all but load)")
    parser.add_argument("--sets", type=Path, default=SETS, help="folder of the sets")
    options = parser.parse_args(arguments)
    unknown = set(options.what) - set(suites)
    if unknown:
        parser.error(f"there is no suite {', '.join(sorted(unknown))}; there are {', '.join(suites)}")
    for name in options.what or [name for name in suites if name != "load"]:
        begun = time.monotonic()
        print(f"\n{name}")
        suites[name](options.sets, load_settings())
        print(f"  ({time.monotonic() - begun:.0f} s)")
    return 0


# suites


def measure_themefinder(sets: Path, settings: Settings) -> None:
    """Planted themes found and responses mapped, on i.AI's synthetic gambling consultation."""
    embedder = _embedder(settings)
    covered: list[Coverage] = []
    covered_with_heads: list[Coverage] = []
    f1: list[float] = []
    keys: list[str] = []
    found_all, gold_all = [], []
    stances: list[tuple[Position, str]] = []
    rich: list[float] = []
    for number in (1, 2):
        base = sets / "themefinder" / "gambling_XS"
        out = base / "outputs" / "mapping" / "2025-07-22" / f"question_part_{number}"
        file = base / "inputs" / f"question_part_{number}" / "responses.jsonl"
        asked = json.loads((file.parent / "question.json").read_text("utf-8"))["question_text"]
        gold = {str(one["response_id"]): set(one["labels"]) for one in _lines(out / "mapping.jsonl")}
        planted = [one for one in json.loads((out / "themes.json").read_text("utf-8")) if "X" not in one["topic_id"]]
        planted = [one for one in planted if one["topic_id"] not in ("Y", "XY")]
        with _temporary(settings) as own, Consultation.new("set", file, own, asked=asked) as consultation:
            question = consultation.question()
            themes, ids = question.form_themes(), [one.id for one in question.answers.responses]
            names = [one["topic_id"] for one in planted]
            of_theme = {name: {at for at, key in enumerate(ids) if name in gold[key]} for name in names}
            groups = [{question.statements[at].response for at in theme.exemplars} for theme in themes]
            covered.append(coverage(groups, of_theme))
            covered_with_heads.append(coverage([*groups, *_of_heads(themes, groups)], of_theme))
            print(f"  question {number}: {len(themes)} candidate themes for {len(planted)} planted")
            _print_agreement(groups, of_theme, len(ids))
            _print_seeds(question)
            _print_spans(question)
            approved = [Theme(one["topic_id"], *one["topic"].split(": ", 1)) for one in planted]
            embedded = _embedded([one.text for one in question.answers.responses], approved, embedder)
            found = _sets(_mapped(embedded), len(ids))
            labels = [gold[key] for key in ids]
            f1 += response_f1(found, labels)
            keys += [f"{number} {key}" for key in ids]
            found_all += found
            gold_all += [{f"{number}{theme}" for theme in one} for one in labels]
            found_all[-len(ids) :] = [{f"{number}{theme}" for theme in one} for one in found]
            said = {str(one["response_id"]): one["position"] for one in _lines(out / "sentiment.jsonl")}
            stands = question.positions()
            if set(said.values()) != {"AGREE"}:  # the second question asks for ideas: nobody could disagree
                stances += [(stands[at], said[one.id]) for at, one in enumerate(question.answers.responses) if at in stands]
            _print_titles(question, embedder)
            labels_of = [one["topic"].partition(":")[0] for one in planted]
            _print_specificity("reference titles", labels_of, list(of_theme.values()), question, embedder)
            detail = {str(one["response_id"]): one["evidence_rich"] for one in _lines(out / "detail_detection.jsonl")}
            rich += [float(is_evidence_rich(one.text) == (detail[one.id] == "YES")) for one in question.answers.responses]
    _print("planted themes found, weighted (leading)", [one.leading for one in covered], bar=0.85)
    _print("planted themes found, weighted (F1 of responses at least 0.4)", [one.matching for one in covered])
    _print("the same, heads of themes too", [one.matching for one in covered_with_heads])
    _print("mapping F1, a response", f1, keys, bar=0.65)
    print(f"  mapping F1, micro {micro_f1(found_all, gold_all):.3f}, macro {macro_f1(found_all, gold_all):.3f}")
    _print_positions(stances)
    _print("evidence-rich right", rich)


def measure_nhs(sets: Path, settings: Settings) -> None:
    """Mapping to hand-coded labels given by name alone, before and after corrections."""
    embedder = _embedder(settings)
    texts, names, gold = _nhs(sets / "nhs_fft" / "comments.csv")
    embedded = _embedded(texts, [Theme(name, name, "") for name in names], embedder)
    wordings = embedder.embed(names)
    plain = np.asarray(embedded.whole @ wordings.T)
    folds = [set(range(fold, len(texts), _FOLDS)) for fold in range(_FOLDS)]
    keys = [str(at) for at in range(len(texts))]
    fixed: list[AbstractSetOfNames] = [set() for _ in texts]
    for fold in folds:
        others = [at for at in range(len(texts)) if at not in fold]
        threshold = max(
            np.arange(0.1, 0.6, 0.01), key=lambda t: _mean(response_f1(_over(plain[others], names, t), _at(gold, others)))
        )
        for at in fold:
            fixed[at] = _over(plain[[at]], names, threshold)[0]
    best = max(np.arange(0.1, 0.6, 0.01), key=lambda t: _mean(response_f1(_over(plain, names, t), gold)))
    by_name = _sets(_mapped(embedded), len(texts))
    before, ours = response_f1(fixed, gold), response_f1(by_name, gold)
    oracle = response_f1(_over(plain, names, best), gold)
    _print("similarity with a threshold fixed on other folds", before, keys)
    _print(f"similarity with the best threshold for these very responses ({best:.2f})", oracle, keys)
    _print("Bernard, themes by name", ours, keys, bar=1.2 * _mean(before), note="1.2 times the former")
    _print("difference to the fixed threshold", [a - b for a, b in zip(ours, before, strict=True)], keys)
    print(f"  micro {micro_f1(by_name, gold):.3f}, macro {macro_f1(by_name, gold):.3f}")
    after: list[AbstractSetOfNames] = [set() for _ in texts]
    for number, fold in enumerate(folds):
        pool = [at for at in range(len(texts)) if at not in fold]
        mapped, reviewed = _corrected(embedded, gold, pool=pool, seed=number)
        found = _sets(mapped, len(texts))
        for at in fold:
            after[at] = found[at]
        print(f"  fold {number + 1}: {reviewed} responses reviewed", file=sys.stderr)
    _print(
        f"after {_CORRECTIONS} corrections a theme ({_CORRECTIONS} × {len(names)} responses)",
        response_f1(after, gold),
        keys,
        bar=0.6,
    )
    print(f"  micro {micro_f1(after, gold):.3f}, macro {macro_f1(after, gold):.3f}")


def measure_key_points(sets: Path, settings: Settings) -> None:
    """Arguments matched to key points, as the shared task measures it."""
    embedder = _embedder(settings)
    folder = sets / "ibm_kpa"
    arguments, points = _rows(folder / "arguments_dev.csv"), _rows(folder / "key_points_dev.csv")
    labelled = {(row["arg_id"], row["key_point_id"]): row["label"] == "1" for row in _rows(folder / "labels_dev.csv")}
    strict, relaxed, keys = [], [], []
    for topic in sorted({(row["topic"], row["stance"]) for row in arguments}):
        own = [row for row in arguments if (row["topic"], row["stance"]) == topic]
        to = [row for row in points if (row["topic"], row["stance"]) == topic]
        near = np.asarray(
            embedder.embed([row["argument"] for row in own]) @ embedder.embed([row["key_point"] for row in to]).T
        )
        labels = {
            (at, k): labelled[a["arg_id"], b["key_point_id"]]
            for (at, a), (k, b) in itertools.product(enumerate(own), enumerate(to))
            if (a["arg_id"], b["key_point_id"]) in labelled
        }
        strict.append(key_point_precision(near, labels, relaxed=False))
        relaxed.append(key_point_precision(near, labels, relaxed=True))
        keys.append(topic[0])
    _print("mAP, strict", strict, keys)
    _print("mAP, relaxed", relaxed, keys, bar=0.75)


def measure_demo(_: Path, settings: Settings) -> None:
    """The invented consultation that comes with Bernard: what was planted in it."""
    folder = Path(__file__).parents[1] / "assistant" / "consult" / "demo"
    planted = json.loads((folder / "planted.json").read_text("utf-8"))
    with _temporary(settings) as own, Consultation.new("demo", folder / "responses.csv", own) as consultation:
        question = consultation.question()
        themes = question.form_themes()
        ids = {one.id: at for at, one in enumerate(question.answers.responses)}
        gold = {theme: {ids[one] for one in members} for theme, members in planted["themes"].items()}
        groups = [{question.statements[at].response for at in theme.exemplars} for theme in themes]
        found = coverage(groups, gold)
        print(
            f"  {len(themes)} candidate themes for {len(gold)} planted; minority views {sum(t.is_minority for t in themes)}"
        )
        print(f"  planted themes found, weighted: {found.leading:.3f} leading, {found.matching:.3f} matching")
        _print_agreement(groups, gold, len(ids))
        _print_seeds(question)
        _print_spans(question)
        _print_titles(question, _embedder(settings))
        _print_specificity("reference titles", list(gold), list(gold.values()), question, _embedder(settings))
        _print_hidden_positions(question)
        for name, members in planted["campaigns"].items():
            wanted = {ids[one] for one in members}
            best = max((len(wanted & set(one.members)) for one in question.campaigns), default=0)
            print(f"  campaign {name}: {best} of {len(wanted)} found")


def measure_load(sets: Path, settings: Settings) -> None:
    """10,000 responses from file to candidate themes: seconds and memory. Made of the sets' own, shuffled and joined."""
    texts = [row["argument"] for part in ("train", "dev") for row in _rows(sets / "ibm_kpa" / f"arguments_{part}.csv")]
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "many.csv"
        with file.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(["Response ID", "Why do you say so?"])
            for number in range(10_000):
                chosen = rng.choice(len(texts), size=int(rng.integers(1, 5)))
                writer.writerow([f"R{number}", " ".join(f"{texts[at].strip(' .').capitalize()}." for at in chosen)])
        with _temporary(settings) as own:
            begun = time.monotonic()
            used = os.times()
            with Consultation.new("many", file, own) as consultation:
                question = consultation.question()
                themes = question.form_themes()
                statements_made = len(question.statements)
            seconds = time.monotonic() - begun
            worked = sum(os.times()[:2]) - sum(used[:2])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  10,000 responses, {statements_made:,} statements, {len(themes)} candidate themes")
    print(f"  {seconds:.0f} s by the clock, {worked:.0f} s of processor (bar 300 s on two cores)")
    print(f"  {peak:.0f} MiB at most (bar 2,048)")


# parts

AbstractSetOfNames = set[str]


def _corrected(embedded: Embedded, gold: Sequence[set[str]], *, pool: Sequence[int], seed: int) -> tuple[Mapped, int]:
    """Half of the corrections on a random sample, as blind reviews are, and half from the head of the queue."""
    budget = min(_CORRECTIONS * len(embedded.themes), len(pool))
    first = [int(at) for at in np.random.default_rng(seed).permutation(pool)[: budget // 2]]
    mapped = _mapped(embedded, corrections=_said(first, gold))
    doubt = uncertainty(mapped.confidence)
    queued = sorted(set(pool) - set(first), key=lambda at: -float(doubt[at]))[: budget - len(first)]
    reviewed = [*first, *queued]
    return _mapped(embedded, corrections=_said(reviewed, gold)), len(reviewed)


def _said(reviewed: Sequence[int], gold: Sequence[set[str]]) -> Corrections:
    return Corrections({(at, theme): True for at in reviewed for theme in gold[at]}, frozenset(reviewed))


def _mapped(embedded: Embedded, *, corrections: Corrections | None = None) -> Mapped:
    return map_responses(
        embedded.whole,
        embedded.vectors,
        embedded.points,
        themes=embedded.themes,
        places=range(len(embedded.texts)),
        corrections=corrections,
        shared=embedded.shared,
    )


def _embedded(texts: list[str], themes: Sequence[Theme], embedder: Embedder) -> Embedded:
    points = [Statement(at, start, end) for at, text in enumerate(texts) for start, end in statements(text)]
    said = [texts[one.response][one.start : one.end] for one in points]
    known = vocabulary(texts)
    shared = shared_words(
        texts, [one.wording for one in themes], known=known, vectors=embedder.embed(known), embed=embedder.embed
    )
    given = theme_vectors(themes, embedder.embed)
    return Embedded(texts, embedder.embed(texts), points, embedder.embed(said), given, shared)


def _sets(mapped: Mapped, count: int) -> list[set[str]]:
    found: list[set[str]] = [set() for _ in range(count)]
    for one in mapped.assignments:
        found[one.response].add(one.theme)
    return found


def _over(near: np.ndarray, names: Sequence[str], threshold: float) -> list[set[str]]:
    return [{names[int(at)] for at in np.flatnonzero(row >= threshold)} for row in near]


def _at(values: Sequence[set[str]], places: Sequence[int]) -> list[set[str]]:
    return [values[at] for at in places]


def _nhs(path: Path) -> tuple[list[str], list[str], list[set[str]]]:
    rows = [row for row in _rows(path) if not row["Labelling not possible"] and row["FFT answer"].strip()]
    columns = list(rows[0])
    names = [name for name in columns[columns.index("Not assigned") + 1 :] if name != "Labelling not possible"]
    names = [name for name in names if any(row[name] == "1" for row in rows)]
    return [row["FFT answer"] for row in rows], names, [{name for name in names if row[name] == "1"} for row in rows]


def _of_heads(themes: Sequence[Theme], groups: Sequence[set[int]]) -> list[set[int]]:
    """Responses under each head: planted themes are often wider than one candidate."""
    found: dict[str, set[int]] = {}
    for theme, members in zip(themes, groups, strict=True):
        found.setdefault(theme.head, set()).update(members)
    return list(found.values())


def _print_titles(question: OpenQuestion, embedder: Embedder) -> None:
    themes = list(question.standing.themes.values())
    members = [{question.statements[at].response for at in theme.exemplars} for theme in themes]
    _print_specificity("our titles", [theme.title for theme in themes], members, question, embedder)


def _print_specificity(
    what: str, titles: Sequence[str], members: Sequence[set[int]], question: OpenQuestion, embedder: Embedder
) -> None:
    """How specific titles are; ours are measured on their own groups, reference titles on the reference mapping."""
    answered = question.answers.answered
    row = {place: at for at, place in enumerate(answered)}
    whole, held = question.embed()[0], [words(question.answers.responses[place].text) for place in answered]
    vectors = embedder.embed(list(titles))
    surely = [picks_out(vectors[at], whole, {row[place] for place in one if place in row}) for at, one in enumerate(members)]
    bits = [bits_a_word(words(title), held) for title in titles]
    print(f"  {what}: pick out their theme {_mean(surely):.3f} (0.5: fits any), {_mean(bits):.2f} bits a word")


def _print_positions(stances: Sequence[tuple[Position, str]]) -> None:
    decided = [(mine, said) for mine, said in stances if mine is not Position.UNCLEAR]
    _print("position: right of three", [float(mine.name == said) for mine, said in stances])
    _print("position: decided", [float(mine is not Position.UNCLEAR) for mine, _ in stances])
    _print("position: right where decided", [float(mine.name == said) for mine, said in decided])


def _print_hidden_positions(question: OpenQuestion) -> None:
    """Positions where the closed question is hidden: from all, and from all but a quarter of the respondents."""
    responses, answered = question.answers.responses, question.answers.answered
    told = {at: said for at in answered if (said := closed_position(responses[at].answers)) is not None}
    by_words = {at: position(responses[at].text, {}, asked=question.text) for at in told}
    print("  with the closed question hidden from all:")
    _print_positions([(by_words[at], said.name) for at, said in told.items()])
    row = {place: at for at, place in enumerate(answered)}
    rng, found = np.random.default_rng(0), []
    for _ in range(10):
        known = {int(at) for at in rng.permutation(list(told))[: len(told) // 4]}
        left = [at for at in told if at not in known]
        learnt = learnt_positions(question.embed()[0], {row[at]: told[at] for at in known}, row=row, wanted=left)
        found += [(by_words[at] if by_words[at] is not Position.UNCLEAR else learnt[at], told[at].name) for at in left]
    print("  with it hidden from three quarters, ten times:")
    _print_positions(found)


def _print_agreement(groups: Sequence[set[int]], gold: dict[str, set[int]], count: int) -> None:
    """NMI and ARI need one label a response: its largest theme, of those planted and of those found."""
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    def only(sets: Sequence[set[int]]) -> list[int]:
        return [
            max((at for at, one in enumerate(sets) if place in one), key=lambda at: len(sets[at]), default=-1)
            for place in range(count)
        ]

    found, planted = only(groups), only(list(gold.values()))
    nmi, ari = normalized_mutual_info_score(planted, found), adjusted_rand_score(planted, found)
    print(f"  NMI {nmi:.3f}, adjusted Rand {ari:.3f}, each response under its largest theme")


def _print_seeds(question: OpenQuestion) -> None:
    from sklearn.metrics import adjusted_rand_score

    whole, vectors = question.embed()
    row = {place: at for at, place in enumerate(question.answers.answered)}
    owners = [one.response for one in question.statements]
    mixed = in_context(vectors, whole, [row[place] for place in owners])
    runs = [group(mixed, owners, seed=seed) for seed in range(_SEEDS)]
    numbers = [len(one.groups) for one in runs]
    labels = []
    for one in runs:
        label = np.full(len(vectors), -1)
        for at, found in enumerate(one.groups):
            label[list(found.members)] = at
        labels.append(label)
    rand = [float(adjusted_rand_score(a, b)) for a, b in itertools.combinations(labels, 2)]
    middle = float(np.median(numbers))
    print(
        f"  themes over {_SEEDS} seeds: {min(numbers)} to {max(numbers)} (bar: within 2 of {middle:.0f}); "
        f"adjusted Rand between runs: mean {np.mean(rand):.3f}, least {min(rand):.3f} (bar 0.80)"
    )


def _print_spans(question: OpenQuestion) -> None:
    """Spans that are no words of their response, and responses that are nowhere."""
    mapped, responses = question.mapped(), question.answers.responses
    wrong = sum(not responses[one.response].text[one.start : one.end].strip() for one in mapped.assignments)
    put = {one.response for one in mapped.assignments} | set(mapped.other) | question.no_reason
    lost = sum(place not in put for place in question.answers.answered)
    print(f"  spans not in their response: {wrong}; responses lost: {lost} of {len(responses)}")


def _print(
    what: str, values: Sequence[float], keys: Sequence[str] = (), *, bar: float | None = None, note: str = ""
) -> None:
    kept = [
        (value, key)
        for value, key in zip(values, keys or map(str, range(len(values))), strict=True)
        if not math.isnan(value)
    ]
    found = estimate([value for value, _ in kept], [key for _, key in kept])
    against = (
        "" if bar is None else f" (bar {bar:.3f}{f', {note}' if note else ''}: {'met' if found.mean >= bar else 'MISSED'})"
    )
    print(f"  {what}: {found.mean:.3f} [{found.low:.3f}, {found.high:.3f}], n = {len(kept):,}{against}")


def _mean(values: Sequence[float]) -> float:
    return float(np.nanmean(values))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())


def _embedder(settings: Settings) -> Embedder:
    return make_embedder(settings.embedding, cache_dir=settings.data_dir / "models", is_exact=True)


class _temporary:  # noqa: N801 - used as a function
    """Settings with a data folder of their own, where the model is that of the real one."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = tempfile.TemporaryDirectory()

    def __enter__(self) -> Settings:
        own = Path(self._folder.name)
        models = self._settings.data_dir.absolute() / "models"
        models.mkdir(parents=True, exist_ok=True)
        (own / "models").symlink_to(models)
        return self._settings.model_copy(update={"data_dir": own})

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()


if __name__ == "__main__":
    sys.exit(main())
