"""Bytes of a text file to characters. Knows nothing of paragraphs."""

from __future__ import annotations

import codecs

MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""Byte order marks with what they name; longer ones come before those that they begin with."""
_CONTROLS = [chr(code) for code in range(32) if chr(code) not in "\t\n\v\f\r\x1a\x1b"]
_ZEROS = {
    "x0x0": "utf-16-le",
    "0x0x": "utf-16-be",
    "x000": "utf-32-le",
    "000x": "utf-32-be",
}
"""Which bytes of four are zero in European text."""
_LOOKED_AT = 4096
_MOSTLY = 0.7
_MOST_CONTROLS = 0.002
"""Share of control characters from which bytes are not text."""


class NotTextError(ValueError):
    """The bytes are not text in an encoding known here; the message says why, to follow "it"."""


def decode(data: bytes) -> str:
    """The characters of a file: as its byte order mark says, else UTF-8, else Windows-1252.

    Raises:
        NotTextError: The bytes are a picture, a program or text in another encoding.
    """
    if named := named_by_mark(data):
        try:
            text = data.decode(named)
        except UnicodeDecodeError as error:
            raise NotTextError(
                f"says that it is {named.upper().removesuffix('-SIG')} and is not, from byte {error.start + 1:,} on"
            ) from error
    else:
        text = _without_mark(data)
    if is_binary(text):
        raise NotTextError("holds binary data")
    return text


def named_by_mark(data: bytes) -> str:
    """The encoding that a byte order mark names, "" without one."""
    return next((encoding for mark, encoding in MARKS.items() if data.startswith(mark)), "")


def unmarked(data: bytes) -> str:
    """UTF-16 or UTF-32 where every second byte, or three in four, are zero as in European text; "" for anything else."""
    start = data[:_LOOKED_AT]
    zeros = [start[place::4].count(0) / max(len(start[place::4]), 1) for place in range(4)]
    pattern = "".join("0" if share > _MOSTLY else "x" for share in zeros)
    return _ZEROS.get(pattern, "") if all(share > _MOSTLY or share < 1 - _MOSTLY for share in zeros) else ""


def is_binary(text: str) -> bool:
    """Whether so many control characters stand in a text that it is none."""
    controls = sum(map(text.count, _CONTROLS))
    return controls > _MOST_CONTROLS * len(text)


def _without_mark(data: bytes) -> str:
    wide = unmarked(data)
    if b"\0" in data and not wide:
        raise NotTextError("holds binary data")
    for encoding in (wide,) if wide else ("utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotTextError("holds binary data" if wide else "is neither UTF-8 nor Windows-1252")
