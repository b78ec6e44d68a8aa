"""The e-mail that the properties of an Outlook message describe: who, when, the text in its best form, what is attached.

Knows nothing of how Outlook files are laid out.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from oxmsg.domain import constants as tags

from assistant.documents.compressed_rtf import unpack_rtf
from assistant.documents.email_message import read_mail
from assistant.documents.html import decode as decode_html
from assistant.documents.mail import Attachment, Body, HtmlBody, Mail, PlainBody, ReadBody, encrypted
from assistant.documents.mail_charsets import decode_text
from assistant.documents.mail_headers import words_of
from assistant.documents.model import LeftOut
from assistant.documents.outlook_eml import as_eml
from assistant.documents.outlook_properties import Properties
from assistant.documents.reader import File
from assistant.errors import DocumentError, UnreadableDocument

_REPRESENTING_SMTP = 0x5D02
_TO, _COPY = 1, 2
"""Kinds of recipient (PidTagRecipientType)."""
_OLE_OBJECT, _LINKED = 6, (2, 3, 4, 7)
"""Ways of attaching (PidTagAttachMethod): a drawing or the like; a file that is kept elsewhere."""
_IN_THE_TEXT = 4
"""Flag of an attachment that the message's HTML shows (PidTagAttachFlags)."""
_PICTURES = (".png", ".gif", ".jpg", ".jpeg", ".bmp", ".emz", ".wmz", ".svg")
_DEEPEST = 10


def mail_of(message: Properties, name: str, *, depth: int = 0) -> Mail:
    """The e-mail in a message.

    Args:
        message: Its properties.
        name: Name of its file, for reasons.
        depth: How many messages it lies in.

    Raises:
        UnreadableDocument: It is encrypted, or messages lie within one another without end.
    """
    if depth > _DEEPEST:
        raise UnreadableDocument(f"{name} is damaged: its parts lie within one another without end")
    sender = _sender(message)
    left_out: Counter[str] = Counter()
    attachments: list[Attachment] = []
    for attached in message.attachments:
        found = _attachment(attached, name, left_out, depth=depth)
        if found is not None:
            attachments.append(found)
    forms = _forms(message, sender)
    kind = message.text(tags.PID_MESSAGE_CLASS).lower()
    if kind.endswith("smime.multipartsigned") and attachments and not any(forms):
        signed = read_mail(attachments[0].data, name)
        forms, attachments = signed.forms, list(signed.attachments)
    elif kind.startswith("ipm.note.smime") or any(a.name.lower() == "message.rpmsg" for a in attachments):
        raise UnreadableDocument(encrypted(name))
    return Mail(
        subject=words_of(message.text(tags.PID_SUBJECT)),
        sender=sender,
        recipients=_recipients(message, _TO, tags.PID_DISPLAY_TO),
        copied=_recipients(message, _COPY, tags.PID_DISPLAY_CC),
        sent=message.moment(tags.PID_CLIENT_SUBMIT_TIME) or message.moment(tags.PID_MESSAGE_DELIVERY_TIME),
        forms=forms,
        attachments=tuple(attachments),
        left_out=tuple(LeftOut(what, count) for what, count in sorted(left_out.items())),
    )


def _sender(message: Properties) -> str:
    for name, *addresses in (
        (tags.PID_SENT_REPRESENTING_NAME, _REPRESENTING_SMTP, tags.PID_SENT_REPRESENTING_EMAIL_ADDRESS),
        (tags.PID_SENDER_NAME, tags.PID_SENDER_SMTP_ADDRESS, tags.PID_SENDER_EMAIL_ADDRESS),
    ):
        if person := _person(message, name, *addresses):
            return person
    return ""


def _recipients(message: Properties, kind: int, shown: int) -> tuple[str, ...]:
    found = (recipient for recipient in message.recipients if recipient.number(tags.PID_RECIPIENT_TYPE) == kind)
    people_named = [_person(one, tags.PID_DISPLAY_NAME, tags.PID_SMTP_ADDRESS, tags.PID_EMAIL_ADDRESS) for one in found]
    if not people_named:
        people_named = [words_of(name) for name in message.text(shown).split(";")]
    return tuple(dict.fromkeys(filter(None, people_named)))


def _person(properties: Properties, name: int, *addresses: int) -> str:
    """Name and address; an address without "@" is a place in Exchange's own directory, which says nothing to people."""
    shown = words_of(properties.text(name)).strip("'")
    found = (words_of(properties.text(address)) for address in addresses)
    address = next((address for address in found if "@" in address), "")
    return shown if not address or shown == address else f"{shown} <{address}>".strip()


def _forms(message: Properties, sender: str) -> tuple[tuple[Body, ...], ...]:
    """HTML and plain text; the Rich Text, of which both are made, only where they are missing."""
    forms: list[Body] = []
    if markup := message.data(tags.PID_BODY_HTML):
        codepage = message.internet_codepage
        forms.append(HtmlBody(decode_text(markup, codepage) if codepage else decode_html(markup), sender))
    elif written := message.text(tags.PID_BODY_HTML):
        forms.append(HtmlBody(written, sender))
    if (plain := message.text(tags.PID_BODY)).strip():
        forms.append(PlainBody(plain, sender=sender))
    if not forms and (rich := _rich_text(message)):
        forms.append(rich)
    return tuple((form,) for form in forms)


def _rich_text(message: Properties) -> Body | None:
    from assistant.documents.rtf import RtfReader

    data = unpack_rtf(message.data(tags.PID_RTF_COMPRESSED))
    try:
        return ReadBody(RtfReader().read(File(Path("/message.rtf"), "message.rtf", data))) if data else None
    except DocumentError:
        return None


def _attachment(attached: Properties, name: str, left_out: Counter[str], *, depth: int) -> Attachment | None:
    """A file to read, None for anything else, which is then counted."""
    method = attached.number(tags.PID_ATTACH_METHOD)
    inner = attached.message
    label = words_of(attached.text(tags.PID_ATTACH_LONG_FILENAME) or attached.text(tags.PID_ATTACH_FILENAME))
    shown = words_of(attached.text(tags.PID_DISPLAY_NAME))
    if inner is not None:
        return _inner_message(inner, label or shown, name, left_out, depth=depth)
    data = attached.data(tags.PID_ATTACH_DATA_BINARY)
    if method == _OLE_OBJECT:
        left_out["embedded objects"] += 1
    elif method in _LINKED and not data:
        left_out["attachments kept elsewhere"] += 1
    elif label.lower().endswith(".p7s"):
        return None
    elif _is_in_the_text(attached, label):
        left_out["pictures"] += 1
    else:
        return Attachment(label or shown, attached.text(tags.PID_ATTACH_MIME_TAG).lower(), data)
    return None


def _inner_message(inner: Properties, shown: str, name: str, left_out: Counter[str], *, depth: int) -> Attachment | None:
    try:
        data = as_eml(mail_of(inner, name, depth=depth + 1))
    except UnreadableDocument:
        left_out["encrypted messages"] += 1
        return None
    return Attachment(words_of(inner.text(tags.PID_SUBJECT)) or shown, "message/rfc822", data)


def _is_in_the_text(attached: Properties, label: str) -> bool:
    is_hidden = attached.number(tags.PID_ATTACHMENT_HIDDEN) or attached.number(tags.PID_ATTACH_FLAGS) & _IN_THE_TEXT
    is_named = bool(attached.text(tags.PID_ATTACH_CONTENT_ID))
    return label.lower().endswith(_PICTURES) and bool(is_hidden or is_named)
