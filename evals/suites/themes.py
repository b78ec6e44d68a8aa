"""Are the themes found that are known to be in a consultation, and are they the same again the next day?"""

from __future__ import annotations

import numpy as np

from assistant.consult.wordmatch import words
from evals.consult_measures import MATCHES, bits_a_word, leads, overlap_f1, picks_out
from evals.consulting import SEEDS, Worked, largest, members_of
from evals.metrics import A_PART
from evals.results import Curve, Measure, SampleResult, defined, mean_of
from evals.suites.consulted import about, is_a, result, worked
from evals.suites.suite import Asked, Suite

_NEAR = 2
"""By how many themes a run may differ from the middle one."""
_NO_GROUP = A_PART - 1


def score(asked: Asked) -> SampleResult:
    """One planted theme, one response, or one seed."""
    look = {"theme": _theme, "response": _response, "seed": _seed}
    return look[about(asked.case).what](asked)


def _theme(asked: Asked) -> SampleResult:
    """A planted theme: which candidate leads to it, how well the candidate's title tells it, how well it is mapped."""
    work, key = worked(asked), about(asked.case).key
    formed = work.formed
    gold = members_of(work.planted)
    members, weight = gold[key], float(len(gold[key]))
    leading = [at for at, one in enumerate(formed.groups) if leads(one, key, gold)]
    near = max(range(len(formed.groups)), key=lambda at: overlap_f1(formed.groups[at], members), default=None)
    matches, with_heads = (
        weight * any(overlap_f1(one, members) >= MATCHES for one in candidates)
        for candidates in (formed.groups, (*formed.groups, *formed.under_heads))
    )
    chance = work.by_chance[key]
    mapped = {one for one, themes in work.by_name.items() if key in themes}
    best = max(leading, key=lambda at: overlap_f1(formed.groups[at], members), default=None)
    wording = next(theme for theme in work.planted.themes if theme.id == key)
    titles = {"title": formed.titles[best], "reference": wording.title} if best is not None else {"reference": wording.title}
    return result(
        asked,
        "themes",
        measures=defined(
            leading=(weight * bool(leading), weight),
            by_chance=(weight * chance, weight),
            above_chance=(weight * (bool(leading) - chance), weight * (1 - chance)),
            matching=(matches, weight),
            with_heads=(with_heads, weight),
        )
        | mean_of(
            mapping_f1=overlap_f1(mapped, members),
            **{f"{name}_tells": _tells(work, title, members) for name, title in titles.items()},
            **{f"{name}_bits": _bits(work, title) for name, title in titles.items()},
        ),
        badness=0.0 if leading or not weight else 0.8,
        why="" if leading or not weight else f"no candidate leads to it, though {weight:.0f} responses have it",
        shown="" if near is None else f"the nearest candidate: {formed.titles[near]} ({len(formed.groups[near])} responses)",
        evidence=(wording.wording,),
    )


def _tells(work: Worked, title: str, members: frozenset[str]) -> float:
    return picks_out(work.vectors_of([title])[0], work.whole, work.places(members))


def _bits(work: Worked, title: str) -> float:
    return bits_a_word(words(title), work.held)


def _response(asked: Asked) -> SampleResult:
    """A response under its largest candidate and its largest planted theme: divisions can be compared, overlaps cannot."""
    work, key = worked(asked), about(asked.case).key
    part = A_PART * list(asked.set.consultations).index(about(asked.case).part)
    groups = {str(at): one for at, one in enumerate(work.formed.groups)}
    planted = {str(at): one for at, one in enumerate(members_of(work.planted).values())}
    found, right = (largest(sets, [key])[key] or str(_NO_GROUP) for sets in (groups, planted))
    return result(asked, "themes", score=float(part + int(found)), label=float(part + int(right)))


def _seed(asked: Asked) -> SampleResult:
    """The themes formed once more with another seed."""
    work, seed = worked(asked), int(about(asked.case).key)
    numbers, middle = work.seeds.numbers, float(np.median(work.seeds.numbers))
    near = abs(numbers[seed] - middle) <= _NEAR
    return result(
        asked,
        "themes",
        measures={"number": (float(near), 1.0), "number_of_themes": (float(numbers[seed]), 1.0)}
        | mean_of(rand_between=work.seeds.rand[seed]),
        badness=0.0 if near else 1.0,
        why="" if near else f"{numbers[seed]} themes, where the middle of {SEEDS} seeds is {middle:.0f}",
        shown=f"{numbers[seed]} themes",
    )


SUITE = Suite(
    name="themes",
    asks="Are the themes found that are known to be in a consultation, and are they the same the next day?",
    measures=(
        Measure(
            "leading",
            "planted themes found",
            "Weighted by their responses: a third of a candidate’s responses have it, and no other theme more.",
        ),
        Measure(
            "by_chance",
            "found by random groups",
            "The same of groups of the candidates' sizes with responses drawn at random, mean of 200 draws: it rises with "
            "the number of candidates, to 1 where every response is one.",
            "neither",
        ),
        Measure(
            "above_chance",
            "themes found, above chance",
            "(found − found by random groups) ÷ (1 − found by random groups): 0 is what random groups give, 1 all.",
        ),
        Measure(
            "matching",
            "planted themes matched",
            f"The same, asking more: the responses of some candidate match the theme's with an F1 of {MATCHES}.",
        ),
        Measure("with_heads", "of which with heads", "The same with the responses under a head counted as one candidate."),
        Measure("mapping_f1", "macro F1 of mapping", "Mean over planted themes, given by their wording."),
        Measure(
            "title_tells",
            "title tells the theme",
            "How surely the title of the candidate found picks out the planted theme's responses: .5 fits any theme.",
        ),
        Measure("reference_tells", "reference title tells it", "The same of the planted theme's own title.", "neither"),
        Measure("title_bits", "bits a word of the title", "How rare its words are in the responses.", unit="bits"),
        Measure("reference_bits", "bits a word, reference", "The same of the planted title.", "neither", unit="bits"),
        Measure("number", "seeds with the usual number", f"Within {_NEAR} of the middle of {SEEDS} seeds.", optional=True),
        Measure("number_of_themes", "themes a seed", "Mean number of candidates.", "neither", unit="themes", optional=True),
        Measure(
            "rand_between", "agreement between seeds", "Mean adjusted Rand index of a run with the others.", optional=True
        ),
    ),
    curves=(
        Curve("ari", "adjusted Rand index", "Each response under its largest candidate and planted theme.", "rand"),
        Curve("nmi", "normalised mutual information", "Of the same two divisions; above 0 also by chance.", "information"),
    ),
    score=score,
    drawn="themes, responses, seeds",
    sets=("library", "themefinder"),
    select=is_a("theme", "response", "seed"),
)
