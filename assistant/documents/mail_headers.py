"""Reads the header fields of an e-mail as people see them: encoded words, raw 8-bit letters, names with addresses, dates.

Never fails: what cannot be decoded shows as it stands. Knows nothing of the message's text.
"""

from __future__ import annotations

import datetime as dt
import re
from email.header import decode_header
from email.utils import getaddresses, parsedate_to_datetime

from assistant.documents.clean import readable
from assistant.documents.mail_charsets import decode_text

_ENCODED = re.compile(r"=\?[^?\s]+\?[BbQq]\?[^?]*\?=")
_QUOTED_ENCODED = re.compile(r'"(\s*=\?[^"]+\?=\s*)"')
_FOLDED = re.compile(r"\r?\n[ \t]*")

_LONGEST = 20_000
"""Characters of a field that are read; to decode a million takes minutes."""


def words_of(value: object) -> str:
    """The text of a field on one line, with encoded words (RFC 2047) written out."""
    text = _FOLDED.sub(" ", str(value)[:_LONGEST]) if value is not None else ""
    if _ENCODED.search(text):
        text = _decoded(text)
    return " ".join(readable(text).split())


def _decoded(text: str) -> str:
    try:
        parts = decode_header(text)
    except Exception:  # noqa: BLE001 - damaged Base64 raises errors of several kinds; the field then shows as it is
        return text
    return "".join(
        part if isinstance(part, str) else decode_text(part, charset or "utf-8") if charset else part.decode("latin-1")
        for part, charset in parts
    )


def people(*values: object) -> tuple[str, ...]:
    """Everyone named in address fields, as "Jo Smith <jo@example.gov.uk>", each once."""
    fields = [_QUOTED_ENCODED.sub(r"\1", _FOLDED.sub(" ", str(value))) for value in values if value]
    found = (_person(words_of(name), words_of(address)) for name, address in getaddresses(fields))
    named = tuple(dict.fromkeys(person for person in found if person))
    return named or tuple(filter(None, map(words_of, values)))


def _person(name: str, address: str) -> str:
    if not name or name == address:
        return address
    return f"{name} <{address}>" if address else name


def moment(value: object) -> dt.datetime | None:
    """When a message was sent, as its Date field says; None when that is no date."""
    try:
        return parsedate_to_datetime(words_of(value))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
