"""What was typed, as the record of a run may keep it: without secrets. Knows nothing of what is run."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from functools import cache

from assistant.hiding import HIDDEN, without_secrets
from assistant.settings import Settings, list_settings

_SET = "--set="


def as_kept(arguments: Sequence[str]) -> str:
    """A command of `bernard eval` with asterisks for secrets: settings that are secret, and what addresses hold."""
    return shlex.join(["bernard", "eval", *map(_argument, arguments)])


def assignment_as_kept(assignment: str) -> str:
    """KEY=VALUE with asterisks for a secret value."""
    name, equals, value = assignment.partition("=")
    return f"{name}={HIDDEN}" if equals and value and name in _secrets() else without_secrets(assignment)


def _argument(argument: str) -> str:
    if argument.startswith(_SET):
        return _SET + assignment_as_kept(argument.removeprefix(_SET))
    return assignment_as_kept(argument)


@cache
def _secrets() -> frozenset[str]:
    """The names of settings that are secret."""
    return frozenset(one.name for one in list_settings(Settings.model_construct()) if one.accepts == "secret")
