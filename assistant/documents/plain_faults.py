"""Says in plain words what is wrong with a damaged file, where the libraries that read it speak to programmers.

Knows the messages of the XML parser and of the ZIP reader; what it does not know it says in general words.
"""

from __future__ import annotations

from collections.abc import Iterable

_XML = (
    (("amplification", "entity", "Entity", "EntityRef"), "it declares or uses entities, which can do harm"),
    (("Excessive depth",), "it is nested too deeply"),
    (("Document is empty", "Start tag expected", "no element found"), "it does not begin as XML does"),
    (("encoding", "LookupError"), "its encoding is unknown or not the one that it names"),
    (
        ("Char 0x", "UTF-8", "xmlParseCharRef", "PCDATA invalid", "invalid byte"),
        "it holds characters that XML does not allow",
    ),
    (("mismatch", "Extra content"), "a tag is not closed where it should be"),
    (("Premature end", "EndTag", "expected '>'", "Couldn't find end", "unterminated", "not finished"), "it ends too early"),
    (("amespace",), "it uses a name that it does not declare"),
)
_PACKAGES = (
    (("not a zip file",), "it is no package of parts, as such files are"),
    (("compression", "not supported"), "it is packed in a way that cannot be undone"),
    (("differ", "Overlap", "overlap", "Bad magic", "directory", "archive with name"), "its list of parts is wrong"),
    (("CRC", "decompress", "EOF", "truncated", "End-of-stream"), "a part of it is damaged or missing"),
)


def xml_fault(error: Exception) -> str:
    """What is wrong with XML that could not be parsed, such as "it ends too early, in line 7"."""
    line = getattr(error, "lineno", None)
    place = f", in line {line:,}" if isinstance(line, int) and line > 1 else ""
    return _said(error, _XML, "it breaks the rules of XML") + place


def package_fault(error: Exception) -> str:
    """What is wrong with a ZIP package that could not be opened, or with a part of it."""
    return _said(error, _PACKAGES, "it cannot be unpacked")


def _said(error: Exception, known: Iterable[tuple[tuple[str, ...], str]], otherwise: str) -> str:
    message = f"{type(error).__name__}: {error}"
    return next((plain for signs, plain in known if any(sign in message for sign in signs)), otherwise)
