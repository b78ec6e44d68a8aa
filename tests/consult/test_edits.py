"""What analysts decide: kept, undone, and not lost when two work at once."""

from __future__ import annotations

import threading

import pytest

from assistant.consult import Consultation, EditConflict, OpenQuestion, describe
from assistant.errors import InputError
from assistant.settings import Settings
from tests.consult.conftest import themes_of


def test_a_renamed_theme_keeps_its_responses(formed: OpenQuestion) -> None:
    before = themes_of(formed)
    formed.rename("Ann", "T1", "Cost of travel")

    assert formed.standing.themes["T1"].title == "Cost of travel"
    assert themes_of(formed) == before


def test_a_merged_theme_holds_the_responses_of_both_until_it_is_undone(formed: OpenQuestion) -> None:
    before = themes_of(formed)
    formed.merge("Ann", ["T2"], "T1")
    merged = themes_of(formed)
    number = formed.edits[-1].number
    formed.undo("Ben", number)

    assert set(merged) == set(before) - {"T2"}
    assert merged["T1"] >= before["T1"] | before["T2"]
    assert themes_of(formed) == before
    assert [describe(edit) for edit in formed.edits[-2:]] == ["merged themes T1, T2 into T1", f"undid edit {number}"]


def test_a_split_theme_parts_its_responses(formed: OpenQuestion) -> None:
    theme = formed.standing.themes["T1"]
    places = sorted({formed.statements[at].response for at in theme.exemplars})
    new = formed.split("Ann", "T1", places[:2], "The first two")

    found = themes_of(formed)
    assert found[new] >= {formed.answers.responses[place].id for place in places[:2]}
    with pytest.raises(InputError, match="not all"):
        formed.split("Ann", new, places, "All of it")


def test_a_rejected_theme_is_gone_and_its_responses_are_still_accounted_for(formed: OpenQuestion) -> None:
    formed.reject("Ann", "T1")
    mapped = formed.mapped()

    assert "T1" not in formed.standing.themes
    put = {one.response for one in mapped.assignments} | set(mapped.other) | formed.no_reason
    assert put == set(formed.answers.answered)


def test_a_response_can_be_moved_and_stays_where_the_analyst_put_it(formed: OpenQuestion) -> None:
    one = next(one for one in formed.mapped().assignments if one.theme == "T1")
    formed.move("Ann", one.response, "T1", "T2")
    now = {other.theme: other for other in formed.mapped().assignments if other.response == one.response}

    assert "T1" not in now
    assert now["T2"].source == "set by an analyst"


def test_an_analyst_who_saw_an_older_version_is_told_who_changed_it(formed: OpenQuestion) -> None:
    seen = formed.standing.themes["T1"].version
    formed.rename("Ann", "T1", "Cost", seen=seen)

    with pytest.raises(EditConflict, match="Ann renamed it"):
        formed.rename("Ben", "T1", "Prices", seen=seen)
    assert formed.standing.themes["T1"].title == "Cost"


def test_two_analysts_who_work_at_once_lose_no_edit(formed: OpenQuestion, settings: Settings) -> None:
    faults: list[Exception] = []

    def work(who: str) -> None:
        try:
            with Consultation.open("buses", settings) as own:
                for number in range(10):
                    own.question().add(who, f"{who} {number}")
        except Exception as error:  # noqa: BLE001 - told below
            faults.append(error)

    workers = [threading.Thread(target=work, args=(who,)) for who in ("Ann", "Ben")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert [str(one) for one in faults if "There is" not in str(one)] == []
    titles = [theme.title for theme in formed.standing.themes.values()]
    assert {f"{who} {number}" for who in ("Ann", "Ben") for number in range(10)} <= set(titles)


def test_what_a_later_edit_rests_on_cannot_be_undone_before_it(formed: OpenQuestion) -> None:
    new = formed.add("Ann", "Shelters", "Bus shelters leak")
    added = formed.edits[-1].number
    formed.rename("Ann", new, "Leaking shelters")

    with pytest.raises(InputError, match=f"Undo edit {added + 1} first"):
        formed.undo("Ann", added)


def test_a_signature_goes_with_the_next_change(formed: OpenQuestion) -> None:
    with pytest.raises(InputError, match="nothing to sign"):
        formed.sign("Ann")
    formed.approve("Ann", "T1")
    formed.sign("Ann")
    signed = formed.standing.signed
    formed.rename("Ben", "T1", "Other words")

    assert [edit.who for edit in signed] == ["Ann"]
    assert formed.standing.signed == ()


def test_an_edit_needs_a_name_and_a_theme_that_is_there(formed: OpenQuestion) -> None:
    with pytest.raises(InputError, match="who you are"):
        formed.approve(" ", "T1")
    with pytest.raises(InputError, match="no theme T99"):
        formed.approve("Ann", "T99")
    assert len(formed.edits) == 1


def test_themes_formed_again_leave_approved_ones_as_they_are(formed: OpenQuestion) -> None:
    formed.approve("Ann", "T2")
    formed.rename("Ann", "T2", "Mine")
    formed.form_themes(number=3)

    themes = formed.standing.themes
    assert themes["T2"].title == "Mine"
    assert [theme.id for theme in themes.values()] == ["T2", "T4", "T5", "T6"]


def test_a_yes_to_one_of_two_merged_themes_is_a_yes_to_both(formed: OpenQuestion) -> None:
    formed.mark("Ann", 5, "T1", applies=True)
    formed.mark("Ann", 5, "T2", applies=False)
    formed.review("Ann", 6, ["T2"])
    formed.merge("Ann", ["T2"], "T1")

    said = formed.standing.corrections
    assert said.says(5, "T1") is True
    assert [said.says(6, theme) for theme in ("T1", "T3")] == [True, False]


def test_a_review_speaks_of_the_themes_that_were_offered_and_of_no_others(formed: OpenQuestion) -> None:
    formed.approve("Ann", "T1")
    formed.review("Ann", 5, [])
    formed.approve("Ann", "T2")
    new = formed.add("Ann", "Shelters", "Bus shelters leak")

    said = formed.standing.corrections
    assert [said.says(5, theme) for theme in ("T1", "T2", new)] == [False, None, None]


def test_themes_formed_anew_are_not_denied_by_reviews_of_those_before_and_can_be_undone(formed: OpenQuestion) -> None:
    formed.rename("Ann", "T1", "Worked on")
    before = formed.standing.themes
    formed.review("Ann", 5, [])
    formed.form_themes(number=3)
    after = formed.standing

    assert 5 not in after.corrections.reviewed
    assert all(after.corrections.says(5, theme) is None for theme in after.themes)

    number = formed.edits[-1].number
    formed.rename("Ann", "T4", "Rests on it")
    with pytest.raises(InputError, match=f"Undo edit {number + 1} first"):
        formed.undo("Ann", number)
    formed.undo("Ann", number + 1)
    formed.undo("Ann", number)
    assert formed.standing.themes == before
    assert 5 in formed.standing.corrections.reviewed
    assert formed.formation is not None


def test_a_row_without_an_answer_cannot_be_put_to_themes(formed: OpenQuestion) -> None:
    blank = next(place for place, one in enumerate(formed.answers.responses) if not one.text)

    with pytest.raises(InputError, match="was not analysed"):
        formed.review("Ann", blank, ["T1"])
    with pytest.raises(InputError, match="was not analysed"):
        formed.mark("Ann", blank, "T1", applies=True)
