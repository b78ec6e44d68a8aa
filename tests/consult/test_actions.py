"""What an analyst does at a stroke stands whole or not at all, and is undone as one."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from assistant.consult import ColumnKind, Consultation, OpenQuestion, action_of, describe
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
    assert formed.standing.themes == before
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
