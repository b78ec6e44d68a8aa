"""Compares the facts of a claim with those of the sentences it seems to rest on, and says in words where they differ.

Each check looks at one kind of fact: quantities, names, nations, duties and denials, conditions, opposites, who does what to
whom. A fault is hard when the claim says something else than the guidance, soft when it leaves out or adds a little. Knows
nothing of how sentences were chosen or of scores.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.grounding.conditions import Condition, Turn, conditions
from assistant.grounding.duties import Duty, Said, said
from assistant.grounding.names import initials, names, nations
from assistant.grounding.opposites import OPPOSITES, Opposite
from assistant.grounding.quantities import Agreement, Quantity, agreement, quantities
from assistant.grounding.wording import added, changes
from assistant.grounding.words import Word, content, stems, words


@dataclass(frozen=True, slots=True)
class Fault:
    """One difference.

    Attributes:
        kind: What differs: "quantity", "name", "nation", "duty", "denial", "condition", "opposite" or "roles".
        hard: True when the claim says something else; False when it says a little less or more.
        reason: For the reader, as a sentence.
    """

    kind: str
    hard: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Basis:
    """What a claim is compared with.

    Attributes:
        anchor: The sentence it rests on.
        further: Others that hold what the anchor lacks.
        about: Title and headings of their pages.
        extent: Nations that the pages apply to.
        elsewhere: The passages that the sentences stand in, whole.
        nearly: Whether the claim is nearly word for word the anchor.
    """

    anchor: str
    further: tuple[str, ...] = ()
    about: str = ""
    extent: tuple[str, ...] = ()
    elsewhere: str = ""
    nearly: bool = False

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of them, the anchor first."""
        return (self.anchor, *self.further)

    @property
    def text(self) -> str:
        """All of them as one text."""
        return "\n".join(self.sentences)


def faults(claim: str, basis: Basis) -> list[Fault]:
    """Every difference found, in the order of the checks."""
    return [fault for check in _CHECKS for fault in check(claim, basis)]


# quantities

_NEAR = 5
_CLEARLY = 0.34
_WHAT = {
    Agreement.OTHER_VALUE: True,
    Agreement.OTHER_UNIT: True,
    Agreement.OPPOSITE_BOUND: True,
    Agreement.OTHER_BOUND: False,
}


def _quantities(claim: str, basis: Basis) -> Iterator[Fault]:
    given = [(quantity, sentence) for sentence in (*basis.sentences, basis.about) for quantity in quantities(sentence)]
    for claimed in quantities(claim):
        around = _around(claim, claimed.start, claimed.end)
        fits = [
            (agreement(claimed, other), _overlap(around, _around(sentence, other.start, other.end)), other)
            for other, sentence in given
        ]
        fits = [fit for fit in fits if fit[0] is not Agreement.OTHER_KIND]
        if not fits:
            if _is_written(claimed, basis) or _stands_elsewhere(claimed, around, basis):
                continue
            yield Fault("quantity", True, f"“{claimed.text}” is not in the guidance")
            continue
        best = max(fits, key=lambda fit: (fit[0], fit[1]))
        nearest = max(fits, key=lambda fit: (fit[1], fit[0]))
        if best[0] is Agreement.SAME:
            if nearest[0] in _WHAT and _WHAT[nearest[0]] and nearest[1] >= best[1] + _CLEARLY and best[1] < 0.5:
                yield _says(claimed, nearest[2], hard=True)
            continue
        if best[0] is Agreement.OTHER_VALUE and (_is_written(claimed, basis) or _stands_elsewhere(claimed, around, basis)):
            continue
        told = nearest if nearest[0] >= Agreement.OTHER_VALUE else best
        told = best if best[0] > Agreement.OTHER_VALUE else told
        yield _says(claimed, told[2], hard=_WHAT[best[0]])


def _says(claimed: Quantity, given: Quantity, *, hard: bool) -> Fault:
    return Fault("quantity", hard, f"the guidance says “{given.text}”, the draft said “{claimed.text}”")


def _is_written(claimed: Quantity, basis: Basis) -> bool:
    """Whether the very words stand in the source, read there as something else."""
    words_of = re.escape(claimed.text.lower())
    return bool(re.search(rf"(?<![\w£$€.,]){words_of}(?![\w%]|[.,]\d)", f"{basis.text} {basis.about}".lower()))


def _stands_elsewhere(claimed: Quantity, around: frozenset[str], basis: Basis) -> bool:
    """Whether the passage says it of the same thing in another sentence, for a claim that draws several together."""
    return not basis.nearly and any(
        agreement(claimed, other) is Agreement.SAME
        and _overlap(around, _around(basis.elsewhere, other.start, other.end)) >= _CLEARLY
        for other in quantities(basis.elsewhere)
    )


def _around(text: str, start: int, end: int) -> frozenset[str]:
    all_words = content(text)
    before = [word.stem for word in all_words if word.end <= start and not word.text[0].isdigit()][-_NEAR:]
    after = [word.stem for word in all_words if word.start >= end and not word.text[0].isdigit()][:_NEAR]
    return frozenset((*before, *after))


def _overlap(ours: frozenset[str], theirs: frozenset[str]) -> float:
    return len(ours & theirs) / len(ours) if ours else 0.0


# names and nations


def _names(claim: str, basis: Basis) -> Iterator[Fault]:
    given = f"{basis.text}\n{basis.about}"
    known = frozenset(word.stem for word in words(given if basis.nearly else f"{given}\n{basis.elsewhere}"))
    short = initials(given)
    capitals = {word.text for word in words(given) if word.text.isupper()}
    for name in names(claim):
        if name.opens or (name.text.isupper() and name.text in short) or initials(name.text) & capitals:
            continue
        parts = [part for part in name.parts if part not in _OF_NATIONS and len(part) > 1]
        missing = [part for part in parts if part not in known]
        if missing:
            hard = basis.nearly or len(missing) == len(parts)
            yield Fault("name", hard, f"“{name.text}” is not named there")


_OF_NATIONS = frozenset(
    stems("england wales scotland northern ireland great britain united kingdom uk scottish welsh english".split())
)


def _nations(claim: str, basis: Basis) -> Iterator[Fault]:
    claimed, sentence = nations(claim), nations(basis.anchor) or nations(basis.text)
    around = nations(basis.about) | frozenset(basis.extent)
    new = claimed - sentence
    if new and not (new <= around and not sentence):
        told = sorted(sentence or around)
        where = (
            f"the guidance speaks of {_and(told)}, the draft of {_and(sorted(new))}"
            if told
            else f"{_and(sorted(new))} is not named there"
        )
        yield Fault("nation", True, where)
    elif sentence and not claimed and len(sentence) < 3 and "United Kingdom" not in sentence:
        yield Fault("nation", False, f"the guidance says this of {_and(sorted(sentence))}")


def _and(parts: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


# duties and denials

_WEAKER = {Duty.MAY, Duty.SHOULD, Duty.NEED_NOT}


def _duties(claim: str, basis: Basis) -> Iterator[Fault]:
    ours = said(claim)
    theirs = [(one, sentence) for sentence in basis.sentences for one in said(sentence)]
    claim_stems = {word.stem for word in words(claim)}
    given = {word.stem for word in words(basis.text)}
    met: set[Said] = set()
    for one in ours:
        same = [(other, sentence) for other, sentence in theirs if other.head == one.head and one.head]
        if not same and one.duty and _only(one, ours) and (basis.nearly or _is_alike(claim, basis.anchor)):
            same = [(other, sentence) for other, sentence in theirs if other.duty and _only(other, said(basis.anchor))]
        if same:
            met.update(other for other, _ in same)
            if not any(_agree(one, other) for other, _ in same):
                other, sentence = same[0]
                hard = basis.nearly or _is_alike(claim, basis.anchor) or _alike(claim, one, sentence, other.head)
                yield _binding(one, other, hard=hard)
        elif one.denied and (
            places := [sentence for sentence in basis.sentences if one.head in {word.stem for word in words(sentence)}]
        ):
            hard = basis.nearly or any(_alike(claim, one, sentence, one.head) for sentence in places)
            yield Fault("denial", hard, f"the draft said “{_phrase(claim, one)}”, the guidance does not deny it")
        elif one.duty is Duty.MUST and one.head in given and not _commanded(one.head, basis):
            yield Fault("duty", False, f"the draft said “{one.text}”, the guidance does not")
    heads = {one.head for one in ours}
    denied = any(one.denied for one in ours)
    for position, other in enumerate(said(basis.anchor)):
        if other in met or not other.head or other.head in heads or other.head not in claim_stems:
            continue
        if other.denied and not denied:
            hard = basis.nearly or len(_around(basis.anchor, other.start, other.end) & claim_stems) >= _ALIKE
            yield Fault("denial", hard, f"the guidance says “{other.text}”, the draft left that out")
        elif other.duty in _WEAKER and not any(one.duty for one in ours) and position == 0:
            yield Fault("duty", False, f"the guidance says “{other.text}”")


_ALIKE = 3
"""Words around a duty that a claim and a sentence must share to be taken to speak of the same thing."""


def _is_alike(claim: str, sentence: str) -> bool:
    """Whether nearly all that a claim speaks of stands in the sentence."""
    ours = {word.stem for word in content(claim)}
    return len(ours & {word.stem for word in words(sentence)}) >= _NEARLY_ALL * len(ours)


_NEARLY_ALL = 0.75


def _only(one: Said, all_said: tuple[Said, ...]) -> bool:
    return [other for other in all_said if other.duty] == [one]


def _alike(claim: str, one: Said, sentence: str, head: str) -> bool:
    """Whether a duty is about the same in the sentence: words around it are shared, its head left aside."""
    ours = _around(claim, one.start, one.end) - {head}
    around = [_around(sentence, word.start, word.end) for word in words(sentence) if word.stem == head]
    return any(len(ours & theirs) >= _ALIKE for theirs in around or [frozenset(word.stem for word in content(sentence))])


def _agree(one: Said, other: Said) -> bool:
    if one.duty is other.duty:
        return True
    if one.duty is None or other.duty is None:  # "is not paid" beside "cannot be paid"
        return one.denied == other.denied
    return False


def _binding(one: Said, other: Said, *, hard: bool) -> Fault:
    kind = "denial" if one.denied != other.denied else "duty"
    return Fault(kind, hard, f"the guidance says “{other.text}”, the draft said “{one.text}”")


def _phrase(text: str, one: Said) -> str:
    return " ".join(text[one.start :].split()[: len(one.text.split()) + 2]).rstrip(".,;")


def _commanded(head: str, basis: Basis) -> bool:
    """Whether a sentence, or a part of it, begins with the word: "Tell HMRC …"."""
    return any(
        word.stem == head
        and (
            not (before := sentence[: word.start].rstrip())
            or before[-1] in ",;:.-–—)"
            or before.split()[-1].lower() in {"and", "or", "then", "please", "always", "not"}
        )
        for sentence in basis.sentences
        for word in words(sentence)
    )


# conditions

_COVERED, _KNOWN = 0.5, 0.5
"""Share of a condition's words that a claim must have to keep it, and that the passages must have for a claim to set it."""
_NEGATIVE = re.compile(
    r"\b(?:not|no|never|without|cannot|nor)\b(?! (?:more|less|fewer|later|earlier|longer|exceeding)\b)|n['’]t\b",
    re.IGNORECASE,
)
_EVEN = re.compile(
    r"\b(?:even if|even when|whether or not|regardless of|including|irrespective of|despite)\b", re.IGNORECASE
)
_ONLY = re.compile(
    r"\b(?:only|solely|exclusively|just|nobody else|no one else|limited to|restricted to|sole)\b", re.IGNORECASE
)


def _conditions(claim: str, basis: Basis) -> Iterator[Fault]:
    claimed = {word.stem for word in content(claim)}
    ours = conditions(claim)
    for given in conditions(basis.anchor):
        told = basis.anchor[given.start + len(given.marker) : given.end]
        wanted = {word.stem for word in content(told)}
        if not wanted:
            continue
        if len(wanted & claimed) / len(wanted) < _COVERED or ("follow" in wanted and "follow" not in claimed):
            yield Fault("condition", False, f"the guidance adds “{given.text}”")
        elif turned := _turned(given, told, ours, claim):
            yield turned
    theirs = conditions(basis.text)
    around = {word.stem for word in words(f"{basis.about}\n{basis.elsewhere}")}
    for one in ours:
        about = {word.stem for word in content(one.text)}
        rest = {word.stem for word in content(basis.text)}
        if about and len(about & (rest | around)) / len(about) < _KNOWN:
            yield Fault("condition", True, f"the draft said “{one.text}”, the guidance does not")
        elif about and not basis.nearly and _is_tied(about, claimed, basis):
            yield Fault("condition", False, f"the draft ties “{one.text}” to this, the guidance says them apart")
        elif about and one.turn is Turn.UNLESS and len(about & rest) / len(about) >= 0.8 and not theirs:
            yield Fault("condition", True, f"the draft said “{one.text}”, the guidance makes no such exception")
    if _ONLY.search(_without_conditions(basis.anchor)) and not _ONLY.search(claim) and "not only" not in basis.anchor:
        yield Fault("condition", False, "the guidance says “only”")
    elif _ONLY.search(claim) and not _ONLY.search(basis.text) and "not only" not in claim:
        yield Fault("condition", False, "the draft said “only”, the guidance does not")


def _is_tied(condition: set[str], claimed: set[str], basis: Basis) -> bool:
    """Whether a condition and what the claim says on it come from two sentences, neither of which leads into the other."""
    main = claimed - condition
    if not main or not basis.further or any(sentence.endswith(":") for sentence in basis.sentences):
        return False
    anchor = {word.stem for word in words(basis.anchor)}
    return min(len(condition & anchor) / len(condition), len(main & anchor) / len(main)) < _COVERED


def _without_conditions(sentence: str) -> str:
    for given in reversed(conditions(sentence)):
        sentence = sentence[: given.start] + sentence[given.end :]
    return sentence


def _turned(given: Condition, told: str, ours: tuple[Condition, ...], claim: str) -> Fault | None:
    """The claim holds the words of the condition but turns it the other way."""
    wanted = {word.stem for word in content(told)}
    same = [one for one in ours if wanted & {word.stem for word in content(one.text)}]
    hard = Fault("condition", True, f"the guidance says “{given.text}”, the draft turned that round")
    for one in same:
        differs = (one.turn is Turn.UNLESS) != (given.turn is Turn.UNLESS)
        parity = len(_NEGATIVE.findall(one.text[len(one.marker) :])) % 2 != len(_NEGATIVE.findall(told)) % 2
        if differs != parity:
            return hard
        if given.turn is Turn.ONLY and one.turn is not Turn.ONLY and not _ONLY.search(claim):
            return Fault("condition", False, f"the guidance says “{given.marker}”")
    if not same and _EVEN.search(claim) and not _EVEN.search(given.text):
        return hard
    if not same and given.turn is Turn.UNLESS and not _NEGATIVE.search(claim):
        return hard
    return None


# opposites


def _opposites(claim: str, basis: Basis) -> Iterator[Fault]:
    ours, theirs = words(claim), [words(sentence) for sentence in basis.sentences]
    for opposite in OPPOSITES:
        for here in _places(opposite.one, ours):
            neighbours = _neighbours(ours, here, len(opposite.one))
            if any(
                neighbours & _neighbours(sentence, place, len(opposite.one)) or _bare(neighbours)
                for sentence in theirs
                for place in _places(opposite.one, sentence)
            ):
                continue  # it stands there too
            for sentence in theirs:
                places = _places(opposite.other, sentence)
                if any(neighbours & _neighbours(sentence, place, len(opposite.other)) for place in places):
                    if _denied_at(claim, ours[here]) != _denied_at_any(sentence, places, basis):
                        break
                    yield _opposed(opposite)
                    break


def _opposed(opposite: Opposite) -> Fault:
    return Fault(
        "opposite", True, f"the guidance says “{' '.join(opposite.other)}”, the draft said “{' '.join(opposite.one)}”"
    )


def _bare(neighbours: frozenset[str]) -> bool:
    return not neighbours


def _places(phrase: tuple[str, ...], text: tuple[Word, ...]) -> list[int]:
    size = len(phrase)
    return [
        n
        for n in range(len(text) - size + 1)
        if text[n].lower == phrase[0]
        and tuple(word.lower for word in text[n : n + size]) == phrase
        and not (n and phrase[0] in _BOUNDS and text[n - 1].lower in {"no", "not"})
    ]


_BOUNDS = frozenset("more less fewer later earlier longer shorter".split())


def _neighbours(text: tuple[Word, ...], place: int, size: int) -> frozenset[str]:
    before = [word.stem for word in text[max(0, place - 4) : place] if word.is_content][-2:]
    after = [word.stem for word in text[place + size : place + size + 4] if word.is_content][:2]
    return frozenset((*before, *after))


def _denied_at(text: str, word: Word) -> bool:
    return any(one.denied and one.start < word.start and word.start - one.end < 25 for one in said(text))


def _denied_at_any(sentence: tuple[Word, ...], places: list[int], basis: Basis) -> bool:
    texts = [text for text in basis.sentences if words(text) == sentence]
    return any(_denied_at(text, sentence[place]) for text in texts for place in places)


# who does what to whom

_TRANSFERS = frozenset(
    stems(
        "tell give pay send ask inform notify provide offer contact write consult supply charge let allow help support show "
        "refer report lend owe refund award appoint employ represent advise instruct order sue warn serve".split()
    )
)
_PERSONS = frozenset("you they them he she him we us it".split())
_BY = re.compile(r"\bby\b", re.IGNORECASE)


def _roles(claim: str, basis: Basis) -> Iterator[Fault]:
    ours = words(claim)
    for sentence in basis.sentences:
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


def _sides(text: tuple[Word, ...], verb: Word) -> tuple[frozenset[str], frozenset[str]]:
    """Who stands nearest before a verb and after it, without whose they are ("your employer" is the employer)."""
    place = text.index(verb)
    before = [_actor(word) for word in text[max(0, place - 6) : place] if _may_act(word)]
    after = [_actor(word) for word in text[place + 1 : place + 5] if _may_act(word)]
    return frozenset(before[-1:]), frozenset(after[:1])


def _may_act(word: Word) -> bool:
    return (word.is_content and word.lower not in _WHOSE and not word.text[0].isdigit()) or word.lower in _PERSONS


_WHOSE = frozenset("your their his her our its need needs write like want also then".split())


def _actor(word: Word) -> str:
    return {"them": "they", "him": "he", "us": "we"}.get(word.lower, word.stem)


def _is_passive(text: str, verb: Word) -> bool:
    before = text[max(0, verb.start - 14) : verb.start].lower()
    return bool(re.search(r"\b(?:is|are|be|was|were|been|being)\s$", before) and _BY.search(text, verb.end))


def _wording(claim: str, basis: Basis) -> Iterator[Fault]:
    if basis.nearly:
        for change in changes(claim, basis.anchor):
            yield Fault(change.kind, True, change.reason)
        known = frozenset(word.stem for text in (basis.about, *basis.further) for word in words(text))
        whole = frozenset(word.stem for word in words(basis.elsewhere))
        for put_in in added(claim, basis.anchor, known=known):
            elsewhere = all(word.stem in whole for word in content(put_in))
            yield Fault("added", not elsewhere, f"the draft added “{put_in}”")


_CHECKS: tuple[Callable[[str, Basis], Iterator[Fault]], ...] = (
    _quantities, _names, _nations, _duties, _conditions, _opposites, _roles, _wording,
)  # fmt: skip
