"""Cuts an RTF file into its tokens: braces, control words, bytes of text. Knows nothing of what they mean.

Our own because the kept libraries lose what is needed here: striprtf gives words without lists, levels, tables or deletions,
and the others want a program outside Python or only undo RTF that wraps HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a token is."""

    OPEN = "{"
    CLOSE = "}"
    WORD = "a control word, with its number"
    SYMBOL = "a control symbol, such as a non-breaking hyphen"
    TEXT = "bytes of text"


@dataclass(frozen=True, slots=True)
class Token:
    r"""One token: `name` of a word or symbol, its `number` when it has one (`\b0`), or the `data` of a text."""

    kind: Kind
    name: str = ""
    number: int | None = None
    data: bytes = b""


_TOKEN = re.compile(
    rb"""\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})?\x20?
      | \\'(?P<byte>[0-9a-fA-F]{2})
      | \\(?P<symbol>[^a-zA-Z])
      | (?P<open>\{) | (?P<close>\})
      | (?P<text>[^\\{}\r\n\0]+)
      | [\r\n\0]+ | \\""",
    re.VERBOSE | re.DOTALL,
)
_OPEN, _CLOSE = Token(Kind.OPEN), Token(Kind.CLOSE)


def tokens(data: bytes) -> Iterator[Token]:
    """The tokens of a file, in order; stretches of raw data are passed over."""
    place = 0
    while match := _TOKEN.match(data, place):
        place = match.end()
        kind = match.lastgroup
        if kind == "text":
            yield Token(Kind.TEXT, data=match["text"])
        elif kind == "open":
            yield _OPEN
        elif kind == "close":
            yield _CLOSE
        elif kind == "byte":
            yield Token(Kind.TEXT, data=bytes((int(match["byte"], 16),)))
        elif kind == "symbol":
            yield Token(Kind.SYMBOL, match["symbol"].decode("latin-1"))
        elif kind in ("word", "number"):
            name, number = match["word"].decode("ascii"), match["number"]
            if name == "bin":
                place += max(int(number or 0), 0)
            else:
                yield Token(Kind.WORD, name, None if number is None else int(number))
