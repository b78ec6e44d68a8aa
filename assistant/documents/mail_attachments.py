"""Turns what is attached to an e-mail into files with names that are safe, differ and end in the right suffix.

A name comes from a stranger: it may point outside, hide its end, or be a device on some systems. Knows nothing of what is in
the files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from assistant.documents.clean import readable
from assistant.documents.mail import Attachment
from assistant.documents.reader import File

_MOST = 1000
"""Files; the library reads fewer and says so."""
_MOST_BYTES = 400 * 1024 * 1024
_LONGEST = 150
"""Bytes of a name: file systems allow 255, and a number may be added."""
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)", re.IGNORECASE)
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,10}")
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
_SUFFIXES = {
    "application/msword": ".doc",
    "application/pdf": ".pdf",
    "application/rtf": ".rtf",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-outlook": ".msg",
    "application/vnd.ms-powerpoint": ".ppt",
    f"{_OFFICE}.presentationml.presentation": ".pptx",
    f"{_OFFICE}.spreadsheetml.sheet": ".xlsx",
    f"{_OFFICE}.wordprocessingml.document": ".docx",
    f"{_OPEN}.presentation": ".odp",
    f"{_OPEN}.spreadsheet": ".ods",
    f"{_OPEN}.text": ".odt",
    "application/zip": ".zip",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/tiff": ".tif",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "text/rtf": ".rtf",
}


def as_files(attachments: Sequence[Attachment], container: File) -> list[File]:
    """The attachments as files below the message, in order, without empty ones."""
    files: list[File] = []
    taken: set[str] = set()
    size = 0
    for attachment in attachments:
        size += len(attachment.data)
        if len(files) == _MOST or size > _MOST_BYTES:
            break
        if attachment.data:
            name = _unique(safe_name(attachment.name, attachment.media_type), taken)
            taken.add(name.casefold())
            files.append(File(container.path / name, f"{container.relative}/{name}", attachment.data))
    return files


def safe_name(name: str, media_type: str = "") -> str:
    r"""A name that is a name on every system, with the suffix of its media type where it has none.

    "..\a/b:c.pdf" is "b_c.pdf"; "CON.txt" is "_CON.txt"; nothing at all is "attachment".
    """
    name = readable(name).replace("\\", "/").rstrip("/").rpartition("/")[2]
    name = " ".join(_FORBIDDEN.sub("_", name).split()).strip(". ")
    stem, suffix = _parted(name)
    if media_type == "message/rfc822" and suffix.lower() not in (".eml", ".msg"):
        stem, suffix = name, ".eml"
    suffix = suffix or _SUFFIXES.get(media_type.lower(), "")
    stem = stem.encode(errors="ignore")[: _LONGEST - len(suffix)].decode(errors="ignore").strip(". ") or "attachment"
    return f"_{stem}{suffix}" if _RESERVED.match(f"{stem}{suffix}") else f"{stem}{suffix}"


def _parted(name: str) -> tuple[str, str]:
    suffix = PurePosixPath(name).suffix
    return (name.removesuffix(suffix), suffix) if _SUFFIX.fullmatch(suffix) else (name, "")


def _unique(name: str, taken: set[str]) -> str:
    stem, suffix = _parted(name)
    return next(candidate for candidate in _candidates(stem, suffix) if candidate.casefold() not in taken)


def _candidates(stem: str, suffix: str) -> Iterator[str]:
    yield f"{stem}{suffix}"
    for number in range(2, _MOST + 2):
        yield f"{stem} ({number}){suffix}"
