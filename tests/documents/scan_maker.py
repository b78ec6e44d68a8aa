"""Makes scans for tests: pages are drawn, printed to pictures and put into a PDF that holds nothing else."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.documents.pdf_maker import Draw, make_pdf


@dataclass(frozen=True)
class Scanner:
    """How a sheet is scanned: pixels an inch, degrees askew, quarter turns, strength of noise, strips a page is cut into."""

    dpi: int = 200
    askew: float = 0.0
    turns: int = 0
    noise: float = 0.0
    strips: int = 1

    def picture(self, page: pdfium.PdfPage) -> Image.Image:
        picture: Image.Image = page.render(scale=self.dpi / 72, grayscale=True).to_pil().convert("L")
        picture = picture.rotate(self.askew, fillcolor=255, resample=Image.Resampling.BICUBIC)
        picture = picture.rotate(90 * self.turns, expand=True)
        grain = np.random.default_rng(1).normal(0, self.noise, (picture.height, picture.width))
        return Image.fromarray((np.asarray(picture) + grain).clip(0, 255).astype(np.uint8))


def scan(*pages: Draw, scanner: Scanner | None = None, over: Callable[[Canvas], None] | None = None) -> bytes:
    """A PDF of pictures of these pages; `over` draws something on each of them."""
    scanner = scanner or Scanner()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    for page in pdfium.PdfDocument(make_pdf(*pages)):
        picture = scanner.picture(page)
        width, height = picture.width * 72 / scanner.dpi, picture.height * 72 / scanner.dpi
        canvas.setPageSize((width, height))
        tall = picture.height // scanner.strips
        for strip in range(scanner.strips):
            part = picture.crop((0, strip * tall, picture.width, (strip + 1) * tall))
            canvas.drawImage(
                ImageReader(part), 0, height - (strip + 1) * height / scanner.strips, width, height / scanner.strips
            )
        if over:
            over(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()
