"""The noun phrases of a question: what it is about, and what else could stand in their place.

By small words and the order of English questions, without a tagger: an auxiliary is followed by who does something, that by
the verb, that by what it is done to. Pure text; knows nothing of conversations.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r"[^\s,;:?!()“”\"]+")
_DETERMINERS = frozenset("a an the any some my our your their its his her each every another this that these those".split())
_PREPOSITIONS = frozenset(
    "about above after against at before behind below between by during for from in into of on onto out over per since"
    " through to towards under until up with within without as".split()
)
_AUXILIARIES = frozenset(
    "am are be been being can cannot could did do does had has have is may might must need needs ought shall should was were"
    " will would can't don't doesn't isn't aren't won't shouldn't mustn't".split()
)
_PRONOUNS = frozenset("i we you he she it they them us me him someone somebody anyone anybody everyone there who".split())
_ASKING = frozenset("what which whose how when where why whom".split())
_BREAKS = frozenset("if unless because while whether than then so but not also still ever always usually normally".split())
_JOINS = frozenset("and or".split())
_VERBS = frozenset(
    "accept act add agree allow amend announce answer apply appoint approve ask assess attend authorise award become"
    " begin bring buy call cancel change charge check choose claim clear close come consider consult contact contain"
    " count cover create deal decide declare delete deliver destroy disclose discuss do draft employ end ensure expire"
    " explain extend fall file fill fit follow get give go grant handle happen help hold include inform investigate"
    " involve issue join keep last launch lay leave let look make manage mean meet need note notify offer open order"
    " pay produce provide publish put quote raise reach read receive recognise record refer refuse register reject"
    " release rely remain remove reply report request require resign respond review run say see seek select send serve"
    " set share show sign sit speak spend stand start stay stop store submit take talk tell transfer travel treat turn"
    " update use visit vote wait work write".split()
)
_PERIOD = frozenset("day days week weeks month months year years hour hours time long soon often much many quickly".split())


_SUBORDINATE = re.compile(
    r"\s(?:before|after|if|unless|when|while|because|until|so that)\s(?=(?:i|we|you|they|it|he|she|someone|somebody)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase.

    Attributes:
        start: Its first character.
        end: After its last.
        text: Its words.
        after: The preposition before it, lower case; "" when there is none.
        asked: Whether it is what the question wants to know rather than what it is about: "how many days", "what fee".
    """

    start: int
    end: int
    text: str
    after: str = ""
    asked: bool = False


def phrases(question: str) -> tuple[Phrase, ...]:
    """The noun phrases of a question, in order; "of" joins two to one."""
    tokens = list(_TOKEN.finditer(question))
    words = [token[0].lower().strip(".'’") for token in tokens]
    found: list[Phrase] = []
    begun: int | None = None
    after, asked, verb_due, subject_due = "", False, False, False

    def close(end: int) -> None:
        nonlocal begun, after, asked
        first = begun
        begun = None
        while first is not None and end > first and _is_idle(words[end - 1]):
            end -= 1
        if first is None or end <= first or all(word in _PERIOD | _DETERMINERS for word in words[first:end]):
            return
        start, stop = tokens[first].start(), tokens[end - 1].end()
        found.append(Phrase(start, stop, question[start:stop].rstrip("."), after, asked))
        after, asked = "", False

    for place, word in enumerate(words):
        before = words[place - 1] if place else ""
        parted = place and question[tokens[place - 1].end() : tokens[place].start()].strip()
        if parted:
            close(place)
        if word in _ASKING or word in _BREAKS:
            close(place)
            after, asked = "", word in {"what", "which", "whose", "how"}
            verb_due = word in _BREAKS and verb_due
        elif word in _PRONOUNS:
            close(place)
            after, asked = "", False
            verb_due = word not in {"them", "us", "me", "him"}
            subject_due = False
        elif word in _AUXILIARIES:
            was_subject = begun is not None and subject_due
            close(place)
            after = ""
            verb_due = was_subject or verb_due
            subject_due = not verb_due and before not in _AUXILIARIES
            asked = words[place + 1 : place + 2] == ["the"] and words[:place] in (["what"], ["which"], ["where"])
        elif word == "of" and begun is not None and not asked:
            continue
        elif word in _PREPOSITIONS:
            close(place)
            after, asked = word, False
            verb_due = word == "to" and _infinitive(words, place)
        elif begun is None and word not in _DETERMINERS and (verb_due or (before == "who" and word not in _DETERMINERS)):
            verb_due = subject_due = False
            after = ""
        elif begun is not None and place - begun > 0 and _is_verb(words, place, begun) and subject_due and not after:
            close(place)
            verb_due = subject_due = False
        elif begun is not None and asked and word.endswith("s") and word[:-1] in _VERBS and words[begun - 1] in _ASKING:
            close(place)
        elif begun is None:
            if word not in _JOINS:
                begun = place
        elif word in _DETERMINERS and before not in _JOINS | {"of"}:
            close(place)
            begun = place
        elif (
            word in _JOINS
            and place + 1 < len(words)
            and words[place + 1] in _PRONOUNS | _AUXILIARIES | _ASKING | _PREPOSITIONS
        ):
            close(place)
    close(len(words))
    return tuple(found)


def _infinitive(words: Sequence[str], place: int) -> bool:
    """Whether the "to" at a place begins an infinitive."""
    if place + 1 >= len(words) or words[place + 1] in _DETERMINERS | _PRONOUNS:
        return False
    following = words[place + 2] if place + 2 < len(words) else ""
    return words[place + 1] in _VERBS | _AUXILIARIES and (
        words[place - 1] in _AUXILIARIES | {"how", "want", "able", "required", "allowed", "long", "time", "supposed"}
        or following in _DETERMINERS | _PRONOUNS | _PREPOSITIONS | {""}
    )


def _is_idle(word: str) -> bool:
    """Whether a word cannot end a noun phrase: "meetings published", "needed"."""
    return word in _DETERMINERS | _JOINS | {"of"} or (len(word) > 4 and word.endswith("ed"))


def _is_verb(words: Sequence[str], place: int, begun: int) -> bool:
    return words[place] in _VERBS and words[place - 1] not in _DETERMINERS | _JOINS | {"of"} and place > begun


def topics(question: str) -> list[str]:
    """What a question may be about: its noun phrases, each with those that a preposition joins to it, the longest first."""
    sentence = _SUBORDINATE.split(question)[0]
    groups: list[list[Phrase]] = []
    for phrase in phrases(sentence):
        if groups and phrase.after and sentence[groups[-1][-1].end : phrase.start].split() == [phrase.after]:
            groups[-1].append(phrase)
        elif not phrase.asked or _THE.match(phrase.text):
            groups.append([phrase])
    spans = [sentence[group[0].start : group[-1].end] for group in groups]
    order = sorted(range(len(spans)), key=lambda place: (-len(spans[place].split()), -place))
    return [spans[place] for place in order]


_THE = re.compile(r"the\s", re.IGNORECASE)
