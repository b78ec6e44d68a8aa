"""What an analyst does at a stroke stands whole or not at all, and is undone as one."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.consult import (
    ColumnKind,
    Consultation,
    EditConflict,
    OpenQuestion,
    action_of,
    describe,
    forming,
    open_question,
)
from assistant.consult.edits import stand
from assistant.errors import InputError
from assistant.settings import Settings
from assistant.web.consult import deciding
from tests.consult.conftest import Write, themes_of

_KILLED = """
import os, signal, sys
from pathlib import Path
from assistant.consult import Consultation
from assistant.settings import load_settings

with Consultation.open("buses", load_settings(data_dir=Path(sys.argv[1]))) as consultation:
    question = consultation.question()
    with question.together():
        question.merge("Ann", ["T1", "T2"], "T1")
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_merging_with_a_new_title_is_one_action_and_undone_as_one(formed: OpenQuestion) -> None:
    before = formed.standing.themes
    deciding.merge(formed, "Ann", ["T1", "T2"], "T1", "Costs and evenings", {})

    assert formed.standing.themes["T1"].title == "Costs and evenings"
    assert [one.number for one in action_of(formed.edits, 3)] == [2, 3]
    assert describe(formed.edits[-1]) == "renamed theme T1 to “Costs and evenings” (together with edit 2)"

    formed.undo("Bob", 3)
    assert {name: replace(one, version=1) for name, one in formed.standing.themes.items()} == before
    assert describe(formed.edits[-1]) == "undid edits 2 to 3"
    with pytest.raises(InputError, match="was undone before"):
        formed.undo("Bob", 2)


def test_moving_several_responses_is_one_action(formed: OpenQuestion) -> None:
    places = [at for at, one in enumerate(formed.answers.responses) if one.id in themes_of(formed)["T1"]][:2]
    deciding.move(formed, "Ann", "T1", places, "T2")

    assert {formed.answers.responses[at].id for at in places} <= themes_of(formed)["T2"] - themes_of(formed)["T1"]
    formed.undo("Ann", len(formed.edits))
    assert {formed.answers.responses[at].id for at in places} <= themes_of(formed)["T1"]


def test_where_one_of_several_decisions_is_refused_none_stands(formed: OpenQuestion) -> None:
    edits = formed.edits
    with pytest.raises(InputError, match="no theme T99"):
        deciding.on_themes(formed, "Ann", "approve", ["T1", "T2", "T99"], {})
    assert formed.edits == edits

    with pytest.raises(InputError, match="not analysed"):
        deciding.move(formed, "Ann", "T1", [0, len(formed.answers.responses) - 1], "T2")
    assert formed.edits == edits


def test_a_process_killed_in_the_middle_leaves_nothing_half_done(formed: OpenQuestion, settings: Settings) -> None:
    edits = formed.edits
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(settings.data_dir)], check=False, cwd=Path(__file__).parents[2]
    )

    assert done.returncode == -9
    assert formed.edits == edits
    formed.merge("Ann", ["T1", "T2"], "T1")


def test_nobody_decides_in_between(formed: OpenQuestion, settings: Settings) -> None:
    """A colleague's rename waits until the action is over, and comes after it."""

    def colleague() -> None:
        with Consultation.open("buses", settings) as other:
            other.question().rename("Bob", "T2", "By Bob")

    waiting = threading.Thread(target=colleague)
    with formed.together():
        formed.rename("Ann", "T1", "By Ann")
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
        formed.approve("Ann", "T1")
    waiting.join()

    assert [edit.who for edit in formed.edits] == ["Bernard", "Ann", "Ann", "Bob"]
    assert len(action_of(formed.edits, 2)) == 2
    assert len(action_of(formed.edits, 4)) == 1


def test_an_action_that_a_later_edit_rests_on_is_not_undone_before_it(formed: OpenQuestion) -> None:
    places = [at for at, one in enumerate(formed.answers.responses) if one.id in themes_of(formed)["T1"]][:2]
    new = deciding.split(formed, "Ann", "T1", places, "Ticket prices", None)
    formed.rename("Bob", new, "Prices of tickets")

    with pytest.raises(InputError, match="Undo edit"):
        formed.undo("Ann", 2)
    formed.undo("Bob", len(formed.edits))
    formed.undo("Ann", 2)
    assert new not in formed.standing.themes


def test_a_split_needs_a_title(formed: OpenQuestion) -> None:
    with pytest.raises(InputError, match="needs a title"):
        formed.split("Ann", "T1", [0], "  ")


def test_what_came_to_nothing_is_not_remembered(formed: OpenQuestion) -> None:
    """The number of an edit that was taken back is given to the next one."""
    place = next(at for at, one in enumerate(formed.answers.responses) if one.id in themes_of(formed)["T1"])

    def come_to_nothing() -> None:
        with formed.together():
            formed.review("Ann", place, ["T2"])
            formed.mapped()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        come_to_nothing()
    formed.rename("Ann", "T3", "Something else")

    assert formed.answers.responses[place].id in themes_of(formed)["T1"]


def test_an_action_on_two_questions_is_one_of_each(settings: Settings, write_csv: Write) -> None:
    heading = ["Response ID", "Why do you say so?", "What else should we know?"]
    file = write_csv([heading, ["R1", "It is too dear for me.", "The last bus is too early."]])
    said = dict.fromkeys(heading[1:], ColumnKind.OPEN)
    with Consultation.new("two", file, settings, said=said) as two:
        first, second = two.question(1), two.question(2)
        second.add("Ann", "Before")
        with first.together():
            first.add("Ann", "Fares")
            second.add("Ann", "Evenings")
            second.add("Ann", "Access")
        second.undo("Ann", 3)

        assert [theme.title for theme in second.standing.themes.values()] == ["Before"]
        assert [theme.title for theme in first.standing.themes.values()] == ["Fares"]


def test_a_name_seen_before_it_was_undone_is_not_taken_for_the_one_given_since(formed: OpenQuestion) -> None:
    formed.rename("Bob", "T1", "First words")
    seen = formed.standing.themes["T1"].version
    formed.undo("Bob", 2)
    formed.rename("Cat", "T1", "Better words")

    with pytest.raises(EditConflict, match="Cat renamed it"):
        formed.rename("Ann", "T1", "Over it", seen=seen)
    assert formed.standing.themes["T1"].title == "Better words"


def test_a_theme_added_while_others_are_being_formed_keeps_its_id(
    formed: OpenQuestion, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = forming.candidates

    def meanwhile(*given: Any, **also: Any) -> Any:
        with Consultation.open("buses", settings) as other:
            other.question().add("Bob", "Shelters")
        return found(*given, **also)

    monkeypatch.setattr(open_question, "candidates", meanwhile)
    themes = formed.form_themes(number=3)

    standing = formed.standing.themes
    assert standing["T4"].title == "Shelters"
    assert [one.id for one in themes] == ["T5", "T6", "T7"]
    assert set(standing) == {"T4", "T5", "T6", "T7"}


def test_a_response_is_not_put_to_a_theme_that_went_while_it_was_looked_at(
    formed: OpenQuestion, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    mapped = formed.mapped

    def meanwhile() -> Any:
        before = mapped()
        with Consultation.open("buses", settings) as other:
            other.question().merge("Bob", ["T2"], "T1")
        return before

    monkeypatch.setattr(formed, "mapped", meanwhile)
    with pytest.raises(InputError, match="no theme T2"):
        formed.review("Ann", 0, ["T2"])


def test_nobody_signs_what_has_no_approved_theme_any_more(
    formed: OpenQuestion, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A colleague who rejects the last approved theme meanwhile comes before the signature, or after it."""
    formed.approve("Ann", "T1")
    waiting: list[threading.Thread] = []
    edit = formed._edit

    def reject() -> None:
        with Consultation.open("buses", settings) as other:
            other.question().reject("Bob", "T1")

    def meanwhile(*given: Any, **also: Any) -> Any:
        waiting.append(threading.Thread(target=reject))
        waiting[0].start()
        waiting[0].join(0.5)
        return edit(*given, **also)

    monkeypatch.setattr(formed, "_edit", meanwhile)
    formed.sign("Ann")
    waiting[0].join()

    assert [str(one.kind) for one in formed.edits[-2:]] == ["signed", "rejected"]
    assert not formed.standing.signed


def test_a_merge_is_not_undone_while_what_it_brought_is_split_off(formed: OpenQuestion) -> None:
    own = set(formed.standing.themes["T2"].exemplars)
    formed.merge("Ann", ["T2"], "T1")
    of_second = {formed.statements[at].response for at in own}
    new = formed.split("Bob", "T1", sorted(of_second), "Evenings again")

    with pytest.raises(InputError, match="Undo edit 3 first"):
        formed.undo("Ann", 2)
    formed.undo("Bob", 3)
    formed.undo("Ann", 2)
    assert new not in formed.standing.themes
    assert set(formed.standing.themes["T2"].exemplars) == own


def test_what_was_reviewed_among_themes_that_were_undone_comes_up_again(formed: OpenQuestion) -> None:
    themes = formed.form_themes(number=3)
    formed.review("Ann", 0, [themes[0].id])
    assert 0 not in [place for place, _ in formed.queue(99)]

    formed.undo("Bob", 2)
    assert 0 in [place for place, _ in formed.queue(99)]


def test_reviews_of_a_theme_whose_adding_was_undone_come_up_again(formed: OpenQuestion) -> None:
    formed.approve("Ann", "T1")
    new = formed.add("Ann", "Parking")
    formed.review("Bob", 0, [new])
    formed.review("Bob", 1, ["T1"])
    formed.undo("Ann", 3)

    waiting = [place for place, _ in formed.queue(99)]
    assert 0 in waiting
    assert 1 not in waiting


def test_reviews_of_a_theme_that_was_rejected_stand(formed: OpenQuestion) -> None:
    formed.review("Bob", 0, ["T1"])
    formed.reject("Ann", "T1")

    assert 0 not in [place for place, _ in formed.queue(99)]


def test_what_others_did_is_seen_though_edits_are_read_once(formed: OpenQuestion, settings: Settings) -> None:
    with Consultation.open("buses", settings) as other:
        other.question().rename("Bob", "T1", "By Bob")
        assert formed.standing.themes["T1"].title == "By Bob"
        formed.undo("Ann", 2)
        other.question().rename("Bob", "T2", "By Bob again")
        assert other.question().standing == formed.standing == stand(formed.edits)
