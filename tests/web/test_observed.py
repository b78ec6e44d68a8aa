from __future__ import annotations

import logging
from typing import Any

import pytest

from assistant.answer import Answer, Assistant, Finished, Status
from assistant.search import Filters
from assistant.web.answers import Limited, Searching, Surrounded, model_of
from assistant.web.figures import Figures
from assistant.web.observed import Observed

QUESTION = "How many days of leave does a keeper have?"


def value(figures: Figures, name: str, **labels: str) -> float:
    return figures.registry.get_sample_value(name, labels) or 0.0


@pytest.fixture
def figures() -> Figures:
    return Figures()


@pytest.fixture
def observed(bernard: Assistant, figures: Figures) -> Observed:
    return Observed(bernard, figures)


def test_it_offers_all_that_the_assistant_offers(observed: Observed, bernard: Assistant) -> None:
    assert isinstance(observed, Limited)
    assert isinstance(observed, Surrounded)
    assert isinstance(observed, Searching)
    assert model_of(observed) == model_of(bernard)
    answer = observed.ask(QUESTION)
    assert answer.text == bernard.ask(QUESTION).text
    assert observed.around(answer.sources[0]) == bernard.around(answer.sources[0])
    assert observed.facets() == bernard.facets()
    assert observed.search(QUESTION, limit=2).passages == bernard.search(QUESTION, limit=2).passages


def test_limits_and_drafter_reach_the_assistant(observed: Observed) -> None:
    *_, last = observed.ask_events(QUESTION, filters=Filters(organisations=("Fog Office",)), drafter="quotation")
    assert isinstance(last, Finished)
    assert last.answer.filters == Filters(organisations=("Fog Office",))


def test_one_line_an_answer_without_a_word_of_it(observed: Observed, caplog: Any) -> None:
    caplog.set_level(logging.INFO)
    answer = observed.ask(QUESTION)
    (record,) = [record for record in caplog.records if record.name == "assistant.web.observed"]
    assert record.told["status"] == Status.ANSWERED.value
    assert record.told["claims"] == len(answer.claims)
    assert record.told["stages"] == answer.timings_ms
    assert "leave" not in f"{record.getMessage()} {record.told}"


def test_the_question_is_in_the_line_where_that_is_set(bernard: Assistant, figures: Figures, caplog: Any) -> None:
    caplog.set_level(logging.INFO)
    Observed(bernard, figures, log_questions=True).ask(QUESTION)
    (record,) = [record for record in caplog.records if record.name == "assistant.web.observed"]
    assert record.told["question"] == QUESTION


def test_one_that_is_left_is_counted_as_left_and_one_that_is_read_to_its_end_is_not(
    observed: Observed, figures: Figures
) -> None:
    events = observed.ask_events(QUESTION)
    next(iter(events))
    assert value(figures, "bernard_answering") == 1
    events.close()  # type: ignore[attr-defined]
    assert value(figures, "bernard_left_total") == 1
    assert value(figures, "bernard_answering") == 0

    events = observed.ask_events(QUESTION)
    for event in events:
        if isinstance(event, Finished):
            events.close()  # type: ignore[attr-defined]
            break
    assert value(figures, "bernard_left_total") == 1
    assert value(figures, "bernard_answers_total", status="answered", drafter="quotation") == 1


def test_one_that_breaks_is_counted_by_its_kind(observed: Observed, figures: Figures) -> None:
    with pytest.raises(Exception, match="No language model is set"):
        list(observed.ask_events(QUESTION, drafter="model"))
    assert value(figures, "bernard_errors_total", kind="InputError") == 1
    assert value(figures, "bernard_answering") == 0


def test_figures_tell_a_model_from_a_quotation_and_shown_from_withheld(figures: Figures) -> None:
    from tests.web.sample_answers import rules

    written: Answer = rules("grade").model_copy(update={"model": "openai:x", "timings_ms": {"total": 1500.0}})
    figures.answered(written)
    assert value(figures, "bernard_answers_total", status="partly answered", drafter="model") == 1
    assert value(figures, "bernard_claims_total", verdict="unsupported", shown="no") == 1
    assert value(figures, "bernard_claims_total", verdict="supported", shown="yes") == 1
    assert value(figures, "bernard_stage_seconds_sum", stage="total") == 1.5


def test_what_is_asked_for_is_read_at_that_moment(figures: Figures) -> None:
    waiting = [3.0]
    figures.watch(waiting=lambda: waiting[0], documents=lambda: 12)
    assert value(figures, "bernard_waiting") == 3
    waiting[0] = 0
    assert value(figures, "bernard_waiting") == 0
    assert value(figures, "bernard_documents") == 12
