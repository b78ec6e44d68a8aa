"""What kind of message this is: a question that guidance may answer, or one of the kinds that get a fixed reply.

A logistic model over the message's vector and its short runs of words, fitted on the examples in routes.toml by
scripts/fit_routing.py and kept in routing.json with its threshold. Knows nothing of replies (`replies`) or of search.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.answer.language import other_language
from assistant.answer.pleasantries import without_pleasantries

Matrix = npt.NDArray[np.float64]
Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]

VECTOR_WEIGHT = 3.0
"""Of the vector beside the runs of words; 1 and 6 told the kinds apart less well in cross-validation."""

_WORD = re.compile(r"[a-z0-9£]+(?:['’][a-z]+)?")
_LONGEST = 60  # words of a message that are looked at: whoever greets or swears does so at once


_BARE = re.compile(r"(?:and |but )?(?:why|how|when|where|who|what|which)(?: not| so| that| then)?\s*[?!.]*", re.IGNORECASE)
"""Follows something said before, and tells nothing by itself."""


class Route(StrEnum):
    """Kinds of message."""

    GUIDANCE = "guidance"
    GREETING = "greeting"
    THANKS = "thanks"
    ABOUT = "about"
    OPINION = "opinion"
    POLITICS = "politics"
    CASEWORK = "casework"
    LANGUAGE = "language"
    ABUSE = "abuse"
    DISTRESS = "distress"


@dataclass(frozen=True, slots=True)
class Router:
    """What was fitted.

    Attributes:
        embedder: Names the embedder it was fitted with; vectors of another mean nothing to it.
        routes: The kinds, in the order of the rows of `weights`.
        runs: Runs of words that count, with their columns after those of the vector.
        weights: Shape `(routes, dimension + runs)`.
        intercepts: One a route.
        threshold: A message is turned away when it is guidance with less than `1 - threshold` probability.
        distress_threshold: And is a call for help when that alone is this likely.
    """

    embedder: str
    routes: tuple[Route, ...]
    runs: dict[str, int]
    weights: Matrix
    intercepts: Matrix
    threshold: float
    distress_threshold: float

    def probabilities(self, texts: Sequence[str], embed: Embed) -> Matrix:
        """Probability of each route for each text; shape `(texts, routes)`."""
        values = np.hstack([VECTOR_WEIGHT * embed(list(texts)).astype(np.float64), described(texts, self.runs)])
        scores = values @ self.weights.T + self.intercepts
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True))

    def choose(self, likely: Matrix) -> Route:
        """The route of one text, from its `probabilities`."""
        by_route = dict(zip(self.routes, likely, strict=True))
        if by_route[Route.DISTRESS] >= self.distress_threshold:
            return Route.DISTRESS
        if 1 - by_route.pop(Route.GUIDANCE) < self.threshold:
            return Route.GUIDANCE
        best: Route = max(by_route, key=lambda route: by_route[route])
        return best


def route(message: str, router: Router, embed: Embed) -> Route:
    """The kind of a message as typed, courtesies and all.

    Distress comes before everything. A courtesy beside a question is no greeting: what is left of it decides.
    """
    if calls_for_help(message):
        return Route.DISTRESS
    if other_language(message):
        return Route.LANGUAGE
    core = without_pleasantries(message)
    if _BARE.fullmatch(core):
        return Route.GUIDANCE
    texts = [message, core] if core and core != message else [message]
    likely = router.probabilities([shortened(text) for text in texts], embed)
    whole, rest = router.choose(likely[0]), router.choose(likely[-1])
    if whole is Route.DISTRESS or core:
        return whole if whole is Route.DISTRESS else rest
    return whole if whole in {Route.GREETING, Route.THANKS} else Route.THANKS if _thanks(message) else Route.GREETING


def _thanks(message: str) -> bool:
    return bool(re.search(r"thank|thx|cheers|\bta\b|bye|appreciat|help|great|regards|\bok", message, re.IGNORECASE))


# Words that nobody types about guidance. What is put less plainly is left to the model, which knows questions about
# suicide prevention from a call for help.
_HELP = re.compile(
    r"\b(?:i(?:'m| am)?|i've|i have)\s(?:\w+\s){0,3}?"
    r"(?:want(?:ed)?|wish|going|gonna|planning|thinking (?:about|of)|ready|tempted|about)\s(?:to\s)?(?:just\s)?"
    r"(?:die\b|be dead|dying|kill(?:ing)? (?:myself|me\b)|end(?:ing)? (?:my life|it all)|(?:hurt|harm|hang)(?:ing)? myself"
    r"|jump(?:ing)? (?:off|in front)|tak(?:e|ing) my (?:own )?life)"
    r"|\bi(?:'m| am| feel| have been feeling) (?:so |really |very )?suicidal\b"
    r"|\b(?:better off dead|don'?t want to (?:live|be alive|be here any ?more)|wish i (?:was|were) dead|cutting myself"
    r"|i(?:'?ve| have) (?:taken an overdose|overdosed))\b",
    re.IGNORECASE,
)
_HELP_FOR_ANOTHER = re.compile(
    r"\b(?:going|wants?|wanted|threaten(?:s|ed|ing)|trying|tried|about) to (?:kill|hang|harm|hurt|drown)"
    r" (?:him|her|them)sel(?:f|ves)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\?|\b(?:how|what|who|when|which|policy|guidance|rules?|procedure|should)\b", re.IGNORECASE)


def calls_for_help(message: str) -> bool:
    """True when somebody says in so many words that they, or someone with them, may come to harm."""
    words = message.replace("’", "'")
    return bool(_HELP.search(words) or (_HELP_FOR_ANOTHER.search(words) and not _ASKS.search(words)))


def shortened(message: str) -> str:
    """The first words of a message, as many as its kind is told by."""
    return " ".join(message.split()[:_LONGEST])


def runs_of(message: str) -> set[str]:
    """Single words and pairs of neighbours, the ends of the message marked."""
    words = ["<", *(word.replace("’", "'") for word in _WORD.findall(message.lower())), ">"]
    return {*words[1:-1], *(f"{first} {second}" for first, second in itertools.pairwise(words))}


def described(texts: Sequence[str], runs: dict[str, int]) -> Matrix:
    """Which runs each text has; a text's row has length 1 at most, so that many words weigh no more than few."""
    rows = np.zeros((len(texts), len(runs)))
    for number, text in enumerate(texts):
        found = [runs[run] for run in runs_of(text) if run in runs]
        rows[number, found] = 1 / np.sqrt(max(1, len(found)))
    return rows


@cache
def fitted_router() -> Router:
    """The router kept with the code."""
    stored = json.loads(Path(__file__).with_name("routing.json").read_text("utf-8"))
    weights = [stored["weights"][name] for name in stored["routes"]]
    return Router(
        embedder=stored["embedder"],
        routes=tuple(Route(name) for name in stored["routes"]),
        runs={run: column for column, run in enumerate(stored["runs"])},
        weights=np.array(weights, dtype=np.float64),
        intercepts=np.array(stored["intercepts"], dtype=np.float64),
        threshold=stored["threshold"],
        distress_threshold=stored["distress_threshold"],
    )
