"""Takes out of a text the characters that a reader of the page never sees.

They carry no guidance and are where instructions to a language model are smuggled in. Every visible character stays as it
is: no normalisation, so a quotation can be found again on the page. Knows nothing of file formats.
"""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f"  # control characters that are not white space
    "\u00ad\u034f\u061c"  # soft hyphen, grapheme joiner, Arabic letter mark
    "\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800"  # letters and patterns without ink
    "\u180b-\u180f"  # Mongolian selectors
    "\u200b-\u200f\u202a-\u202e"  # zero-width spaces and joiners, direction marks
    "\u2060-\u206f\ufeff\ufff9-\ufffb"  # word joiner, invisible operators, isolates, byte order mark
    "\ufe00-\ufe0f\U000e0100-\U000e01ef"  # variation selectors: 256 of them, a byte each
    "\U0001d173-\U0001d17a"  # musical format controls
    "\U000e0000-\U000e007f"  # tag characters: an invisible copy of ASCII
    "\ud800-\udfff"  # halves of characters, which cannot be stored
    "]+"
)
_WINDOWS = re.compile("[\x80-\x9f]")


def readable(text: str) -> str:
    r"""The text without characters that have no ink; visible ones are unchanged.

    Codes 128 to 159 are read as Windows-1252, as browsers do ("\x92" is an apostrophe); the few that mean nothing there go.
    """
    if text.isascii() and text.isprintable():
        return text
    return _UNSEEN.sub("", _WINDOWS.sub(_windows_character, text))


def _windows_character(match: re.Match[str]) -> str:
    if match[0] == "\x85":  # next line: white space in Unicode, an ellipsis in Windows-1252
        return "…"
    return match[0].encode("latin-1").decode("cp1252", errors="ignore")
