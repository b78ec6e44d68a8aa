"""Counts what a draft took: tokens as the provider tells them, else as Bernard counts them, and their price.

Knows nothing of how a draft is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.answer.model import Usage
from assistant.answer.prompt import Counter
from assistant.settings import GenerationSettings

_MILLION = 1_000_000


@dataclass(slots=True)
class Meter:
    """Counts while a draft is written.

    Attributes:
        prompt: All that the model was given.
        count: Counts the tokens of a text.
    """

    prompt: str
    count: Counter
    _read: int = 0
    _written: int = 0
    _text: list[str] = field(default_factory=list)

    def had(self, text: str, told: Mapping[str, Any]) -> None:
        """A piece came.

        Args:
            text: Its characters.
            told: What the provider said with it of tokens, by LangChain's names ("input_tokens", "output_tokens"); each
                piece's are added up, as LangChain does. Empty when it said nothing.
        """
        self._text.append(text)
        self._read += _whole(told.get("input_tokens"))
        self._written += _whole(told.get("output_tokens"))

    def usage(self, settings: GenerationSettings, *, is_whole: bool) -> Usage:
        """What the draft took.

        Args:
            settings: Have the prices.
            is_whole: The model had its say to the end; else what the provider told so far is not all of it.
        """
        is_told = is_whole and self._read > 0 and self._written > 0
        read, written = self._read, self._written
        if not is_told:
            text = "".join(self._text)
            read, written = self.count(self.prompt), self.count(text) if text else 0
        pounds = (read * settings.price_read + written * settings.price_written) / _MILLION
        return Usage(read=read, written=written, is_told=is_told, pounds=pounds)


def _whole(number: object) -> int:
    return number if isinstance(number, int) and number > 0 else 0
