"""Looks over a file that is a ZIP package (Office, OpenDocument) before any library opens it.

Bombs, passwords, names that point outside and document type declarations are refused from the table of contents and the
first bytes of each part, in little memory. Nothing is ever unpacked to disk. Knows nothing of what the parts mean.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath

from assistant.documents.plain_faults import package_fault
from assistant.errors import UnreadableDocument

_MOST_PARTS = 20_000
_MOST_BYTES = 400 * 1024 * 1024
"""Unpacked, all parts together; a report of a thousand pages has a hundred times less."""
_MOST_XML = 160 * 1024 * 1024
"""Unpacked, one part of XML: its tree takes several times as much memory."""
_RATIO = 200
"""Unpacked to packed, from which a part over `_LARGE` is a bomb; text packs about ten times, a sheet of one value 100."""
_LARGE = 32 * 1024 * 1024
_PROLOGUE = 64 * 1024
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_XML = (".xml", ".rels", ".rdf", ".vml")


def open_package(data: bytes, name: str) -> zipfile.ZipFile:
    """The package, found to be safe to read.

    Args:
        data: The file's bytes.
        name: The file's name, for messages.

    Raises:
        UnreadableDocument: It is no package, locked, damaged or made to do harm; the message says which.
    """
    if data.startswith(_OLE):
        raise UnreadableDocument(
            f"{name} is protected by a password, or is in an old Office format under a new name; open it and save it again "
            "without a password"
        )
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        parts = package.infolist()
        _check_contents(parts, name)
        for part in parts:
            if part.filename.lower().endswith(_XML):
                _check_prologue(package, part, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise UnreadableDocument(
            f"{name} is damaged or not what its name says ({package_fault(error)}); get a fresh copy, or open it and save "
            "it again"
        ) from error
    return package


def _check_contents(parts: list[zipfile.ZipInfo], name: str) -> None:
    if len(parts) > _MOST_PARTS:
        raise UnreadableDocument(f"{name} holds {len(parts):,} parts; more than {_MOST_PARTS:,} are not read; save it anew")
    for part in parts:
        path = PurePosixPath(part.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[:1]:
            raise UnreadableDocument(f"{name} holds a part whose name points outside the file ({part.filename!r})")
        if part.flag_bits & 1:
            raise UnreadableDocument(f"{name} is protected by a password; ask its owner for an open copy")
        is_bomb = part.file_size > _LARGE and part.file_size > _RATIO * max(part.compress_size, 1)
        too_much = path.suffix.lower() in _XML and part.file_size > _MOST_XML
        if is_bomb or too_much:
            raise UnreadableDocument(
                f"{name} would unpack to more than can be read: its part {part.filename!r} alone to "
                f"{part.file_size // 2**20:,} MiB"
            )
    whole = sum(part.file_size for part in parts)
    if whole > _MOST_BYTES:
        raise UnreadableDocument(
            f"{name} would unpack to {whole // 2**20:,} MiB; files of more than {_MOST_BYTES // 2**20} MiB are not read"
        )


def _check_prologue(package: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    """No Office or OpenDocument format has a document type declaration, which is what entity bombs are made of."""
    with package.open(part) as stream:
        prologue = stream.read(_PROLOGUE).replace(b"\0", b"")  # UTF-16 too
    if b"<!DOCTYPE" in prologue or b"<!ENTITY" in prologue:
        raise UnreadableDocument(
            f"{name} declares entities in its part {part.filename!r}, which no such file needs and which can do harm; open "
            "it and save it again"
        )
