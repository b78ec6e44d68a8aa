"""Documents of one passage: answered where their words answer, refused where they do not, whatever else there is."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.answer import Answer, Assistant, Finished, Status
from assistant.answer.evidence import RETRIEVAL_FEATURES, candidates
from assistant.answer.short_documents import FEWEST, as_among_others
from assistant.search import Filters, Scope
from tests.answer.own import held
from tests.answer.short_notes import NOTES


def ask(bernard: Assistant, text: str, question: str, scope: Scope) -> Answer:
    own = held({"note.md": text}, bernard.index)
    assert len(own) == 1
    *_, last = bernard.ask_events(question, own=own, filters=Filters(scope=scope))
    assert isinstance(last, Finished)
    return last.answer


def test_there_are_enough_questions_of_both_kinds() -> None:
    assert sum(len(answered) for _, answered, _ in NOTES.values()) >= 10
    assert sum(len(missing) for _, _, missing in NOTES.values()) >= 10


@pytest.mark.parametrize("note", NOTES)
def test_one_passage_is_answered_from_where_it_answers_and_not_elsewhere(bernard: Assistant, note: str) -> None:
    text, answered, missing = NOTES[note]
    given = {question: ask(bernard, text, question, Scope.OWN) for question in (*answered, *missing)}
    assert [question for question in answered if given[question].status is not Status.ANSWERED] == []
    assert [question for question in missing if given[question].claims] == []
    assert all(source.uploaded for question in answered for source in given[question].sources)


def test_it_is_answered_from_beside_guidance_too_and_what_was_searched_is_told(bernard: Assistant) -> None:
    text, answered, _ = NOTES["minutes"]
    answer = ask(bernard, text, answered[0], Scope.BOTH)
    assert "north building" in answer.claims[0].text
    assert answer.own_documents == ("note.md",)
    assert ask(bernard, text, answered[0], Scope.GUIDANCE).own_documents == ()
    assert "own_documents" not in bernard.ask(answered[0]).model_dump()
    assert Answer.model_validate_json(answer.model_dump_json()).own_documents == ("note.md",)


@pytest.mark.parametrize(("question", "is_changed"), [("How much is a permit?", True), ("Who signs a permit?", False)])
def test_only_what_cannot_stand_out_for_want_of_others_is_changed(
    bernard: Assistant, question: str, is_changed: bool
) -> None:
    searcher = bernard.searcher.over(held({"note.md": NOTES["parking"][0]}, bernard.index))
    retrieval = searcher.retrieve(question)
    blocks = candidates(searcher, retrieval)
    average, described = np.full(len(RETRIEVAL_FEATURES), 0.5), np.zeros(len(RETRIEVAL_FEATURES))
    changed = as_among_others(described, average, retrieval, blocks, passages=1)
    assert [RETRIEVAL_FEATURES[n] for n in np.flatnonzero(changed)] == ["similarity_drop"] * is_changed
    assert not as_among_others(described, average, retrieval, blocks, passages=FEWEST).any()
