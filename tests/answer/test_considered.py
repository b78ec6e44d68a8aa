"""An answer says what was found, what of it is used, and what the search was limited to; a drafter can be chosen."""

from __future__ import annotations

import pytest

from assistant.answer import Assistant, Finished
from assistant.errors import InputError
from assistant.search import Filters

LEAVE = "How many days of paid leave do lighthouse keepers have?"
CAKE = "What is a good recipe for chocolate cake?"


def test_what_was_found_stands_in_order_and_what_is_used_is_marked(bernard: Assistant) -> None:
    answer = bernard.ask(LEAVE)
    ranks = [one.rank for one in answer.considered]
    assert ranks[:5] == [1, 2, 3, 4, 5]
    assert ranks == sorted(ranks)
    assert {one.passage_id for one in answer.considered if one.used} == {source.passage_id for source in answer.sources}
    by_id = {one.passage_id: one for one in answer.considered}
    for source in answer.sources:
        assert by_id[source.passage_id].rank == source.rank


def test_a_refusal_says_what_was_found_too(bernard: Assistant) -> None:
    considered = bernard.ask(CAKE).considered
    assert considered
    assert not any(one.used for one in considered)


def test_the_limits_stand_in_the_answer(bernard: Assistant) -> None:
    limits = Filters(folder="oil")
    assert bernard.ask(LEAVE, filters=limits).filters == limits
    assert bernard.ask(LEAVE, filters=Filters()).filters is None


def test_quotation_can_be_asked_for_and_a_model_that_is_not_there_cannot(bernard: Assistant) -> None:
    *_, last = bernard.ask_events(LEAVE, drafter="quotation")
    assert isinstance(last, Finished)
    assert last.answer.model == "quotation"
    assert bernard.model_name == ""
    with pytest.raises(InputError, match="No language model is set"):
        bernard.ask_events(LEAVE, drafter="model")
