"""Makes small PDFs for tests with reportlab, which shares no code with the library that reads them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from assistant.documents.model import Block, BlockKind, Document
from assistant.documents.pdf import PdfReader
from assistant.documents.reader import File

Draw = Callable[[Canvas], None]
WIDTH, HEIGHT = A4


def make_pdf(*pages: Draw, title: str = "", password: str = "") -> bytes:
    """A PDF with one page for each function that draws on it."""
    buffer = io.BytesIO()
    lock = StandardEncryption(password, canPrint=0) if password else None
    canvas = Canvas(buffer, pagesize=A4, encrypt=lock, invariant=1)
    canvas.setTitle(title)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def read(data: bytes, name: str = "fog-signals.pdf") -> Document:
    """The document that the reader makes of a PDF."""
    return PdfReader().read(File(Path("/guidance") / name, f"guidance/{name}", data))


def quotes(document: Document, *kinds: BlockKind) -> list[str]:
    """The texts of all blocks, or of those of some kinds."""
    return [document.quote(block) for block in document.blocks if not kinds or block.kind in kinds]


def block_with(document: Document, words: str) -> Block:
    """The block that says `words`."""
    return next(block for block in document.blocks if words in document.quote(block))


def write_lines(
    canvas: Canvas, lines: Sequence[str], *, x: float = 72, y: float = 760, size: float = 11, font: str = "Helvetica"
) -> None:
    """Lines one below another, the first with its foot `y` points above the bottom of the page."""
    canvas.setFont(font, size)
    for number, line in enumerate(lines):
        canvas.drawString(x, y - number * 1.25 * size, line)


def grey_picture() -> ImageReader:
    """A picture such as a scanner makes of a page."""
    from PIL import Image

    return ImageReader(Image.effect_noise((200, 280), 60))


def unicode_font() -> str:
    """The name of a font, which comes with reportlab, that has ligatures."""
    if "Vera" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    return "Vera"
