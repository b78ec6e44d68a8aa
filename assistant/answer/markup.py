"""A sentence of a model without its markup: emphasis, tags, code marks, links and addresses are taken out.

Addresses are counted: those shown to a reader come from documents only. Knows nothing of claims or sources.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINK = re.compile(r"!?\[([^\][]*)\]\(\s*<?[^)\s]*>?(?:\s+\"[^\"]*\")?\s*\)")
_END = r"[^\s<>\"'“”.,;:!?)\]*_]"
_PATH = rf"(?:/[^\s<>\"'“”]*{_END})"
_TOP_LEVEL = (
    "com|org|net|io|uk|gov|info|eu|co|dev|app|xyz|biz|ai|ru|cn|de|fr|me|ly|gg|to|cc|tv|us|ca|in|su|top|site|online|shop|link|click"
    "|page|pages|cloud|tech|live|news|world|space|club|pro|nl|it|es|pl|ch|se|ie|scot|wales|london|edu|mil|int|onion|zip|mov"
)
_ADDRESS = re.compile(
    r"<?[a-z0-9+.-]*://[^\s<>\"'“”]*>?"
    rf"|<?\b(?:mailto|javascript|data)\s?:[^\s<>\"'“”]*{_END}>?"
    rf"|www\.[^\s<>\"'“”]*{_END}"
    r"|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    rf"|\b(?:\d{{1,3}}\.){{3}}\d{{1,3}}(?::\d+)?{_PATH}?(?![\d.])"
    rf"|\b(?!gov\.uk\b(?!/\w))(?:[\w-]+\.)+(?:{_TOP_LEVEL})\b{_PATH}?"
    rf"|\b(?:xn--[a-z0-9-]+|[\w-]+)(?:\.[\w-]+)*\.(?:xn--[a-z0-9-]+|[^\W\d_]{{2,24}}){_PATH}",
    re.IGNORECASE,
)
"""Web and mail addresses: with a scheme, of a well-known ending, by number, or of any ending where a path follows."""
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,600}>")
_EMPHASIS = re.compile(r"(\*{1,3}|_{1,3}|~~)(?=\S)(.+?)(?<=\S)\1(?![a-z0-9])")
_LEFT_OVER = re.compile(r"\*+|(?<!\w)_+|_+(?!\w)|`+|~~")
_HOLE = re.compile(r"\s*[(\[]\s*[)\]]")
_SPACE = re.compile(r"\s+")
_BEFORE_STOP = re.compile(r"\s+([.,;:!?])")
_DANGLING = re.compile(
    r"^(?:according to|as (?:stated|set out|described) in|per|based on|from)\s*,\s*|^[,;.:)\]\s]+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Plain:
    """Text without markup; `addresses` counts what was taken out, `holed` says that a sentence lost a word by it."""

    text: str
    addresses: int = 0
    holed: bool = False

    def after(self, place: int) -> Plain:
        """Without its first characters, and with a capital letter again."""
        return Plain(_capital(self.text[place:].lstrip()), self.addresses, self.holed)


def plain(text: str) -> Plain:
    """Take out markup. The words of a link stay and its address goes; a bare address goes and leaves a hole."""
    text, links = _LINK.subn(lambda link: link[1], text)
    text, bare = _ADDRESS.subn("", text)
    text = _TAG.sub(" ", text)
    for _ in range(3):  # emphasis within emphasis
        text = _EMPHASIS.sub(r"\2", text)
    text = _HOLE.sub("", _LEFT_OVER.sub("", text))
    text = _BEFORE_STOP.sub(r"\1", _SPACE.sub(" ", text)).strip()
    opened = _DANGLING.sub("", text)
    return Plain(_capital(opened) if opened != text else text, links + bare, bare > 0)


def without_addresses(text: str, instead: str) -> str:
    """Text in which another text stands for each web and e-mail address."""
    return _ADDRESS.sub(instead, text)


def parts_of(row: str) -> tuple[str, ...]:
    """The cells of a row of a table."""
    return tuple(cell.strip() for cell in row.strip().strip("|").split("|"))


def lines_up_with(text: str) -> str:
    """The text for finding ends of sentences, character by character: marks of emphasis count as quotation marks."""
    return text.replace("*", "'").replace("_", "'").replace("\n", " ")


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
