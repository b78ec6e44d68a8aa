"""Finds the question proper in what was typed: people describe a situation first and ask at the end.

Pure text; knows nothing of search.
"""

from __future__ import annotations

import re

_SENTENCE = re.compile(r"[^.?!\n]+(?:[.](?=\S)[^.?!\n]*)*[.?!]*")


def focus(text: str) -> str:
    """The sentences that ask, joined; the last sentence when none ends in a question mark; the text when it is one."""
    sentences = [match.group().strip() for match in _SENTENCE.finditer(text) if match.group().strip()]
    asking = [sentence for sentence in sentences if sentence.endswith("?")]
    return " ".join(asking or sentences[-1:]) or text.strip()
