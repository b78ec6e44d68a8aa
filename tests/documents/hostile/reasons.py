"""Whether a reason can be shown to a clerk: plain words, nothing of the machinery."""

from __future__ import annotations

import re

_MACHINERY = re.compile(
    r"""Traceback | \b0x[0-9a-f]+ | \bobject\ at\b | <class | \b__\w+ | \bNone(?:Type)?\b
      | \b[A-Z]\w+(?:Error|Exception|Warning)\b
      | \b(?:lxml|etree|libxml2?|xmlCtxt\w*|zlib|zipfile|PDFium|pdfium|pypdfium2|olefile|struct|codec|yaml)
      | \bXML_PARSE\w* | \bErrno\b | <string> | \bchar\ \d | \bline\ \d+,\ column | CRC | decompress
      | please\ report
      | \bdict\b | \blist\ index\b | \bunpack\ requires | \bargument\b | \bbytes-like\b | \bparser\b | \bamplification\b
      | \(\) | \{\} | \(None\) | \\x[0-9a-f]{2} | \\u[0-9a-f]{4}""",
    re.VERBOSE,
)
_LONGEST = 400


def assert_plain(reason: str) -> None:
    """A reason is one line of plain words that says what is wrong."""
    assert reason
    assert len(reason) <= _LONGEST, reason
    assert len(reason.split()) > 2, reason
    assert reason.isprintable(), repr(reason)
    match = _MACHINERY.search(reason)
    assert match is None, f"{match[0]!r} in {reason!r}"
