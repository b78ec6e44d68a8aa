"""Answers as they were given, to be exported in tests."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from assistant.answer import Answer

NOW = dt.datetime(2026, 11, 25, 9, 30, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Given:
    """A small real implementation of `GivenAnswer`."""

    answer: Answer
    id: str = "20261125-093000-0a0b0c0d"
    given_at: dt.datetime = NOW


@dataclass(frozen=True, slots=True)
class Talk:
    """A small real implementation of `Talk`."""

    title: str
    exchanges: tuple[Given, ...]
