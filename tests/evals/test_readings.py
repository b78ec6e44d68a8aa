"""Readings of the shipped questions by somebody else: the blind list, what is kept of it, and how far readers agree."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

import pytest

from assistant.answer import Status
from assistant.errors import InputError
from evals.readings import Reading, agreement, blind, differences, expected, filled_in, load_readings, main, to_fill_in
from evals.shipped import ShippedQuestion, load_shipped


@pytest.fixture(scope="module")
def questions() -> list[ShippedQuestion]:
    return load_shipped()


def answered(id: str, *evidence: str, document: str = "pay.md") -> Reading:
    return Reading(id=id, status=Status.ANSWERED, documents=(document,), evidence=evidence)


def refused(id: str) -> Reading:
    return Reading(id=id, status=Status.NOT_IN_GUIDANCE)


def table(questions: list[ShippedQuestion], **cells: str) -> tuple[str, ShippedQuestion]:
    """A drawn list of which the first row is filled in, and the question of that row."""
    listed = blind(questions, 3)
    rows = list(csv.DictReader(io.StringIO(to_fill_in(listed))))
    written = io.StringIO()
    writer = csv.DictWriter(written, list(rows[0]))
    writer.writeheader()
    writer.writerows([rows[0] | cells, *rows[1:]])
    return written.getvalue(), listed["q000"]


def test_the_list_tells_nothing_of_what_is_expected(questions: list[ShippedQuestion]) -> None:
    listed = blind(questions, 3)
    rows = list(csv.DictReader(io.StringIO(to_fill_in(listed))))

    assert [row["name"] for row in rows] == list(listed)
    assert all(not any(row[column] for column in ("status", "documents", "evidence", "sure", "note")) for row in rows)
    assert [one.id for one in listed.values()] != [one.id for one in questions]
    assert blind(questions, 3) == listed != blind(questions, 4)


def test_what_is_filled_in_is_kept_under_the_questions_own_name(questions: list[ShippedQuestion]) -> None:
    text, question = table(
        questions, status="Answered", documents="pay.md||leave.md", evidence="One year.\nTwo years.", sure="2", note="odd"
    )

    assert filled_in(text, blind(questions, 3)) == [
        Reading(
            id=question.id, status=Status.ANSWERED, documents=("pay.md", "leave.md"), evidence=("One year.", "Two years."),
            sure=2, note="odd",
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"status": "perhaps"}, "Row 2"),
        ({"status": "answered", "sure": "9"}, "less than or equal to 3"),
        ({"status": "failed"}, "use one of: answered, not in the guidance"),
        ({"status": "answered", "name": "q999"}, "there is no question “q999”"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(questions: list[ShippedQuestion], cells: dict[str, str], said: str) -> None:
    text, _ = table(questions, **cells)

    with pytest.raises(InputError, match=said):
        filled_in(text, blind(questions, 3))


def test_a_table_without_statuses_is_refused(questions: list[ShippedQuestion]) -> None:
    with pytest.raises(InputError, match="no column status"):
        filled_in("name,question\nq000,How long?\n", blind(questions, 3))


def test_readers_who_say_the_same_agree_wholly() -> None:
    one = [answered("a-001", "Keep it for 7 years."), refused("a-002")]
    found = agreement(one, one, {"a-001": "pay.md", "a-002": "leave.md"})

    assert (found.questions, found.status.mean, found.same_status.mean, found.evidence.mean) == (2, 1, 1, 1)


def test_readers_who_differ_are_counted_question_by_question() -> None:
    one = [answered("a-001", "Keep it."), answered("a-002", "Ask."), refused("a-003"), refused("a-004")]
    other = [answered("a-001", "Keep it. Then go."), refused("a-002"), refused("a-003"), answered("a-004", "No.")]
    found = agreement(one, other, dict.fromkeys(("a-001", "a-002", "a-003", "a-004"), "pay.md"))

    assert found.same_status.mean == 0.5
    assert found.status.mean == pytest.approx(1 - 7 * 4 / 32)  # 2 of 4 pairs differ; 4 ratings of each of two kinds
    assert found.evidence.mean == found.document.mean == 1


def test_where_nobody_answers_there_is_no_evidence_to_agree_on() -> None:
    found = agreement([refused("a-001")], [refused("a-001")], {"a-001": "pay.md"})

    assert math.isnan(found.evidence.mean)
    assert math.isnan(found.status.mean), "one status alone may be no more than habit"


def test_the_set_itself_is_a_reading_that_agrees_with_itself(questions: list[ShippedQuestion]) -> None:
    own = expected(questions)

    assert len(own) == len(questions)
    assert agreement(own, own, {one.id: one.id for one in own}).status.mean == 1
    assert differences({"one": own, "other": own}, questions) == ""


def test_a_list_is_drawn_kept_and_counted(
    questions: list[ShippedQuestion], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet, kept = tmp_path / "sheet.csv", tmp_path / "readings" / "mine.jsonl"
    assert main(["draw", str(sheet)]) == 0
    rows = list(csv.DictReader(io.StringIO(sheet.read_text("utf-8-sig"))))
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows([rows[0] | {"status": "needs clarification", "sure": "1"}, *rows[1:]])

    assert main(["keep", str(sheet), str(kept)]) == 0
    assert load_readings(kept.parent)["mine"][0].id == blind(questions, 0)["q000"].id
    assert main(["count", "--readings", str(kept.parent)]) == 0
    assert "the set; mine" in capsys.readouterr().out


def test_without_readings_the_count_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["count", "--readings", str(tmp_path)]) == 2
    assert "no readings" in capsys.readouterr().err


def test_the_readings_that_ship_are_of_shipped_questions(questions: list[ShippedQuestion]) -> None:
    names = {one.id for one in questions}

    for reader, readings in load_readings().items():
        assert len({one.id for one in readings}) == len(readings), reader
        assert {one.id for one in readings} <= names, reader
