"""Reads messages saved by Outlook (.msg): the message as a document, what is attached as files.

A message within a message is handed on as an .eml file, since it is no file of its own there. Knows nothing of how text
becomes blocks.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from olefile import OleFileIO
from oxmsg.storage import Storage

from assistant.documents.mail import document_of
from assistant.documents.mail_attachments import as_files
from assistant.documents.model import Document
from assistant.documents.outlook_mail import mail_of
from assistant.documents.outlook_properties import Properties
from assistant.documents.reader import File
from assistant.errors import UnreadableDocument

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class MsgReader:
    """Reader of messages saved by Outlook as .msg files."""

    name = "msg"

    def read(self, file: File) -> Document:
        """Turn one message into a document, without what is attached.

        Raises:
            UnreadableDocument: It is no Outlook message, damaged or encrypted.
            SkippedDocument: It has no text of its own.
        """
        return document_of(mail_of(_open(file), file.path.name), file, reader=self.name)

    def enclosed(self, file: File) -> Sequence[File]:
        """The attached files, messages among them; pictures and signatures that belong to the text are left out.

        Raises:
            UnreadableDocument: It is no Outlook message, damaged or encrypted.
        """
        return as_files(mail_of(_open(file), file.path.name).attachments, file)


def _open(file: File) -> Properties:
    name = file.path.name
    if not file.data.startswith(_MAGIC):
        raise UnreadableDocument(f"{name} is not an Outlook message, whatever its name says; save it in its real format")
    try:
        with OleFileIO(io.BytesIO(file.data)) as container:
            storage = Storage.from_ole(container)
            issues = [str(message) for _, message in container.parsing_issues]
    except Exception as error:  # olefile raises errors of many kinds on damaged files
        if "incomplete" in str(error):
            raise UnreadableDocument(_cut_short(name)) from error
        raise UnreadableDocument(f"{name} is damaged; get a fresh copy, or open it and save it again") from error
    if any("incomplete" in issue for issue in issues):
        raise UnreadableDocument(_cut_short(name))
    properties = Properties(storage)
    if not properties.is_message:
        raise UnreadableDocument(f"{name} is another kind of Office file, not an Outlook message; give it its real suffix")
    return properties


def _cut_short(name: str) -> str:
    return f"{name} is cut short: the end of the message is missing; save or download it again"
