"""Reads PowerPoint presentations (.pptx): what the shown slides say, in the order in which people read them.

The steps are on one screen, in `PptxReader.read`; each lives in a module of its own. Notes, comments and charts are only
counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from assistant.documents.model import BlockKind, Document, DocumentText, LeftOut
from assistant.documents.office_facts import best_title, office_facts
from assistant.documents.pptx_deck import Deck, Slide
from assistant.documents.pptx_graphics import diagram, has_chart, table
from assistant.documents.pptx_order import in_reading_order
from assistant.documents.pptx_shapes import Shape, shapes
from assistant.documents.pptx_slides import Piece, SlidePage, write_slides
from assistant.documents.pptx_text import paragraphs
from assistant.documents.reader import File
from assistant.documents.zip_parts import Parts
from assistant.errors import SkippedDocument

_OPENING_LAYOUTS = ("title", "secHead")


class PptxReader:
    """Reader of PowerPoint presentations."""

    name = "pptx"

    def read(self, file: File) -> Document:
        """Turn one deck into a document.

        Raises:
            UnreadableDocument: The file is damaged, locked or no deck of slides.
            SkippedDocument: Nothing is written on the slides that are shown.
        """
        parts = Parts(file)
        left_out: Counter[str] = Counter()
        text = write_slides(list(_pages(Deck(parts), parts, left_out)))
        if not text.blocks:
            raise _nothing_to_read(parts.name, left_out)
        facts = office_facts(parts)
        return Document(
            location=str(file.path),
            title=best_title(facts, _opening(text), file.path.name),
            text=text.text,
            blocks=text.blocks,
            description=facts.description,
            published=facts.created,
            updated=facts.modified,
            locale=facts.locale,
            reader=self.name,
            left_out=tuple(LeftOut(what, count) for what, count in left_out.items() if count),
        )


def _pages(deck: Deck, parts: Parts, left_out: Counter[str]) -> Iterator[SlidePage]:
    for slide in deck.slides():
        if slide.hidden:
            left_out["hidden slides"] += 1
            continue
        _count_asides(slide, parts, left_out)
        found = in_reading_order(shapes(slide, deck, left_out))
        pieces = tuple(piece for shape in found if (piece := _piece(shape, slide, deck, parts, left_out)) is not None)
        layout = slide.layout.root.get("type", "") if slide.layout is not None else ""
        yield SlidePage(slide.number, layout in _OPENING_LAYOUTS, pieces)


def _piece(shape: Shape, slide: Slide, deck: Deck, parts: Parts, left_out: Counter[str]) -> Piece | None:
    top = shape.box.top / deck.height if shape.box is not None else 0.5
    bottom = shape.box.bottom / deck.height if shape.box is not None else 0.5
    left_out["charts"] += has_chart(shape)
    grid = table(shape, left_out)
    if grid is not None:
        return Piece(shape.kind, top, bottom, table=grid)
    lines = paragraphs(shape, slide, left_out) or diagram(shape, slide, parts, left_out)
    return Piece(shape.kind, top, bottom, tuple(lines)) if lines else None


def _count_asides(slide: Slide, parts: Parts, left_out: Counter[str]) -> None:
    """Notes for the speaker and comments do not stand on the slide."""
    for link in slide.links.values():
        if link.kind == "notesSlide":
            notes = parts.tree(link.path)
            left_out["speaker notes"] += notes is not None and any(
                (run.text or "").strip()
                for shape in notes.iterfind("{*}cSld/{*}spTree/{*}sp")
                if shape.find("{*}nvSpPr/{*}nvPr/{*}ph[@type='sldNum']") is None
                for run in shape.iterfind("{*}txBody/{*}p/{*}r/{*}t")
            )
        elif link.kind == "comments":
            left_out["comments"] += sum(1 for _ in parts.stream(link.path, whole=("cm",)))


def _opening(text: DocumentText) -> str:
    """The first heading of the deck."""
    first = next((block for block in text if block.kind is BlockKind.HEADING), None)
    return text.text[first.start : first.end] if first is not None else ""


def _nothing_to_read(name: str, left_out: Counter[str]) -> SkippedDocument:
    hidden = " and ".join(f"{count:,} {what}" for what, count in left_out.items() if count)
    also = f", only {hidden}, which are not read" if hidden else "; slides that are pictures are not read"
    return SkippedDocument(f"{name} has no text on the slides that it shows{also}")
