"""Reads e-mails saved as .eml (RFC 5322 with MIME): the message as a document, what is attached as files.

Parsed by the standard library under its older policy: the newer one raises errors of many kinds on header fields that break
the rules, and those are common. Knows nothing of how text becomes blocks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from email import message_from_bytes
from email.errors import CloseBoundaryNotFoundDefect, InvalidBase64LengthDefect, StartBoundaryNotFoundDefect
from email.message import Message
from email.policy import Compat32
from itertools import islice

from assistant.documents.mail import Mail, document_of, encrypted
from assistant.documents.mail_attachments import as_files
from assistant.documents.mail_charsets import decode_text
from assistant.documents.mail_headers import moment, people, words_of
from assistant.documents.mail_parts import Parts, collect
from assistant.documents.model import Document, LeftOut
from assistant.documents.reader import File
from assistant.errors import UnreadableDocument

_FIELDS = frozenset(("from", "to", "cc", "subject", "date", "received", "message-id", "mime-version", "content-type"))
_BOUNDARY = re.compile(rb"""boundary="?([^"\s;]{1,200})""", re.IGNORECASE)
_MOST_PARTS = 5_000
_MOST_MARKS = 1_000
_PROTECTED = "application/x-microsoft-rpmsg-message"


class _AsWritten(Compat32):
    """Gives header fields as text even where they hold raw 8-bit letters."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value if value.isascii() else decode_text(value.encode("ascii", "surrogateescape"))


_POLICY = _AsWritten(mangle_from_=False)


class EmlReader:
    """Reader of e-mails saved as .eml files."""

    name = "eml"

    def read(self, file: File) -> Document:
        """Turn one message into a document, without what is attached.

        Raises:
            UnreadableDocument: It is no e-mail, cut short or encrypted.
            SkippedDocument: It has no text of its own.
        """
        return document_of(read_mail(file.data, file.path.name), file, reader=self.name)

    def enclosed(self, file: File) -> Sequence[File]:
        """The attached files, messages among them; pictures and signatures that belong to the text are left out.

        Raises:
            UnreadableDocument: It is no e-mail, cut short or encrypted.
        """
        return as_files(read_mail(file.data, file.path.name).attachments, file)


def read_mail(data: bytes, name: str) -> Mail:
    """The message in a file with this name.

    Raises:
        UnreadableDocument: As in `EmlReader.read`.
    """
    _check_parts(data, name)
    try:
        message = message_from_bytes(data.removeprefix(b"\xef\xbb\xbf").lstrip(), policy=_POLICY)
        _check(message, name)
        sender = "; ".join(people(message["from"]) or people(message["sender"]))
        parts = collect(message, sender)
    except RecursionError:
        raise UnreadableDocument(f"{name} is damaged: its parts lie within one another without end") from None
    if InvalidBase64LengthDefect in parts.defects:
        raise UnreadableDocument(_cut_short(name))
    return Mail(
        subject=words_of(message["subject"]),
        sender=sender,
        recipients=people(*message.get_all("to", ())),
        copied=people(*message.get_all("cc", ())),
        sent=moment(message["date"]),
        forms=parts.forms,
        attachments=tuple(parts.attachments),
        left_out=_left_out(parts),
    )


def _check(message: Message, name: str) -> None:
    if not _FIELDS & {field.lower() for field, _ in message.items()}:
        raise UnreadableDocument(f"{name} is not an e-mail, whatever its name says; save it in its real format")
    kind, secure = message.get_content_type(), str(message.get_param("smime-type") or "").lower()
    if kind in ("application/pkcs7-mime", "application/x-pkcs7-mime") and secure == "signed-data":
        raise UnreadableDocument(
            f"{name} is signed in a way that wraps up its text (S/MIME); open it in a mail program and save it without the "
            "signature"
        )
    holds = {part.get_content_type() for part in message.walk()}
    if kind in ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime") or _PROTECTED in holds:
        raise UnreadableDocument(encrypted(name))
    defects = {type(defect) for defect in message.defects}
    if defects & {CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect}:
        raise UnreadableDocument(_cut_short(name))


def _check_parts(data: bytes, name: str) -> None:
    """The parser takes minutes over a hundred thousand parts."""
    if data.count(b"\n--") < _MOST_PARTS or not (marks := set(_BOUNDARY.findall(data))):
        return
    if sum(data.count(b"\n--" + mark) for mark in islice(marks, _MOST_MARKS)) > _MOST_PARTS or len(marks) > _MOST_MARKS:
        raise UnreadableDocument(
            f"{name} has more than {_MOST_PARTS:,} parts, which are not read; open it in a mail program and save its "
            "attachments on their own"
        )


def _cut_short(name: str) -> str:
    return f"{name} is cut short: the end of the message is missing; save or download it again"


def _left_out(parts: Parts) -> tuple[LeftOut, ...]:
    return tuple(LeftOut(what, count) for what, count in sorted(Counter(parts.left_out).items()))
