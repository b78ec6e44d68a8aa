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
from assistant.answer.model import Turn
from assistant.answer.pleasantries import without_pleasantries

_log = logging.getLogger(__name__)

_LEANS_BACK = re.compile(
    r"\b(it|its|they|them|their|theirs|that|this|these|those|he|him|his|she|her|instead|otherwise|either|neither|former|latter)\b",
    re.IGNORECASE,
)
_ALWAYS_LEAN = re.compile(
    r"^(and|but|or|so|then|also|what about|how about|and if|even if|what else|anything else|in that case)\b", re.IGNORECASE
)
_IMPERSONAL = re.compile(  # an "it" or "that" that stands for nothing said before
    r"\b(is it (true|right|correct|ok|okay|legal|possible|necessary|allowed)( that)?|does it (take|cost) (\w+ ){0,3}to\b"
    r"|it is|so that|such that|say that|know that|think that|means that|^so (what|how|when|who|where|can|do|is))\b",
    re.IGNORECASE,
)
_FRAGMENT = re.compile(
    r"^(in|for|with|without|under|after|before|to|at|on|by|from|if|when|why|how|where|who|which|what)\b", re.IGNORECASE
)
_WORD = re.compile(r"[A-Za-z0-9£%'’-]+")
_SHORT = 9
_MOST_TURNS = 3


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


def complete(question: str, history: Sequence[Turn], rewriter: Rewriter | None = None) -> str:
    """The question to search for: by the rewriter where it is set and keeps to the conversation, else by rule."""
    if rewriter is not None and history:
        try:
            rewritten = guarded(rewriter.rewrite(question, history), question, history)
        except Exception:  # noqa: BLE001 - whatever a model does, the question can still be asked
            _log.warning("A follow-up could not be rewritten by the model; it is rewritten by rule", exc_info=True)
            rewritten = None
        if rewritten is not None:
            return rewritten
    by_rule = standalone(question, history)
    return guarded(by_rule, question, history) or question


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


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question with what it leans on from the person's earlier ones; unchanged when it stands on its own.

    Args:
        question: As asked now.
        history: The conversation before it, oldest first; only the person's own messages are used, without courtesies.
    """
    earlier = [without_pleasantries(turn.content) for turn in history if turn.role == "user"]
    earlier = [message for message in earlier if message]
    if not earlier or not leans_back(question):
        return question
    chain = [question]
    for message in reversed(earlier[-_MOST_TURNS:]):
        chain.append(message)
        if not leans_back(message):
            break
    return " ".join(_closed(message) for message in reversed(chain))


def leans_back(question: str) -> bool:
    """True when a question cannot be understood without the one before it: "and in Scotland?", "what if they are late?"."""
    question = _IMPERSONAL.sub("", question)
    words = _WORD.findall(question)
    if _ALWAYS_LEAN.match(question.strip()):
        return True
    if len(words) <= _SHORT and _LEANS_BACK.search(question):
        return True
    return len(words) <= 3 and bool(_FRAGMENT.match(question.strip()) or question.strip().endswith("?"))


def _closed(message: str) -> str:
    return message if message[-1] in ".?!" else f"{message}."
