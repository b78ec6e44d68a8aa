"""Which responses a list shows: those of a theme, that hold some words or mean something like them, of some respondents.

Knows nothing of requests or of what a page looks like.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.consult import OpenQuestion, masked_value
from assistant.web.consult.listing import NO_REASON, OTHER, Filter
from assistant.web.consult.shelf import Board

A_PAGE = 20
_MOST_MEANT = 500
"""Responses that a search by meaning gives at most: those after them mean something else."""


def filter_of(query: Sequence[tuple[str, str]], facets: Mapping[str, Sequence[str]], *, theme: str = "") -> Filter:
    """What a list is to be limited to, from the fields of a form.

    Args:
        query: Names and values of fields, as they were sent.
        facets: What respondents can be told apart by.
        theme: The theme whose list it is; "" where the fields say.
    """
    said = dict(query)
    where = {
        name: value[len(name) + 1 :]
        for key, value in query
        if key == "where"
        for name, values in facets.items()
        if value.startswith(f"{name}=") and value[len(name) + 1 :] in values
    }
    how = "meaning" if said.get("how") == "meaning" else "words"
    return Filter(said.get("words", "").strip()[:300], how, theme or said.get("theme", ""), where)


def found(question: OpenQuestion, board: Board | None, chosen: Filter) -> Sequence[int]:
    """Places of the answered responses that fit, in the order in which they are shown."""
    places = _of_theme(question, board, chosen.theme)
    responses = question.answers.responses
    if chosen.where:
        wanted = chosen.where.items()

        def fits(place: int) -> bool:
            one = responses[place]
            said = {**one.answers, **one.attributes}
            return all(masked_value(said.get(name, "")) == value for name, value in wanted)

        places = [place for place in places if fits(place)]
    if not chosen.words:
        return places
    if chosen.how == "meaning":
        among = set(places)
        nearest = question.find(chosen.words, most=len(question.answers.answered))
        return [place for place in nearest if place in among][:_MOST_MEANT]
    words = chosen.words.lower().split()
    return [place for place in places if all(word in responses[place].text.lower() for word in words)]


def _of_theme(question: OpenQuestion, board: Board | None, theme: str) -> Sequence[int]:
    answered = question.answers.answered
    if not theme or board is None:
        return answered
    if theme in (OTHER, NO_REASON):
        # Those that give no reason are put to no theme, and are none of the others.
        no_reason = question.no_reason - board.standing.corrections.reviewed
        outside = [place for place in answered if place not in board.of_response]
        return [place for place in outside if (place in no_reason) == (theme == NO_REASON)]
    if theme in board.waiting:
        return list(board.waiting[theme])
    return [one.response for one in board.of_theme.get(theme, ())]


def page_of(places: Sequence[int], asked: str) -> tuple[Sequence[int], int, int]:
    """The places on a page, which page it is, and how many there are."""
    of = max(1, -(-len(places) // A_PAGE))
    page = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 1
    page = min(max(page, 1), of)
    return places[(page - 1) * A_PAGE : page * A_PAGE], page, of
