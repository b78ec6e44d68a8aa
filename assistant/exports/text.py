"""Text and addresses made fit for files: what XML cannot hold, what turns the direction of writing, and odd links go.

Pure functions. Knows nothing of answers.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

from assistant.answer.links import web_address

_ILLEGAL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 forbids or advises against (https://www.w3.org/TR/xml/#charsets)."""
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"[A-Za-z0-9.-]+")
_NO_WORD = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME = 60


def clean(text: str) -> str:
    """Text that every format can hold: characters that none can are replaced by one that says so."""
    text = _DIRECTION.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)


def one_line(text: str) -> str:
    """Clean text without line breaks."""
    return " ".join(clean(text).split())


def address_for_file(url: str) -> str:
    """A web address as a sound URI, which word processors insist on; "" for anything that is no plain web address."""
    address = web_address(url)
    if not address or not _HOST.fullmatch(urlsplit(address).hostname or "") or "@" in urlsplit(address).netloc:
        return ""
    page, hash_, fragment = _BAD_PERCENT.sub("%25", address).partition("#")
    return quote(page, safe="%/:=&?~+!$,;'()*") + (f"#{quote(fragment, safe='%/:=&?~+!$,;')}" if hash_ else "")


def file_name_of(title: str, *, day: str, ending: str) -> str:
    """A name for a file that any system takes, from a title and a date."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = _NO_WORD.sub("-", plain).strip("-")
    short = words if len(words) <= _LONGEST_NAME else words[:_LONGEST_NAME].rpartition("-")[0] or words[:_LONGEST_NAME]
    return "-".join(filter(None, ["bernard", short, day])) + f".{ending}"
