"""Writes an e-mail as an .eml file, for a message that is no file of its own. Knows nothing of Outlook or of reading."""

from __future__ import annotations

from collections.abc import Iterable
from email import encoders
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr

from assistant.documents.mail import Attachment, Body, HtmlBody, Mail, PlainBody, ReadBody


def as_eml(mail: Mail) -> bytes:
    """The message as the bytes of an .eml file: the same people, date, text and attachments."""
    message = MIMEMultipart("mixed")
    message["Subject"] = Header(mail.subject, "utf-8").encode()
    for field, named in (("From", (mail.sender,)), ("To", mail.recipients), ("Cc", mail.copied)):
        if people := ", ".join(_address(person) for person in named if person):
            message[field] = people
    if mail.sent:
        message["Date"] = format_datetime(mail.sent)
    message.attach(_text(mail.forms))
    for attachment in mail.attachments:
        message.attach(_file(attachment))
    return message.as_bytes()


def _text(forms: Iterable[Iterable[Body]]) -> MIMEMultipart:
    parts = MIMEMultipart("alternative")
    for form in reversed(list(forms)):  # the best stands last in MIME
        for body in form:
            if isinstance(body, HtmlBody):
                parts.attach(MIMEText(body.markup, "html", "utf-8"))
            elif isinstance(body, PlainBody):
                parts.attach(MIMEText(body.text, "plain", "utf-8"))
            elif isinstance(body, ReadBody):
                parts.attach(MIMEText(body.document.text, "plain", "utf-8"))
    return parts


def _file(attachment: Attachment) -> MIMEBase:
    kind, _, subkind = attachment.media_type.partition("/")
    is_plain_file = kind in ("application", "text", "image") and subkind.isascii() and subkind.replace("-", "").isalnum()
    part = MIMEBase(*((kind, subkind) if is_plain_file else ("application", "octet-stream")))
    part.set_payload(attachment.data)
    encoders.encode_base64(part)
    name = attachment.name or "attachment"
    if attachment.media_type == "message/rfc822" and not name.lower().endswith(".eml"):
        name += ".eml"
    part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
    return part


def _address(person: str) -> str:
    """Name and address with the quotation marks that mail needs: `Smith, Jo <jo@x>` is `"Smith, Jo" <jo@x>`."""
    name, bracket, address = person.rpartition(" <")
    if not bracket:
        return person if "@" in person and person.isascii() else Header(person, "utf-8").encode()
    if not address.isascii():
        return Header(person, "utf-8").encode()
    return formataddr((name, address.rstrip(">")))
