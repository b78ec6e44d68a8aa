"""The responses to a question: the list of them, and one with the themes that the analyst gives it.

Knows nothing of how responses are found or of what a page looks like.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.responses import Response

from assistant.consult import EditConflict
from assistant.errors import InputError
from assistant.web.consult import finding
from assistant.web.consult.asking import Ask, Here, number_in
from assistant.web.consult.common import Common, changed
from assistant.web.consult.listing import Listing
from assistant.web.consult.pages_responses import response_page, responses_page
from assistant.web.consult.routes_themes import Themes
from assistant.web.consult.typed import NOTHING, Typed


class Responses:
    """Answers for responses."""

    def __init__(self, common: Common, themes: Themes) -> None:
        """Prepare.

        Args:
            common: What all pages share.
            themes: Answers where there are no themes yet.
        """
        self._common, self._themes = common, themes

    def responses(self, ask: Ask) -> Response:
        """The list of responses."""

        def act(here: Here) -> Response:
            if not here.has_themes:
                return self._themes.show(ask, here, NOTHING)
            board, facets = here.board(), here.opened.facets
            chosen = finding.filter_of(ask.request.query_params.multi_items(), facets)
            fitting = finding.found(here.question, board, chosen)
            places, page, of = finding.page_of(fitting, ask.asked("page"))
            listing = Listing(
                here.name,
                here.number,
                here.question,
                board,
                chosen=chosen,
                places=places,
                found=len(fitting),
                page=page,
                of=of,
                campaigns=here.opened.campaign_sizes(here.number),
                facets=facets,
            )
            body = responses_page(listing)
            return self._common.of_question(ask, here, "responses", "Responses", body)

        return self._common.here(ask, act)

    def response(self, ask: Ask) -> Response:
        """One response."""
        return self._common.here(ask, lambda here: self._response(ask, here, None, NOTHING))

    def _response(
        self, ask: Ask, here: Here, ticked: Sequence[str] | None, typed: Typed, *, is_masked: bool = True
    ) -> Response:
        place = self._place(ask, here)
        body = response_page(
            here.name,
            here.number,
            here.question,
            here.board(),
            place,
            campaign=here.opened.campaign_sizes(here.number).get(place, 0),
            is_masked=is_masked,
            typed=ticked,
        )
        title = f"Response {here.question.answers.responses[place].id}"
        return self._common.of_question(ask, here, "responses", title, body, typed=typed)

    def _place(self, ask: Ask, here: Here) -> int:
        place = number_in(str(ask.request.path_params["place"]))
        if place is None or place >= len(here.question.answers.responses) or not here.has_themes:
            raise HTTPException(404, "There is no such response.")
        return place

    def on_response(self, ask: Ask) -> Response:
        """Set its themes."""

        def act(here: Here) -> Response:
            place, themes = self._place(ask, here), ask.form.get("theme", [])
            try:
                here.question.review(ask.who, place, themes, seen=number_in(ask.field("seen")))
            except EditConflict as error:
                return self._response(ask, here, themes, Typed(ask.form, conflict=str(error)))
            except InputError as error:
                return self._response(ask, here, themes, Typed(ask.form, {"main": str(error)}))
            return changed(here, "reviewed", "responses", str(place))

        return self._common.here(ask, act)

    def unmask(self, ask: Ask) -> Response:
        """Show one response with the personal data in it; who did is kept."""

        def act(here: Here) -> Response:
            place = self._place(ask, here)
            here.consultation.note(
                ask.who, f"looked at the personal data in response {here.question.answers.responses[place].id}"
            )
            return self._response(ask, here, None, NOTHING, is_masked=False)

        return self._common.here(ask, act)
