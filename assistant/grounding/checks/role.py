"""Is it done by whom and to whom the guidance says?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.grounding.checks.basis import Basis, Fault
from assistant.grounding.words import Word, content, stems, words

_TRANSFERS = frozenset(
    stems(
        "tell give pay send ask inform notify provide offer contact write consult supply charge let allow help support show "
        "refer report lend owe refund award appoint employ represent advise instruct order sue warn serve".split()
    )
)
_PERSONS = frozenset("you they them he she him we us it".split())
_BY = re.compile(r"\bby\b", re.IGNORECASE)


def turned_roles(claim: str, basis: Basis) -> Iterator[Fault]:
    """Doer and receiver the other way round."""
    ours = words(claim)
    for sentence in basis.sentences:
        if _turned(claim, sentence):
            yield Fault("roles", True, f"the guidance says it the other way round: “{sentence[:160].strip()}”")
            return
        if word := _turned_in_time(claim, sentence):
            yield Fault("order", True, f"the draft has what comes before and after “{word}” the other way round")
            return
        theirs = words(sentence)
        for verb in (word for word in ours if word.stem in _TRANSFERS):
            same = [word for word in theirs if word.stem == verb.stem]
            if len(same) != 1:
                continue
            (doer, whom), (their_doer, their_whom) = _sides(ours, verb), _sides(theirs, same[0])
            if _is_passive(claim, verb) != _is_passive(sentence, same[0]):
                doer, whom = whom, doer
            if doer & their_whom and whom & their_doer and not (doer & their_doer):
                yield Fault("roles", True, f"the guidance says who does it the other way round: “{sentence[:160].strip()}”")
                return


def _turned(claim: str, sentence: str) -> bool:
    """Whether the same words stand the other way round about the same middle: "departments fund agencies"."""
    if _BY.search(claim) or _BY.search(sentence):
        return False
    ours, theirs = ([word.stem for word in content(text)] for text in (claim, sentence))
    if len(ours) < _FEWEST or len(set(ours)) != len(ours):
        return False
    ends = ours[0] == theirs[-1] and ours[-1] == theirs[0] and ours[0] != ours[-1] if theirs else False
    return ends and bool(set(ours[1:-1]) & set(theirs[1:-1]))


def _turned_in_time(claim: str, sentence: str) -> str:
    """The word, where the claim puts before it what the guidance puts after it; "" for none."""
    for word in ("before", "after", "until", "when"):
        ours, theirs = _parted(claim, word), _parted(sentence, word)
        if not ours or not theirs:
            continue
        crossed = ours[0] & theirs[1] and ours[1] & theirs[0]
        if crossed and not ours[0] & theirs[0] and not ours[1] & theirs[1]:
            return word
    return ""


def _parted(text: str, word: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """The words before and after a word that stands once."""
    parts = re.split(rf"\b{word}\b", text, flags=re.IGNORECASE)
    if len(parts) != 2:
        return None
    return frozenset(one.stem for one in content(parts[0])), frozenset(one.stem for one in content(parts[1]))


_FEWEST = 3


def _sides(text: tuple[Word, ...], verb: Word) -> tuple[frozenset[str], frozenset[str]]:
    """Who stands nearest before a verb and after it, without whose they are ("your employer" is the employer)."""
    place = text.index(verb)
    before = [_actor(word) for word in text[max(0, place - 6) : place] if _may_act(word)]
    after = [_actor(word) for word in text[place + 1 : place + 5] if _may_act(word)]
    return frozenset(before[-2:]), frozenset(after[:2])


def _may_act(word: Word) -> bool:
    return (word.is_content and word.lower not in _WHOSE and not word.text[0].isdigit()) or word.lower in _PERSONS


_WHOSE = frozenset("your their his her our its need needs write like want also then".split())


def _actor(word: Word) -> str:
    return {"them": "they", "him": "he", "us": "we"}.get(word.lower, word.stem)


def _is_passive(text: str, verb: Word) -> bool:
    before = text[max(0, verb.start - 14) : verb.start].lower()
    return bool(re.search(r"\b(?:is|are|be|was|were|been|being)\s$", before) and _BY.search(text, verb.end))
