"""Makes a follow-up question stand on its own: by rule, or by whatever `Rewriter` is set.

"And in Scotland?" after "How long do I have to answer an FOI request?" becomes the two together. Whoever rewrites, nothing
gets past `guarded` that speaks of what the conversation does not. Knows nothing of search.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from typing import Protocol

from assistant.answer.evidence import stemmed
from assistant.answer.follow_ups import Reading, readings
from assistant.answer.model import Turn
from assistant.answer.pleasantries import without_pleasantries

_log = logging.getLogger(__name__)


class Rewriter(Protocol):
    """Writes a follow-up as a question of its own; a language model, usually."""

    def rewrite(self, question: str, history: Sequence[Turn]) -> str:
        """The question with what it needs from the conversation, oldest message first."""
        ...


_FREE = frozenset(  # small words that a rewrite may bring; none of them denies, obliges or limits anything
    "a about after am an and any are as at be been being by can could did do does doing for from get had has have how "
    "i if in into is it its me my of on or our so than that the their them then there these they this "
    "those to under up us was we were what when where which while who whom whose why will with would you your".split()
)
_OBLIGES = frozenset("must should shall ought required obliged allowed permitted entitled may".split())
"""Whether something is a duty or a right is the person's to ask; what Bernard said of it does not count."""
_DENIES = frozenset("no not never none nor neither without unless except cannot".split())
_ANY_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_LONGEST_REWRITE = 1000


def complete(question: str, history: Sequence[Turn], rewriter: Rewriter | None = None) -> tuple[Reading, ...]:
    """What a question may ask: as the rewriter has it where it is set and keeps to the conversation, else by rule.

    Args:
        question: As asked now.
        history: The conversation before it, oldest first; rules use the person's own messages only, without courtesies.
        rewriter: Writes follow-ups out.
    """
    if rewriter is not None and history:
        try:
            rewritten = guarded(rewriter.rewrite(question, history), question, history)
        except Exception:  # noqa: BLE001 - whatever a model does, the question can still be asked
            _log.warning("A follow-up could not be rewritten by the model; it is rewritten by rule", exc_info=True)
            rewritten = None
        if rewritten is not None:
            return (Reading(rewritten),)
    earlier = [without_pleasantries(turn.content) for turn in history if turn.role == "user"]
    by_rule = readings(question, [message for message in earlier if message])
    kept = tuple(reading for reading in by_rule if guarded(reading.question, question, history))
    return kept or (Reading(question),)


def guarded(rewritten: str, question: str, history: Sequence[Turn]) -> str | None:
    """The rewritten question when it keeps to the conversation, else None.

    Every word that carries meaning must occur in the question or in the conversation before it, endings aside; numbers,
    and words that deny, exactly. What the question itself denies, the rewrite must deny too, and it must keep the question's
    numbers and most of its words: a model that answers, or asks the earlier question again, has not rewritten this one.

    Args:
        rewritten: What a rewriter made of it.
        question: As asked.
        history: The conversation before it.
    """
    found = rewritten.strip()
    if not found or len(found) > max(_LONGEST_REWRITE, len(question) + sum(len(turn.content) + 2 for turn in history)):
        return None
    said = _meaning(" ".join([question, *(turn.content for turn in history)]))
    asked, kept = _meaning(question), _meaning(found)
    own = asked - _FREE
    numbers = {word for word in asked if any(letter.isdigit() for letter in word)}
    asked_by_person = _meaning(" ".join([question, *(turn.content for turn in history if turn.role == "user")]))
    if not (kept & _OBLIGES_STEMS) <= asked_by_person:
        return None
    if not kept <= said | _FREE or not (asked & _DENIES) | numbers <= kept or 2 * len(own & kept) < len(own):
        return None
    return found


_OBLIGES_STEMS = _OBLIGES | stemmed(_OBLIGES)


def _meaning(text: str) -> set[str]:
    """The words of a text, lower case and without endings; "don't" also counts as "not"."""
    words = [word.replace("’", "'") for word in _ANY_WORD.findall(text.casefold())]
    denied = {"not"} if any(word.endswith("n't") or word == "cannot" for word in words) else set()
    plain = {word for word in words if word in _FREE or word in _DENIES or any(letter.isdigit() for letter in word)}
    return plain | denied | stemmed(word.removesuffix("'s") for word in words if word not in plain)
