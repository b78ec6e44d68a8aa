"""Has the consultation room work on consultations whose themes are known, and keeps what came, response by response.

Everything is in single precision, so that it is the same on every processor. Knows nothing of scores.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.consult import (
    Consultation,
    Corrections,
    Mapped,
    OpenQuestion,
    Position,
    Statement,
    ThemeVectors,
    map_responses,
    uncertainty,
)
from assistant.consult.clusters import group, in_context
from assistant.consult.mapping import theme_vectors
from assistant.consult.stances import learnt_positions, position
from assistant.consult.statements import statements
from assistant.consult.wordmatch import shared_words, vocabulary, words
from assistant.index import Embedder, Vectors, make_embedder
from assistant.settings import Settings
from evals.consult_measures import led_by_chance, response_f1
from evals.consultations import Planted, Topic

CORRECTIONS = 20
"""Responses reviewed for each theme, on average."""
SEEDS = 10
_FOLDS = 5
_THRESHOLDS = np.arange(0.1, 0.6, 0.01)
_DRAWS = 10  # of the quarter whose closed question is not hidden
_KNOWN = 4  # one in so many

Themes = frozenset[str]


@dataclass(frozen=True, slots=True)
class Formed:
    """Candidate themes of one question, and where its responses are.

    Attributes:
        groups: The responses of each candidate, by their identifiers.
        titles: Of the candidates.
        heads: The title of the head of each.
        lost: Responses that are in no theme, not under "other" and not without a reason.
        spans: Of each response that is in a theme: spans that are words of it, and spans.
        positions: Where each response stands, all that is known being used.
        by_words: The same with the closed question hidden from all.
        by_others: The same with the closed question hidden from all but a quarter, once a draw that hid it.
    """

    groups: tuple[Themes, ...]
    titles: tuple[str, ...]
    heads: tuple[str, ...]
    lost: Themes
    spans: Mapping[str, tuple[int, int]]
    positions: Mapping[str, Position]
    by_words: Mapping[str, Position]
    by_others: Mapping[str, tuple[Position, ...]]

    @property
    def under_heads(self) -> tuple[Themes, ...]:
        """The responses under each head: planted themes are often wider than one candidate."""
        found: dict[str, Themes] = {}
        for head, members in zip(self.heads, self.groups, strict=True):
            found[head] = found.get(head, frozenset()) | members
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Seeds:
    """The number of themes by each seed, and the mean adjusted Rand index of each run with the others."""

    numbers: tuple[int, ...]
    rand: tuple[float, ...]


class Worked:
    """What the room makes of one question of a consultation; each part is worked out when it is first wanted."""

    def __init__(self, planted: Planted, settings: Settings, embedder: Embedder) -> None:
        self.planted = planted
        self._settings = settings
        self._embedder = embedder
        self._texts = list(planted.texts.values())
        self._gold = [planted.gold.get(key, frozenset()) for key in planted.texts]

    @cached_property
    def by_name(self) -> dict[str, Themes]:
        """The planted themes of each response, found by what the themes are called and described as."""
        return self._by_id(self._sets(self._mapped()))

    @cached_property
    def by_threshold(self) -> dict[str, Themes]:
        """The same by likeness alone: every theme above a threshold that is best for the other four fifths of responses."""
        names = [theme.id for theme in self.planted.themes]
        near = np.asarray(self.whole @ self._embedder.embed([theme.wording for theme in self.planted.themes]).T)
        found: list[Themes] = [frozenset()] * len(self._texts)
        for fold in self._folds():
            others = [at for at in range(len(self._texts)) if at not in fold]
            gold = [self._gold[at] for at in others]
            best = max(_THRESHOLDS, key=lambda value: _mean(response_f1(_over(near[others], names, value), gold)))
            for at in fold:
                found[at] = _over(near[[at]], names, best)[0]
        return self._by_id(found)

    @cached_property
    def after_corrections(self) -> dict[str, Themes]:
        """As `by_name`, after corrections on the other four fifths: half drawn by chance, half from the queue's head."""
        found: list[Themes] = [frozenset()] * len(self._texts)
        for number, fold in enumerate(self._folds()):
            corrected = self._sets(self._corrected([at for at in range(len(self._texts)) if at not in fold], number))
            for at in fold:
                found[at] = corrected[at]
        return self._by_id(found)

    @cached_property
    def formed(self) -> Formed:
        """Candidate themes, as the room forms them from the file."""
        with self._opened() as question:
            themes = question.form_themes()
            ids = [one.id for one in question.answers.responses]
            mapped = question.mapped()
            put = {one.response for one in mapped.assignments} | set(mapped.other) | question.no_reason
            said = position_by_words(question)
            return Formed(
                groups=tuple(frozenset(ids[question.statements[at].response] for at in theme.exemplars) for theme in themes),
                titles=tuple(theme.title for theme in themes),
                heads=tuple(theme.head for theme in themes),
                lost=frozenset(ids[place] for place in question.answers.answered if place not in put),
                spans=_spans(question, mapped, ids),
                positions={ids[at]: one for at, one in question.positions().items()},
                by_words={ids[at]: one for at, one in said.items()},
                by_others={ids[at]: tuple(found) for at, found in self._by_others(question, said).items()},
            )

    @cached_property
    def by_chance(self) -> dict[str, float]:
        """How often random groups of the candidates' sizes lead to each planted theme."""
        gold = members_of(self.planted)
        return led_by_chance([len(one) for one in self.formed.groups], list(self.planted.texts), gold)

    @cached_property
    def seeds(self) -> Seeds:
        """The candidates formed again with other seeds."""
        from sklearn.metrics import adjusted_rand_score

        with self._opened() as question:
            whole, vectors = question.embed()
            row = {place: at for at, place in enumerate(question.answers.answered)}
            owners = [one.response for one in question.statements]
            mixed = in_context(vectors, whole, [row[place] for place in owners])
            runs = [group(mixed, owners, seed=seed).groups for seed in range(SEEDS)]
        labels = []
        for groups in runs:
            label = np.full(len(vectors), -1)
            for number, one in enumerate(groups):
                label[list(one.members)] = number
            labels.append(label)
        between = np.array([[adjusted_rand_score(one, other) for other in labels] for one in labels])
        mean = (between.sum(axis=1) - 1) / (SEEDS - 1)
        return Seeds(tuple(len(groups) for groups in runs), tuple(float(value) for value in mean))

    @cached_property
    def whole(self) -> Vectors:
        """Vectors of the responses, in their order."""
        return self._embedder.embed(self._texts)

    @cached_property
    def held(self) -> list[frozenset[str]]:
        """The words of each response, in their order."""
        return [frozenset(words(text)) for text in self._texts]

    def vectors_of(self, texts: Sequence[str]) -> Vectors:
        """Vectors of other texts, such as titles."""
        return self._embedder.embed(list(texts))

    def places(self, ids: Iterable[str]) -> set[int]:
        """Rows of `whole` of some responses."""
        of_id = {key: at for at, key in enumerate(self.planted.texts)}
        return {of_id[key] for key in ids if key in of_id}

    @cached_property
    def _given(self) -> tuple[list[Statement], Vectors, list[ThemeVectors], npt.NDArray[np.float64]]:
        """Statements with their vectors, vectors of the themes, and how many words each response shares with each theme."""
        texts, themes, embed = self._texts, self.planted.themes, self._embedder.embed
        points = [Statement(at, start, end) for at, text in enumerate(texts) for start, end in statements(text)]
        said = [texts[one.response][one.start : one.end] for one in points]
        known = vocabulary(texts)
        shared = shared_words(texts, [one.wording for one in themes], known=known, vectors=embed(known), embed=embed)
        return points, embed(said), theme_vectors(themes, embed), shared

    def _mapped(self, corrections: Corrections | None = None) -> Mapped:
        points, vectors, themes, shared = self._given
        places = range(len(self._texts))
        return map_responses(
            self.whole, vectors, points, themes=themes, places=places, corrections=corrections, shared=shared
        )

    def _corrected(self, pool: Sequence[int], seed: int) -> Mapped:
        budget = min(CORRECTIONS * len(self.planted.themes), len(pool))
        first = [int(at) for at in np.random.default_rng(seed).permutation(pool)[: budget // 2]]
        doubt = uncertainty(self._mapped(self._said(first)).confidence)
        queued = sorted(set(pool) - set(first), key=lambda at: -float(doubt[at]))[: budget - len(first)]
        return self._mapped(self._said([*first, *queued]))

    def _said(self, reviewed: Sequence[int]) -> Corrections:
        return Corrections({(at, theme): True for at in reviewed for theme in self._gold[at]}, frozenset(reviewed))

    def _sets(self, mapped: Mapped) -> list[Themes]:
        found: list[set[str]] = [set() for _ in self._texts]
        for one in mapped.assignments:
            found[one.response].add(one.theme)
        return [frozenset(one) for one in found]

    def _by_id(self, found: Sequence[Themes]) -> dict[str, Themes]:
        return dict(zip(self.planted.texts, found, strict=True))

    def _folds(self) -> list[set[int]]:
        return [set(range(fold, len(self._texts), _FOLDS)) for fold in range(_FOLDS)]

    def _by_others(self, question: OpenQuestion, said: Mapping[int, Position]) -> dict[int, list[Position]]:
        """Positions where a quarter of those who answered the closed question are known, in several draws."""
        place_of = {one.id: at for at, one in enumerate(question.answers.responses)}
        answered = set(question.answers.answered)
        told = {place_of[key]: one for key, one in self.planted.positions.items() if place_of.get(key) in answered}
        row = {place: at for at, place in enumerate(question.answers.answered)}
        found: dict[int, list[Position]] = {}
        rng = np.random.default_rng(0)
        for _ in range(_DRAWS if told else 0):
            known = {int(at) for at in rng.permutation(list(told))[: len(told) // _KNOWN]}
            left = [at for at in told if at not in known]
            learnt = learnt_positions(question.embed()[0], {row[at]: told[at] for at in known}, row=row, wanted=left)
            for at in left if learnt else ():
                found.setdefault(at, []).append(said[at] if said[at] is not Position.UNCLEAR else learnt[at])
        return found

    @contextmanager
    def _opened(self) -> Iterator[OpenQuestion]:
        """The question, read by the room into a data folder that is thrown away."""
        assert self.planted.file is not None, "the set is only mapped"
        with tempfile.TemporaryDirectory() as folder:
            settings = self._settings.model_copy(update={"data_dir": Path(folder)})
            Consultation.new("set", self.planted.file, settings, asked=self.planted.asked).close()
            with Consultation.open("set", settings, embedder=lambda: self._embedder) as consultation:
                yield consultation.question()


def members_of(planted: Planted) -> dict[str, Themes]:
    """The responses of each planted theme."""
    return {theme.id: frozenset(one for one, held in planted.gold.items() if theme.id in held) for theme in planted.themes}


def position_by_words(question: OpenQuestion) -> dict[int, Position]:
    """Where each answered response stands by its words alone, by its place."""
    responses = question.answers.responses
    return {at: position(responses[at].text, asked=question.text) for at in question.answers.answered}


def _spans(question: OpenQuestion, mapped: Mapped, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for one in mapped.assignments:
        text = question.answers.responses[one.response].text
        is_there = 0 <= one.start < one.end <= len(text) and bool(text[one.start : one.end].strip())
        right, count = found.get(ids[one.response], (0, 0))
        found[ids[one.response]] = right + is_there, count + 1
    return found


def _over(near: npt.NDArray[np.floating], names: Sequence[str], threshold: float) -> list[Themes]:
    return [frozenset(names[int(at)] for at in np.flatnonzero(row >= threshold)) for row in near]


def _mean(values: Sequence[float]) -> float:
    return float(np.nanmean(values))


class Room:
    """The room at work for one run of suites: each consultation is worked on once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._worked: dict[int, Worked] = {}

    @cached_property
    def embedder(self) -> Embedder:
        """As the settings name it, in single precision."""
        return make_embedder(self._settings.embedding, cache_dir=self._settings.data_dir / "models", is_exact=True)

    def worked(self, planted: Planted) -> Worked:
        """What the room makes of a question."""
        return self._worked.setdefault(id(planted), Worked(planted, self._settings, self.embedder))

    def nearness(self, topic: Topic) -> npt.NDArray[np.floating]:
        """How near each argument is to each key point; shape `(arguments, key points)`."""
        return np.asarray(self.embedder.embed(list(topic.arguments)) @ self.embedder.embed(list(topic.points)).T)


def largest(sets: Mapping[str, Iterable[str]], ids: Iterable[str]) -> dict[str, str]:
    """Of each response the largest set that it is in, "" for none: to compare what overlaps by figures for divisions."""
    held = {name: frozenset(members) for name, members in sets.items()}
    return {
        one: max((name for name in held if one in held[name]), key=lambda name: len(held[name]), default="") for one in ids
    }
