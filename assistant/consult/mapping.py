"""Puts each response to the themes it bears out, with the words that do, and learns from an analyst's corrections.

Without corrections, nearness of meaning decides: of the whole response and of its nearest statement to a theme's title, its
description and both together, less half of what every response has in common with that theme, each theme being drawn a
little towards the responses nearest to it (Rocchio 1971); and the words that both use, or words near to them (`wordmatch`).
With corrections, a logistic regression a theme on the frozen vectors takes over as they grow; those that only confirm where
responses were put leave the others where they are.
Knows vectors and numbers, and nothing of words, files or people.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from assistant.consult.agreement import BlindLabel
from assistant.consult.clusters import Vectors, unit
from assistant.consult.model import Assignment, Source, Statement, Theme

Scores = npt.NDArray[np.float64]

_COMMON = 0.5
_NEAREST, _DRAWN = 5, 0.5
_MARGIN = 0.06
"""How far below a response's best theme another may be and still apply. These four were chosen on the gambling set and the
names of the NHS labels together (the suites `mapping` and `key_points` measure them)."""
_WORDS = 0.03
"""What one standard deviation of shared words is worth, as nearness. Chosen on IBM's training arguments, the names of the
NHS labels and the invented consultation (F1 .468 to .509, .219 to .219, .523 to .574), and not on the gambling set."""
_STEEP = 0.03
_FEW = 3
"""Up to so many themes a response's best one says little: it may be no more than the only one."""
_LEAST_LIKE = 0.35
"""Nearness (cosine) to one of few themes below which a response does not bear it out, nor even doubtfully."""
_NOTHING_LIKE = 0.15
"""Nearness (cosine) to its best theme below which a response bears out none."""
_MEMBER = 0.8
"""Confidence that a response has the theme which one of its statements was grouped into, at the group's usual nearness."""
_APPLIES = 0.5
_LEARNT_APPLIES = 0.3
"""A learnt probability from which a theme applies: F1 is highest near half of the best F1 that can be had (Lipton 2014)."""
_AT_LEAST = 0.17
"""Where no theme applies, the best one from this confidence on is taken, as a doubtful one that the queue brings up."""
_FEWEST_TO_LEARN = 3
_TRUST = 1.0
"""Corrections of a theme, for or against, whichever are fewer, after which they weigh as much as nearness of meaning."""
_TRUST_OVER_MEMBERS = 10.0
"""The same where a theme was formed from statements, of the corrections that differ from where responses were put: few
labels say less than what its own statements do."""
_DOUBT = 0.5
_DOUBT_OVER_MEMBERS = 3.0
"""Responses that are taken to have confirmed a theme before any was looked at; the former where it has a name only."""
_ENOUGH_TO_SCALE = 20
"""Corrections from which a theme that hardly ever applied is taken to apply as seldom elsewhere."""
_STRENGTH = 10.0


@dataclass(frozen=True, slots=True)
class Corrections:
    """What analysts have said.

    Attributes:
        marks: Whether a theme applies to a response, by response and theme.
        reviewed: Responses of which all themes were set: those not marked do not apply.
        among: The themes that were there to choose from when they were, by response; one that is missing had all.
    """

    marks: Mapping[tuple[int, str], bool] = field(default_factory=dict)
    reviewed: frozenset[int] = frozenset()
    among: Mapping[int, frozenset[str]] = field(default_factory=dict)

    def says(self, response: int, theme: str) -> bool | None:
        """Whether it applies; None where nobody has said."""
        said = self.marks.get((response, theme))
        if said is not None or response not in self.reviewed:
            return said
        return False if response not in self.among or theme in self.among[response] else None


@dataclass(frozen=True, slots=True)
class ThemeVectors:
    """A theme as numbers.

    Attributes:
        id: The theme's.
        wording: Vector of its title and description.
        exemplars: Places of the statements it was formed from.
        parts: Vectors of its title alone and its description alone; none where it has only a title.
    """

    id: str
    wording: Vectors
    exemplars: tuple[int, ...] = ()
    parts: tuple[Vectors, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapped:
    """Where responses were put.

    Attributes:
        assignments: By response, the surest first.
        confidence: Of every response in every theme, shape `(responses, themes)`.
        other: Places of the responses that bear out no theme.
        unaided: Themes that the machine found in the responses labelled blind, by place; their labels decide elsewhere.
    """

    assignments: tuple[Assignment, ...]
    confidence: Scores
    other: tuple[int, ...]
    unaided: Mapping[int, frozenset[str]] = field(default_factory=dict)


def theme_vectors(themes: Sequence[Theme], embed: Callable[[Sequence[str]], Vectors]) -> list[ThemeVectors]:
    """Themes as numbers, but for what they were formed from: their wording, and its parts where they have both."""
    texts = dict.fromkeys(text for theme in themes for text in (theme.wording, theme.title, theme.description) if text)
    row = {text: at for at, text in enumerate(texts)}
    vectors = embed(list(texts))
    return [
        ThemeVectors(
            theme.id,
            vectors[row[theme.wording]],
            parts=(vectors[row[theme.title]], vectors[row[theme.description]]) if theme.description else (),
        )
        for theme in themes
    ]


def map_responses(
    whole: Vectors,
    vectors: Vectors,
    statements: Sequence[Statement],
    *,
    themes: Sequence[ThemeVectors],
    places: Sequence[int],
    corrections: Corrections | None = None,
    blind: Mapping[int, BlindLabel] | None = None,
    sample: Collection[int] = (),
    shared: Scores | None = None,
) -> Mapped:
    """Put each response to its themes.

    Args:
        whole: Vectors of whole responses, shape `(responses, dimension)`.
        vectors: Vectors of statements, shape `(statements, dimension)`.
        statements: In the same order; `response` is a place in the file.
        themes: To choose from.
        places: Of each row of `whole`, its place in the file.
        corrections: What analysts have said, to be learnt from.
        blind: What analysts said of the blind sample, by place: it decides where those responses are put, and teaches
            nothing.
        sample: Places of the blind sample.
        shared: How much each response shares of each theme's words (`wordmatch.shared_words`).
    """
    said = corrections or Corrections()
    row_of = {place: row for row, place in enumerate(places)}
    owner = np.array([row_of[one.response] for one in statements], dtype=np.int64)
    if not themes or not len(whole):
        return Mapped((), np.zeros((len(whole), len(themes))), tuple(places))
    near = vectors @ np.stack([theme.wording for theme in themes]).T
    confidence = similarity(whole, vectors, owner, wordings=_wordings(themes), shared=shared)
    nearest = near.copy()
    for column, theme in enumerate(themes):
        if theme.exemplars:
            members, level = _membership(vectors, theme.exemplars)
            nearest[:, column] = members
            confidence[:, column] = _best(level[:, None], owner, len(whole))[:, 0]
    learnt = _learn(whole, confidence, themes, places, said)

    def assigned(said: Corrections) -> Mapped:
        return _assigned(confidence, learnt, nearest, owner, statements=statements, themes=themes, places=places, said=said)

    found = assigned(said)
    if not sample:
        return found
    unaided = {place: set[str]() for place in sample}
    for one in found.assignments:
        if one.response in unaided:
            unaided[one.response].add(one.theme)
    if blind:
        found = assigned(_with_blind(said, blind))
    return replace(found, unaided={place: frozenset(themes) for place, themes in unaided.items()})


def similarity(
    whole: Vectors,
    vectors: Vectors,
    owner: npt.NDArray[np.int64],
    *,
    wordings: Sequence[Vectors],
    shared: Scores | None = None,
) -> Scores:
    """Confidence from nearness of meaning alone, shape `(responses, themes)`; from 0.5 on a theme applies.

    Args:
        whole: Vectors of whole responses.
        vectors: Vectors of statements.
        owner: Which response each statement is of, as a row of `whole`.
        wordings: The themes' vectors, once for each way of wording them; their nearness is averaged.
        shared: How much each response shares of each theme's words.
    """
    near = np.mean([_drawn_nearness(whole, vectors, owner, one) for one in wordings], axis=0)
    relative = near - _COMMON * near.mean(axis=0)
    if shared is not None:
        relative = relative + _WORDS * shared
    best = relative.max(axis=1, keepdims=True)
    confidence = 1 / (1 + np.exp(-(relative - best + _MARGIN) / _STEEP))
    none = near.max(axis=1) < _NOTHING_LIKE
    confidence[none] *= _APPLIES * 0.9
    if near.shape[1] <= _FEW:
        confidence[near < _LEAST_LIKE] *= _AT_LEAST * 0.9
    scores: Scores = confidence
    return scores


def _drawn_nearness(whole: Vectors, vectors: Vectors, owner: npt.NDArray[np.int64], wordings: Vectors) -> Scores:
    """Nearness to themes that are drawn a little towards the responses nearest to them."""
    near = _nearness(whole, vectors, owner, wordings)
    if len(whole) < 4 * _NEAREST or len(wordings) < 2:
        return near
    own = near - _COMMON * near.mean(axis=0)
    own = own - 0.5 * np.sort(own, axis=1)[:, -2:].mean(axis=1, keepdims=True)
    drawn = [
        unit(one + _DRAWN * whole[np.argsort(-own[:, at], kind="stable")[:_NEAREST]].mean(axis=0))
        for at, one in enumerate(wordings)
    ]
    return _nearness(whole, vectors, owner, np.stack(drawn))


def _wordings(themes: Sequence[ThemeVectors]) -> list[Vectors]:
    """The themes' vectors by way of wording; a theme without parts has the same in all."""
    ways = max(len(theme.parts) for theme in themes)
    found = [np.stack([theme.wording for theme in themes])]
    found += [np.stack([theme.parts[way] if theme.parts else theme.wording for theme in themes]) for way in range(ways)]
    return found


def _with_blind(said: Corrections, blind: Mapping[int, BlindLabel]) -> Corrections:
    marks = {(place, theme): theme in label.themes for place, label in blind.items() for theme in label.among}
    return replace(said, marks={**said.marks, **marks})


def uncertainty(confidence: Scores) -> Scores:
    """How much would be learnt from each response: the sum of its themes' entropies, in bits."""
    p = np.clip(confidence, 1e-6, 1 - 1e-6)
    bits: Scores = -(p * np.log2(p) + (1 - p) * np.log2(1 - p)).sum(axis=1)
    return bits


def _nearness(whole: Vectors, vectors: Vectors, owner: npt.NDArray[np.int64], wordings: Vectors) -> Scores:
    statement = _best(vectors @ wordings.T, owner, len(whole))
    near: Scores = (whole @ wordings.T + statement) / 2
    return near


def _best(values: npt.NDArray[np.floating], owner: npt.NDArray[np.int64], count: int) -> Scores:
    """The highest value of each response's statements."""
    found = np.full((count, values.shape[1]), -1.0)
    np.maximum.at(found, owner, values)
    return found


def _membership(vectors: Vectors, exemplars: Sequence[int]) -> tuple[Scores, Scores]:
    """Nearness of each statement to a group's centre, and the confidence that it says what the group says."""
    inside = list(exemplars)
    centre = unit(vectors[inside].mean(axis=0))
    near = (vectors @ centre).astype(np.float64)
    usual = float(np.median(near[inside]))
    level = _MEMBER * 0.55 / (1 + np.exp(-(near - usual) / 0.05))  # of statements of other groups: below what applies
    level[inside] = np.clip(_MEMBER + (near[inside] - usual) / 2, _APPLIES + 0.01, 0.99)
    return near, level


def _learn(
    whole: Vectors, prior: Scores, themes: Sequence[ThemeVectors], places: Sequence[int], said: Corrections
) -> dict[int, tuple[Scores, float]]:
    """What corrections teach of each theme, with their weight: confidence by column; from 0.5 on it applies."""
    found: dict[int, tuple[Scores, float]] = {}
    if not said.marks and not said.reviewed:
        return found
    from sklearn.linear_model import LogisticRegression

    put = prior >= _APPLIES
    doubtful = np.flatnonzero(~put.any(axis=1) & (prior.max(axis=1) >= _AT_LEAST))
    put[doubtful, prior[doubtful].argmax(axis=1)] = True
    for column, theme in enumerate(themes):
        told = [(row, answer) for row, place in enumerate(places) if (answer := said.says(place, theme.id)) is not None]
        rows, answers = [row for row, _ in told], np.array([answer for _, answer in told], dtype=bool)
        if not told or not (differ := int((put[rows, column] != answers).sum())):
            continue  # what confirms the machine is no reason to leave what it says
        if min(answers.sum(), (~answers).sum()) < _FEWEST_TO_LEARN:
            if len(told) >= _ENOUGH_TO_SCALE:
                seen = prior[rows, column]
                doubt = _DOUBT_OVER_MEMBERS if theme.exemplars else _DOUBT
                scale = min(1.0, (answers.sum() + doubt) / (seen[seen >= _APPLIES].sum() + doubt))
                found[column] = (scale * prior[:, column], 1.0)
            continue
        model = LogisticRegression(C=_STRENGTH, max_iter=300).fit(whole[rows], answers)
        count = min(int(answers.sum()), int((~answers).sum()))
        weight = count / (count + _TRUST)
        if theme.exemplars:
            count = min(count, differ)
            weight = count / (count + _TRUST_OVER_MEMBERS)
        found[column] = (_raised(model.predict_proba(whole)[:, 1]), weight)
    return found


def _raised(probability: Scores) -> Scores:
    """A learnt probability as confidence, so that 0.5 is where a theme applies, as it is for nearness."""
    confidence: Scores = np.where(
        probability < _LEARNT_APPLIES,
        probability / _LEARNT_APPLIES / 2,
        0.5 + (probability - _LEARNT_APPLIES) / (1 - _LEARNT_APPLIES) / 2,
    )
    return confidence


def _assigned(
    confidence: Scores,
    learnt: Mapping[int, tuple[Scores, float]],
    nearest: npt.NDArray[np.floating],
    owner: npt.NDArray[np.int64],
    *,
    statements: Sequence[Statement],
    themes: Sequence[ThemeVectors],
    places: Sequence[int],
    said: Corrections,
) -> Mapped:
    final = confidence.copy()
    for column, (taught, weight) in learnt.items():
        final[:, column] = weight * taught + (1 - weight) * confidence[:, column]
    columns = {theme.id: column for column, theme in enumerate(themes)}
    rows = {place: row for row, place in enumerate(places)}
    for place in said.reviewed & rows.keys():
        final[rows[place], [column for theme, column in columns.items() if said.says(place, theme) is False]] = 0.0
    for (place, theme), applies in said.marks.items():
        if place in rows and theme in columns:
            final[rows[place], columns[theme]] = float(applies)
    of_row: dict[int, list[int]] = {}
    for at, row in enumerate(owner.tolist()):
        of_row.setdefault(row, []).append(at)
    doubtful = final.copy()
    formed = [column for column, theme in enumerate(themes) if theme.exemplars]
    doubtful[:, formed] = np.minimum(final, confidence)[:, formed]  # few corrections alone make no doubtful one of these
    made, other = [], []
    for row, place in enumerate(places):
        chosen = np.flatnonzero(final[row] >= _APPLIES)
        if not len(chosen) and place not in said.reviewed and doubtful[row].max() >= _AT_LEAST:
            chosen = doubtful[row].argmax(keepdims=True)
        if not len(chosen) or row not in of_row:
            other.append(place)
            continue
        for column in sorted(chosen.tolist(), key=lambda one: -final[row, one]):
            carrying = statements[max(of_row[row], key=lambda at: float(nearest[at, column]))]
            source = Source.MACHINE
            if said.says(place, themes[column].id) is not None:
                source = Source.ANALYST
            elif column in learnt:
                source = Source.LEARNT
            sure = float(final[row, column])
            made.append(Assignment(place, themes[column].id, sure, carrying.start, carrying.end, source))
    return Mapped(tuple(made), final, tuple(other))
