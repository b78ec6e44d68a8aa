"""What there is of an open question: its responses with the points they make, and the edits of analysts.

Knows nothing of how themes are formed or decided on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from assistant.consult.duplicates import campaigns
from assistant.consult.edits import Edit, Folded, Standing, finished, folded
from assistant.consult.model import Campaign, State, Statement, Theme
from assistant.consult.personal import masked
from assistant.consult.responses import Question, shown_ids
from assistant.consult.stances import gives_no_reason
from assistant.consult.statements import statements
from assistant.consult.store import Store
from assistant.errors import InputError


class QuestionRead:
    """One open question as it was read in, and as it stands."""

    def __init__(self, store: Store, place: int, text: str) -> None:
        self._store = store
        self._place = place
        self._folded: Folded | None = None
        self.text = text

    @property
    def number(self) -> int:
        """Which of the consultation's open questions it is, from 1."""
        return self._place + 1

    @cached_property
    def answers(self) -> Question:
        """Every row's answer."""
        kept = self._store.responses(self._place)
        ids = shown_ids([one.id for one in kept], [one.row for one in kept])
        return Question(self.text, tuple(replace(one, id=name) for one, name in zip(kept, ids, strict=True)))

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """The points that the answered responses make, in order."""
        return tuple(
            Statement(place, start, end)
            for place in self.answers.answered
            for start, end in statements(self.answers.responses[place].text)
        )

    @cached_property
    def campaigns(self) -> tuple[Campaign, ...]:
        """Groups of responses with the same or nearly the same words; places are those in the file.

        They are kept once found: 10,000 responses take many seconds.
        """
        if self.known_campaigns is not None:
            return self.known_campaigns
        answered = self.answers.answered
        found = campaigns([self.answers.responses[place].text for place in answered])
        made = tuple(Campaign(tuple(answered[at] for at in one.members), one.is_exact) for one in found)
        self._store.set_fact(f"campaigns {self._place}", [[list(one.members), one.is_exact] for one in made])
        return made

    @property
    def known_campaigns(self) -> tuple[Campaign, ...] | None:
        """The campaigns, where they were looked for before."""
        kept = self._store.fact(f"campaigns {self._place}")
        return None if kept is None else tuple(Campaign(tuple(members), exact) for members, exact in kept)

    @cached_property
    def no_reason(self) -> frozenset[int]:
        """Answered responses that take a side and say no more."""
        return frozenset(place for place in self.answers.answered if gives_no_reason(self.answers.responses[place].text))

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What was done, in order."""
        return self._store.edits(self._place)

    @property
    def standing(self) -> Standing:
        """The themes and corrections as they stand."""
        return self._standing(self.edits)

    def _standing(self, edits: Sequence[Edit]) -> Standing:
        """How things stand after these edits; what was gone through before is not gone through again."""
        self._folded = folded(edits, self._folded)
        return finished(self._folded)

    def formed_from(self, theme: Theme) -> dict[int, Statement]:
        """The first statement of each response that a theme was formed from, by the response's place."""
        found: dict[int, Statement] = {}
        for at in sorted(theme.exemplars):
            found.setdefault(self.statements[at].response, self.statements[at])
        return found

    def words(self, statement: Statement) -> str:
        """A statement's words."""
        return self.answers.responses[statement.response].text[statement.start : statement.end]

    def shown(self, place: int, *, mask: bool = True) -> str:
        """A response's text as it may be shown."""
        text = self.answers.responses[place].text
        return masked(text) if mask else text

    def _theme(self, name: str) -> Theme:
        standing = self.standing
        if name not in standing.themes:
            raise InputError(f"There is no theme {name}. The themes are {', '.join(standing.themes) or 'none'}.")
        return standing.themes[name]

    def _answered_id(self, place: int) -> str:
        """Identifier of a response that can be put to themes."""
        name = self._response_id(place)
        if (state := self.answers.responses[place].state) is not State.ANSWERED:
            raise InputError(f"Response {name} was not analysed ({state}), so it cannot be put to themes.")
        return name

    def _response_id(self, place: int) -> str:
        if not 0 <= place < len(self.answers.responses):
            raise InputError(f"There is no response {place}.")
        return self.answers.responses[place].id
