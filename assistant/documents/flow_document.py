"""Makes the document of what a word processor's file holds and says about itself: its title, dates and language.

Knows nothing of formats.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from assistant.documents.clean import readable
from assistant.documents.file_names import readable_name
from assistant.documents.flow import HIDDEN, Flow, Paragraph, Piece
from assistant.documents.flow_blocks import write
from assistant.documents.metadata import one_line, parse_date
from assistant.documents.model import BlockKind, Document, DocumentText
from assistant.documents.reader import File
from assistant.errors import SkippedDocument

_PROGRAM = re.compile(r"^Microsoft (?:Office )?Word\s*-\s*", re.IGNORECASE)
_SAYS_NOTHING = re.compile(
    r"""(?:new\ )?(?:microsoft\ )?(?:word\ )?(?:untitled|document|doc|template|title|text|letter|report|blank)[\s_-]*\d*
      | \W*(?:document\ |insert\ |enter\ |report\ )*title(?:\ here)?\W*
      | .*\.(?:docx?|dotx?|odt|ott|rtf|pdf|indd)
      | [\W\d_]*""",
    re.IGNORECASE | re.VERBOSE,
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}\b")
_FIRST_YEAR = 1980
_GENERATED = re.compile(r"generated (?:by|using) ", re.IGNORECASE)
_TEMPLATE = dt.date(2013, 12, 23)
"""The day on which python-docx made the template that its files copy, date included."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file says about itself, each as it is written there, "" when it says nothing."""

    title: str = ""
    description: str = ""
    created: str = ""
    modified: str = ""
    language: str = ""


def as_document(file: File, flow: Flow, facts: Facts, *, reader: str) -> Document:
    """The document in a file.

    Raises:
        SkippedDocument: There is nothing to read in it.
    """
    pieces = flow.end()
    text = write(pieces, flow.notes)
    if not text.blocks:
        hidden = any(left.what == HIDDEN for left in flow.left_out)
        seen = "holds no text that a reader of its pages can see" if hidden else "is empty: there is nothing to read in it"
        raise SkippedDocument(f"{file.path.name} {seen}")
    language = _LANGUAGE.match(facts.language)
    description = one_line(facts.description)
    created, modified = _day(facts.created), _day(facts.modified)
    return Document(
        location=str(file.path),
        title=_title(facts.title, pieces, text) or readable_name(file.path.name),
        text=text.text,
        blocks=text.blocks,
        description="" if _GENERATED.match(description) else description,
        published=created if created != _TEMPLATE and (modified is None or created is None or created <= modified) else None,
        updated=modified or created,
        locale=language[0].lower() if language else "en",
        reader=reader,
        left_out=flow.left_out,
    )


def _title(stated: str, pieces: tuple[Piece, ...], text: DocumentText) -> str:
    """The title in the file's properties where it says something, else the title on the page, else the first heading."""
    stated = _PROGRAM.sub("", one_line(stated))
    if not _SAYS_NOTHING.fullmatch(stated):
        return stated
    if printed := _printed_title(pieces):
        return printed
    first = next((block for block in text.blocks if block.kind is BlockKind.HEADING), None)
    return text.text[first.start : first.end] if first else ""


def _printed_title(pieces: tuple[Piece, ...]) -> str:
    """The first paragraphs in a row that have the style of a title."""
    lines: list[str] = []
    for piece in pieces:
        if not isinstance(piece, Paragraph) or not (words := one_line(piece.text)):
            continue
        if piece.look.is_title:
            lines.append(words)
        elif lines:
            break
    return readable(" ".join(lines))


def _day(stamp: str) -> dt.date | None:
    day = parse_date(stamp)
    return day if day and day.year >= _FIRST_YEAR else None
