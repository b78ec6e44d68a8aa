"""Compares a claim with a sentence that it follows nearly word for word: which words were changed, and do they matter?

Catches what checks of facts cannot: one of two dates changed, "before or after" made "after or after", a name put in the
place of another that stands elsewhere on the page. Knows nothing of other sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from assistant.grounding.names import nations
from assistant.grounding.quantities import number_in_words
from assistant.grounding.synonyms import may_stand_for
from assistant.grounding.words import STOP_WORDS, Word, stems, words

NEARLY = 0.7
"""Share of a claim's words that stand in the sentence in the same order, from which the two are compared word by word."""

_NEGATORS = frozenset("not no never neither nor none without cannot".split())
_ORDINALS = {
    "first": "1st",
    "second": "2nd",
    "third": "3rd",
    "fourth": "4th",
    "fifth": "5th",
    "sixth": "6th",
    "final": "last",
}
_CONTRACTED = {"can't": "can", "won't": "will", "shan't": "shall"}
_ORDER = {
    "before": "before",
    "prior": "before",
    "after": "after",
    "following": "after",
    "until": "until",
    "till": "until",
    "since": "since",
    "during": "during",
}
_TURNS = {
    "if": "if",
    "unless": "unless",
    "except": "except",
    "excluding": "except",
    "including": "including",
    "include": "including",
    "includes": "including",
    "only": "only",
    "even": "even",
}
_UNITS = {
    unit: unit.removesuffix("s") for unit in "day days week weeks month months year years hour hours minute minutes".split()
}
_QUANTIFIERS = {
    "all": "all",
    "every": "all",
    "each": "all",
    "any": "any",
    "some": "some",
    "most": "most",
    "none": "none",
    "no": "none",
    "both": "both",
    "either": "either",
    "neither": "none",
    "few": "few",
    "many": "many",
}
_TENSES = {"is": "now", "are": "now", "was": "then", "were": "then", "has": "now", "have": "now", "had": "then"}
_COUNTED = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Key:
    """A word and what it is compared by: its stem, its digits, or "not" for the end of "isn't"."""

    key: str
    word: Word


@dataclass(frozen=True, slots=True)
class Edit:
    """Words of the claim that stand in the place of words of the sentence; either may be none."""

    ours: tuple[Key, ...]
    theirs: tuple[Key, ...]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """An edit that matters: what kind of fact it is about, and a reason for the reader."""

    kind: str
    reason: str


def changes(claim: str, sentence: str) -> list[Change]:
    """The edits that change what the sentence says."""
    made = list(edits(claim, sentence))
    return [*(change for edit in made for change in _of(edit)), *_swapped(made), *_broken_off(claim, sentence)]


def replaced(claim: str, sentence: str) -> Iterator[tuple[str, str]]:
    """One word put in the place of another that may not stand for it: the sentence's and the claim's, as written."""
    for edit in edits(claim, sentence):
        ours = [one for one in edit.ours if one.word.is_content]
        theirs = [one for one in edit.theirs if one.word.is_content]
        if len(ours) != 1 or len(theirs) != 1 or may_stand_for(ours[0].key, theirs[0].key):
            continue
        if not any(_COUNTED.search(one.key) for one in (*ours, *theirs)) and not _initials_of(edit):
            yield theirs[0].word.text, ours[0].word.text


def added(claim: str, sentence: str, *, known: frozenset[str]) -> Iterator[str]:
    """What the claim puts in that neither the sentence nor what is `known` (stems) has, as written."""
    held = {one.key for one in _plain(sentence)} | known
    for edit in edits(claim, sentence):
        new = [one.word for one in edit.ours if one.word.is_content and one.key not in held and one.key not in _FRAMES]
        in_their_place = [one for one in edit.theirs if one.word.is_content]
        if new and len(in_their_place) != 1:  # one word for another may be a synonym
            yield claim[edit.ours[0].word.start : edit.ours[-1].word.end]


def edits(claim: str, sentence: str) -> Iterator[Edit]:
    """What was put in, left out or replaced."""
    ours, theirs = _plain(claim), _plain(sentence)
    at, then = 0, 0
    same = Levenshtein.editops([one.key for one in ours], [one.key for one in theirs]).as_matching_blocks()
    for block in same:  # the last one is empty and stands at the end of both
        if at < block.a or then < block.b:
            before = ours[at - 1].key if at else ""
            after = ours[block.a].key if block.a < len(ours) else ""
            yield Edit(tuple(ours[at : block.a]), tuple(theirs[then : block.b]), before, after)
        at, then = block.a + block.size, block.b + block.size


def _plain(text: str) -> list[Key]:
    """Words with the key they are compared by."""
    found: list[Key] = []
    for word in words(text):
        if word.lower in {"cannot", "can't"}:
            found += [Key("can", word), Key("not", word)]
        elif word.lower.endswith("n't"):
            found += [Key(stems([_CONTRACTED.get(word.lower, word.lower[:-3])])[0], word), Key("not", word)]
        elif ordinal := _ORDINALS.get(word.lower):
            found.append(Key(ordinal, word))
        elif number := number_in_words(word.lower):
            if len(number) == 1 and found and found[-1].key in _TENS and text[found[-1].word.end : word.start] in {"-", " "}:
                number = str(int(found.pop().key) + int(number))
            found.append(Key(number, word))
        else:
            found.append(Key(word.stem.replace(",", ""), word))
    return found


_TENS = frozenset("20 30 40 50 60 70 80 90".split())


def _of(edit: Edit) -> Iterator[Change]:
    ours, theirs = _lower(edit.ours), _lower(edit.theirs)
    told, given = _written(edit.ours), _written(edit.theirs)
    if _denies(edit.ours) != _denies(edit.theirs) and max(len(ours), len(theirs)) <= 3 and not _is_bound(edit):
        yield Change(
            "denial", f"the guidance says “{given}”, the draft said “{told}”" if told and given else _one_sided(told, given)
        )
        return
    for table, kind in (
        (_ORDER, "order"),
        (_TURNS, "condition"),
        (_UNITS, "quantity"),
        (_QUANTIFIERS, "opposite"),
        (_TENSES, "tense"),
    ):
        here, there = _classes(ours, table), _classes(theirs, table)
        if here and there and here.isdisjoint(there):
            yield Change(kind, f"the guidance says “{given}”, the draft said “{told}”")
    if (here_numbers := _numbers(edit.ours)) and (there_numbers := _numbers(edit.theirs)):
        if not here_numbers & there_numbers and len(theirs) <= 4:
            yield Change("quantity", f"the guidance says “{given}”, the draft said “{told}”")
    elif (
        _is_name(edit.ours, edit)
        and _is_name(edit.theirs, edit)
        and not (set(ours) & set(theirs))
        and not _initials_of(edit)
    ):
        kind = "nation" if nations(told) and nations(given) else "name"
        yield Change(kind, f"the guidance says “{given}”, the draft said “{told}”")


def _broken_off(claim: str, sentence: str) -> Iterator[Change]:
    """The claim follows the sentence and ends where that cannot end: "You can carry over 6" of 6 days."""
    ours, theirs = _plain(claim), _plain(sentence)
    block = Levenshtein.editops([one.key for one in ours], [one.key for one in theirs]).as_matching_blocks()[:-1]
    if not block or block[-1].a + block[-1].size != len(ours) or block[-1].size < _FOLLOWS:
        return
    last, rest = theirs[block[-1].b + block[-1].size - 1].word, theirs[block[-1].b + block[-1].size :]
    if rest and sentence[last.end : rest[0].word.start].isspace() and rest[0].word.lower not in _MAY_FOLLOW_AN_END:
        yield Change("cut", f"the draft breaks off before “{rest[0].word.text}”")


_FOLLOWS = 3
_MAY_FOLLOW_AN_END = STOP_WORDS - {
    "not",
    "be",
    "been",
    "is",
    "are",
    "was",
    "were",
    "can",
    "will",
    "must",
    "may",
    "should",
    "has",
    "have",
}
_FRAMES = frozenset(
    stems(
        "according guidance rules rule short note says say states summary example instance yes people person "
        "like regarding addition prior per cent percent".split()
    )
)
"""Words that only introduce a statement, or join its parts."""


def _swapped(made: Sequence[Edit]) -> Iterator[Change]:
    """Two words that have changed places: who does something and to whom."""
    put_in = [_actors(edit.ours) - _actors(edit.theirs) for edit in made]
    taken_out = [_actors(edit.theirs) - _actors(edit.ours) for edit in made]
    for here in range(len(made)):
        for there in range(here + 1, len(made)):
            came, went = put_in[here] & taken_out[there], put_in[there] & taken_out[here]
            if came and went:
                one, other = sorted(came)[0], sorted(went)[0]
                yield Change("roles", f"the draft has “{one}” and “{other}” the other way round")
                return


def _actors(part: Sequence[Key]) -> set[str]:
    return {one.key for one in part if one.word.is_content or one.word.lower in _PERSONS}


_PERSONS = frozenset("you they them he she him we us it".split())


def _one_sided(told: str, given: str) -> str:
    return f"the draft added “{told}”" if told else f"the draft left out “{given}”"


def _written(part: Sequence[Key]) -> str:
    return " ".join(dict.fromkeys(one.word.text for one in part))


def _lower(part: Sequence[Key]) -> list[str]:
    return [one.word.lower for one in part]


def _numbers(part: Sequence[Key]) -> set[str]:
    return {one.key for one in part if _COUNTED.search(one.key)}


def _denies(part: Sequence[Key]) -> bool:
    return sum(one.key in _NEGATORS for one in part) % 2 == 1


def _is_bound(edit: Edit) -> bool:
    """Whether it is about "no more than" and its like, which are compared as quantities."""
    both = {*_lower(edit.ours), *_lower(edit.theirs), edit.after, edit.before}
    return bool(
        both
        & {
            "more",
            "less",
            "fewer",
            "later",
            "exceed",
            "earlier",
            "allow",
            "allowed",
            "permit",
            "permitted",
            "need",
            "requir",
            "required",
            "just",
            "least",
        }
    )


def _classes(part: Sequence[str], table: dict[str, str]) -> set[str]:
    return {table[word] for word in part if word in table}


def _is_name(part: Sequence[Key], edit: Edit) -> bool:
    named = [one.word for one in part if one.word.lower not in _BESIDE_NAMES]
    if not named or not all(word.text[0].isupper() for word in named):
        return False
    return bool(edit.before) or len(named) > 1 or named[0].text.isupper()  # any word is capital at the beginning


_BESIDE_NAMES = STOP_WORDS | {"people"}


def _initials_of(edit: Edit) -> bool:
    def letters(part: Sequence[Key]) -> str:
        return "".join(one.word.text[0] for one in part if one.word.text[0].isupper())

    texts = {one.word.text for one in (*edit.ours, *edit.theirs) if one.word.text.isupper() and len(one.word.text) > 1}
    return bool(texts & {letters(edit.ours), letters(edit.theirs)})
