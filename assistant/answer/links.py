"""Addresses a reader may follow: only http and https, with the words that make the browser jump to the quotation.

Knows nothing of HTML.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

from assistant.documents import CELL_SEPARATOR

FRAGMENT_WORDS = 8
"""Enough words to be unique on nearly every page; few enough that a small edit of the page seldom breaks the link."""

_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


def web_address(url: str) -> str:
    """`url` when it is a sound http or https address, else ""."""
    if _UNSAFE.search(url):
        return ""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return ""
    return url if parts.scheme.lower() in {"http", "https"} and host else ""


def host_name(url: str) -> str:
    """The host of a web address, "" for anything else."""
    return (urlsplit(url).hostname or "") if web_address(url) else ""


def file_name(url: str) -> str:
    """The last part of a "file:" address, "" for anything else."""
    if not url.lower().startswith("file:"):
        return ""
    path = unquote(url[len("file:") :].partition("#")[0]).replace("\\", "/")
    return path.rstrip("/").rpartition("/")[2]


def brought_name(url: str) -> str:
    """What the file is called that somebody brought, by the address of a document in it, which may be an attachment."""
    return unquote(url[len("file:") :].partition("#")[0]).partition("/")[0] if url.lower().startswith("file:") else url


def address_of_quote(url: str, words: str) -> str:
    """The web address that opens the page at `words`, "" when `url` is not a web address.

    A text fragment directive (https://wicg.github.io/scroll-to-text-fragment/) follows the URL's own fragment, which
    still serves where the words have changed. PDF pages keep "#page=" alone: viewers read the whole fragment.
    """
    address = web_address(url)
    start = opening_words(words)
    if not address or not start or "#page=" in address:
        return address
    directive = quote(start, safe="").replace("-", "%2D")
    return f"{address}{'' if '#' in address else '#'}:~:text={directive}"


def address_of_page(url: str) -> str:
    """The web address of a whole page, "" when `url` is not a web address.

    For a page that is linked to and not quoted: the fragment names a heading of other text.
    """
    return web_address(url).partition("#")[0]


def opening_words(words: str) -> str:
    """The first words of a quotation that stand together on the page: within one line and one table cell."""
    line = next((line for line in words.splitlines() if line.strip()), "")
    cell = max(line.split(CELL_SEPARATOR), key=len)
    return " ".join(cell.split()[:FRAGMENT_WORDS])
