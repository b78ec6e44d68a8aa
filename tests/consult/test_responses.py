"""Columns are recognised, and each answer to an open question is accounted for."""

from __future__ import annotations

import pytest

from assistant.consult import ColumnKind, State
from assistant.consult.columns import confirmed, recognise
from assistant.consult.responses import LONG, questions, repeated_identifiers, shown_ids, state_of
from assistant.consult.stances import gives_no_reason
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


@pytest.mark.parametrize(
    ("asked", "state"),
    [
        ("Do you agree with the new timetable?", State.ANSWERED),
        ("Do you agree with the timetable? Please give any other comments.", State.ANSWERED),
        ("Should there be more information at bus stops?", State.ANSWERED),
        ("Would you use a later bus?", State.ANSWERED),
        ("Do you have any other comments?", State.NO_COMMENT),
        ("Is there anything else you would like to tell us?", State.NO_COMMENT),
        ("Q7. Comments", State.NO_COMMENT),
    ],
)
@pytest.mark.parametrize("no", ["No", "no.", "NOPE!", "No, thank you"])
def test_a_bare_no_is_an_answer_unless_the_question_asks_for_more(asked: str, state: State, no: str) -> None:
    assert state_of(no, asked=asked) is state
    assert gives_no_reason(no)


def test_who_says_no_is_counted_as_who_says_yes() -> None:
    rows = [[str(number), ("Yes", "No", "Yep", "Nope")[number % 4]] for number in range(40)]
    rows += [[f"9{number}", f"The fares are too high for me and my {number} children."] for number in range(9)]
    read = table([["ID", "Column 2"], *rows])
    columns = confirmed(recognise(read), {"2": ColumnKind.OPEN})

    (question,) = questions(read, columns, asked="Do you agree with the new timetable?")
    (more,) = questions(read, columns, asked="Have you any other comments?")

    assert len(question.answered) == 49
    assert sum(gives_no_reason(one.text) for one in question.responses) == 40
    assert more.counts()[State.NO_COMMENT] == 20


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


@pytest.mark.parametrize("rows", [6, 300])
def test_a_repeated_identifier_leaves_its_column_the_identifier(rows: int) -> None:
    given = [[f"R{number}", f"The fares are too high for me and my {number} children."] for number in range(rows)]
    given[3][0] = "R1"
    read = table([["ID", "Why do you say so?"], *given])

    (question,) = questions(read, recognise(read))

    assert [one.id for one in question.responses][:4] == ["R0", "R1", "R2", "R1"]
    assert [problem.row for problem in repeated_identifiers(question)] == [5]


def test_a_heading_alone_makes_no_identifier_of_a_column() -> None:
    rows = [[str(number % 5), f"The fares are too high for me and my {number} children."] for number in range(100)]

    assert recognise(table([["Number", "Why do you say so?"], *rows]))[0].kind is ColumnKind.ATTRIBUTE


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


_PHONES = [f"07700 9001{number:02d}" for number in range(9)]
_NHS = ["9434765919", "9434765870", "9876543210", "4010232137", "1234567881", "9990000018", "9990000026", "9990000034"]


@pytest.mark.parametrize(
    "given",
    [
        _PHONES,
        _NHS,
        [f"QQ123{number}6C" for number in range(10, 19)],
        [f"jane{n}.doe@example.org (Jane)" for n in range(9)],
    ],
)
@pytest.mark.parametrize("heading", ["Response ID", "Contact"])
def test_personal_data_is_never_what_a_response_is_called(heading: str, given: list[str]) -> None:
    rows = [[name, f"The fares are too high for me and my {number} children."] for number, name in enumerate(given)]
    read = table([[heading, "Why do you say so?"], *rows])
    found = recognise(read)

    for columns in (found, confirmed(found, {"1": ColumnKind.IDENTIFIER})):
        called = [one.id for one in questions(read, columns)[0].responses]
        assert not set(called) & set(given)
        assert len(set(called)) == len(given)


def test_one_telephone_number_among_identifiers_is_not_shown() -> None:
    assert shown_ids(["R1", "07700 900123", "R3"], [2, 3, 4]) == ["R1", "row 3", "R3"]


@pytest.mark.parametrize("first", [9_434_765_910, 4_111_111_111_111_100, 118_000_000_000])
def test_numbers_that_pass_for_others_by_chance_stay_identifiers(first: int) -> None:
    given = [str(first + number) for number in range(200)] + [f"{number:010d}" for number in range(9)]

    assert shown_ids(given, range(2, 2 + len(given))) == given
