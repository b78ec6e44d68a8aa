"""What the desk asks of documents of one's own; where there are none, everything here finds nothing.

Knows nothing of HTML.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.answer import Answer, Event, Source, Task, Turn, question_of
from assistant.answer import Brought as BroughtFile
from assistant.errors import InputError
from assistant.index import HeldIndex
from assistant.search import Neighbour, Scope
from assistant.uploads import OwnDocuments, OwnFile
from assistant.web.answers import Answers, Thorough
from assistant.web.conversation import Asked
from assistant.web.filters import Choice
from assistant.web.keeping import ListedConversation
from assistant.web.own_tasks import Wanted, wanted

_NEEDED = {Task.SUMMARISE: 1, Task.DUTIES: 1, Task.COMPARE: 2}
_NONE = "There are no documents of yours in this conversation. Add one, or search the guidance."


@dataclass(frozen=True, slots=True)
class Search:
    """How to ask, with the documents to search; or why that cannot be done."""

    asked: Asked
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A conversation that holds documents and no question yet, as it is listed; see `keeping.ListedConversation`."""

    id: str
    title: str
    changed_at: dt.datetime
    expires_at: dt.datetime | None
    answers: int = 0


def _title_of(names: Sequence[str]) -> str:
    """What a conversation is called by its documents: "plan.docx and 2 more"."""
    return "".join(names[:1]) + (f" and {len(names) - 1} more" if len(names) > 1 else "")


class Through:
    """Answers one task over whole documents, as others answer a question; see `answers.Answers`."""

    def __init__(self, answers: Thorough, task: Task, files: Sequence[BroughtFile], own: HeldIndex) -> None:
        self._answers, self._task, self._files, self._own = answers, task, files, own
        self.question = question_of(task, files) if len(files) >= _NEEDED[task] else ""
        self.model_name = "" if task is Task.COMPARE else str(getattr(answers, "model_name", ""))

    def ask(self, question: str, *, history: Sequence[Turn] = (), id: str = "") -> Answer:
        """The answer, by quotation."""
        return self._answers.go_through(self._task, self._files, own=self._own)

    def ask_events(
        self, question: str, *, history: Sequence[Turn] = (), id: str = "", drafter: Literal["quotation"] | None = None
    ) -> Iterator[Event]:
        """The answer, told as it happens."""
        return self._answers.go_through_events(self._task, self._files, own=self._own, drafter=drafter)


class Brought:
    """The documents of a conversation, as far as answers make use of them."""

    def __init__(self, documents: OwnDocuments | None, answers: Answers) -> None:
        self._documents = documents if isinstance(answers, Thorough) else None
        self._answers = answers

    @property
    def is_on(self) -> bool:
        """Whether there can be any."""
        return self._documents is not None

    def files(self, user: str, conversation: str) -> Sequence[OwnFile]:
        """The files of a conversation."""
        return self._documents.listed(user, conversation) if self._documents and conversation else ()

    def listed(self, user: str, unasked: Sequence[ListedConversation], *, search: str = "") -> list[Shown]:
        """Conversations without a question, as far as they hold documents, called by these where they have no name.

        Args:
            user: Whose.
            unasked: Those without a question.
            search: Words that must all stand in the names.
        """
        words = search.casefold().split()
        found = []
        for one in unasked if self._documents else ():
            names = [file.name for file in self.files(user, one.id)]
            title = one.title or _title_of(names)
            if names and all(word in f"{title} {' '.join(names)}".casefold() for word in words):
                found.append(Shown(one.id, title, one.changed_at, one.expires_at))
        return found

    def search(self, user: str, conversation: str, chosen: Choice) -> Search:
        """How to ask what was chosen, over the documents of a conversation."""
        asked, filters = chosen.asked, chosen.asked.filters
        scope = filters.scope if filters else Scope.BOTH
        index = self._index(user, conversation) if scope is not Scope.GUIDANCE else None
        if index is not None:
            return Search(replace(asked, own=index))
        if scope is Scope.OWN:
            return Search(asked, _NONE)
        if filters and not self.files(user, conversation):  # then there is nothing that could be left out
            everything = filters.model_copy(update={"scope": Scope.BOTH})
            return Search(replace(asked, filters=everything if everything else None))
        return Search(asked)

    def wanted(self, message: str, user: str, conversation: str) -> Wanted | None:
        """The task over whole documents that a message asks for."""
        files = self.files(user, conversation)
        return wanted(message, files) if files else None

    def through(self, task: Wanted, user: str, conversation: str) -> Through:
        """What answers a task.

        Raises:
            InputError: A document is not there any more, or there are too few.
        """
        index = self._index(user, conversation)
        if self._documents is None or index is None or not isinstance(self._answers, Thorough):
            raise InputError(_NONE)
        names = {file.id: file.name for file in self.files(user, conversation)}
        files = [
            BroughtFile(names.get(one, ""), self._documents.locations(user, conversation, one) if one in names else ())
            for one in task.files
        ]
        return Through(self._answers, task.task, files, index)

    def around(self, source: Source, user: str, conversation: str) -> Sequence[Neighbour]:
        """What stands around a source that is one's own; nothing for others."""
        index = self._index(user, conversation) if source.uploaded else None
        return self._answers.around(source, own=index) if index and isinstance(self._answers, Thorough) else ()

    def remove(self, user: str, conversation: str, id: str) -> None:
        """Delete a file."""
        if self._documents:
            self._documents.remove(user, conversation, id)

    def clear(self, user: str, conversation: str) -> None:
        """Delete all files of a conversation."""
        if self._documents:
            self._documents.clear(user, conversation)

    def _index(self, user: str, conversation: str) -> HeldIndex | None:
        return self._documents.index(user, conversation) if self._documents and conversation else None
