"""Has a language model name the themes, and lets through only names that the statements bear out.

The groups are formed without the model: their number does not jump, and each keeps its responses. A name needs quotes that
stand in different responses word for word, no number that they do not hold, and to be nearer to its own group than to any
other; else the name taken from the statements stands, and what was withheld is counted. Knows nothing of files.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any

import numpy as np

from assistant.answer import LanguageModel, Meter, harmless
from assistant.consult.clusters import Vectors
from assistant.consult.naming import Embed, Name
from assistant.errors import LanguageModelFailed
from assistant.grounding import PassageText, Verdict, plain_letters, sentences

Progress = Callable[[str, int, int], None]
Verify = Callable[[str, Sequence[PassageText]], Verdict]

_PROMPT = "theme_title.md"
_BETWEEN = "\n=====\n"
_CENTRAL, _SPREAD = 12, 8
"""Statements shown: the most central ones, and some of the others, evenly spread, so that a mixed group shows itself."""
_LONGEST_STATEMENT = 400
_LONGEST_REPLY = 3000
_TITLE_WORDS = (3, 14)
_QUOTE_WORDS = 3
_FEWEST_QUOTES = 2
_AS_NEAR = 0.02
"""A title may be this much nearer (cosine) to another group than to its own: groups of one subject lie as near as that."""
_LINE = re.compile(
    r"^[\s*#>-]*(TITLE|DESCRIPTION|QUOTE)\s*[\[(]?\d*[\])]?\s*\**\s*:\s*\**\s*(.+?)\s*$", re.IGNORECASE | re.MULTILINE
)
_MARKS = str.maketrans("‘’“”", "''\"\"")
_MIXED = re.compile(r"^\W*MIXED\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class Withheld(StrEnum):
    """Why a name that the model wrote was not taken."""

    UNREADABLE = "it kept to no form that can be read"
    MIXED = "it found no point that the statements have in common"
    LENGTH = "the title is shorter than three words or longer than fourteen"
    QUOTES = "fewer than two of its quotes stand in different responses word for word"
    NUMBER = "it says a number that no statement says"
    NEARER = "the title is nearer to another theme's statements than to its own"
    TAKEN = "another theme has the same title"


@dataclass(frozen=True, slots=True)
class Shown:
    """A statement of a group.

    Attributes:
        response: Place of its response.
        id: The respondent's identifier.
        words: The statement, personal data masked.
    """

    response: int
    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Writing:
    """How the language model fared, for the report.

    Attributes:
        model: Its name.
        prompt: First characters of the digest of the prompt's file.
        asked: Groups it was asked to name.
        kept: Names that were taken.
        withheld: Names that were not, by why.
        dropped: Sentences of descriptions that the statements do not bear out.
        read: Tokens of all prompts.
        written: Tokens of all replies.
        is_told: The provider counted the tokens; else they are estimated.
        pounds: Their price as the settings have it; 0 where they have none.
        failed: Why the model was asked no further; "" where it did not fail.
    """

    model: str
    prompt: str
    asked: int = 0
    kept: int = 0
    withheld: Mapping[str, int] = field(default_factory=dict)
    dropped: int = 0
    read: int = 0
    written: int = 0
    is_told: bool = True
    pounds: float = 0.0
    failed: str = ""


@dataclass(frozen=True, slots=True)
class WrittenName:
    """What a group is called, and what became of the model's name for it.

    Attributes:
        name: The model's where it was taken, else that from the statements.
        quotes: Words that bear the title out, with their respondents' identifiers.
        withheld: Why the model's name was not taken; None where it was, or where it was not asked.
    """

    name: Name
    quotes: tuple[tuple[str, str], ...] = ()
    withheld: Withheld | None = None


class Replies:
    """Replies kept from an earlier run, so that none is paid for twice."""

    def __init__(self, recall: Callable[[str], Any] | None = None, keep: Callable[[str, Any], None] | None = None) -> None:
        self._recall, self._keep = recall, keep

    def of(self, model: LanguageModel, system: str, user: str) -> tuple[str, Mapping[str, Any]]:
        """The reply to a prompt, and what it took.

        Raises:
            LanguageModelFailed: It could not be reached, or failed.
        """
        key = hashlib.sha256(f"{model.name}\0{system}\0{user}".encode()).hexdigest()[:32]
        if self._recall and (kept := self._recall(key)):
            return str(kept["text"]), kept
        meter, text, whole = Meter(f"{system}{user}", model.count), "", True
        for piece in model.write(system, user):
            text += piece.text
            meter.had(piece.text, piece.usage)
            if len(text) > _LONGEST_REPLY:
                whole = False
                break
        usage = meter.usage(model.settings, is_whole=whole)
        told = {"text": text, "read": usage.read, "written": usage.written, "told": usage.is_told, "pounds": usage.pounds}
        if self._keep:
            self._keep(key, told)
        return text, told


def write_names(
    model: LanguageModel,
    groups: Sequence[Sequence[Shown]],
    names: Sequence[Name],
    *,
    centres: Vectors,
    embed: Embed,
    verify: Verify,
    asked: str,
    replies: Replies | None = None,
    progress: Progress | None = None,
) -> tuple[tuple[WrittenName, ...], Writing]:
    """Names by the model where they pass, else those given.

    Args:
        model: Writes.
        groups: Statements of each group, the most central first.
        names: Of each group, from its statements.
        centres: Direction of each group, shape `(groups, dimension)`.
        embed: Makes vectors of texts.
        verify: Says whether passages bear a sentence out.
        asked: The question of the consultation.
        replies: Keeps what the model said.
        progress: Told how far it is.
    """
    known = replies or Replies()
    found = [WrittenName(name) for name in names]
    withheld: Counter[str] = Counter()
    writing = Writing(model.name, prompt_version())
    for at, (statements, name) in enumerate(zip(groups, names, strict=True)):
        if progress:
            progress(f"Titles by {model.name}", at, len(groups))
        shown = _chosen(statements, model, asked)
        try:
            text, told = known.of(model, *_filled(asked, shown))
        except LanguageModelFailed as error:
            writing = replace(writing, failed=str(error))
            break
        writing = replace(
            writing,
            asked=writing.asked + 1,
            read=writing.read + told["read"],
            written=writing.written + told["written"],
            is_told=writing.is_told and told["told"],
            pounds=writing.pounds + told["pounds"],
        )
        taken = {one.name.title.lower() for place, one in enumerate(found) if place != at}
        found[at], dropped = _checked(text, shown, name, at=at, centres=centres, embed=embed, verify=verify, taken=taken)
        writing = replace(writing, dropped=writing.dropped + dropped)
        if found[at].withheld is not None:
            withheld[str(found[at].withheld)] += 1
        else:
            writing = replace(writing, kept=writing.kept + 1)
    if progress:
        progress(f"Titles by {model.name}", len(groups), len(groups))
    return tuple(found), replace(writing, withheld=dict(withheld))


def prompt_version() -> str:
    """Names the prompt in force."""
    return hashlib.sha256(_file().encode()).hexdigest()[:12]


def _checked(
    text: str,
    shown: Sequence[Shown],
    name: Name,
    *,
    at: int,
    centres: Vectors,
    embed: Embed,
    verify: Verify,
    taken: set[str],
) -> tuple[WrittenName, int]:
    """The model's name where it passes, and how many sentences of its description were dropped."""

    def not_taken(why: Withheld) -> tuple[WrittenName, int]:
        return WrittenName(name, withheld=why), 0

    if _MIXED.match(text):
        return not_taken(Withheld.MIXED)
    lines = [(kind.upper(), words.strip('*"“”‘’ ')) for kind, words in _LINE.findall(text)]
    title = next((words.rstrip(".") for kind, words in lines if kind == "TITLE"), "")
    if not title:
        return not_taken(Withheld.UNREADABLE)
    if not _TITLE_WORDS[0] <= len(title.split()) <= _TITLE_WORDS[1]:
        return not_taken(Withheld.LENGTH)
    if title.lower() in taken:
        return not_taken(Withheld.TAKEN)
    quotes = _found([words for kind, words in lines if kind == "QUOTE"], shown)
    if len({quote.response for quote, _ in quotes}) < min(_FEWEST_QUOTES, len({one.response for one in shown})):
        return not_taken(Withheld.QUOTES)
    said = " ".join(one.words for one in shown)
    description = " ".join(words for kind, words in lines if kind == "DESCRIPTION")
    if not set(_NUMBER.findall(title)) <= set(_NUMBER.findall(said)):
        return not_taken(Withheld.NUMBER)
    near = centres @ embed([title])[0]
    if float(near[at]) < float(np.max(near)) - _AS_NEAR:
        return not_taken(Withheld.NEARER)
    passages = [PassageText(one.words) for one in shown]
    whole = [description[start:end] for start, end in sentences(description)]
    kept = [one for one in whole if verify(one, passages) is not Verdict.UNSUPPORTED]
    told = " ".join(kept) or name.description
    written = WrittenName(replace(name, title=title, description=told), tuple((one.id, words) for one, words in quotes))
    return written, len(whole) - len(kept)


def _found(quotes: Sequence[str], shown: Sequence[Shown]) -> list[tuple[Shown, str]]:
    """Quotes that stand in a statement, with the words as they stand there."""
    found = []
    for quote in quotes:
        words = re.findall(r"\S+", _plain(quote).strip(" .…\"'"))
        if len(words) < _QUOTE_WORDS:
            continue
        pattern = re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)
        for one in shown:
            if match := pattern.search(_plain(one.words)):
                found.append((one, one.words[match.start() : match.end()]))
                break
    return found


def _plain(text: str) -> str:
    """The text with the usual letters and quotation marks, no character more or less."""
    return plain_letters(text).translate(_MARKS)


def _chosen(statements: Sequence[Shown], model: LanguageModel, asked: str) -> list[Shown]:
    """The most central statements and some of the others, as many as the model has room for."""
    once = list({one.words: one for one in reversed(statements)}.values())[::-1]
    rest = once[_CENTRAL:]
    step = max(1, len(rest) // _SPREAD)
    wanted = [*once[:_CENTRAL], *rest[::step][:_SPREAD]]
    while len(wanted) > 1 and model.count("".join(_filled(asked, wanted))) > model.room:
        wanted.pop()
    return wanted


def _filled(asked: str, shown: Sequence[Shown]) -> tuple[str, str]:
    lines = [f"{number}. {_line(one.words)}" for number, one in enumerate(shown, start=1)]
    system, _, user = _file().partition(_BETWEEN)
    values = {"question": harmless(asked), "statements": "\n".join(lines)}
    return system.strip(), Template(user).substitute(values).strip()


def _line(words: str) -> str:
    plain = " ".join(harmless(words).split())
    return plain if len(plain) <= _LONGEST_STATEMENT else plain[:_LONGEST_STATEMENT].rsplit(" ", 1)[0]


@cache
def _file() -> str:
    return files("assistant.consult.prompts").joinpath(_PROMPT).read_text("utf-8")
