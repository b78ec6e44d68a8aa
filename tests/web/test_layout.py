from __future__ import annotations

import pytest

from assistant.answer import Answer, Citation, Claim
from assistant.web.layout import ItemList, Piece, Sentence, Table, arrange
from tests.web.sample_answers import FIRST, LEAD_IN, RULES_TEXT, cite, claim, foi, rules, source


def pieces_of(answer: Answer) -> list[Piece]:
    return arrange(answer.claims, {source.number: source for source in answer.sources})


def test_list_items_stand_together_under_their_lead_in() -> None:
    first, items, last = pieces_of(foi("?"))
    assert isinstance(first, Sentence)
    assert isinstance(items, ItemList)
    assert items.lead_in == LEAD_IN
    assert [item.text for item in items.items] == ["clarify what they want", "pay a fee you have asked for"]
    assert isinstance(last, Sentence)


def test_table_rows_stand_together_under_their_headings() -> None:
    table = pieces_of(rules("?"))[0]
    assert isinstance(table, Table)
    assert table.headings == ("Grade or equivalent", "Rules apply for", "Who considers an application")
    assert len(table.rows) == 2


def test_a_row_whose_headings_do_not_fit_has_none() -> None:
    row = "Grade 6 and below | 1 year | Your former department"
    (table,) = arrange([claim(row, cite(1, RULES_TEXT, row))], {1: source(1, RULES_TEXT)})
    assert isinstance(table, Table)
    assert table.headings == ()


def test_lists_with_different_lead_ins_stay_apart() -> None:
    text = "You must:\nact\nYou may:\nwait"
    claims = [
        claim(f"{lead} {item}", cite(1, text, lead), cite(1, text, item))
        for lead, item in (("You must:", "act"), ("You may:", "wait"))
    ]
    assert [piece.lead_in for piece in arrange(claims, {1: source(1, text)}) if isinstance(piece, ItemList)] == [
        "You must:",
        "You may:",
    ]


def test_a_line_without_a_colon_introduces_what_follows_it_too() -> None:
    text = "Tell them\nwhat is missing"
    (piece,) = arrange(
        [claim("Tell them what is missing", cite(1, text, "Tell them"), cite(1, text, "what is missing"))],
        {1: source(1, text)},
    )
    assert isinstance(piece, ItemList)
    assert piece.lead_in == "Tell them"


def test_two_sentences_quoted_together_are_not_a_list() -> None:
    second = "Schools and armed forces units have different limits."
    text = f"{FIRST} {second}"
    (piece,) = arrange([claim(text, cite(1, text, FIRST), cite(1, text, second))], {1: source(1, text)})
    assert isinstance(piece, Sentence)


def test_a_lead_in_from_before_the_passage_introduces_the_item_too() -> None:
    item = "pay a fee"
    (piece,) = arrange([claim(f"Either: {item}", cite(1, item, item))], {1: source(1, item, context="Either:")})
    assert isinstance(piece, ItemList)
    assert piece.items[0].text == item


def listed(number: int, text: str, *items: str) -> list[Claim]:
    lead_in = text.splitlines()[0]
    return [claim(f"{lead_in} {item}", cite(number, text, lead_in), cite(number, text, item)) for item in items]


def test_the_same_lead_in_of_another_document_is_another_list() -> None:
    leave, oil = "You must:\napply\nwait", "You must:\nlock the shed"
    claims = [*listed(1, leave, "apply", "wait"), *listed(2, oil, "lock the shed")]
    pieces = arrange(claims, {1: source(1, leave), 2: source(2, oil, url="https://www.gov.uk/oil")})
    assert [[item.text for item in piece.items] for piece in pieces if isinstance(piece, ItemList)] == [
        ["apply", "wait"],
        ["lock the shed"],
    ]


def test_the_same_lead_in_further_down_is_another_list() -> None:
    text = "You must:\napply\nYou must:\nwait"
    start = text.rindex("You must:")
    again = Citation(source=1, quote="You must:", start=start, end=start + len("You must:"))
    claims = [*listed(1, text, "apply"), claim("You must: wait", again, cite(1, text, "wait"))]
    assert len(arrange(claims, {1: source(1, text)})) == 2


@pytest.mark.parametrize(("url", "tables"), [("https://www.gov.uk/a#b", 1), ("https://www.gov.uk/other#b", 2)])
@pytest.mark.parametrize("headings", ["Vessel | Charge", ""])
def test_rows_of_one_table_may_run_over_passages_but_not_over_documents(url: str, tables: int, headings: str) -> None:
    rows = {1: "Ferry | £140", 2: "Yacht | £30"}
    claims = [claim(f"{headings}\n{row}".strip(), cite(number, row, row)) for number, row in rows.items()]
    urls = {1: "https://www.gov.uk/a#b", 2: url}
    sources = {number: source(number, row, url=urls[number], context=headings) for number, row in rows.items()}
    pieces = arrange(claims, sources)
    assert len(pieces) == tables
    assert all(isinstance(piece, Table) for piece in pieces)
