"""Fills the prompts. For a written answer: sources as numbered, delimited data, within the model's context.

A passage cannot close its own block, fake a marker or show an address: what could do so is replaced. Whole passages are
dropped from the end until all fits; none is ever cut. Knows nothing of models, save how they count.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template

from assistant.answer.marks import TAIL_MARK
from assistant.answer.markup import without_addresses
from assistant.answer.model import Source, Turn

Counter = Callable[[str], int]

_ANSWERING = "written_answer.md"
_REWRITING = "standalone_question.md"
_BETWEEN = "\n=====\n"
_ANGLES = str.maketrans({"<": "‹", ">": "›", "＜": "‹", "＞": "›"})
_MARK = re.compile(TAIL_MARK.pattern.removesuffix("$"), re.IGNORECASE)
_BYTES_A_TOKEN = 3
_OVERHEAD = 32  # tokens that a chat template puts around two messages
_MOST_OF_A_TURN = 1_200  # characters of an earlier message: a question leans on what was asked and how the answer began


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is given.

    Attributes:
        system: The rules.
        user: The sources and the question.
        sources: Those that fitted, in order; numbered from 1 as the model sees them.
        version: The first characters of the digest of the prompts' files.
    """

    system: str
    user: str
    sources: tuple[Source, ...]
    version: str


def estimate(text: str) -> int:
    """Tokens of a text, rather too many: a token for each three bytes. English has about four to a token."""
    return math.ceil(len(text.encode("utf-8", "ignore")) / _BYTES_A_TOKEN)


def prompt_version() -> str:
    """Names the prompts in force."""
    return hashlib.sha256(f"{_file(_ANSWERING)}\0{_file(_REWRITING)}".encode()).hexdigest()[:12]


def fill(question: str, sources: Sequence[Source], *, today: dt.date, room: int, count: Counter = estimate) -> Prompt:
    """The prompt for a question with as many of the sources, from the first, as there is room for.

    Args:
        question: As it was searched for.
        sources: The best first. Their own numbers play no part: the model sees them numbered from 1 in this order.
        today: The reader's date.
        room: Most tokens that the prompt may take.
        count: Counts the tokens of a text.

    Returns:
        The prompt; without any source when there is no room for the first.
    """
    blocks = [_block(number, source) for number, source in enumerate(sources, start=1)]
    left = room - _OVERHEAD - count("".join(_filled(question, blocks[:0], today)))
    fitting = 0
    for block in blocks:
        left -= count(block) + 2
        if left < 0:
            break
        fitting += 1
    system, user = _filled(question, blocks[:fitting], today)
    return Prompt(system, user, tuple(sources[:fitting]), prompt_version())


def fill_rewriting(question: str, history: Sequence[Turn], *, room: int, count: Counter = estimate) -> tuple[str, str]:
    """The system's and the user's message that ask for a follow-up as a question of its own.

    Args:
        question: The follow-up.
        history: The conversation before it, oldest message first; the oldest are left out where there is no room.
        room: Most tokens that both messages may take.
        count: Counts the tokens of a text.
    """
    said = [f"{turn.role}: {_line(turn.content)[:_MOST_OF_A_TURN]}" for turn in history]
    while True:
        system, user = _parts(_REWRITING, {"conversation": "\n".join(said), "question": harmless(question)})
        if not said or count(f"{system}{user}") + _OVERHEAD <= room:
            return system, user
        said = said[1:]


@cache
def _file(name: str) -> str:
    return files("assistant.answer.prompts").joinpath(name).read_text("utf-8")


def _parts(name: str, values: dict[str, str]) -> tuple[str, str]:
    """The two messages of a prompt's file, filled."""
    system, _, user = _file(name).partition(_BETWEEN)
    return Template(system).substitute(values).strip(), Template(user).substitute(values).strip()


def _filled(question: str, blocks: Sequence[str], today: dt.date) -> tuple[str, str]:
    values = {
        "today": f"{today.day} {today:%B %Y}",
        "numbers": ", ".join(f"[{number}]" for number in range(1, len(blocks) + 1)),
        "sources": "\n\n".join(blocks),
        "question": harmless(question),
    }
    return _parts(_ANSWERING, values)


def _block(number: int, source: Source) -> str:
    """One source with what a reader would want to know of it, and no address."""
    facts = [
        ("title", " > ".join(dict.fromkeys((source.title, *source.headings)))),
        ("publisher", source.organisation),
        ("updated", f"{source.updated.day} {source.updated:%B %Y}" if source.updated else "no date given"),
        ("applies-to", ", ".join(source.extent)),
        ("standing", "no longer current" if source.withdrawn else ""),
    ]
    about = "".join(f' {name}="{_line(value)}"' for name, value in facts if value)
    text = "\n".join(filter(None, (harmless(source.context), harmless(source.text))))
    return f'<source number="{number}"{about}>\n{text}\n</source>'


def harmless(text: str) -> str:
    """Text that cannot be taken for anything but text: no tags, markers, addresses or characters that cannot be seen."""
    seen = "".join(c for c in text if c in {"\n", "\t"} or unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    plain = without_addresses(seen, "(address)").translate(_ANGLES)
    unmarked = _MARK.sub(lambda mark: f"({mark[0].strip('[]【】()')})", plain)
    return unmarked.strip()


def _line(text: str) -> str:
    return " ".join(harmless(text).replace('"', "'").split())
