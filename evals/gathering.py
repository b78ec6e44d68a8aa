"""Gathers the cases that a run is to ask, suite by suite, with what is left out and why. Asks nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.answer import Assistant
from assistant.errors import IndexMissing
from evals.cases import Case, CaseSet
from evals.guidance import Open
from evals.observing import Observer
from evals.resuming import digest_of
from evals.run_folder import Left
from evals.sets import PUBLIC, PUBLIC_SETS, SHIPPED_SETS, Missing, load_set
from evals.suites.suite import Asked, Suite


@dataclass(frozen=True, slots=True)
class Options:
    """How a run goes.

    Attributes:
        limit: Most cases of a set in a suite, drawn evenly over kinds; 0 for all.
        seed: Of that draw and of everything else that is drawn.
        epochs: How often each case is asked; more than one is for language models, whose answers vary.
        sets: Names of the sets to take, shipped or public; none for all shipped ones, or all public ones of `public`.
        own: The evaluator's own cases, which every suite takes.
        changes: Sections of settings to change, as `load_settings` takes them.
        public: Folder of public sets to take instead of the shipped ones; None for the shipped ones.
        open: Makes an assistant.
    """

    limit: int = 0
    seed: int = 0
    epochs: int = 1
    sets: tuple[str, ...] = ()
    own: CaseSet | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    public: Path | None = None
    open: Open = Assistant.open


@dataclass(slots=True)
class Gathered:
    """What is learnt of the sets while their cases are gathered."""

    left: list[Left] = field(default_factory=list)
    questions: dict[str, str] = field(default_factory=dict)

    def leave(self, suite: Suite, name: str, count: int | None, reason: str) -> None:
        """Note what is not asked."""
        self.left.append(Left(suite=suite.name, set=name, count=count, reason=reason))


def nothing_to_ask(suites: Sequence[Suite], left: Sequence[Left]) -> str:
    """Why a run would measure nothing, in words."""
    told = [f"Nothing was asked: {', '.join(suite.name for suite in suites)} found no case in the sets chosen."]
    told += [f"  {one.suite}, {one.set}: {one.reason}" for one in left]
    return "\n".join([*told, "`bernard eval list` says which suite takes which sets."])


def case_by_case(due: Sequence[tuple[Suite, Asked]]) -> list[tuple[Suite, Asked]]:
    """All suites of one case before the next case, so that it is asked once however often the run is stopped."""
    order: dict[tuple[str, str, int], int] = {}
    for _, asked in due:
        order.setdefault((asked.set.name, asked.case.id, asked.epoch), len(order))
    return sorted(due, key=lambda one: order[one[1].set.name, one[1].case.id, one[1].epoch])


def due_of(
    suite: Suite, options: Options, observer: Observer, found: Gathered, done: frozenset[tuple[str, str, str, int]]
) -> list[Asked]:
    """The cases of a suite that are still to be asked."""
    due = []
    for one in _sets_of(suite, options, found):
        if one.name not in found.questions:
            found.questions[one.name] = digest_of(one)
        cases = [case for case in one.cases if suite.select(case)]
        if options.own is not None and len(cases) < len(one.cases):
            reason = "they lack what the suite needs, such as evidence or how a good answer ends"
            found.leave(suite, one.name, len(one.cases) - len(cases), reason)
        cases = _held(suite, one, cases, observer, found)
        drawn = drawn_evenly(cases, limit_of(suite, options), options.seed)
        if len(drawn) < len(cases):
            reason = (
                "they are beyond the limit" if options.limit else f"{suite.enough} are enough unless --limit says otherwise"
            )
            found.leave(suite, one.name, len(cases) - len(drawn), reason)
        for epoch in range(options.epochs):
            due += [
                Asked(case, one, observer, epoch) for case in drawn if (suite.name, one.name, case.id, epoch) not in done
            ]
    return due


def limit_of(suite: Suite, options: Options) -> int:
    """Most cases of a set that a suite asks; 0 for all. Of an evaluator's own questions none is left out unasked."""
    return options.limit or (0 if options.own is not None else suite.enough)


def _sets_of(suite: Suite, options: Options, found: Gathered) -> Iterator[CaseSet]:
    if options.own is not None:
        yield options.own
        return
    chosen = options.sets or (PUBLIC_SETS if options.public is not None else SHIPPED_SETS)
    for name in suite.sets:
        if name not in chosen:
            continue
        one = load_set(name, public=options.public or PUBLIC)
        if isinstance(one, Missing):
            found.leave(suite, name, None, one.reason)
            continue
        for reason, count in one.left_out.items():
            if count:
                found.leave(suite, name, count, reason)
        yield one


def _held(suite: Suite, one: CaseSet, cases: list[Case], observer: Observer, found: Gathered) -> list[Case]:
    """Of a public set, the cases whose page the live index holds."""
    if one.guidance != "live" or one.name not in {"conditionalqa"} or not cases:
        return cases
    try:
        pages = {document.url for document in observer.shelf.assistant("live").index.documents}
    except IndexMissing:
        reason = "nothing is indexed in the data folder that the settings name"
        found.leave(suite, one.name, len(cases), reason)
        return []
    held = [case for case in cases if case.url in pages]
    if len(held) < len(cases):
        reason = "the index holds no page of the question"
        found.leave(suite, one.name, len(cases) - len(held), reason)
    return held


def drawn_evenly(cases: Sequence[Case], limit: int, seed: int) -> list[Case]:
    """At most `limit` cases, the same for the same seed: as many of each kind as of every other, as far as there are.

    A case's place in the draw depends on itself alone, so that suites which ask some of the same cases draw the same.
    """
    if not limit or len(cases) <= limit:
        return list(cases)
    by_kind: dict[str, list[int]] = {}
    for number, case in enumerate(cases):
        by_kind.setdefault(case.kind, []).append(number)
    for numbers in by_kind.values():
        numbers.sort(key=lambda number: hashlib.sha256(f"{seed}:{cases[number].id}".encode()).digest())
    chosen: list[int] = []
    while len(chosen) < limit:
        for numbers in by_kind.values():
            if numbers and len(chosen) < limit:
                chosen.append(numbers.pop())
    return [cases[number] for number in sorted(chosen)]
