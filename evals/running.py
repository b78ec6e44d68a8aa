"""Runs suites over sets and keeps what each case scored as soon as it is known: a stopped run goes on where it stopped.

Knows nothing of any one suite or of how results are shown.
"""

from __future__ import annotations

import datetime as dt
import resource
import sys
import time
from collections.abc import Iterable, Sequence, Set
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from assistant.errors import InputError
from assistant.settings import Settings, list_settings, load_settings
from evals.cases import CaseSet
from evals.children import REPOSITORY
from evals.evidence_there import astray, warning
from evals.gathering import Gathered, Options, case_by_case, due_of, nothing_to_ask
from evals.guidance import Shelf
from evals.machine import commit, machine, versions
from evals.observing import Observer
from evals.resuming import begun_before, gone_on, refuse_another, refuse_another_index
from evals.run_folder import About, Astray, Chosen, read_results, samples_path, write_about
from evals.sets import SETS
from evals.suites.suite import Asked, Suite

_KEPT_EVERY = 5.0  # seconds


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
        observer, found = Observer(shelf), Gathered()
        due = [(suite, asked) for suite in suites for asked in due_of(suite, options, observer, found, done)]
        if not due and not done:
            raise InputError(nothing_to_ask(suites, found.left))
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
        return _asked(case_by_case(due), out, about, shelf)


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
    due_to_keep = time.perf_counter() + _KEPT_EVERY
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
                if time.perf_counter() > due_to_keep:  # so that little is forgotten of a run that is killed
                    keep(finished=False)
                    due_to_keep = time.perf_counter() + _KEPT_EVERY
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
