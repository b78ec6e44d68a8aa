"""First look at a question: is there one, and can it be worked with?

Knows nothing of guidance.
"""

from __future__ import annotations

import re

from assistant.errors import InputError

MAX_QUESTION_CHARACTERS = 10_000
"""Longer text is a document, not a question."""

# Control characters, zero-width and direction marks, and Unicode tags: unseen by the person who pasted them.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)


class EmptyQuestion(InputError):
    """Nothing was asked."""


class QuestionTooLong(InputError):
    """More was pasted than a question can be."""


def screen(question: str) -> str:
    """The question without characters that nobody sees, ready to be worked with.

    Raises:
        EmptyQuestion: There are no letters or digits in it.
        QuestionTooLong: It has more than 10,000 characters.
    """
    seen = _UNSEEN.sub("", question.encode("utf-8", "ignore").decode("utf-8")).strip()
    if not any(character.isalnum() for character in seen):
        raise EmptyQuestion("Nothing was asked. Type what you want to know, in a sentence or a few words.")
    if len(seen) > MAX_QUESTION_CHARACTERS:
        raise QuestionTooLong(
            f"The question has {len(seen):,} characters; the most is {MAX_QUESTION_CHARACTERS:,}. Shorten it to what "
            "you want to know."
        )
    return seen
