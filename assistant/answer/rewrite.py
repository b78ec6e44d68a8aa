"""Makes a follow-up question stand on its own, by rule: it keeps the words of the conversation and adds none.

"And in Scotland?" after "How long do I have to answer an FOI request?" becomes the two together. Knows nothing of search.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer.model import Turn

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


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question with what it leans on from the person's earlier ones; unchanged when it stands on its own.

    Args:
        question: As asked now.
        history: The conversation before it, oldest first; only the person's own messages are used.
    """
    earlier = [turn.content.strip() for turn in history if turn.role == "user" and turn.content.strip()]
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
