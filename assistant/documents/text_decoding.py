"""Bytes of a text file to characters. Knows nothing of paragraphs."""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WHITE_SPACE = frozenset("\t\n\v\f\r\x1a\x1b")
_MOST_CONTROLS = 0.002
"""Share of control characters from which bytes are not text."""


class NotTextError(ValueError):
    """The bytes are not text in an encoding known here; the message says why, to follow "it"."""


def decode(data: bytes) -> str:
    """The characters of a file: as its byte order mark says, else UTF-8, else Windows-1252.

    Raises:
        NotTextError: The bytes are a picture, a program or text in another encoding.
    """
    named = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    if named is not None:
        try:
            text = data.decode(named)
        except UnicodeDecodeError as error:
            raise NotTextError(
                f"says that it is {named.upper()} and is not ({error.reason} at byte {error.start})"
            ) from error
    else:
        text = _without_mark(data)
    controls = sum(character < " " and character not in _WHITE_SPACE for character in text)
    if controls > _MOST_CONTROLS * len(text):
        raise NotTextError("holds binary data")
    return text


def _without_mark(data: bytes) -> str:
    if b"\0" in data:
        raise NotTextError("holds binary data")
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotTextError("is neither UTF-8 nor Windows-1252")
