"""Finds the files of guidance under the paths a user names, and reads each with the reader for its format.

A file that cannot be read costs only itself: `read_file` answers with a reason. What is enclosed in a file, such as the
attachments of an e-mail, is read as if that file were a folder. Knows nothing of the index.
"""

from __future__ import annotations

import fnmatch
import hashlib
import importlib
import importlib.metadata
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from urllib.parse import quote

from assistant.documents.known import complete
from assistant.documents.metadata import one_line
from assistant.documents.model import Document
from assistant.documents.reader import Container, File, Reader
from assistant.documents.text_decoding import MARKS
from assistant.documents.unread_formats import disguise, is_disguised, why_not_read
from assistant.errors import BernardError, InputError, SkippedDocument, UnreadableDocument

_LONGEST_LIST = 64 * 1024
_IGNORED = (".*", "__pycache__", "*.pyc", "~$*", "Thumbs.db")
_LIBRARIES = ("lxml", "markdown-it-py", "mdit-py-plugins", "olefile", "pypdfium2", "python-oxmsg", "PyYAML")
_DEEPEST = 3
"""Files within files within files: a message forwarded three times over."""
_MOST_ENCLOSED = 200
"""Files in one file, all depths together."""
_MOST_ENCLOSED_BYTES = 400 * 1024 * 1024
_NOTHING = frozenset((b"", *MARKS))
"""What a file without content holds, white space apart."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""Characters that would break up or colour the reports in which a name is shown."""

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
    ".xlsm": "xlsx:XlsxReader",
    ".xlsx": "xlsx:XlsxReader",
    ".xml": "legislation:LegislationReader",
}
"""The reader of each format, as module below this package and class; imported when first needed."""
FORMATS = tuple(_READERS)
"""Suffixes of the files that can be read."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file below a path the user named.

    Attributes:
        path: Absolute.
        relative: Starts with the named folder's own name.
        leads_outside: True for a link whose target lies outside the folder that was named.
    """

    path: Path
    relative: str
    leads_outside: bool = False

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
        location: The file's path; a file enclosed in another stands below it, as in "/rules/mail.eml/report.docx".
        relative: Path below the folder the user named, that folder's own name included.
        may_pass: True when the same file may be read another time: with more time or memory, or with a program installed.
    """

    document: Document | None
    failed: bool = False
    reason: str = ""
    location: str = ""
    relative: str = ""
    may_pass: bool = False


def find_files(paths: Sequence[Path]) -> list[Found]:
    """All files under `paths`, each once, in a stable order.

    Hidden files, links to folders and lists of what to fetch are passed over.

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
            found.setdefault(file, Found(file, _readable(relative), file != root and _leads_outside(file, root)))
    return list(found.values())


def _leads_outside(file: Path, root: Path) -> bool:
    """Whether a file is a link to something that the user did not name, and may not know that others can see."""
    try:
        return file.is_symlink() and file.exists() and not Path(os.path.realpath(file)).is_relative_to(root)
    except OSError:  # it cannot be looked at; `load_file` says why
        return False


def _readable(path: Path | str) -> str:
    return os.fsencode(path).decode("utf-8", "replace")


def _walk(root: Path) -> Iterator[Path]:
    closed: list[Path] = []
    for folder, folders, names in os.walk(root, onerror=lambda error: closed.append(Path(error.filename))):
        folders[:] = sorted(name for name in folders if not _ignored(name))
        for name in sorted(names):
            if not _ignored(name) and not _lists_what_to_fetch(path := Path(folder) / name):
                yield path
    yield from closed  # a folder that cannot be opened is listed like a file that cannot be read


def _ignored(name: str) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in _IGNORED)


def _lists_what_to_fetch(path: Path) -> bool:
    """Whether a file is a list such as corpus/govuk.toml: it holds no guidance, and is no fault of who put it there."""
    if path.suffix != ".toml" or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return any(line.strip() == b"[[group]]" for line in file.read(_LONGEST_LIST).splitlines())
    except OSError:  # `load_file` says why
        return False


def load_file(found: Found, *, max_mib: int = 200) -> bytes:
    """The bytes of a file of at most `max_mib` MiB.

    Raises:
        UnreadableDocument: It cannot be opened, is not a plain file or is too large.
        SkippedDocument: It is a link to a file outside the folder that was named.
    """
    try:
        if found.location != str(found.path):
            raise UnreadableDocument("has a name that is not UTF-8; rename it")
        if _CONTROL.search(found.relative):
            raise UnreadableDocument("has a line break or another character without a sign in its name; rename it")
        if found.leads_outside:
            raise SkippedDocument(
                "is a link to a file outside the folder that was named; name that file, too, to have it read"
            )
        if found.path.is_dir():
            raise UnreadableDocument("is a folder that cannot be opened; ask for access to it")
        if found.path.is_symlink() and not found.path.exists():
            raise UnreadableDocument("is a link that leads nowhere; mend it, or take it out of the folder")
        if not found.path.is_file():
            raise UnreadableDocument("is a pipe, a device or the like and not a plain file; take it out of the folder")
        size = found.path.stat().st_size
        if size > max_mib * 2**20:
            raise UnreadableDocument(
                f"is {size // 2**20:,} MiB; the largest file read is {max_mib:,} MiB (BERNARD_READING__MAX_FILE_MIB)"
            )
        return found.path.read_bytes()
    except OSError as error:
        raise UnreadableDocument(_not_opened(error)) from None


def _not_opened(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "cannot be opened by the user who runs this program; ask for permission to read it"
    return f"cannot be opened ({(error.strerror or 'the disk gave no reason').lower()}); check the disk, or copy it again"


def file_digest(found: Found, data: bytes, *, ocr_languages: str = "") -> str:
    """Names a file's content, place and the rules of reading: equal digests mean an equal document."""
    rules = f"{reading_rules()}{ocr_languages}"
    return hashlib.sha256(rules.encode() + found.relative.encode() + b"\0" + data).hexdigest()


def read_file(found: Found, data: bytes, *, ocr_languages: str = "") -> Outcome:
    """Read one file with the reader for its suffix, without what is enclosed in it; never raises.

    Args:
        found: Where the file is.
        data: Its bytes.
        ocr_languages: Tesseract's names of the languages to recognise on scanned pages; "" leaves such pages out.
    """

    def outcome(document: Document | None, *, failed: bool = False, reason: str = "") -> Outcome:
        return Outcome(document, failed, reason, found.location, found.relative)

    suffix = found.path.suffix.lower()
    try:
        if suffix in _READERS and data.strip() in _NOTHING:
            raise SkippedDocument("the file is empty")
        if suffix not in _READERS:
            raise SkippedDocument(why_not_read(suffix, data, FORMATS))
        if is_disguised(suffix, data):
            raise UnreadableDocument(disguise(suffix, data))
        document = reader_for(suffix, ocr_languages).read(File(found.path, found.relative, data))
        return outcome(_placed(complete(document, found.relative), found))
    except SkippedDocument as error:
        return outcome(None, reason=str(error))
    except BernardError as error:
        return outcome(None, failed=True, reason=str(error))
    except RecursionError:
        return outcome(None, failed=True, reason="is nested too deeply to be read; open it and save it again")
    except Exception as error:  # noqa: BLE001 - a fault in a reader costs this file, not the run
        return outcome(None, failed=True, reason=_fault(error))


def read_whole(found: Found, data: bytes, *, ocr_languages: str = "") -> list[Outcome]:
    """Read one file and, when it is a container such as an e-mail, every file in it; never raises.

    The outermost file's outcome comes first, and each container's before those of the files in it. Locations differ. What is
    not read because it lies too deep, or because the container holds too much, is one failed outcome with the reason.

    Args:
        found: Where the file is.
        data: Its bytes.
        ocr_languages: As in `read_file`.
    """
    return list(_read_through(found, data, _Allowance(), depth=0, ocr_languages=ocr_languages))


@dataclass(slots=True)
class _Allowance:
    """What may still be taken out of one outermost file."""

    files: int = _MOST_ENCLOSED
    size: int = _MOST_ENCLOSED_BYTES

    def takes(self, data: bytes) -> bool:
        """Whether one more file is allowed; it is then counted."""
        if not self.files or len(data) > self.size:
            return False
        self.files -= 1
        self.size -= len(data)
        return True


def _read_through(found: Found, data: bytes, allowance: _Allowance, *, depth: int, ocr_languages: str) -> Iterator[Outcome]:
    outcome = read_file(found, data, ocr_languages=ocr_languages)
    yield outcome
    try:
        files = _enclosed(found, data)
    except Exception as error:  # noqa: BLE001 - as in read_file
        if not outcome.failed:  # else the reason has been given
            yield _left_unread(found, str(error) if isinstance(error, BernardError) else _fault(error))
        return
    if files and depth == _DEEPEST:
        yield _left_unread(
            found, f"lies in files within files, {_DEEPEST} deep, which is as far as is read; save it on its own"
        )
        return
    for place, file in enumerate(files):
        if not allowance.takes(file.data):
            yield _left_unread(
                found,
                f"is too much: {len(files) - place} more files, when {_MOST_ENCLOSED} files and "
                f"{_MOST_ENCLOSED_BYTES // 2**20} MiB are read of what one file holds; save them on their own",
            )
            return
        inner = Found(file.path, file.relative)
        yield from _read_through(inner, file.data, allowance, depth=depth + 1, ocr_languages=ocr_languages)


def _enclosed(found: Found, data: bytes) -> Sequence[File]:
    suffix = found.path.suffix.lower()
    if suffix not in _READERS or not data.strip():
        return ()
    reader = reader_for(suffix)
    return reader.enclosed(File(found.path, found.relative, data)) if isinstance(reader, Container) else ()


def _left_unread(found: Found, reason: str) -> Outcome:
    """The outcome that stands for files in a file that were not read."""
    location, relative = f"{found.location}/(enclosed files)", f"{found.relative}/(enclosed files)"
    return Outcome(None, failed=True, reason=reason, location=location, relative=relative)


def _fault(error: Exception) -> str:
    return f"could not be read ({type(error).__name__}: {error}); please report this"


@cache
def reader_for(suffix: str, ocr_languages: str = "") -> Reader:
    """The reader of a format, by suffix with its dot; `ocr_languages` as in `read_file`."""
    module, name = _READERS[suffix].split(":")
    kind = getattr(importlib.import_module(f"assistant.documents.{module}"), name)
    reader: Reader = kind(ocr_languages=ocr_languages) if ocr_languages and suffix == ".pdf" else kind()
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
    title = one_line(document.title) or "Untitled"  # a file's name may be all invisible characters
    return replace(document, title=title, location=found.location, url=document.url or f"file:{quote(found.relative)}")
