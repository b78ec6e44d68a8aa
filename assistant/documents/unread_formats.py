"""Why a file is not read whose suffix or content belongs to a format without a reader, and how to make it readable.

Knows suffixes and the first bytes of files, nothing of what is in them.
"""

from __future__ import annotations

from collections.abc import Iterable

_OLD = {
    ".doc": ("an old Word file", "Word", ".docx"),
    ".dot": ("an old Word template", "Word", ".docx"),
    ".dotx": ("a Word template", "Word", ".docx"),
    ".dotm": ("a Word template with macros", "Word", ".docx"),
    ".docm": ("a Word file with macros", "Word", ".docx"),
    ".wpd": ("a WordPerfect file", "LibreOffice Writer", ".docx"),
    ".xls": ("an old Excel file", "Excel", ".xlsx"),
    ".xlt": ("an old Excel template", "Excel", ".xlsx"),
    ".xltx": ("an Excel template", "Excel", ".xlsx"),
    ".xlsb": ("an Excel file in binary form", "Excel", ".xlsx"),
    ".ppt": ("an old PowerPoint file", "PowerPoint", ".pptx"),
    ".pps": ("an old PowerPoint slide show", "PowerPoint", ".pptx"),
    ".ppsx": ("a PowerPoint slide show", "PowerPoint", ".pptx"),
    ".potx": ("a PowerPoint template", "PowerPoint", ".pptx"),
    ".pptm": ("a PowerPoint file with macros", "PowerPoint", ".pptx"),
    ".odp": ("a LibreOffice Impress file", "LibreOffice Impress", ".pptx"),
    ".pages": ("an Apple Pages file", "Apple Pages", ".docx"),
    ".numbers": ("an Apple Numbers file", "Apple Numbers", ".xlsx"),
    ".key": ("an Apple Keynote file", "Apple Keynote", ".pptx"),
}
"""What each is, the program that opens it and the format to save it in."""
_ZIPPED = frozenset((".pages", ".numbers", ".key"))
"""Suffixes that other files have, too, such as keys for encryption."""
_KINDS = {
    b"%PDF-": ("a PDF", (".pdf",)),
    b"{\\rtf": ("a Rich Text file", (".rtf",)),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": ("an old Office file, or one protected by a password", (".msg",)),
    b"PK\x03\x04": ("a ZIP package, as new Office files are", (".docx", ".xlsx", ".xlsm", ".pptx", ".odt", ".ods")),
    b"\x89PNG\r\n\x1a\n": ("a picture", (".png",)),
    b"\xff\xd8\xff": ("a picture", (".jpg", ".jpeg")),
    b"GIF8": ("a picture", (".gif",)),
    b"\x1f\x8b": ("a compressed file", (".gz",)),
    b"<!DOCTYPE html": ("a web page", (".html", ".htm")),
    b"<html": ("a web page", (".html", ".htm")),
}
"""How files begin, what they are then, and the suffixes of such files."""

_TEXTS = frozenset((".csv", ".eml", ".json", ".markdown", ".md", ".qmd", ".txt", ".xml"))
_NO_MARKUP = frozenset((".csv", ".json", ".txt"))
"""Formats of text, and those of them in which no HTML may stand."""


def is_disguised(suffix: str, data: bytes) -> bool:
    """Whether a file is plainly of another kind than its suffix says, as a PDF named ".docx" is."""
    known = _kind(data)
    if known is None or suffix in known[1]:
        return False
    if known[1][0] == ".html":
        return suffix in _NO_MARKUP or any(suffix in suffixes for _, suffixes in _KINDS.values())
    return suffix in _TEXTS or any(suffix in suffixes for _, suffixes in _KINDS.values())


def disguise(suffix: str, data: bytes) -> str:
    """What a file is in truth, with what to do about it, to follow its name; "" when its beginning tells nothing."""
    known = _kind(data)
    if known is None:
        return ""
    what, suffixes = known
    remedy = f"rename it to {suffixes[0]}" if len(suffixes) < 3 else "open it and save it under its real format"
    if suffixes[0] == ".msg":
        remedy = "open it with the program that made it and save it again without a password"
    return f"is {what}, whatever its suffix {suffix} says; {remedy}"


def why_not_read(suffix: str, data: bytes, formats: Iterable[str]) -> str:
    """The reason to give for a file with a suffix that no reader has.

    Args:
        suffix: In small letters, with its dot; "" for none.
        data: The file's bytes.
        formats: Suffixes that are read.
    """
    kinds = ", ".join(formats)
    if suffix in _OLD and not (suffix in _ZIPPED and not data.startswith(b"PK")):
        what, program, better = _OLD[suffix]
        known = _kind(data)
        if known is not None and known[1][0] in (".rtf", ".pdf", ".html"):
            return disguise(suffix, data)
        return f"is {what} ({suffix}), a format that is not read; open it in {program} and save it as {better}"
    return f"{suffix or 'a file without a suffix'} is not a format that is read ({kinds})"


def _kind(data: bytes) -> tuple[str, tuple[str, ...]] | None:
    start = data[:256].lstrip(b"\xef\xbb\xbf \t\r\n")
    for mark, kind in _KINDS.items():
        if start[: len(mark)].lower() == mark.lower():
            return kind
    return None
