"""How the server writes its log: a line an event to standard error, plain or as JSON.

An error is told by its kind and place. What it says is told only where the words are Bernard's own, for any other could hold
a question; unless the settings let questions into the log. Knows nothing of what is logged.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
import traceback
from collections.abc import Iterator
from typing import Any

from assistant.errors import BernardError
from assistant.settings import WebSettings

OWN = "assistant"
"""Of these loggers the log holds what they tell; of others, warnings and worse."""


def set_up_log(web: WebSettings) -> None:
    """Have everything that this process logs from now on written as the settings say."""
    handler = logging.StreamHandler(sys.stderr)
    written = JsonLine if web.log_format == "json" else PlainLine
    handler.setFormatter(written(has_questions=web.log_questions))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger(OWN).setLevel(logging.INFO)
    logging.captureWarnings(True)


class _Line(logging.Formatter):
    def __init__(self, *, has_questions: bool = False) -> None:
        super().__init__()
        self._has_questions = has_questions

    def _told(self, record: logging.LogRecord) -> dict[str, Any]:
        told = getattr(record, "told", None)
        return told if isinstance(told, dict) else {}

    def _trace(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        return "\n".join(_trace_of(error, has_words=self._has_questions)) if error else ""


class PlainLine(_Line):
    """For people: time, level, where from, words; facts as name=value; an error's place on lines of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter.format`."""
        facts = "".join(f" {name}={json.dumps(value, ensure_ascii=False)}" for name, value in self._told(record).items())
        trace = self._trace(record)
        return f"{_moment(record)} {record.levelname} {record.name}: {record.getMessage()}{facts}" + (
            f"\n{trace}" if trace else ""
        )


class JsonLine(_Line):
    """For programs: one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter.format`."""
        told = {
            "time": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **self._told(record),
        }
        if trace := self._trace(record):
            told["trace"] = trace
        return json.dumps(told, ensure_ascii=False, default=str)


def _moment(record: logging.LogRecord) -> str:
    moment = dt.datetime.fromtimestamp(record.created, dt.UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _trace_of(error: BaseException, *, has_words: bool) -> Iterator[str]:
    """Kind and place of an error and of those it came from, first things first."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause:
        yield from _trace_of(cause, has_words=has_words)
        yield "which led to:"
    yield from (line.rstrip() for line in traceback.format_tb(error.__traceback__))
    name = type(error).__qualname__
    yield f"{name}: {error}" if has_words or isinstance(error, BernardError) else name
