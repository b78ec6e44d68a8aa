"""Goes on with a run that was stopped: takes what it was begun with, and refuses whatever would mix two runs.

Knows nothing of how cases are asked or scored.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.errors import InputError
from assistant.hiding import HIDDEN
from assistant.settings import Settings, list_settings
from evals.cases import Brought, CaseSet
from evals.command import assignment_as_kept
from evals.run_folder import About, Chosen, Resumed, read_begun, samples_path


@dataclass(frozen=True, slots=True)
class Typed:
    """What may be typed after `bernard eval run`; None or nothing where it was not."""

    suites: tuple[str, ...] = ()
    data: Path | None = None
    public: Path | None = None
    only: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    limit: int | None = None
    seed: int | None = None
    epochs: int | None = None

    @classmethod
    def of(cls, options: argparse.Namespace) -> Typed:
        """What the command line's parser found."""
        return cls(
            suites=tuple(options.suites),
            data=options.data,
            public=options.sets,
            only=tuple(options.only),
            changes=tuple(options.changes),
            limit=options.limit,
            seed=options.seed,
            epochs=options.epochs,
        )

    def kept(self) -> Chosen:
        """What a run's record keeps of it, without secrets."""
        return Chosen(
            suites=self.suites,
            data=str(self.data or ""),
            public=str(self.public or ""),
            only=self.only,
            changes=tuple(map(assignment_as_kept, self.changes)),
        )


def as_begun(typed: Typed, out: Path, settings: Settings) -> Typed:
    """What was typed, and what the run in a folder was begun with for all that was not.

    Args:
        typed: What was typed now.
        out: Folder of the run.
        settings: Those in force without what was typed.

    Raises:
        InputError: The run was begun with a secret, which its record does not keep.
    """
    try:
        begun = read_begun(out)
    except InputError:
        return typed  # `run` says what is wrong with the folder, where there is anything in it
    chosen = begun.chosen
    is_chosen = bool(typed.data or typed.public)
    return replace(
        typed,
        suites=typed.suites or chosen.suites,
        data=typed.data if is_chosen or not chosen.data else Path(chosen.data),
        public=typed.public if is_chosen or not chosen.public else Path(chosen.public),
        only=typed.only or (() if typed.data else chosen.only),
        changes=(*_changes(chosen, typed, out, settings), *typed.changes),
        limit=begun.limit if typed.limit is None else typed.limit,
        seed=begun.seed if typed.seed is None else typed.seed,
        epochs=begun.epochs if typed.epochs is None else typed.epochs,
    )


def _changes(chosen: Chosen, typed: Typed, out: Path, settings: Settings) -> Iterator[str]:
    given = {change.partition("=")[0] for change in typed.changes}
    given |= {one.name for one in list_settings(settings) if one.value == HIDDEN}  # a secret that the environment has
    for change in chosen.changes:
        name = change.partition("=")[0]
        if name in given:
            continue
        if HIDDEN in change:
            raise InputError(
                f"The run in {out} was begun with a secret in {name}, which is not kept. Give --set {name}=… again."
            )
        yield change


def begun_before(out: Path, *, resume: bool) -> About | None:
    """The record of the run whose results a folder holds; None where it holds none.

    Raises:
        InputError: It holds a run that is not to be gone on with, or that cannot be.
    """
    samples = samples_path(out)
    if not samples.exists() or not samples.stat().st_size:  # none, or one that failed before its first result
        return None
    if not resume:
        raise InputError(f"{out} holds a run already. Give --resume to go on with it, or another folder with --out.")
    return read_begun(out)


def refuse_another(out: Path, before: About, now: About) -> None:
    """Stop a run from being gone on with otherwise than it was begun.

    Raises:
        InputError: They differ; says in what.
    """
    if faults := list(_differences(before, now)):
        told = "\n  ".join(faults)
        raise InputError(
            f"The run in {out} was begun otherwise, and its figures would be of two runs:\n  {told}\nGive --resume and "
            "--out alone to go on as it was begun, with the same settings, files and index; or another folder with --out."
        )


def refuse_another_index(out: Path, before: Mapping[str, str], now: Mapping[str, str]) -> None:
    """Stop a run whose guidance has changed since it was begun.

    Raises:
        InputError: An index of it holds something else now.
    """
    for name in before.keys() & now.keys():
        if before[name] != now[name]:
            raise InputError(
                f"The index {name} holds something else than when the run in {out} was begun ({now[name]}, then "
                f"{before[name]}), and its figures would be of both. Start anew, in another folder with --out."
            )


def _differences(before: About, now: About) -> Iterator[str]:
    for name, then, this in (
        ("suites", ", ".join(before.suites), ", ".join(now.suites)),
        ("--limit", before.limit or "none", now.limit or "none"),
        ("--seed", before.seed, now.seed),
        ("--epochs", before.epochs, now.epochs),
        ("model", before.model, now.model),
    ):
        if then != this:
            yield f"{name}: {this}, and {then} when it was begun"
    for name in sorted(before.settings.keys() | now.settings.keys()):
        then, this = (run.settings.get(name, "the default") for run in (before, now))
        if then != this and HIDDEN not in {then, this}:  # another key opens the same model
            yield f"setting {name}: {this}, and {then} when it was begun"
    if set(before.suites) == set(now.suites):
        yield from _other_questions(before.questions, now.questions)


def _other_questions(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(before.keys() | now.keys()):
        if name not in now:
            yield f"questions: not those of {name}, which were asked when it was begun"
        elif name not in before:
            yield f"questions: those of {name}, which were not asked when it was begun"
        elif before[name] != now[name]:
            yield f"questions: {name} holds others than when it was begun"


def digest_of(one: CaseSet) -> str:
    """Names all that a set asks, and what it brings to be asked of."""
    told = hashlib.sha256()
    for case in one.cases:
        told.update(case.model_dump_json().encode() + b"\n")
    brought = one.guidance.files if isinstance(one.guidance, Brought) else {}
    for name, text in sorted(brought.items()):
        told.update(f"{name}\0{text}\0".encode())
    told.update("\0".join(sorted(one.own_files)).encode())  # their bytes hold the time at which they are made
    for planted in one.consultations.values():
        told.update(repr((planted.part, list(planted.texts.items()), planted.themes)).encode())
        told.update(repr([(key, sorted(themes)) for key, themes in planted.gold.items()]).encode())
    for topic in one.topics.values():
        told.update(repr((topic.name, topic.arguments, topic.points, sorted(topic.labels.items()))).encode())
    return told.hexdigest()[:16]


def gone_on(before: About, now: About) -> About:
    """The record of a run that is gone on with: as it was begun, and when it was gone on with."""
    again = Resumed(started=now.started, command=now.command, commit=now.commit)
    return before.model_copy(update={"resumed": (*before.resumed, again), "finished": False})
