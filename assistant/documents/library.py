"""Finds the files of guidance under the paths a user names, and reads each with the reader for its format.

A file that cannot be read costs only itself: `read_file` answers with a reason. Knows nothing of the index.
"""

from __future__ import annotations

import fnmatch
import hashlib
import importlib
import importlib.metadata
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from urllib.parse import quote

from assistant.documents.known import complete
from assistant.documents.model import Document
from assistant.documents.reader import File, Reader
from assistant.errors import BernardError, InputError, SkippedDocument, UnreadableDocument

_MAX_BYTES = 200 * 1024 * 1024
_IGNORED = (".*", "__pycache__", "*.pyc", "~$*", "Thumbs.db")
_LIBRARIES = ("lxml", "markdown-it-py", "mdit-py-plugins", "pypdfium2", "PyYAML")


_READERS: dict[str, str] = {
    ".csv": "csv_table:CsvReader",
    ".docx": "docx:DocxReader",
    ".eml": "email_message:EmlReader",
    ".htm": "html:HtmlReader",
    ".html": "html:HtmlReader",
    ".json": "content_item:ContentItemReader",
    ".markdown": "markdown:MarkdownReader",
    ".md": "markdown:MarkdownReader",
    ".msg": "outlook_message:MsgReader",
    ".ods": "ods:OdsReader",
    ".odt": "odt:OdtReader",
    ".pdf": "pdf:PdfReader",
    ".pptx": "pptx:PptxReader",
    ".qmd": "markdown:MarkdownReader",
    ".rtf": "rtf:RtfReader",
    ".txt": "plain_text:PlainTextReader",
    ".xlsx": "xlsx:XlsxReader",
    ".xml": "legislation:LegislationReader",
}
"""The reader of each format, as module below this package and class; imported when first needed."""
FORMATS = tuple(_READERS)
"""Suffixes of the files that can be read."""
_OLD = {
    ".doc": ".docx",
    ".dot": ".docx",
    ".dotx": ".docx",
    ".docm": ".docx",
    ".xls": ".xlsx",
    ".xlsb": ".xlsx",
    ".xlsm": ".xlsx",
    ".ppt": ".pptx",
    ".pptm": ".pptx",
    ".odp": ".pptx",
    ".pages": ".docx",
    ".numbers": ".xlsx",
    ".key": ".pptx",
}
"""Formats that are not read, with the one that the program which made them can save instead."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file below a path the user named; `relative` starts with the named folder's own name."""

    path: Path
    relative: str

    @property
    def location(self) -> str:
        """The path as it can be shown and kept: what is not UTF-8 in it is replaced."""
        return _readable(self.path)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: a document, or why there is none.

    Attributes:
        document: What was read; None when skipped or failed.
        failed: True when the file should have been readable and was not.
        reason: Why there is no document, "" when there is one.
    """

    document: Document | None
    failed: bool = False
    reason: str = ""


def find_files(paths: Sequence[Path]) -> list[Found]:
    """All files under `paths`, each once, in a stable order. Hidden files and links to folders are passed over.

    Raises:
        InputError: A path does not exist.
    """
    found: dict[Path, Found] = {}
    for path in paths:
        if not path.exists():
            raise InputError(f"There is no file or folder {str(path)!r}. Check the spelling, or give another path.")
        root = path.resolve()
        for file in [root] if root.is_file() else _walk(root):
            relative = file.name if file == root else f"{root.name}/{file.relative_to(root).as_posix()}"
            found.setdefault(file, Found(file, _readable(relative)))
    return list(found.values())


def _readable(path: Path | str) -> str:
    return os.fsencode(path).decode("utf-8", "replace")


def _walk(root: Path) -> Iterator[Path]:
    closed: list[Path] = []
    for folder, folders, names in os.walk(root, onerror=lambda error: closed.append(Path(error.filename))):
        folders[:] = sorted(name for name in folders if not _ignored(name))
        for name in sorted(names):
            if not _ignored(name):
                yield Path(folder) / name
    yield from closed  # a folder that cannot be opened is listed like a file that cannot be read


def _ignored(name: str) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in _IGNORED)


def load_file(found: Found) -> bytes:
    """The bytes of a file.

    Raises:
        UnreadableDocument: It cannot be opened, is not a plain file or is too large.
    """
    try:
        if found.location != str(found.path):
            raise UnreadableDocument("has a name that is not UTF-8; rename it")
        if found.path.is_dir():
            raise UnreadableDocument("is a folder that cannot be opened; ask for access to it")
        if not found.path.is_file():
            raise UnreadableDocument("is not a plain file")
        size = found.path.stat().st_size
        if size > _MAX_BYTES:
            raise UnreadableDocument(f"is {size // 2**20} MiB; the largest file read is {_MAX_BYTES // 2**20} MiB")
        return found.path.read_bytes()
    except OSError as error:
        raise UnreadableDocument(f"cannot be opened ({error.strerror or error})") from None


def file_digest(found: Found, data: bytes) -> str:
    """Names a file's content, place and the rules of reading: equal digests mean an equal document."""
    return hashlib.sha256(reading_rules().encode() + found.relative.encode() + b"\0" + data).hexdigest()


def read_file(found: Found, data: bytes) -> Outcome:
    """Read one file with the reader for its suffix; never raises."""
    suffix = found.path.suffix.lower()
    try:
        if suffix not in _READERS:
            kinds = ", ".join(FORMATS)
            raise SkippedDocument(f"{suffix or 'a file without a suffix'} is not a format that is read ({kinds})")
        if not data.strip():
            raise SkippedDocument("the file is empty")
        document = reader_for(suffix).read(File(found.path, found.relative, data))
        return Outcome(_placed(complete(document, found.relative), found))
    except SkippedDocument as error:
        return Outcome(None, reason=str(error))
    except BernardError as error:
        return Outcome(None, failed=True, reason=str(error))
    except Exception as error:  # noqa: BLE001 - a fault in a reader costs this file, not the run
        return Outcome(None, failed=True, reason=f"could not be read ({type(error).__name__}: {error}); please report this")


@cache
def reader_for(suffix: str) -> Reader:
    """The reader of a format, by suffix with its dot."""
    module, name = _READERS[suffix].split(":")
    reader: Reader = getattr(importlib.import_module(f"assistant.documents.{module}"), name)()
    return reader


@cache
def reading_rules() -> str:
    """Digest of the code and libraries that read: when they change, files are read again (not embedded again)."""
    digest = hashlib.sha256()
    for module in sorted(Path(__file__).parent.glob("*")):
        if module.suffix in {".py", ".toml"}:
            digest.update(module.read_bytes())
    for library in _LIBRARIES:
        digest.update(f"{library} {importlib.metadata.version(library)}\n".encode())
    return digest.hexdigest()


def _placed(document: Document, found: Found) -> Document:
    """Where no official address is known, "file:" and the path below the named folder stand in for it."""
    return replace(document, location=str(found.path), url=document.url or f"file:{quote(found.relative)}")
