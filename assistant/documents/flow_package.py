"""Opens the parts of an Office or OpenDocument package as trees of XML, harmlessly and with plain reasons for refusal.

The libraries for these formats are not used to open files: they refuse what the programs open (a link to a part that is not
there, Strict Open XML, templates), follow a chain of parts by recursion, make up properties, and read declared entities.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import PurePath

from lxml import etree

from assistant.documents.packages import open_package
from assistant.documents.plain_faults import package_fault, xml_fault
from assistant.documents.unread_formats import disguise, is_disguised
from assistant.errors import UnreadableDocument

_STRICT = (
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)
"""The names of Strict Open XML and those that everyone else writes."""
_KINDS = (
    ("word/", "a Word document (.docx)"),
    ("xl/", "an Excel workbook (.xlsx)"),
    ("ppt/", "a PowerPoint presentation (.pptx)"),
    ("visio/", "a Visio drawing"),
    ("index/", "an Apple iWork file"),
)
_OPEN_DOCUMENT = {
    "text": "an OpenDocument text (.odt)",
    "spreadsheet": "an OpenDocument spreadsheet (.ods)",
    "presentation": "an OpenDocument presentation (.odp)",
    "graphics": "an OpenDocument drawing",
}
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_LARGEST = 80 * 1024 * 1024
"""Bytes of one part of XML; its tree takes about ten times as much memory."""
_MIME = b"application/vnd.oasis.opendocument."


class Package:
    """A package that is safe to read; `names` are those of its parts."""

    def __init__(self, data: bytes, name: str) -> None:
        """Open a package.

        Raises:
            UnreadableDocument: It is no package, locked, damaged or made to do harm; the message says which.
        """
        suffix = PurePath(name).suffix.lower()
        if not data.startswith(_OLE) and is_disguised(suffix, data):
            raise UnreadableDocument(f"{name} {disguise(suffix, data)}")
        self._file_name = name
        self._zip = open_package(data, name)
        self.names = frozenset(self._zip.namelist())

    def kind(self) -> str:
        """What the package is, in words; "a ZIP archive" when it is nothing known."""
        if "mimetype" in self.names:
            kind = self.read("mimetype").strip().removeprefix(_MIME).decode("ascii", "replace").split("-")[0]
            return _OPEN_DOCUMENT.get(kind, "a ZIP archive")
        folders = {name.lower() for name in self.names}
        return next((kind for folder, kind in _KINDS if any(name.startswith(folder) for name in folders)), "a ZIP archive")

    def read(self, part: str) -> bytes:
        """The bytes of a part.

        Raises:
            UnreadableDocument: The part is damaged.
        """
        try:
            return self._zip.read(part)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
            raise self.damaged(part, package_fault(error)) from error

    def tree(self, part: str) -> etree._Element:
        """The root of a part of XML.

        Raises:
            UnreadableDocument: The part is damaged, or nested deeper than any program writes.
        """
        if self._zip.getinfo(part).file_size > _LARGEST:
            raise UnreadableDocument(
                f"{self._file_name} holds more than {_LARGEST // 2**20} MiB of text and its formatting, which is not read; "
                "split it into several documents"
            )
        data = self.read(part)
        for strict, usual in _STRICT if b"purl.oclc.org" in data else ():
            data = data.replace(strict, usual)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        try:
            root = etree.fromstring(data, parser)
        except (etree.LxmlError, ValueError, LookupError) as error:
            raise self.damaged(part, xml_fault(error)) from error
        if root.getroottree().docinfo.doctype:
            raise self.damaged(part, "it declares a document type")
        return root

    def optional_tree(self, part: str | None) -> etree._Element | None:
        """The root of a part that may be missing."""
        return self.tree(part) if part in self.names and part is not None else None

    def damaged(self, part: str, what: str) -> UnreadableDocument:
        """The error for a part that cannot be used."""
        if "nested too deeply" in what:
            return UnreadableDocument(
                f"{self._file_name} is nested too deeply to be read ({part}); open it and save it again"
            )
        return UnreadableDocument(
            f"{self._file_name} is damaged: its part {part} cannot be read ({what}); get a fresh copy, or open it and save "
            "it again"
        )
