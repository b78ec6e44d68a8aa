"""Turns the rows of a table into the responses to its open questions, each accounted for.

Blank answers, "no comment", other languages, unreadable and over-long answers are told apart and counted; none is dropped.
Knows nothing of themes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answer.language import other_language
from assistant.consult.model import Column, ColumnKind, Response, State
from assistant.consult.personal import is_personal, marks
from assistant.consult.tables import Problem, Table

LONG = 20_000
"""Characters from which an answer is called over-long: it is analysed all the same, and listed."""

_NOTHING = re.compile(
    r"(?:n/?a|not applicable|none|nothing|nil|-+|\.+|x+|no (?:further |other |additional )?(?:comments?|views?|opinion|answer|"
    r"response|reply|thoughts?)|nothing (?:to add|else|further|more|comes to mind|to say)|i have (?:no|nothing)[^.]{0,30}|"
    r"(?:i )?(?:don'?t|do not) (?:know|have (?:an )?(?:opinion|view|comment)s?)|not sure|no idea|as above|see above|prefer not to (?:say|answer)|"
    r"blank|not answered|skip|pass|not relevant)[\s.!]*",
    re.I,
)
_NO = re.compile(r"(?:no|nope|nah)(?:,? (?:thank you|thanks))?[\s.!]*", re.I)
"""An answer to most questions, as "yes" is; to one that asks whether there is more to say, it says that there is not."""
_ASKS_FOR_MORE = re.compile(
    r"\b(?:any|other|further|additional|general) (?:\w+ ){0,2}?(?:comments?|feedback|remarks?|observations?|thoughts?|views|"
    r"suggestions?)\b|\banything (?:else|more|further|to add)\b|\A[\W\d]*(?:q\d+\W+)?(?:your )?comments?\b[\W\d]*\Z",
    re.I,
)
_ASKS_FOR_A_SIDE = re.compile(
    r"\bdo you (?:\w+ )?(?:agree|disagree|support|oppose|favour|think|want)\b|\bto what extent\b|\bin favour\b|\Ashould\b",
    re.I,
)
_NEVER_SHOWN = frozenset({"email address", "name", "street address", "date of birth"})
"""What an identifier may not even have in it."""
_COMMON = frozenset(
    "the and to of a an in is for not no it be we i are on with that this would have more my our they you if at but can so as by or was will".split()
)
_ENOUGH_WORDS = 5
_LETTERS = re.compile(r"[^\W\d_]")
_BROKEN = re.compile(r"[\ufffd\u0000-\u0008]|Ã.|â€")
_WORD = re.compile(r"[^\W\d_]+")
_VOWEL = re.compile(r"[aeiouyàâäéèêëïîôöùûüœæ]", re.I)


@dataclass(frozen=True, slots=True)
class Question:
    """An open question with every row's answer to it.

    Attributes:
        text: The question, as its column is headed.
        responses: One for each row of the file, in its order.
    """

    text: str
    responses: tuple[Response, ...]

    def counts(self) -> dict[State, int]:
        """How many rows ended in each state; they add up to the rows of the file."""
        found = Counter(response.state for response in self.responses)
        return {state: found[state] for state in State}

    @property
    def answered(self) -> tuple[int, ...]:
        """Places of the responses that can be analysed."""
        return tuple(place for place, one in enumerate(self.responses) if one.state is State.ANSWERED)


def questions(table: Table, columns: Sequence[Column], *, asked: str = "") -> tuple[Question, ...]:
    """The open questions of a table, in the order of its columns.

    Args:
        table: What was read.
        columns: What its columns hold.
        asked: The question as it was put, where the heading of the (only) open column does not say.
    """
    by_kind = {kind: [place for place, column in enumerate(columns) if column.kind is kind] for kind in ColumnKind}
    identifiers = by_kind[ColumnKind.IDENTIFIER]
    given = [row.cells[identifiers[0]] if identifiers else "" for row in table.rows]
    ids = shown_ids(given, [row.number for row in table.rows])
    found = []
    for place in by_kind[ColumnKind.OPEN]:
        text = asked if asked and len(by_kind[ColumnKind.OPEN]) == 1 else columns[place].name
        responses = [
            Response(
                id=name,
                row=row.number,
                text=row.cells[place],
                state=state_of(row.cells[place], asked=text),
                is_long=len(row.cells[place]) > LONG,
                attributes={columns[at].name: row.cells[at] for at in by_kind[ColumnKind.ATTRIBUTE]},
                answers={columns[at].name: row.cells[at] for at in by_kind[ColumnKind.CLOSED]},
            )
            for name, row in zip(ids, table.rows, strict=True)
        ]
        found.append(Question(text, tuple(responses)))
    return tuple(found)


def shown_ids(given: Sequence[str], rows: Sequence[int]) -> list[str]:
    """What responses are called everywhere: their identifiers, or their rows where one is missing or personal data.

    A number can pass for an NHS number or a card's by chance, and is taken for one where most of the column pass.

    Args:
        given: The identifiers as they stand in the file.
        rows: The row of each.
    """
    filled = [name for name in given if name]
    is_column = sum(map(is_personal, filled)) > len(filled) / 2

    def is_shown(name: str) -> bool:
        return bool(name) and not _has_personal(name) and not (is_column and is_personal(name))

    return [name if is_shown(name) else f"row {row}" for name, row in zip(given, rows, strict=True)]


def _has_personal(name: str) -> bool:
    return is_personal(name, by_chance=False) or any(mark.kind in _NEVER_SHOWN for mark in marks(name))


def repeated_identifiers(found: Question) -> Iterator[Problem]:
    """Rows with an identifier that an earlier row has; they stay responses of their own."""
    first: dict[str, int] = {}
    for response in found.responses:
        if response.id in first:
            yield Problem(response.row, f"has the identifier {response.id!r} of row {first[response.id]}; both are counted")
        first.setdefault(response.id, response.row)


def state_of(text: str, *, asked: str = "") -> State:
    """Whether an answer can be analysed, and why not; a bare "no" depends on what was asked."""
    plain = " ".join(text.split())
    if not plain:
        return State.BLANK
    if _NOTHING.fullmatch(plain.replace("’", "'")):
        return State.NO_COMMENT
    if _NO.fullmatch(plain) and _ASKS_FOR_MORE.search(asked) and not _ASKS_FOR_A_SIDE.search(asked):
        return State.NO_COMMENT
    if _is_unreadable(plain):
        return State.UNREADABLE
    if other_language(plain) or _has_no_english(plain):
        return State.NOT_ENGLISH
    return State.ANSWERED


def _has_no_english(text: str) -> bool:
    """Five words or more without one of the commonest English ones, and with a letter that English has not."""
    words = [word.lower() for word in _WORD.findall(text)]
    has_others = any(not letter.isascii() for letter in _LETTERS.findall(text))
    return has_others and len(words) >= _ENOUGH_WORDS and not _COMMON.intersection(words)


def _is_unreadable(text: str) -> bool:
    """No letters to speak of, broken characters, or keys struck at random."""
    letters = len(_LETTERS.findall(text))
    if letters < 2 or letters < 0.3 * len(text.replace(" ", "")):
        return True
    if len(_BROKEN.findall(text)) > 0.05 * len(text):
        return True
    words = _WORD.findall(text)
    strange = sum(len(word) > 4 and not _VOWEL.search(word) and not word.isupper() for word in words)
    return strange > len(words) / 2
