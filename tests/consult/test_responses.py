"""Columns are recognised, and each answer to an open question is accounted for."""

from __future__ import annotations

import pytest

from assistant.consult import ColumnKind, State
from assistant.consult.columns import confirmed, recognise
from assistant.consult.responses import LONG, questions, repeated_identifiers, state_of
from assistant.consult.tables import Row, Table
from assistant.errors import InputError
from tests.consult.conftest import bus_rows


def table(rows: list[list[str]]) -> Table:
    return Table(tuple(rows[0]), tuple(Row(number, tuple(cells)) for number, cells in enumerate(rows[1:], start=2)))


def test_the_columns_of_a_usual_export_are_recognised() -> None:
    rows = bus_rows()
    rows[0] += ["Submitted date", "Your email address"]
    for number, row in enumerate(rows[1:]):
        row += [f"2026-01-{number + 1:02d}", f"p{number}@example.org"]

    kinds = [column.kind for column in recognise(table(rows))]

    assert kinds == ["identifier", "closed question", "open question", "attribute", "not used", "personal data"]


def test_an_analyst_can_say_otherwise_by_heading_or_number() -> None:
    found = confirmed(recognise(table(bus_rows())), {"4": ColumnKind.IGNORED, "response id": ColumnKind.ATTRIBUTE})

    assert [column.kind for column in found][::3] == ["attribute", "not used"]


def test_a_column_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(InputError, match=r"no column 'Postcode'.*1: Response ID"):
        confirmed(recognise(table(bus_rows())), {"Postcode": ColumnKind.OPEN})


def test_a_heading_that_two_columns_have_is_not_taken_for_the_first() -> None:
    rows = [
        ["ID", "Why?", "why?"],
        *([str(number), f"It is too far {number}", f"It is late {number}"] for number in range(9)),
    ]
    columns = recognise(table(rows))

    with pytest.raises(InputError, match=r"2 columns are called 'Why\?': numbers 2, 3\. Give the number"):
        confirmed(columns, {"Why?": ColumnKind.OPEN})
    assert confirmed(columns, {"3": ColumnKind.OPEN})[2].kind is ColumnKind.OPEN


def test_a_file_without_an_open_question_is_refused() -> None:
    with pytest.raises(InputError, match="--open"):
        confirmed(recognise(table([["ID", "Agree?"], ["1", "Yes"], ["2", "No"]])), {})


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("", State.BLANK),
        ("  \n ", State.BLANK),
        ("N/A", State.NO_COMMENT),
        ("No further comments.", State.NO_COMMENT),
        ("I don’t know", State.NO_COMMENT),
        ("???? ??", State.UNREADABLE),
        ("sdfgh jklxcv bnmqwrt", State.UNREADABLE),
        ("Mae angen mwy o fysiau ar y pentref ac nid yw'r amserlen yn ddigon da.", State.NOT_ENGLISH),
        ("No buses run after six.", State.ANSWERED),
        ("None of the buses run on time.", State.ANSWERED),
        ("HMRC", State.ANSWERED),
    ],
)
def test_answers_that_cannot_be_analysed_are_told_apart(text: str, state: State) -> None:
    assert state_of(text) is state


def test_every_row_is_counted_once() -> None:
    rows = bus_rows()
    (question,) = questions(table(rows), recognise(table(rows)))

    counts = question.counts()

    assert sum(counts.values()) == len(rows) - 1
    assert (counts[State.BLANK], counts[State.NO_COMMENT], counts[State.NOT_ENGLISH]) == (1, 1, 1)


def test_an_over_long_answer_is_kept_and_marked() -> None:
    rows = [*bus_rows(), ["Z", "No", "The bus is late. " * (LONG // 16), "Town"]]
    (question,) = questions(table(rows), recognise(table(rows)))

    assert question.responses[-1].is_long
    assert question.responses[-1].state is State.ANSWERED


def test_an_identifier_that_comes_twice_is_told_and_both_rows_count() -> None:
    rows = [*bus_rows(), ["R1", "No", "The same person wrote again about fares.", "Town"]]
    (question,) = questions(table(rows), confirmed(recognise(table(rows)), {"1": ColumnKind.IDENTIFIER}))

    assert len(question.responses) == len(rows) - 1
    assert [problem.row for problem in repeated_identifiers(question)] == [len(rows)]


@pytest.mark.parametrize("heading", ["Response ID", "Column 1"])
def test_an_email_address_is_never_what_a_response_is_called(heading: str) -> None:
    rows = [
        [f"person{number}@example.org", f"The fares are too high for me and my {number} children."] for number in range(9)
    ]
    read = table([[heading, "Why do you say so?"], *rows])

    found = recognise(read)
    insisted = confirmed(found, {"1": ColumnKind.IDENTIFIER})

    assert found[0].kind is ColumnKind.PERSONAL
    for columns in (found, insisted):
        assert not any("@" in one.id for one in questions(read, columns)[0].responses)
