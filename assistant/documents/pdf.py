"""Reads a PDF as a person reads its pages: columns in order, no running headers, whole paragraphs, real tables.

The steps are on one screen, in `PdfReader.read`; each lives in a module of its own. Text that nobody can see is left out.
"""

from __future__ import annotations

import ctypes
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium
from pypdfium2 import raw

from assistant.documents import pdf_facts
from assistant.documents.clean import readable
from assistant.documents.line_joining import LineJoiner
from assistant.documents.model import BlockKind, Document, DocumentText
from assistant.documents.pdf_blocks import write
from assistant.documents.pdf_columns import in_reading_order
from assistant.documents.pdf_frames import Frame, frames
from assistant.documents.pdf_furniture import part
from assistant.documents.pdf_groups import Group, group, joined_over_breaks
from assistant.documents.pdf_lines import Line, Stretch, stretches
from assistant.documents.pdf_page import Page, read_page
from assistant.documents.pdf_styles import Styles, measure
from assistant.documents.pdf_tables import Table, tables
from assistant.documents.reader import File
from assistant.errors import SkippedDocument, UnreadableDocument

_ONE_AT_A_TIME = threading.Lock()
"""pdfium is not safe to call from two threads."""
_TAIL = 4096
"""Bytes at the end of a PDF among which its end mark stands."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}\b")


@dataclass(frozen=True, slots=True)
class _Contents:
    """A PDF as the library gives it."""

    pages: tuple[Page, ...]
    properties: dict[str, str]
    language: str


class PdfReader:
    """Reader of PDF files with a text layer."""

    name = "pdf"

    def read(self, file: File) -> Document:
        """Turn one PDF into a document.

        Raises:
            UnreadableDocument: The file is damaged, cut short, locked by a password or a scan.
            SkippedDocument: Nothing is written on its pages.
        """
        contents = _open(file)
        parted = part(contents.pages, [stretches(page) for page in contents.pages])
        pieces = [piece for page, body in zip(contents.pages, parted.body, strict=True) for piece in _pieces(page, body)]
        styles = measure((piece for piece in pieces if not isinstance(piece, Table | Frame)), contents.pages)
        grouped = joined_over_breaks(_grouped(piece, styles) for piece in pieces)
        text = write(grouped, LineJoiner(_every_line(pieces)))
        if not text.blocks:
            raise _nothing_to_read(file, contents)
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
        )


def _open(file: File) -> _Contents:
    name = file.path.name
    if b"%PDF-" not in file.data[:1024]:
        raise UnreadableDocument(f"{name} is not a PDF, whatever its name says; open it and save it in its real format")
    if b"%%EOF" not in file.data.rstrip(b"\0\r\n\t ")[-_TAIL:]:
        raise UnreadableDocument(f"{name} is cut short: the end of the file is missing; download or copy it again")
    try:
        with _ONE_AT_A_TIME, pdfium.PdfDocument(file.data) as document:
            pages = tuple(read_page(page, number) for number, page in enumerate(document, start=1))
            properties = document.get_metadata_dict()
            return _Contents(pages, properties, _language(document))
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise UnreadableDocument(f"{name} is protected by a password; ask its owner for an open copy") from error
        raise UnreadableDocument(f"{name} is damaged and cannot be opened as a PDF ({error}); get a fresh copy") from error
    except (ValueError, OverflowError, OSError, MemoryError) as error:
        raise UnreadableDocument(f"{name} is damaged: a page of it cannot be read ({error}); get a fresh copy") from error


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


def _nothing_to_read(file: File, contents: _Contents) -> UnreadableDocument | SkippedDocument:
    name = file.path.name
    if any(page.has_picture for page in contents.pages):
        return UnreadableDocument(
            f"{name} is a scan: its pages are pictures of text, and Bernard does not read pictures (no OCR) yet; "
            "ask its owner for the original or put it through an OCR program that writes visible text"
        )
    if any(page.concealed for page in contents.pages):
        return SkippedDocument(f"{name} holds no text that a reader of its pages can see")
    return SkippedDocument(f"{name} has no text on any of its {len(contents.pages)} pages")
