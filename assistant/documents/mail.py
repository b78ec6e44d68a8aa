"""What an e-mail is, whatever program saved it, and the document that Bernard makes of it.

Who wrote it, to whom and when can be quoted like its words. Earlier messages below the newest keep their place under a
heading that says whose they are. Knows nothing of file formats.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from assistant.documents.file_names import readable_name
from assistant.documents.mail_history import copy_blocks, with_history
from assistant.documents.mail_html import with_marks
from assistant.documents.mail_text import add_plain, is_encrypted
from assistant.documents.markup import add_html
from assistant.documents.metadata import one_line, parse_date
from assistant.documents.model import BlockKind, Document, DocumentText, LeftOut
from assistant.documents.reader import File
from assistant.errors import SkippedDocument, UnreadableDocument

_MOST_NAMED = 10
"""Recipients who are named; a circular goes to hundreds."""


class Body(Protocol):
    """One form of a message's text."""

    def add(self, text: DocumentText) -> None:
        """Append its blocks; headings from level 2."""
        ...


@dataclass(frozen=True, slots=True)
class PlainBody:
    """A message typed without formats.

    Attributes:
        text: Its lines, as they stand in the message.
        sender: Who wrote it; "" when unknown.
        flowed: Whether a space at the end of a line means that the paragraph goes on (RFC 3676).
        unspaced: With `flowed`: whether that space is to be dropped (DelSp=yes).
    """

    text: str
    sender: str = ""
    flowed: bool = False
    unspaced: bool = False

    def add(self, text: DocumentText) -> None:
        """Append its blocks."""
        add_plain(text, self.text, sender=self.sender, flowed=self.flowed, unspaced=self.unspaced)


@dataclass(frozen=True, slots=True)
class HtmlBody:
    """A message in HTML; `sender` as in `PlainBody`."""

    markup: str
    sender: str = ""

    def add(self, text: DocumentText) -> None:
        """Append its blocks."""
        add_html(text, with_marks(self.markup, self.sender), base_level=1)


@dataclass(frozen=True, slots=True)
class ReadBody:
    """A message that the reader of another format has turned into a document, as for Rich Text."""

    document: Document

    def add(self, text: DocumentText) -> None:
        """Append its blocks."""
        copy_blocks(self.document, text)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message; `name` is as the message gives it, not to be trusted."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One message.

    Attributes:
        subject: "" when it has none.
        sender: Name and address.
        recipients: Those it is addressed to.
        copied: Those who got a copy.
        sent: When it was sent, with its time zone where the message gives one.
        forms: The text in every form that the message offers, best first; each form has one or more parts.
        attachments: Files to read, without the pictures and signatures that belong to the text.
        left_out: What came with it and is not read.
    """

    subject: str
    sender: str
    recipients: tuple[str, ...]
    copied: tuple[str, ...]
    sent: dt.datetime | None
    forms: tuple[tuple[Body, ...], ...]
    attachments: tuple[Attachment, ...]
    left_out: tuple[LeftOut, ...] = ()


def document_of(mail: Mail, file: File, *, reader: str) -> Document:
    """The document that a message makes.

    Raises:
        UnreadableDocument: Its text is encrypted.
        SkippedDocument: It has no text of its own.
    """
    name = file.path.name
    body = _best(mail.forms)
    if is_encrypted(body.text):
        raise UnreadableDocument(encrypted(name))
    if not body.blocks:
        raise SkippedDocument(_why_empty(mail, name))
    text = DocumentText()
    for label, value in (
        ("From", mail.sender),
        ("To", _named(mail.recipients)),
        ("Copied to", _named(mail.copied)),
        ("Sent", _clock(mail.sent)),
    ):
        if value:
            text.add(BlockKind.PARAGRAPH, f"{label}: {value}")
    with_history(body, text)
    return Document(
        location=str(file.path),
        title=one_line(mail.subject) or readable_name(name),
        text=text.text,
        blocks=text.blocks,
        document_type="e-mail",
        updated=parse_date(mail.sent),
        reader=reader,
        left_out=mail.left_out,
    )


def encrypted(name: str) -> str:
    """The reason to give for a message that only its recipients can open."""
    return f"{name} is encrypted, so that only its recipients can read it; ask one of them to save it without encryption"


def _best(forms: Sequence[Sequence[Body]]) -> DocumentText:
    """The first form with about as much to read as any: some programs send an empty or cut one beside the real one."""
    read = []
    for form in forms:
        text = DocumentText()
        for part in form:
            part.add(text)
        read.append(text)
    most = max((len(text.text) for text in read), default=0)
    return next((text for text in read if len(text.text) >= 0.4 * most), DocumentText())


def _why_empty(mail: Mail, name: str) -> str:
    count = len(mail.attachments)
    if not count:
        return f"{name} has no text and no attachments"
    what = "attachment is" if count == 1 else f"{count} attachments are"
    return f"{name} has no text of its own; its {what} read"


def _clock(moment: dt.datetime | None) -> str:
    """Day and time as a clock in London shows them."""
    if moment is None:
        return ""
    try:
        local = moment.astimezone(ZoneInfo("Europe/London")) if moment.tzinfo else moment
    except OverflowError:
        local = moment
    return f"{local.day} {local:%B} {local.year}, {local:%H:%M}"


def _named(people: Sequence[str]) -> str:
    others = len(people) - _MOST_NAMED
    return "; ".join(people[:_MOST_NAMED]) + (f" and {others} more" if others > 0 else "")
