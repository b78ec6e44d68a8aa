"""Turns the text of an RTF file into characters: bytes in the code page of their font, and characters by number.

A character by number is followed by a stand-in for old programs, which is passed over. Knows nothing of groups or styles.
"""

from __future__ import annotations

from assistant.documents.flow_symbols import symbol
from assistant.documents.rtf_header import Header


class Decoder:
    """Collects bytes until something else comes, since a character may take several of them."""

    def __init__(self, header: Header) -> None:
        self._header = header
        self._waiting: list[bytes] = []
        self._font = 0
        self._skip = 0
        self._high = 0

    def add(self, data: bytes, font: int) -> None:
        """Bytes of text set in a font."""
        if self._skip:
            data, self._skip = data[self._skip :], max(0, self._skip - len(data))
        if data:
            self._font = font
            self._waiting.append(data)

    def take(self) -> str:
        """The characters since the last call."""
        if not self._waiting:
            return ""
        data = b"".join(self._waiting)
        self._waiting.clear()
        font = self._header.fonts.get(self._font)
        if font is not None and font.is_symbol:
            return "".join(symbol(font.name, code) for code in data)
        return data.decode(self._header.codec(self._font), "replace")

    def character(self, number: int, font: int, *, stand_in: int) -> str:
        """A character by number, of which the next `stand_in` bytes are a copy."""
        self._skip = stand_in
        code = number + 0x10000 if number < 0 else number
        if 0xD800 <= code < 0xDC00:
            self._high = code
            return ""
        if 0xDC00 <= code < 0xE000:
            high, self._high = self._high, 0
            return chr(0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)) if high else ""
        known = self._header.fonts.get(font)
        if 0 <= code < 0x110000:
            return symbol(known.name if known is not None else "", code)
        return ""

    def passes_over(self) -> bool:
        """Whether a word or symbol for a character that comes now is part of a stand-in."""
        if self._skip:
            self._skip -= 1
            return True
        return False

    def end_stand_in(self) -> None:
        """Whatever is no character ends a stand-in, so that one left out by a careless program costs no paragraph."""
        self._skip = 0
