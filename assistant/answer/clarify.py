"""Asks back when a question of a word or two fits several pages about as well: which of them is meant?

A topic is offered only when its question, asked in full, is answered from its page. Knows nothing of how answers are made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.answer.evidence import content_words
from assistant.answer.model import Choice
from assistant.answer.point import apart
from assistant.search import Retrieval, Searcher, not_current

_MOST_WORDS = 8  # "how long have we got to reply to it"; what is longer says what it is about
_MOST_CONTENT_WORDS = 1  # beside those that stand in questions on anything
_CLOSE = 0.85  # of the best page's score: pages that fit about as well
_LOOKED_AT = 12  # hits
_MOST_TRIED = 5
_MOST_CHOICES = 3
_FEWEST_CHOICES = 2
_LONGEST_LABEL = 90


@dataclass(frozen=True, slots=True)
class Topic:
    """A page that a vague question may be about.

    Attributes:
        page: Its address.
        title: Its title.
    """

    page: str
    title: str


def is_vague(question: str) -> bool:
    """True for a question that has hardly a word to search by: "leave", "how do I apply?"."""
    words = question.split()
    return len(words) <= _MOST_WORDS and len(apart(question)) <= _MOST_CONTENT_WORDS and not _names(question)


def _names(question: str) -> bool:
    """True when there is a word that means one thing: an acronym, a reference, a number."""
    return any((word.isupper() and len(word) > 1) or any(letter.isdigit() for letter in word) for word in question.split())


def topics(retrieval: Retrieval, searcher: Searcher) -> tuple[Topic, ...]:
    """The pages that fit about as well as the best one, best first; one alone when it stands out."""
    found: dict[str, Topic] = {}
    best = retrieval.hits[0].score if retrieval.hits else 0.0
    for hit in retrieval.hits[:_LOOKED_AT]:
        document = searcher.index.brief(hit.row)
        if hit.score < _CLOSE * best or not_current(document):
            continue
        found.setdefault(document.url, Topic(document.url, document.title))
    distinct: dict[frozenset[str], Topic] = {}
    for topic in found.values():
        distinct.setdefault(content_words(topic.title), topic)
    return tuple(distinct.values())[:_MOST_TRIED]


def choices(question: str, found: tuple[Topic, ...], answers_from: Callable[[str], str]) -> tuple[Choice, ...]:
    """What to ask back, none when fewer than two topics have an answer of their own.

    Args:
        question: The vague question.
        found: Its topics.
        answers_from: Address of the page that answers a question best; "" when the guidance does not answer it.
    """
    offered: list[Choice] = []
    for topic in found:
        asked = _about(question, topic)
        if answers_from(asked) == topic.page:
            offered.append(Choice(label=_label(topic.title), question=asked))
        if len(offered) == _MOST_CHOICES:
            break
    return tuple(offered) if len(offered) >= _FEWEST_CHOICES else ()


def _about(question: str, topic: Topic) -> str:
    bare = question.strip().rstrip("?.! ")
    if len(bare.split()) > 2:
        return f"{topic.title}: {bare[0].lower() if not bare.startswith('I ') else bare[0]}{bare[1:]}?"
    return f"What does “{topic.title}” say about {bare}?"


def _label(title: str) -> str:
    return title if len(title) <= _LONGEST_LABEL else f"{title[: _LONGEST_LABEL - 1].rstrip()}…"
