"""Records each answer as it is given. It never raises: an answer that could not be recorded is an answer all the same.

Knows nothing of how answers are shown.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, Self

from assistant.answer import Answer, Event, Finished, Reason, Turn
from assistant.errors import InputError, RecordsUnusable
from assistant.records.store import Records
from assistant.search import Filters
from assistant.settings import Settings

_log = logging.getLogger(__name__)
_NOT_ASKED = {Reason.EMPTY_QUESTION, Reason.QUESTION_TOO_LONG}
_PAUSE = 60.0  # seconds without a try after one that failed: answers must not wait for a database that is down
_A_DAY = 86_400.0


class Recorder:
    """Keeps answers while `records.days` is above 0; serves many threads. Nothing is opened before the first answer."""

    def __init__(self, settings: Settings, *, tell: Callable[[str], None] = _log.warning) -> None:
        """Prepare.

        Args:
            settings: Whether and where to record.
            tell: Told, once, when answers are not being recorded, and why.
        """
        self._settings, self._tell = settings, tell
        self._lock = threading.Lock()
        self._records: Records | None = None
        self._not_before = 0.0
        self._purged = 0.0
        self._told = False

    def keep(self, answer: Answer, *, user: str = "", conversation: str = "", filters: Filters | None = None) -> str:
        """Record an answer; returns the record's id, "" when it was not recorded.

        Args:
            answer: What was answered.
            user: Who asked, "" where nobody signs in.
            conversation: Where it belongs, "" for nowhere. An answer to a conversation that was deleted meanwhile goes too.
            filters: What the search was limited to, where the answer does not say so itself.
        """
        if answer.reason in _NOT_ASKED:
            return ""
        kept = self._kept(lambda records: [records.add(answer, user=user, conversation=conversation, filters=filters)])
        return next(iter(kept), "")

    def keep_exchange(self, given: Sequence[Answer], *, user: str, conversation: str, replacing: str = "") -> list[str]:
        """Record the answers to one question as `Records.add_exchange` does; returns their ids, none when that failed."""
        return self._kept(
            lambda records: records.add_exchange(given, user=user, conversation=conversation, replacing=replacing)
        )

    def _kept(self, keep: Callable[[Records], list[str]]) -> list[str]:
        if not self._settings.records.days:
            return []
        try:
            records = self._open()
            return keep(records) if records else []
        except InputError:  # there is no such conversation any more
            return []
        except Exception as error:  # noqa: BLE001 - whatever it is, the answer goes to the reader
            self._failed(error)
            return []

    def records(self) -> Records:
        """The records, open, for whatever is more than keeping an answer; they close with this.

        Raises:
            RecordsUnusable: They cannot be opened, or could not a moment ago.
        """
        try:
            records = self._open()
        except RecordsUnusable:
            self._pause()
            raise
        if records is None:
            raise RecordsUnusable("The records of answers cannot be used at the moment. Try again in a minute.")
        return records

    def close(self) -> None:
        """Let go of the records."""
        with self._lock:
            if self._records:
                self._records.close()
            self._records = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self) -> Records | None:
        with self._lock:
            now = time.monotonic()
            if now < self._not_before:
                return None
            if self._records is None:
                self._records = Records(self._settings)  # which also purges
                self._purged = now
            elif now - self._purged > _A_DAY:
                self._purged = now
                self._records.purge()
            return self._records

    def _pause(self) -> None:
        with self._lock:
            self._not_before = time.monotonic() + _PAUSE

    def _failed(self, error: Exception) -> None:
        self._pause()
        with self._lock:
            first, self._told = not self._told, True
        # No stack trace: it could hold the question. The class and the message say what the matter is.
        _log.error("An answer was not recorded (%s): %s", type(error).__name__, _words(error))
        if first:
            self._tell(f"The answer was not recorded. {_words(error)}")


def _words(error: Exception) -> str:
    return (
        str(error) if isinstance(error, RecordsUnusable) else f"Recording broke ({type(error).__name__}); please report it."
    )


class Answers(Protocol):
    """Something that answers questions."""

    def ask(self, question: str, *, history: Sequence[Turn] = (), id: str = "") -> Answer:
        """Answer `question`, which may lean on `history`, oldest message first."""
        ...

    def ask_events(self, question: str, *, history: Sequence[Turn] = (), id: str = "") -> Iterator[Event]:
        """The same, told as it happens."""
        ...


class Recorded:
    """Answers as another does, and has each answer recorded."""

    def __init__(self, answers: Answers, recorder: Recorder) -> None:
        self._answers, self._recorder = answers, recorder

    def ask(self, question: str, *, history: Sequence[Turn] = (), id: str = "") -> Answer:
        """Answer `question`, and record the answer."""
        answer = self._answers.ask(question, history=history, id=id)
        self._recorder.keep(answer)
        return answer

    def ask_events(self, question: str, *, history: Sequence[Turn] = (), id: str = "") -> Iterator[Event]:
        """Answer `question` and tell what happens meanwhile; the answer is recorded before it is passed on."""
        for event in self._answers.ask_events(question, history=history, id=id):
            if isinstance(event, Finished):
                self._recorder.keep(event.answer)
            yield event
