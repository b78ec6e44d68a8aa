"""A reply is cut into the same claims however it arrives, and each claim is one statement that can be checked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answer.claims import LONGEST, Cutter, Statement


def cut(text: str, *, sizes: tuple[int, ...] = (), cut_off: bool = False) -> list[Statement]:
    """The claims of a text that arrives in pieces of these sizes, the last again and again."""
    cutter, found, start, turn = Cutter(), [], 0, 0
    while start < len(text):
        size = sizes[min(turn, len(sizes) - 1)] if sizes else len(text)
        found += cutter.feed(text[start : start + size])
        start, turn = start + size, turn + 1
    return found + cutter.finish(cut_off=cut_off)


def texts(text: str) -> list[str]:
    return [claim.whole for claim in cut(text)]


REPLY = """\
Sure! Here is the answer:

You must reply within **20 working days** [1]. Under s.12(3) the limit is £1.5m, e.g. at No. 10. [2][3] It does not stop.

## What to do

You must:

- tell the harbour master: [4]
    - who will keep the light
    - when you leave, i.e. the day [1, 2]
* apply in writing.

| Vessel | Charge |
|---|---:|
| Ferry | £140 [5] |
| Fishing boat | £12 |

```text
Keep the log for 7 years [Sources 1 and 3].
```

According to source 2, keepers sleep at 10 p.m. on Fridays. Is that so? Yes! See [the page](https://evil.example/a.b).

Sources:
[1] Leave for lighthouse keepers
"""


def test_a_whole_reply_becomes_its_statements_with_the_sources_they_name() -> None:
    assert [(claim.whole, claim.marks) for claim in cut(REPLY)] == [
        ("You must reply within 20 working days.", (1,)),
        ("Under s.12(3) the limit is £1.5m, e.g. at No. 10.", (2, 3)),
        ("It does not stop.", ()),
        ("You must: tell the harbour master: who will keep the light", (4,)),
        ("You must: tell the harbour master: when you leave, i.e. the day", (1, 2)),
        ("You must: apply in writing.", ()),
        ("Vessel: Ferry; Charge: £140", (5,)),
        ("Vessel: Fishing boat; Charge: £12", ()),
        ("Keep the log for 7 years.", (1, 3)),
        ("Keepers sleep at 10 p.m. on Fridays.", (2,)),
        ("Yes!", ()),
        ("See the page.", ()),
    ]


PARTS = [
    "You must reply. ", "within 20", " working days", ".", "e.g. ", "s.12(3) ", "£1.5m ", "No. 10 ", "[1", "]", "[1, 2]",
    "[1][3]", "\n", "\n\n", "- ", "1. ", "## ", "**", "_", "| a | b |\n", "|---|---|\n", "```\n", "You must:\n", "> ",
    "<think>", "</think>", "https://a.example/b.c ", "[x](http://y)", "Sources:\n", "\ud800", "\x00", "\u200b", " ", "(",
    ")",
    "The end! ", "[source 4]", "【5】", "\r\n", "married\n", "a://b", "Why? ",
]  # fmt: skip
replies = st.one_of(
    st.lists(st.sampled_from(PARTS), max_size=40).map("".join),
    st.text(max_size=200),
    st.just(REPLY),
)


@settings(max_examples=300, deadline=None)
@given(replies, st.lists(st.integers(1, 9), min_size=1, max_size=8).map(tuple), st.booleans())
def test_how_a_reply_arrives_makes_no_difference(text: str, sizes: tuple[int, ...], cut_off: bool) -> None:
    assert cut(text, sizes=sizes, cut_off=cut_off) == cut(text, cut_off=cut_off)


@settings(max_examples=300, deadline=None)
@given(replies)
def test_no_claim_carries_a_marker_an_address_or_what_cannot_be_seen(text: str) -> None:
    for claim in cut(text):
        assert any(character.isalnum() for character in claim.text)
        assert "://" not in claim.whole
        assert not set(claim.whole) & {"\ud800", "\x00", "\u200b", "\n"}
        assert "[1]" not in claim.whole


@pytest.mark.parametrize(
    "sentence",
    [
        "The fee is £1.5m under s. 12(3) of the Act, i.e. the FOI Act 2000.",
        "Write to No. 10 by 5 p.m. on 3 Jan. 2025.",
        "Mr. Smith and Dr. Jones sit on the board.",
        "See para. 4.2 of the U.K. code, e.g. for pp. 3–4.",
        "Use version 2.0.1 or GOV.UK Pay.",
    ],
)
def test_a_full_stop_that_ends_nothing_cuts_nothing(sentence: str) -> None:
    assert texts(f"{sentence} Then wait.") == [sentence, "Then wait."]


@pytest.mark.parametrize(
    ("marked", "numbers"),
    [
        ("Reply soon [1].", (1,)),
        ("Reply soon. [1]", (1,)),
        ("Reply soon.[1]", (1,)),
        ("Reply [1] soon [2, 3].", (1, 2, 3)),
        ("Reply soon [1][3].", (1, 3)),
        ("Reply soon [1–3].", (1, 2, 3)),
        ("Reply soon [Source 2].", (2,)),
        ("Reply soon (sources 1 and 2).", (1, 2)),
        ("Reply soon【4】.", (4,)),
        ("Reply soon [^5].", (5,)),
        ("[6] Reply soon.", (6,)),
        ("Reply soon [99].", (99,)),
    ],
)
def test_every_way_to_name_a_source_is_read_and_taken_out(marked: str, numbers: tuple[int, ...]) -> None:
    first, second = cut(f"{marked} Wait.", sizes=(1,))

    assert (first.text, first.marks) == ("Reply soon.", numbers)
    assert second == Statement("Wait.")


def test_what_is_in_brackets_and_no_number_of_a_source_stays() -> None:
    assert texts("In R v Smith [2024] UKSC 1 the court [in part] agreed.") == [
        "In R v Smith [2024] UKSC 1 the court [in part] agreed."
    ]


def test_headings_and_a_lead_in_alone_claim_nothing() -> None:
    assert texts("# Time limits\n\n**What to do**\n\n---\n\nYou must:") == []
    assert texts("**20 working days**") == ["20 working days"]
    assert texts("# You must reply within 20 working days.") == ["You must reply within 20 working days."]


def test_lists_without_bullets_as_they_stand_in_the_passages_are_lists_too() -> None:
    assert texts("You must be:\nmarried\nin a civil partnership\n\nThe light stays on.") == [
        "You must be: married",
        "You must be: in a civil partnership",
        "The light stays on.",
    ]
    assert texts("- tell the\nmaster") == ["tell the master"]


def test_a_lead_in_goes_to_each_item_and_no_further() -> None:
    reply = "You must:\n\n1. apply\n2. wait\n\nThe light stays on.\n- It is bright."

    assert texts(reply) == ["You must: apply", "You must: wait", "The light stays on.", "It is bright."]


def test_items_carry_the_number_of_their_lead_in_unless_they_have_their_own() -> None:
    assert [claim.marks for claim in cut("You must: [2]\n- apply\n- wait [3]\n")] == [(2,), (3,)]


def test_a_title_with_its_headings_claims_nothing() -> None:
    reply = "The roll and the ‘open roll’ › Opt out › How to opt out\nWrite to the Board. Costs > £50 need approval."

    assert texts(reply) == ["Write to the Board.", "Costs > £50 need approval."]


def test_rows_of_a_table_without_headings_stand_for_themselves() -> None:
    assert texts("| Ferry | £140 |\n| Boat | £12 |\n") == ["Ferry; £140", "Boat; £12"]
    assert texts("Ferry | £140 [1]\nBoat | £12") == ["Ferry; £140", "Boat; £12"]


def test_what_was_thought_aloud_and_what_is_polite_is_no_claim() -> None:
    assert texts("<think>The limit is 99 days.</think>Certainly! Reply soon. I hope this helps!") == ["Reply soon."]


def test_a_thought_that_comes_without_its_start_ends_what_is_open() -> None:
    assert texts("The limit may be, no, it is 99 days</think>\n\nReply soon.") == ["Reply soon."]
    assert texts("They must not:\n\n- perhaps </think>Reply soon.") == ["Reply soon."]
    assert texts("<thin ice") == ["<thin ice"]


def test_addresses_are_taken_out_and_counted() -> None:
    linked, bare, mail = cut(
        "See [the form](https://evil.example). Go to www.evil.example/x today. Write to a.b@evil.example now."
    )

    assert (linked.text, linked.addresses, linked.holed) == ("See the form.", 1, False)
    assert (bare.addresses, bare.holed, mail.holed) == (1, True, True)
    assert "evil" not in f"{linked.text}{bare.text}{mail.text}"
    assert texts("Use GOV.UK Pay.") == ["Use GOV.UK Pay."]


def test_a_sentence_that_was_cut_off_is_dropped() -> None:
    assert [claim.text for claim in cut("Reply soon. You have 20", cut_off=True)] == ["Reply soon."]
    assert [claim.text for claim in cut("Reply soon. You have 20")] == ["Reply soon.", "You have 20"]
    assert [claim.text for claim in cut("Reply soon.\n- Wait for", cut_off=True)] == ["Reply soon."]
    assert cut("The fee is £1.", cut_off=True) == []


def test_what_never_ends_is_cut_all_the_same() -> None:
    for endless in ("word " * 2000, "a" * 9000, "| cell " * 2000, "[" * 5000, "- " * 5000, " " * 9000, "#" * 5000):
        for claim in cut(endless, sizes=(7,)):
            assert len(claim.text) <= LONGEST + 1


def test_a_claim_comes_with_the_first_letter_after_its_end() -> None:
    cutter = Cutter()

    assert cutter.feed("Reply within 20 working days. [1") == []
    assert cutter.feed("]") == []
    assert cutter.feed(" ") == []
    assert [claim.text for claim in cutter.feed("T")] == ["Reply within 20 working days."]


ITEMS = "\n- accept gifts from suppliers\n- lend your pass to visitors"


@pytest.mark.parametrize(
    "opening",
    [
        "According to the guidance, you must not:",
        "Based on the guidance, staff are forbidden to do the following:",
        "In summary, you must not do any of these things:",
        "**You must not:**",
        "### You must not",
        "## Prohibited",
        "Exempt from this rule:",
    ],
)
def test_what_forbids_or_limits_is_never_taken_for_a_preamble(opening: str) -> None:
    for statement in cut(opening + ITEMS):
        assert any(word in statement.whole.lower() for word in ("must not", "forbidden", "prohibited", "exempt"))


def test_a_heading_between_a_lead_in_and_its_list_does_not_part_them() -> None:
    (statement,) = cut("Prohibited:\n\n**Gifts**\n- accept gifts from suppliers")

    assert statement.whole == "Prohibited: accept gifts from suppliers"


def test_a_preamble_that_limits_nothing_still_goes() -> None:
    assert texts("Here is the answer:\n\n- keep the log") == ["Keep the log"] or texts(
        "Here is the answer:\n\n- keep the log"
    ) == ["keep the log"]
    assert texts("## What to do\n\n- keep the log") == ["keep the log"]


@pytest.mark.parametrize("mark", ["⁷", "⑦", "⁽⁷⁾", "❼"])
def test_raised_and_circled_figures_are_numbers_of_sources(mark: str) -> None:
    (statement,) = cut(f"You must reply within 20 working days.{mark}")

    assert statement.text.rstrip("()") == "You must reply within 20 working days."
    assert 7 in statement.marks


def test_a_square_metre_is_no_source() -> None:
    assert [claim.marks for claim in cut("A room has 20 m² of space.")] == [()]


def test_letters_of_other_widths_become_the_usual_ones() -> None:
    assert texts("Staff must ｎｏｔ declare gifts.") == ["Staff must not declare gifts."]


def test_a_courtesy_before_a_statement_does_not_hide_it() -> None:
    assert texts("Of course, staff must not accept gifts.") == ["Staff must not accept gifts."]
    assert texts("Sure!") == []


def test_a_sentence_beyond_all_measure_is_left_out_whole() -> None:
    assert texts(f"You may {'very ' * 300}much not do it.\nKeep the log.") == ["Keep the log."]


@pytest.mark.parametrize(
    "address",
    [
        "bit.ly/abc",
        "evil.ru/pay",
        "example.ai",
        "10.0.0.1:8080/x",
        "evil。com/x",
        "xn--80ak6aa92e.com",
        "t.me/x",
        "пример.рф/pay",
    ],
)
def test_addresses_of_every_kind_are_taken_out(address: str) -> None:
    (statement,) = cut(f"You must reply within 20 days (see {address}).")

    assert statement.addresses == 1
    assert address.partition("/")[0] not in statement.text


@pytest.mark.parametrize(
    "words", ["GOV.UK says so.", "See s.12(3) and No.10.", "Use e.g. a form and/or a letter.", "Version 2.3.1/2 applies."]
)
def test_what_only_looks_like_an_address_stays(words: str) -> None:
    assert [claim.addresses for claim in cut(words)] in ([0], [0, 0])
