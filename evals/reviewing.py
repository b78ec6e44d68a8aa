"""Answers and their claims for people to label, blind to what made them, and the labels that are kept.

An answer is named by what was asked and shown, so that its labels stay with it when a run's folder is moved. Knows nothing
of the page or table on which they are labelled.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import InputError
from evals.results import SampleResult

LABELS = {
    "helpful": ("yes", "partly", "no"),
    "supported": ("yes", "partly", "no"),
    "complete": ("yes", "partly", "no"),
}
"""What an answer is labelled with."""
CLAIM_LABELS = {"borne_out": ("yes", "no", "cannot tell")}
"""What each of its claims is labelled with."""
QUESTIONS = {
    "helpful": "Does it answer the question? A refusal does when the guidance has no answer.",
    "supported": "Does the guidance shown bear out everything that is said?",
    "complete": "Does it say what a colleague would need to know, conditions and all?",
    "borne_out": "Does the guidance that it cites bear it out?",
}
SUITES = ("answers", "refusal")
"""Suites whose answers are labelled; where both asked the same, the first tells what is shown."""
_BESIDE = ("answers", "refusal", "grounding")


class Item(BaseModel):
    """One answer to label; `item` names it without telling which run it is from.

    Attributes:
        claims: Its claims with the numbers of what they cite, in the order shown. The first is named "ITEM.1".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: str
    question: str
    shown: str
    claims: tuple[str, ...] = ()

    def claim_items(self) -> list[str]:
        """The names of its claims."""
        return [f"{self.item}.{number}" for number in range(1, len(self.claims) + 1)]


@dataclass(frozen=True, slots=True)
class Answered:
    """An item with what the evaluations measured of it, by suite.

    Attributes:
        once: What it was named before names were taken from what is shown; with labels kept then.
    """

    item: Item
    results: Mapping[str, SampleResult]
    once: str = ""

    @property
    def result(self) -> SampleResult:
        """The result that tells what is shown."""
        return next(self.results[suite] for suite in SUITES if suite in self.results)


class Label(BaseModel):
    """What one person said of one answer, or of one claim of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: str
    rater: str
    helpful: str = ""
    supported: str = ""
    complete: str = ""
    borne_out: str = ""
    comment: str = ""


def items_of(runs: Mapping[str, Sequence[SampleResult]], *, limit: int | None = None, seed: int = 0) -> dict[str, Answered]:
    """Answers of one or more runs in an order that tells nothing, the same for the same seed, by their item.

    Args:
        runs: Results by the folder of their run. What two runs showed alike is one item.
        limit: Answers taken; None for all.
        seed: Of the order.
    """
    found: dict[str, Answered] = {}
    for run, results in runs.items():
        beside: dict[tuple[str, str], dict[str, SampleResult]] = {}
        for result in results:
            if result.suite in _BESIDE and not result.epoch:
                beside.setdefault((result.set, result.id), {})[result.suite] = result
        for (set_name, name), of_case in beside.items():
            if any(suite in of_case for suite in SUITES):
                one = _answered(of_case, once=_named(f"{seed}:{run}:{set_name}:{name}"))
                found.setdefault(one.item.item, one)
    names = sorted(found)
    random.Random(seed).shuffle(names)
    return {name: found[name] for name in names[:limit]}


def _answered(results: Mapping[str, SampleResult], *, once: str) -> Answered:
    first = Answered(Item(item="", question="", shown=""), results).result
    text = _for_raters(first)
    item = Item(
        item=_named("\0".join((first.set, first.id, first.question, text))),
        question=first.question,
        shown=text,
        claims=tuple(
            f"{one['text']} {''.join(f'[{number}]' for number in one['sources'])}" for one in first.details.get("claims", ())
        ),
    )
    return Answered(item, results, once)


def _named(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _for_raters(result: SampleResult) -> str:
    """What was shown, with the guidance that it cites, without which nobody can say whether that bears it out."""
    sources = result.details.get("sources", [])
    cited = [f"[{one['number']}] {one['text']}" for one in sources]
    return "\n".join([without_scores(result.shown), *(["", "The guidance cited:", *cited] if cited else [])])


def without_scores(text: str) -> str:
    """What was shown, without confidence and verdicts, which would lead the rater."""
    first, _, rest = text.partition("\n")
    lines = [
        first.partition(" (")[0],
        *(line.rpartition(" (")[0] if line.startswith("•") else line for line in rest.split("\n")),
    ]
    return "\n".join(line for line in lines if line)


def keep(path: Path, labels: Sequence[Label]) -> None:
    """Add labels to those kept; a later label of a rater for an item takes the place of an earlier one."""
    with path.open("a", encoding="utf-8") as file:
        file.writelines(label.model_dump_json() + "\n" for label in labels)


def kept(path: Path) -> list[Label]:
    """The labels kept, the latest of each rater for each item."""
    if not path.exists():
        return []
    latest: dict[tuple[str, str], Label] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            label = Label.model_validate_json(line)
        except ValidationError:
            raise InputError(f"{path}, line {number} is no label. Take the line out.") from None
        latest[label.item, label.rater] = label
    return list(latest.values())


def by_present_names(labels: Iterable[Label], items: Mapping[str, Answered]) -> tuple[list[Label], list[Label]]:
    """Labels of these items and their claims under the names that these have now, and the labels of anything else."""
    now = {one.once: name for name, one in items.items()}
    names = {name for one in items.values() for name in (one.item.item, *one.item.claim_items())}
    latest: dict[tuple[str, str], Label] = {}
    others = []
    for label in labels:
        name = now.get(label.item, label.item)
        if name in names:
            latest[name, label.rater] = label.model_copy(update={"item": name})
        else:
            others.append(label)
    return list(latest.values()), others
