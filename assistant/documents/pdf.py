"""Reads a PDF as a person reads its pages: columns in order, no running headers, whole paragraphs, real tables.

The steps are on one screen, in `PdfReader.read`; each lives in a module of its own. Text that nobody can see is left out.
"""

from __future__ import annotations

import ctypes
import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium
from pypdfium2 import raw

from assistant.documents import pdf_facts
from assistant.documents.clean import readable
from assistant.documents.line_joining import LineJoiner
from assistant.documents.model import BlockKind, Document, DocumentText, LeftOut
from assistant.documents.pdf_blocks import write
from assistant.documents.pdf_columns import in_reading_order
from assistant.documents.pdf_frames import Frame, frames
from assistant.documents.pdf_furniture import part
from assistant.documents.pdf_groups import Group, group, joined_over_breaks
from assistant.documents.pdf_lines import Line, Stretch, stretches
from assistant.documents.pdf_page import Page, read_page
from assistant.documents.pdf_scan import is_scan, recognised_page
from assistant.documents.pdf_styles import Styles, measure
from assistant.documents.pdf_tables import Table, tables
from assistant.documents.reader import File
from assistant.errors import SkippedDocument, UnreadableDocument

_ONE_AT_A_TIME = threading.Lock()
"""pdfium is not safe to call from two threads."""
_TAIL = 4096
"""Bytes at the end of a PDF among which its end mark stands."""
_SWITCH_ON = "switch on OCR with BERNARD_READING__OCR=true (it needs the extra `ocr` and the program Tesseract)"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}\b")


@dataclass(frozen=True, slots=True)
class _Contents:
    """A PDF as the library gives it."""

    pages: tuple[Page, ...]
    properties: dict[str, str]
    language: str
    left_out: tuple[LeftOut, ...]
    scans: tuple[Page, ...]
    recognised: bool


class PdfReader:
    """Reader of PDF files; scanned pages are recognised where `ocr_languages` names languages, such as "eng+cym"."""

    name = "pdf"

    def __init__(self, ocr_languages: str = "") -> None:
        self._ocr_languages = ocr_languages

    def read(self, file: File) -> Document:
        """Turn one PDF into a document.

        Raises:
            UnreadableDocument: The file is damaged, cut short, locked by a password or a scan that is not to be recognised.
            SkippedDocument: Nothing is written on its pages.
        """
        contents = _open(file, self._ocr_languages)
        parted = part(contents.pages, [stretches(page) for page in contents.pages])
        pieces = [piece for page, body in zip(contents.pages, parted.body, strict=True) for piece in _pieces(page, body)]
        styles = measure((piece for piece in pieces if not isinstance(piece, Table | Frame)), contents.pages)
        grouped = joined_over_breaks(_grouped(piece, styles) for piece in pieces)
        text = write(grouped, LineJoiner(_every_line(pieces)))
        if not text.blocks:
            raise _nothing_to_read(file, contents, ocr=bool(self._ocr_languages))
        opening = pdf_facts.running_title(_opening(text), parted.furniture)
        return Document(
            location=str(file.path),
            title=pdf_facts.title(readable(contents.properties.get("Title", "")), opening, file.path.name),
            text=text.text,
            blocks=text.blocks,
            updated=pdf_facts.updated(
                parted.furniture, *(contents.properties.get(name, "") for name in ("ModDate", "CreationDate"))
            ),
            locale=contents.language,
            reader=self.name,
            left_out=contents.left_out,
            recognised=contents.recognised,
        )


def _open(file: File, languages: str) -> _Contents:
    name = file.path.name
    if b"%PDF-" not in file.data[:1024]:
        raise UnreadableDocument(f"{name} is not a PDF, whatever its name says; open it and save it in its real format")
    if b"%%EOF" not in file.data.rstrip(b"\0\r\n\t ")[-_TAIL:]:
        raise UnreadableDocument(f"{name} is cut short: the end of the file is missing; download or copy it again")
    try:
        with _ONE_AT_A_TIME, pdfium.PdfDocument(file.data) as document:
            pages = _Pages(languages, name)
            for number, page in enumerate(document, start=1):
                pages.add(page, read_page(page, number))
            return pages.contents(document.get_metadata_dict(), _language(document))
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise UnreadableDocument(f"{name} is protected by a password; ask its owner for an open copy") from error
        raise UnreadableDocument(
            f"{name} is damaged and cannot be opened as a PDF; get a fresh copy, or open it and save it again"
        ) from error
    except (ValueError, OverflowError, OSError) as error:
        raise UnreadableDocument(
            f"{name} is damaged: a page of it cannot be read; get a fresh copy, or open it and save it again"
        ) from error


class _Pages:
    """Collects the pages of one file, scans among them, and counts what is left out."""

    def __init__(self, languages: str, name: str) -> None:
        self._languages, self._name = languages, name
        self._pages: list[Page] = []
        self._scans: list[Page] = []
        self._left_out: Counter[str] = Counter()
        self._recognised = False

    def add(self, source: pdfium.PdfPage, page: Page) -> None:
        """Take one page, recognised where it is a scan and that is wanted."""
        if not is_scan(page):
            self._pages.append(page)
            self._left_out["hidden letters"] += page.concealed
            return
        self._scans.append(page)
        self._left_out["hidden text layers"] += page.concealed > 0
        try:
            found = recognised_page(source, page, self._languages) if self._languages else None
        except UnreadableDocument as error:
            raise UnreadableDocument(f"{self._name} {error}") from error
        if found is None:
            self._left_out["scanned pages"] += 1
            self._pages.append(page)
        else:
            self._left_out["lines too unclear to recognise"] += found.doubtful
            self._pages.append(found.page)
            self._recognised = True

    def contents(self, properties: dict[str, str], language: str) -> _Contents:
        """All of it."""
        left_out = tuple(LeftOut(what, count) for what, count in self._left_out.items() if count)
        return _Contents(tuple(self._pages), properties, language, left_out, tuple(self._scans), self._recognised)


def _language(document: pdfium.PdfDocument) -> str:
    """The language that the file states, without its region; English when it states none."""
    stated = (ctypes.c_ushort * 32)()
    raw.FPDFCatalog_GetLanguage(document, ctypes.cast(stated, ctypes.POINTER(ctypes.c_ushort)), ctypes.sizeof(stated))
    match = _LANGUAGE.match("".join(map(chr, stated)).rstrip("\0"))
    return match[0].lower() if match else "en"


_Piece = Sequence[Line] | Table | Frame


def _pieces(page: Page, body: Sequence[Stretch]) -> Iterator[_Piece]:
    """Columns, tables and frames of one page in reading order; a table stands between the lines above and below it."""
    found_tables = tables(page, body)
    free = [stretch for stretch in body if not any(table.holds(stretch) for table in found_tables)]
    found_frames = frames(page, free)
    free = [stretch for stretch in free if not any(frame.holds(stretch) for frame in found_frames)]
    apart: list[Table | Frame] = sorted((*found_tables, *found_frames), key=lambda piece: (piece.top, piece.left))
    for lines in in_reading_order(free, page.number):
        beside = [piece for piece in apart if _is_beside(piece, lines)]
        apart = [piece for piece in apart if piece not in beside]
        start = 0
        for piece in beside:
            end = max(start, sum(line.baseline < piece.top for line in lines))
            if lines[start:end]:
                yield lines[start:end]
            yield piece
            start = end
        if lines[start:]:
            yield lines[start:]
    yield from apart


def _is_beside(piece: Table | Frame, lines: Sequence[Line]) -> bool:
    """Whether a table or frame stands in the same column as these lines."""
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    return piece.left < right and left < piece.right


def _grouped(piece: _Piece, styles: Styles) -> list[Group] | Table:
    if isinstance(piece, Table):
        return piece
    return group(piece.lines, styles, framed=True) if isinstance(piece, Frame) else group(piece, styles)


def _every_line(pieces: Iterable[_Piece]) -> Iterator[str]:
    for piece in pieces:
        if isinstance(piece, Table):
            yield from (line.text for cell in piece.cells for line in cell.lines)
        else:
            yield from (line.text for line in (piece.lines if isinstance(piece, Frame) else piece))


def _opening(text: DocumentText) -> str:
    """The highest heading on the first page."""
    first = [b for b in text.blocks if b.kind is BlockKind.HEADING and b.page == 1]
    if not first:
        return ""
    top = min(first, key=lambda block: block.level)
    return text.text[top.start : top.end]


def _nothing_to_read(file: File, contents: _Contents, *, ocr: bool) -> UnreadableDocument | SkippedDocument:
    name = file.path.name
    if contents.scans and ocr:
        return SkippedDocument(f"{name} is a scan, and no text was recognised on its {len(contents.pages)} pages")
    if any(page.concealed for page in contents.scans):
        return UnreadableDocument(
            f"{name} is a scan with a layer of text that nobody can see, which may differ from the pictures; {_SWITCH_ON}, "
            "which reads the pictures instead, or ask its owner for the original"
        )
    if contents.scans:
        return UnreadableDocument(
            f"{name} is a scan: its pages are pictures of text; {_SWITCH_ON}, or ask its owner for the original"
        )
    if any(page.concealed for page in contents.pages):
        return SkippedDocument(f"{name} holds no text that a reader of its pages can see")
    count = len(contents.pages)
    return SkippedDocument(
        f"{name} has no text on its page" if count == 1 else f"{name} has no text on any of its {count} pages"
    )
