"""What analysts decide on the themes and responses of a question. Each decision is a transaction, held against those before.

Knows nothing of how themes are formed or responses put to them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from assistant.consult.edits import (
    Edit,
    EditKind,
    check_latest,
    check_said,
    check_seen,
    folded,
    last_said,
    next_theme_id,
    undo,
)
from assistant.consult.question_read import QuestionRead
from assistant.errors import InputError


class QuestionDecided(QuestionRead):
    """One open question on which analysts decide."""

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make several decisions one action: all of them stand, or none, and they are undone as one.

        Nobody else decides in between, so what is looked at inside is how things stand.
        """
        with self._store.together():
            yield
        if not self._store.is_held:
            self._measure()

    def rename(self, who: str, theme: str, title: str, description: str = "", *, seen: int | None = None) -> None:
        """Give a theme another title and description."""
        if not title.strip():
            raise InputError("A theme needs a title.")
        with self.together():
            described = description.strip() or self._theme(theme).description
            data = {"theme": theme, "title": title.strip(), "description": described}
            self._edit(who, EditKind.RENAMED, data, {theme: seen})

    def merge(self, who: str, themes: Sequence[str], into: str, *, seen: Mapping[str, int] | None = None) -> None:
        """Make one theme of several."""
        if len({*themes, into}) < 2:
            raise InputError("Name at least two different themes to merge.")
        wanted = list(dict.fromkeys([into, *themes]))
        self._edit(who, EditKind.MERGED, {"themes": wanted, "into": into}, {one: (seen or {}).get(one) for one in wanted})

    def split(
        self, who: str, theme: str, responses: Sequence[int], title: str, description: str = "", *, seen: int | None = None
    ) -> str:
        """Take what these responses say out of a theme into a new one; returns the new theme's id."""
        if not title.strip():
            raise InputError("A theme needs a title.")
        with self.together():
            old = self._theme(theme)
            moved = [place for place in old.exemplars if self.statements[place].response in set(responses)]
            if not moved or len(moved) == len(old.exemplars):
                raise InputError(f"Choose some, and not all, of the responses that theme {theme} was formed from.")
            data = {"theme": theme, "statements": moved, "title": title.strip(), "description": description.strip()}
            return str(self._edit(who, EditKind.SPLIT, data, {theme: seen}, new="new").data["new"])

    def add(self, who: str, title: str, description: str = "") -> str:
        """Add a theme of the analyst's own, approved; returns its id."""
        if not title.strip():
            raise InputError("A theme needs a title.")
        data = {"title": title.strip(), "description": description.strip()}
        return str(self._edit(who, EditKind.ADDED, data, {}, new="theme").data["theme"])

    def approve(self, who: str, theme: str, *, seen: int | None = None) -> None:
        """Say that a theme stands."""
        self._edit(who, EditKind.APPROVED, {"theme": theme}, {theme: seen})

    def reject(self, who: str, theme: str, *, seen: int | None = None) -> None:
        """Take a theme away; its responses go to the others, or to "other"."""
        self._edit(who, EditKind.REJECTED, {"theme": theme}, {theme: seen})

    def mark(self, who: str, response: int, theme: str, *, applies: bool, seen: int | None = None) -> None:
        """Say whether a theme applies to a response; `seen` as in `review`."""
        with self.together():
            self._theme(theme)
            data = {"response": response, "id": self._answered_id(response), "theme": theme, "applies": applies}
            self._edit(who, EditKind.MARKED, data, {}, of=(response, seen))

    def move(self, who: str, response: int, old: str, new: str, *, seen: int | None = None) -> None:
        """Take a response out of one theme and into another."""
        with self.together():
            self._theme(new)
            self.mark(who, response, old, applies=False, seen=seen)
            self.mark(who, response, new, applies=True)

    def undo(self, who: str, edit: int) -> None:
        """Undo an edit that no later one rests on, with all that was done at a stroke with it."""

        def made(edits: Sequence[Edit]) -> Mapping[str, Any]:
            return undo(edits, edit)

        self._store.add_edit(self._place, who, EditKind.UNDONE, made=made)

    def sign(self, who: str, *, seen: int | None = None) -> None:
        """Sign the approved themes; any later change takes the signature away.

        Args:
            who: Whose name stands for them.
            seen: Number of the last edit that they saw.

        Raises:
            EditConflict: A colleague has changed something since.
        """
        with self.together():
            if not self.standing.approved:
                raise InputError("No theme is approved yet, so there is nothing to sign.")
            self._edit(who, EditKind.SIGNED, {}, {}, latest=seen)

    def last_said(self, response: int) -> int:
        """Number of the last edit that says something of a response; 0 for none."""
        return last_said(self.edits, response)

    def _measure(self) -> None:
        """Called after what may change where responses are put."""

    def _edit(
        self,
        who: str,
        kind: EditKind,
        data: Mapping[str, Any],
        seen: Mapping[str, int | None],
        *,
        new: str = "",
        of: tuple[int, int | None] | None = None,
        latest: int | None = None,
    ) -> Edit:
        """Add an edit that holds with those before it.

        Args:
            who: The analyst.
            kind: What is done.
            data: To what.
            seen: Versions of the themes it changes, as the analyst saw them.
            new: Names the field that takes the id of a new theme.
            of: A response it speaks of, with the last edit of it that the analyst saw.
            latest: The last edit of all that the analyst saw.
        """
        expected = {theme: version for theme, version in seen.items() if version is not None}
        if not who.strip():
            raise InputError("Say who you are, so that the history can tell who changed what.")

        def made(edits: Sequence[Edit]) -> Mapping[str, Any]:
            check_seen(edits, self._standing(edits), expected)
            if of and of[1] is not None:
                check_said(edits, of[0], of[1])
            if latest is not None:
                check_latest(edits, latest)
            whole = {**data, new: next_theme_id(edits)} if new else data
            trial = Edit(len(edits) + 1, who, dt.datetime.now(dt.UTC), kind, whole)
            folded([*edits, trial], self._folded)
            return whole

        return self._store.add_edit(self._place, who.strip(), kind, made=made)
