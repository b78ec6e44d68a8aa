"""The queue of responses to review one after another, and the blind sample that shows how far the machine can be trusted.

Knows nothing of which response is worth reviewing or of what a page looks like.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.responses import Response

from assistant.consult import EditConflict
from assistant.errors import InputError
from assistant.web.consult.asking import Ask, Here, number_in
from assistant.web.consult.common import Common, go
from assistant.web.consult.pages_queue import queue_page
from assistant.web.consult.routes_themes import Themes
from assistant.web.consult.shelf import Board
from assistant.web.consult.typed import NOTHING, Typed

_MOST_SKIPPED = 200


class Queue:
    """Answers for the queue and the blind sample."""

    def __init__(self, common: Common, themes: Themes) -> None:
        """Prepare.

        Args:
            common: What all pages share.
            themes: Answers where there are no themes yet.
        """
        self._common, self._themes = common, themes

    def queue(self, ask: Ask) -> Response:
        """The next response to review."""

        def act(here: Here) -> Response:
            if not here.has_themes:
                return self._themes.show(ask, here, NOTHING)
            return self._queue(ask, here, ask.asked("blind") == "yes", _skipped(ask.asked("skip")))

        return self._common.here(ask, act)

    def _queue(
        self,
        ask: Ask,
        here: Here,
        is_blind: bool,
        skipped: Sequence[int],
        *,
        place: int | None = None,
        typed: Typed = NOTHING,
    ) -> Response:
        board, question = here.board(), here.question
        standing = board.standing
        away = question.no_reason | standing.corrections.reviewed | set(standing.sample)
        waiting = [one for one in question.answers.answered if one not in away]
        repeated = {one for found in question.campaigns for one in found.members[1:]}
        if place is None:
            place = self._next(here, board, is_blind, set(skipped))
        body = queue_page(
            here.name,
            here.number,
            question,
            board,
            place=place,
            is_blind=is_blind,
            skipped=skipped,
            left=len(waiting),
            free=len(set(waiting) - repeated),
            points=question.agreement_history(),
            typed=typed,
        )
        return self._common.of_question(ask, here, "queue", "Blind sample" if is_blind else "Queue", body, typed=typed)

    def _next(self, here: Here, board: Board, is_blind: bool, passed: set[int]) -> int | None:
        if is_blind:
            sample, labelled = board.standing.sample, board.standing.blind
            return next((one for one in sample if one not in labelled and one not in passed), None)
        return next((one for one, _ in here.question.queue(len(passed) + 1) if one not in passed), None)

    def on_queue(self, ask: Ask) -> Response:
        """Keep what was decided and go on, pass a response over, or draw the blind sample."""

        def act(here: Here) -> Response:
            is_blind, skipped = ask.field("blind") == "yes", _skipped(ask.field("skip"))
            blind = {"blind": "yes"} if is_blind else {}
            if not here.has_themes:
                raise HTTPException(404, "There are no themes yet.")
            if ask.field("do") == "draw":
                return self._draw(ask, here)
            place, themes = number_in(ask.field("response")), ask.form.get("theme", [])
            if place is None or place >= len(here.question.answers.responses):
                raise HTTPException(404, "There is no such response.")
            if ask.field("do") == "skip":
                more = ",".join(map(str, [*skipped, place][-_MOST_SKIPPED:]))
                return go(here.name, here.number, "queue", query={"skip": more} | blind)
            keep = here.question.label_blind if is_blind else here.question.review
            try:
                keep(ask.who, place, themes, seen=number_in(ask.field("seen")))
            except EditConflict as error:
                again = Typed(ask.form, conflict=str(error))
                return self._queue(ask, here, is_blind, skipped, place=place, typed=again)
            except InputError as error:
                again = Typed(ask.form, {"review": str(error)})
                return self._queue(ask, here, is_blind, skipped, place=place, typed=again)
            query = {"edit": len(here.question.edits), "skip": ",".join(map(str, skipped))} | blind
            said = "labelled" if is_blind else "reviewed"
            return go(here.name, here.number, "queue", said=said, query=query)

        return self._common.here(ask, act)

    def _draw(self, ask: Ask, here: Here) -> Response:
        number = number_in(ask.field("number").strip())
        try:
            if not number:
                raise InputError("Give the number of responses to draw.")
            here.question.draw_blind_sample(ask.who, number)
        except InputError as error:
            return self._queue(ask, here, True, [], typed=Typed(ask.form, {"number": str(error)}))
        return go(here.name, here.number, "queue", query={"blind": "yes"})


def _skipped(text: str) -> list[int]:
    return [number for number in map(number_in, text.split(",")[:_MOST_SKIPPED]) if number is not None]
