"""What is done with the words of a response: points, campaigns, personal data, sides and evidence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.consult.duplicates import campaigns
from assistant.consult.model import Column, ColumnKind
from assistant.consult.personal import marks, masked
from assistant.consult.stances import (
    Position,
    agreement_question,
    closed_position,
    gives_no_reason,
    is_evidence_rich,
    learnt_positions,
    position,
)
from assistant.consult.statements import statements

LETTER = (
    "I object to the closure of the library in Station Road because it serves the whole village. "
    "Children need it for homework and there is no bus to the town."
)


@given(st.text(max_size=400))
def test_statements_hold_every_word_in_order_and_overlap_nowhere(text: str) -> None:
    found = statements(text)
    edges = [0, *(edge for span in found for edge in span), len(text)]

    assert edges == sorted(edges)
    between = [text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    assert not any(character.isalnum() for piece in between for character in piece)


def test_a_response_that_makes_two_points_is_split() -> None:
    text = "The fares are much too high, but drivers are always helpful. Yes. Run buses on Sundays; mend all the shelters."

    assert [text[start:end] for start, end in statements(text)] == [
        "The fares are much too high",
        "but drivers are always helpful. Yes.",
        "Run buses on Sundays",
        "mend all the shelters.",
    ]


def test_a_letter_sent_by_many_is_one_campaign_even_with_words_of_their_own() -> None:
    own = " I have lived here for forty years and this makes me angry."
    texts = ["Fares are too high for me to pay.", LETTER, LETTER.replace("village", "parish"), LETTER + own, LETTER.upper()]

    (found,) = campaigns(texts)

    assert sorted(found.members) == [1, 2, 3, 4]
    assert not found.is_exact


def test_short_answers_that_many_give_and_two_of_a_kind_are_no_campaign() -> None:
    assert campaigns(["It is too expensive."] * 9 + [LETTER, LETTER]) == ()


@pytest.mark.parametrize(
    ("text", "hidden", "kind"),
    [
        ("Write to jo.bloggs@example.org please", "jo.bloggs@example.org", "email address"),
        ("Ring 07700 900123 after six", "07700 900123", "telephone number"),
        ("Ring 0044 7700 900123 after six", "0044 7700 900123", "telephone number"),
        ("i am in sw1a 2aa by the park", "sw1a 2aa", "postcode"),
        ("we live at 23 high street by the park", "23 high street", "street address"),
        ("My sort code is 01-02-03", "01-02-03", "bank account"),
        ("Ring (01632) 960 123", "01632) 960 123", "telephone number"),
        ("I live in ML7 4QT", "ML7 4QT", "postcode"),
        ("at 12 Tanner's Row, Marlbury", "12 Tanner's Row", "street address"),
        ("NHS number 943 476 5919", "943 476 5919", "NHS number"),
        ("number QQ 12 34 56 C", "QQ 12 34 56 C", "National Insurance number"),
        ("he was born on 14/03/2015", "14/03/2015", "date of birth"),
        ("My name is Jane Smith and I object", "Jane Smith", "name"),
        ("I asked Mrs O'Brien", "O'Brien", "name"),
        ("I oppose this. Yours sincerely, Peter Hallam", "Peter Hallam", "name"),
        ("card 4111 1111 1111 1111", "4111 1111 1111 1111", "card number"),
    ],
)
def test_personal_data_is_marked_and_masked(text: str, hidden: str, kind: str) -> None:
    assert [one.kind for one in marks(text)] == [kind]
    assert hidden not in masked(text)
    assert f"[{kind}]" in masked(text)


@pytest.mark.parametrize(
    "text", ["It cost £1,234,567,890 in 2024", "The A40 and M25", "I am 58 years old", "Yours, a resident"]
)
def test_what_is_no_personal_data_is_left_alone(text: str) -> None:
    assert masked(text) == text


def test_part_of_a_text_is_masked_with_what_the_whole_shows() -> None:
    text = "My name is Jane Smith. Fares are high."

    assert masked(text, start=text.index("Smith"), end=len(text)) == "[name]. Fares are high."


@pytest.mark.parametrize("text", ["Yes.", "I strongly support this.", "No. I am against it.", "I agree with the proposal"])
def test_a_side_without_a_reason_is_known(text: str) -> None:
    assert gives_no_reason(text)


def test_a_side_with_a_reason_is_none_of_those() -> None:
    assert not gives_no_reason("I agree because it is cheap.")


def test_plain_words_take_a_position_and_others_none() -> None:
    assert position("I oppose this plan") is Position.DISAGREE
    assert position("Buses are red") is Position.UNCLEAR


@pytest.mark.parametrize(
    ("answer", "stands"),
    [
        *(
            (one, Position.AGREE)
            for one in ("Strongly agree", "Agree slightly", "5 - Strongly agree", "Mostly agree", "Yes")
        ),
        *((one, Position.AGREE) for one in ("Yes, in part", "In favour", "Strongly support", "I support the proposal")),
        *(
            (one, Position.DISAGREE)
            for one in ("Strongly disagree", "Mostly disagree", "Partly disagree", "Strongly opposed")
        ),
        *(
            (one, Position.DISAGREE)
            for one in ("1. Disagree", "No", "No, it costs too much", "Do not support", "Not in favour")
        ),
        *(
            (one, Position.UNCLEAR)
            for one in ("Neither agree nor disagree", "No opinion", "No strong view", "No preference")
        ),
        *((one, Position.UNCLEAR) for one in ("Don’t know", "Not sure", "Neutral")),
        *(
            (one, None)
            for one in ("", "Not answered", "Prefer not to say", "No answer", "A resident", "North", "Nottingham")
        ),
    ],
)
def test_answers_to_a_closed_question_are_read_in_their_usual_wordings(answer: str, stands: Position | None) -> None:
    assert closed_position(answer) is stands


def _column(name: str, kind: ColumnKind) -> Column:
    return Column(name, kind, "", 9, 9)


def test_each_open_question_has_the_closed_one_before_it_and_none_that_asks_who_somebody_is() -> None:
    closed, opened = ColumnKind.CLOSED, ColumnKind.OPEN
    columns = [
        _column("Are you a library member?", closed),
        _column("Do you agree with A?", closed),
        _column("Why A?", opened),
        _column("Should the hall be sold?", closed),
        _column("Why B?", opened),
        _column("Anything else?", opened),
    ]
    values = {
        "Are you a library member?": {"Yes", "No"},
        "Do you agree with A?": {"Strongly disagree", ""},
        "Should the hall be sold?": {"Yes", "No", "Not sure"},
    }

    asked = [agreement_question(columns, number, values) for number in range(3)]
    assert asked == ["Do you agree with A?", "Should the hall be sold?", None]
    assert agreement_question(columns[:1] + columns[2:3], 0, values) is None
    assert agreement_question([columns[2], columns[1]], 0, values) == "Do you agree with A?"


BAN = "Should advertisements be completely banned during matches?"


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("Ban them now. My son lost his house.", Position.AGREE),
        ("They should ban all of it.", Position.AGREE),
        ("Please don't ban what pays for the club.", Position.DISAGREE),
        ("Banning adverts won't stop anybody.", Position.DISAGREE),
        ("You cannot watch without being told the odds. Ban them.", Position.AGREE),
        ("If it saves money I have no objection.", Position.UNCLEAR),
        ("I could support this if there were a guard.", Position.UNCLEAR),
        ("I finish at seven, so it is no use to me.", Position.UNCLEAR),
        ("No. It would cost jobs.", Position.DISAGREE),
        ("I do not support this plan.", Position.DISAGREE),
    ],
)
def test_what_the_question_would_have_done_tells_a_side_and_hedged_words_tell_none(text: str, stands: Position) -> None:
    assert position(text, asked=BAN) is stands


def test_positions_are_learnt_from_those_who_answered_the_closed_question_and_only_from_enough() -> None:
    vectors = np.repeat(np.eye(2, dtype=np.float32), 30, axis=0)
    known = {at: Position.AGREE if at < 30 else Position.DISAGREE for at in (*range(12), *range(30, 42))}
    row = {place: place for place in range(60)}

    found = learnt_positions(vectors, known, row=row, wanted=[20, 50])

    assert found == {20: Position.AGREE, 50: Position.DISAGREE}
    few = {at: said for at, said in known.items() if at < 12 or at > 39}
    assert learnt_positions(vectors, few, row=row, wanted=[20, 50]) == {}


def test_facts_and_experience_are_evidence() -> None:
    assert is_evidence_rich("I work in a clinic where 40% of patients waited for more than six weeks.")
    assert not is_evidence_rich("This is a bad idea.")


@pytest.mark.parametrize(
    ("text", "rich"),
    [
        ("My elderly neighbour was turned away twice because the ramp had not been cleared of snow.", True),
        ("The late ferry saved our shop, since the fish now reaches the market on the same morning.", True),
        ("My own opinion is that people will always complain about whatever the council does next year.", False),
        ("Our country should be ashamed of how little is spent on ferries compared with roads everywhere.", False),
        ("My son agrees.", False),
    ],
)
def test_what_respondents_tell_of_those_close_to_them_is_experience(text: str, rich: bool) -> None:
    assert is_evidence_rich(text) is rich


@pytest.mark.parametrize("text", ["It shut on 12-05-24.", "We drove 2 miles of road.", "The bus comes at 4 or 10 am."])
def test_a_date_a_distance_and_a_time_are_no_personal_data(text: str) -> None:
    assert marks(text) == ()
