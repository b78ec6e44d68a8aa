"""Reads RTF files: what their pages show, in order, with lists, tables and notes kept whole.

Tracked changes are read as accepted; comments, hidden text, headers, footers and tables of contents are left out.
"""

from __future__ import annotations

from assistant.documents.flow import Flow
from assistant.documents.flow_document import as_document
from assistant.documents.model import Document
from assistant.documents.reader import File
from assistant.documents.rtf_header import Header
from assistant.documents.rtf_tokens import tokens
from assistant.documents.rtf_walk import Walk
from assistant.documents.unread_formats import disguise
from assistant.errors import UnreadableDocument


class RtfReader:
    """Reader of RTF files."""

    name = "rtf"

    def read(self, file: File) -> Document:
        """Turn one RTF file into a document.

        Raises:
            UnreadableDocument: It is damaged, or no RTF file.
            SkippedDocument: There is nothing to read in it.
        """
        data = file.data.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\0")
        if not data.startswith(b"{\\rtf"):
            what = disguise(".rtf", file.data) or "is not an RTF file, whatever its name says; save it in its real format"
            raise UnreadableDocument(f"{file.path.name} {what}")
        flow, header = Flow(), Header()
        Walk(flow, header).over(tokens(data), file.path.name)
        return as_document(file, flow, header.facts(), reader=self.name)
