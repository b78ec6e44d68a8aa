"""Runs suites over sets and keeps what each case scored as soon as it is known: a stopped run goes on where it stopped.

Knows nothing of any one suite or of how results are shown.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import resource
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from assistant.answer import Assistant
from assistant.errors import IndexMissing, InputError
from assistant.settings import Settings, list_settings, load_settings
from evals.cases import Case, CaseSet
from evals.children import REPOSITORY
from evals.evidence_there import astray, warning
from evals.guidance import Open, Shelf
from evals.machine import commit, machine, versions
from evals.observing import Observer
from evals.resuming import begun_before, digest_of, gone_on, refuse_another, refuse_another_index
from evals.run_folder import About, Astray, Chosen, Left, read_results, samples_path, write_about
from evals.sets import PUBLIC, PUBLIC_SETS, SETS, SHIPPED_SETS, Missing, load_set
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
class _Found:
    """What is learnt of the sets while their cases are gathered."""

    left: list[Left] = field(default_factory=list)
    questions: dict[str, str] = field(default_factory=dict)

    def leave(self, suite: Suite, name: str, count: int | None, reason: str) -> None:
        """Note what is not asked."""
        self.left.append(Left(suite=suite.name, set=name, count=count, reason=reason))


def run(
    suites: Sequence[Suite],
    out: Path,
    options: Options,
    *,
    resume: bool = False,
    command: str = "",
    chosen: Chosen | None = None,
) -> About:
    """Ask and score every case of the suites.

    Args:
        suites: Which.
        out: Folder of the run; made when it is not there.
        options: How.
        resume: Go on with a run that was stopped: what is scored is not asked again.
        command: As typed, for the record, without secrets.
        chosen: What of it chose the questions, for the record.

    Raises:
        InputError: The folder holds another run, a set is damaged or unknown, or there is nothing to ask.
        IndexUnusable: The guidance to ask is not indexed.
    """
    settings = load_settings(**dict(options.changes))
    if unknown := [name for name in options.sets if name not in SETS]:
        raise InputError(f"There is no set {', '.join(unknown)}. The sets are: {', '.join(SETS)}.")
    if idle := [name for name in options.sets if not any(name in suite.sets for suite in suites)]:
        raise InputError(f"None of the suites chosen asks {', '.join(idle)}. `bernard eval list` says which sets each asks.")
    if options.public and not options.public.is_dir():
        raise InputError(f"There is no folder {options.public} to take sets from.")
    before = begun_before(out, resume=resume)
    done = frozenset(result.key for result in read_results(out, mend=True)) if before else frozenset()
    with ExitStack() as held:
        shelf = held.enter_context(Shelf(settings, open=options.open, changes=options.changes))
        observer, found = Observer(shelf), _Found()
        due = [(suite, asked) for suite in suites for asked in _due(suite, options, observer, found, done)]
        if not due and not done:
            raise InputError(_nothing_to_ask(suites, found.left))
        about = _about(suites, settings, options, command).model_copy(
            update={"chosen": chosen or Chosen(), "questions": found.questions, "left_out": tuple(found.left)}
        )
        if before:
            refuse_another(out, before, about)
            if before.finished and not due:
                return before
            about = gone_on(before, about)
        elif options.own is not None and any(asked.case.evidence for _, asked in due):
            about = about.model_copy(update={"astray": _astray(options.own, {asked.case.id for _, asked in due}, shelf)})
        out.mkdir(parents=True, exist_ok=True)
        return _asked(_case_by_case(due), out, about, shelf)


def _asked(due: Sequence[tuple[Suite, Asked]], out: Path, about: About, shelf: Shelf) -> About:
    """Ask what is due, each result kept before the next; the record says at every moment what the results are of."""
    seconds, indexes = dict(about.seconds), dict(about.indexes)

    def keep(*, finished: bool) -> About:
        peak = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
        now = about.model_copy(
            update={
                "seconds": {name: round(taken, 1) for name, taken in seconds.items()},
                "indexes": dict(indexes),
                "finished": finished,
                "peak_mib": max(about.peak_mib, peak),
            }
        )
        write_about(out, now)
        return now

    for guidance in {shelf.name(asked.set.guidance): asked.set.guidance for _, asked in due}.values():
        if shelf.name(guidance) in indexes:
            shelf.assistant(guidance)
    refuse_another_index(out, indexes, shelf.digests())
    keep(finished=False)
    with samples_path(out).open("a", encoding="utf-8") as file:
        try:
            for suite, asked in tqdm(due, unit="result", disable=None):
                started = time.perf_counter()
                result = suite.score(asked)
                if (now := shelf.digests()).items() - indexes.items():
                    refuse_another_index(out, indexes, now)
                    indexes |= now
                    keep(finished=False)
                file.write(result.model_dump_json() + "\n")
                file.flush()
                seconds[suite.name] = seconds.get(suite.name, 0.0) + time.perf_counter() - started
        except BaseException:
            keep(finished=False)
            raise
    return keep(finished=True)


def _astray(own: CaseSet, asked: Set[str], shelf: Shelf) -> tuple[Astray, ...]:
    """Those of an evaluator's questions whose evidence stands nowhere; they are told before anything is asked."""
    drawn = replace(own, cases=tuple(case for case in own.cases if case.id in asked))
    found = astray(drawn, shelf.assistant(own.guidance).index)
    if found:
        tell(warning(found, drawn))
    return found


def _nothing_to_ask(suites: Sequence[Suite], left: Sequence[Left]) -> str:
    """Why a run would measure nothing, in words."""
    told = [f"Nothing was asked: {', '.join(suite.name for suite in suites)} found no case in the sets chosen."]
    told += [f"  {one.suite}, {one.set}: {one.reason}" for one in left]
    return "\n".join([*told, "`bernard eval list` says which suite takes which sets."])


def _case_by_case(due: Sequence[tuple[Suite, Asked]]) -> list[tuple[Suite, Asked]]:
    """All suites of one case before the next case, so that it is asked once however often the run is stopped."""
    order: dict[tuple[str, str, int], int] = {}
    for _, asked in due:
        order.setdefault((asked.set.name, asked.case.id, asked.epoch), len(order))
    return sorted(due, key=lambda one: order[one[1].set.name, one[1].case.id, one[1].epoch])


def _due(
    suite: Suite, options: Options, observer: Observer, found: _Found, done: frozenset[tuple[str, str, str, int]]
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


def _sets_of(suite: Suite, options: Options, found: _Found) -> Iterator[CaseSet]:
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


def _held(suite: Suite, one: CaseSet, cases: list[Case], observer: Observer, found: _Found) -> list[Case]:
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


def _about(suites: Sequence[Suite], settings: Settings, options: Options, command: str) -> About:
    listed = list_settings(settings)
    set_by_someone = {item.name: item.value for item in listed if item.value != item.default and item.name != "data_dir"}
    return About(
        started=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        command=command,
        commit=commit(REPOSITORY),
        suites=tuple(suite.name for suite in suites),
        limit=options.limit,
        seed=options.seed,
        epochs=options.epochs,
        settings=set_by_someone,
        model=settings.model or "quotation",
        versions=versions(),
        machine=machine(),
    )


def changes_from(assignments: Iterable[str], settings: Settings) -> dict[str, Any]:
    """Settings given as KEY=VALUE, as `load_settings` takes them, on top of those in force.

    Raises:
        InputError: One is not KEY=VALUE, or names no setting.
    """
    known = {item.name for item in list_settings(settings)}
    changed: dict[str, Any] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals or name not in known:
            raise InputError(f"{name!r} sets nothing: give KEY=VALUE with a key that `bernard settings` lists.")
        section, _, leaf = name.partition(".")
        if not leaf:
            changed[section] = value
            continue
        branch = changed.setdefault(section, getattr(settings, section).model_dump())
        branch[leaf] = value
    return changed


def tell(message: str) -> None:
    """Say something that is no result."""
    print(message, file=sys.stderr, flush=True)
