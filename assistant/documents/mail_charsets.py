"""Bytes of an e-mail's text to characters, whatever the message says of them. Knows nothing of messages."""

from __future__ import annotations

import codecs

_AS_WINDOWS = frozenset(("iso8859-1", "latin-1", "ascii"))
"""Names that programs give to Windows-1252; browsers and mail programs read them so."""
_NO_TEXT = frozenset(("idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined", "utf-7"))
"""Codecs of Python that turn innocent bytes into other characters, or take very long."""


def decode_text(data: bytes, charset: str = "") -> str:
    """The characters of a text: UTF-8 where it is that, else as `charset` says, else Windows-1252; never fails.

    UTF-8 comes first because text in another encoding is hardly ever UTF-8 by chance, and the name given is often wrong.
    """
    named = _codec(charset)
    candidates = (named, "utf-8") if named.startswith(("utf-16", "utf-32", "iso2022", "hz")) else ("utf-8-sig", named)
    for encoding in candidates:
        try:
            return data.decode(encoding)
        except (LookupError, ValueError):  # LookupError: a codec of bytes, such as "zip"
            continue
    return data.decode("cp1252", errors="replace")


def _codec(charset: str) -> str:
    try:
        name = codecs.lookup(charset.strip().strip("\"'")).name
    except (LookupError, ValueError, TypeError):
        return "cp1252"
    return "cp1252" if name in _AS_WINDOWS or name in _NO_TEXT else name
