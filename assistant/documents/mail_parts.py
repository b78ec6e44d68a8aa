"""Sorts the parts of a MIME message: what is its text, in which forms, what is attached, what is left out.

Knows nothing of blocks or of the message's header fields.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from email.errors import MessageDefect
from email.message import Message

from assistant.documents.html import decode as decode_html
from assistant.documents.mail import Attachment, Body, HtmlBody, PlainBody
from assistant.documents.mail_charsets import decode_text
from assistant.documents.mail_headers import words_of

_DEEPEST = 40
_SIGNATURES = frozenset(
    str.split("""application/pkcs7-signature application/x-pkcs7-signature application/pgp-signature application/pgp-keys
    message/delivery-status message/disposition-notification message/feedback-report text/rfc822-headers""")
)
"""What belongs to the way a message travels."""
_LEFT_OUT = {
    "application/ms-tnef": "attachments in Outlook's own form (winmail.dat)",
    "application/vnd.ms-tnef": "attachments in Outlook's own form (winmail.dat)",
    "application/pkcs7-mime": "encrypted parts",
    "application/x-pkcs7-mime": "encrypted parts",
    "message/external-body": "attachments kept elsewhere",
    "message/partial": "parts of other messages",
    "text/calendar": "calendar entries",
}


@dataclass(slots=True)
class Parts:
    """What a message is made of.

    Attributes:
        html: Its text, in HTML where the message has it in HTML.
        plain: Its text, plain where the message has it plain.
        attachments: Files to read.
        left_out: Plural nouns for what is not read, one for each.
        defects: Kinds of damage to its text.
    """

    html: list[Body] = field(default_factory=list)
    plain: list[Body] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    defects: set[type[MessageDefect]] = field(default_factory=set)

    @property
    def forms(self) -> tuple[tuple[Body, ...], ...]:
        """The text in each form, that with more structure first."""
        return tuple(dict.fromkeys((tuple(self.html or self.plain), tuple(self.plain or self.html))))

    def take(self, other: Parts, *, as_alternative: bool = False) -> None:
        """Add the parts of a part, which follows what is here or says the same in another form."""
        if as_alternative:
            self.html = other.html or self.html
            self.plain = self.plain or other.plain
        elif other.html or other.plain:
            before = self.html or self.plain, self.plain or self.html
            self.html = [*before[0], *(other.html or other.plain)]
            self.plain = [*before[1], *(other.plain or other.html)]
        self.attachments += other.attachments
        self.left_out += other.left_out
        self.defects |= other.defects


def collect(message: Message, sender: str, depth: int = 0) -> Parts:
    """The parts of a message that `sender` wrote, or of one of its parts.

    Raises:
        RecursionError: They lie too deep within one another.
    """
    parts = Parts()
    payload = message.get_payload()
    kind = message.get_content_type()
    if depth > _DEEPEST:
        raise RecursionError
    if kind == "message/rfc822":
        parts.attachments += _forwarded(message)
    elif isinstance(payload, list) and message.get_content_maintype() == "multipart":
        for part in payload:
            if isinstance(part, Message):
                parts.take(collect(part, sender, depth + 1), as_alternative=kind == "multipart/alternative")
    elif kind in _LEFT_OUT:
        parts.left_out.append(_LEFT_OUT[kind])
    elif kind not in _SIGNATURES:
        _add_leaf(parts, message, sender)
    return parts


def _add_leaf(parts: Parts, part: Message, sender: str) -> None:
    name, kind = words_of(part.get_filename()), part.get_content_type()
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return
    attached = part.get_content_disposition() == "attachment" or bool(name)
    charset = str(part.get_param("charset") or "")
    if name.lower() == "winmail.dat":
        parts.left_out.append(_LEFT_OUT["application/ms-tnef"])
    elif name.lower().endswith((".p7s", ".asc", ".sig")):
        return
    elif kind == "text/plain" and not attached:
        flowed = str(part.get_param("format") or "").lower() == "flowed"
        unspaced = str(part.get_param("delsp") or "").lower() == "yes"
        parts.plain.append(PlainBody(decode_text(data, charset), sender=sender, flowed=flowed, unspaced=unspaced))
    elif kind == "text/html" and not attached:
        parts.html.append(HtmlBody(decode_text(data, charset) if charset else decode_html(data), sender))
    elif part.get_content_maintype() == "image" and (part["content-id"] or not attached):
        parts.left_out.append("pictures")
    else:
        parts.attachments.append(Attachment(name, kind, data))
        return
    parts.defects |= {type(defect) for defect in part.defects}


def _forwarded(message: Message) -> list[Attachment]:
    """The message in a message, as a file of its own."""
    payload = message.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else None
    if not isinstance(inner, Message):
        return []
    name = words_of(message.get_filename()) or words_of(inner["subject"])
    try:
        data = inner.as_bytes()
        if str(message["content-transfer-encoding"]).strip().lower() == "base64":  # against the rules, and common
            data = base64.b64decode(data, validate=False)
    except (UnicodeError, LookupError, ValueError, KeyError, TypeError, binascii.Error):
        return []
    return [Attachment(name.replace("/", "-"), "message/rfc822", data)]
