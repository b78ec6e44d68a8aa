"""Forms candidate themes in a process of its own: tells how far it is, can be stopped, and goes on when run again.

One runs at a time, since each keeps every core busy; the others wait. Knows nothing of requests.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import secrets
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from assistant.errors import BernardError

if TYPE_CHECKING:
    from assistant.settings import Settings

_log = logging.getLogger(__name__)
_KINDER = 5
"""How far the process steps back behind those that answer people (see nice(1))."""


class Status(StrEnum):
    """How a run stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Run:
    """The latest run for a question.

    Attributes:
        status: How it stands.
        who: Who wanted it.
        stage: What is being done.
        done: How much of that.
        of: Of how much; 0 where it is not known.
        fault: Why it failed, for people.
        token: Tells it from a run that was stopped before.
    """

    status: Status
    who: str
    stage: str = ""
    done: int = 0
    of: int = 0
    fault: str = ""
    token: str = ""

    @property
    def is_under_way(self) -> bool:
        """It has not ended."""
        return self.status in (Status.WAITING, Status.RUNNING)


Key = tuple[str, int]


class Forming:
    """All runs of this server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._runs: dict[Key, Run] = {}
        self._processes: dict[Key, Any] = {}
        self._lock = threading.Lock()
        self._turn = threading.Semaphore(1)

    def run_of(self, name: str, number: int) -> Run | None:
        """The latest run for a question; None where there was none."""
        with self._lock:
            return self._runs.get((name, number))

    def start(self, name: str, number: int, *, who: str, groups: int | None, use_model: bool = True) -> None:
        """Begin, unless it is under way.

        Args:
            name: Of the consultation, in addresses.
            number: Of the question.
            who: Who wants it.
            groups: How many themes; None for the most stable number.
            use_model: Ask a language model for titles, where the settings name one.
        """
        key, token = (name, number), secrets.token_hex(8)
        with self._lock:
            known = self._runs.get(key)
            if known and known.is_under_way:
                return
            self._runs[key] = Run(Status.WAITING, who, "Waiting for its turn", token=token)
        arguments = (key, token, who, groups, use_model)
        threading.Thread(target=self._follow, args=arguments, daemon=True, name="forming").start()

    def stop(self, name: str, number: int) -> None:
        """End it; what was read so far is kept."""
        key = (name, number)
        with self._lock:
            known = self._runs.get(key)
            if known and known.is_under_way:
                self._runs[key] = replace(known, status=Status.STOPPED)
            process = self._processes.get(key)
        if process:
            process.terminate()

    def forget(self, name: str) -> None:
        """Stop what belongs to a consultation that goes."""
        for held, number in list(self._runs):
            if held == name:
                self.stop(held, number)
                with self._lock:
                    self._runs.pop((held, number), None)

    def close(self) -> None:
        """Stop all."""
        for name, number in list(self._runs):
            self.stop(name, number)

    def _follow(self, key: Key, token: str, who: str, groups: int | None, use_model: bool) -> None:
        with self._turn:
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe(duplex=False)
            with self._lock:
                if not self._is_wanted(key, token):
                    return
                arguments = (self._settings, *key, groups, who, use_model, theirs)
                process = self._processes[key] = context.Process(target=_form, args=arguments, daemon=True)
                self._runs[key] = replace(self._runs[key], status=Status.RUNNING, stage="Starting")
                process.start()
            theirs.close()
            fault = "The program that forms themes broke down. Start it again: what was read is kept."
            try:
                while True:
                    told = ours.recv()
                    if told[0] == "ended":
                        fault = told[1]
                        break
                    self._tell(key, token, *told[1:])
            except (EOFError, OSError):
                pass
            finally:
                process.join(timeout=10)
                ours.close()
            with self._lock:
                self._processes.pop(key, None)
                if self._is_wanted(key, token):
                    ended = Status.FAILED if fault else Status.DONE
                    self._runs[key] = replace(self._runs[key], status=ended, fault=fault)

    def _is_wanted(self, key: Key, token: str) -> bool:
        return key in self._runs and self._runs[key].token == token and self._runs[key].is_under_way

    def _tell(self, key: Key, token: str, stage: str, done: int, of: int) -> None:
        with self._lock:
            if self._is_wanted(key, token):
                self._runs[key] = replace(self._runs[key], stage=stage, done=done, of=of)


def _form(
    settings: Settings, name: str, number: int, groups: int | None, who: str, use_model: bool, told: Connection
) -> None:
    """What the process does."""
    from assistant.consult import Consultation

    with suppress(OSError):
        os.nice(_KINDER)
    fault = ""
    try:
        with Consultation.open(name, settings) as consultation:
            question = consultation.question(number)
            told.send(("progress", "Looking for campaigns", 0, 0))
            _ = question.campaigns  # kept, so that no page has to wait for them
            question.form_themes(
                number=groups,
                asked_by=who,
                use_model=use_model,
                progress=lambda stage, done, of: told.send(("progress", stage, done, of)),
            )
    except BernardError as error:
        fault = str(error)
    told.send(("ended", fault))
    told.close()
