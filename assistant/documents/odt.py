"""Reads OpenDocument texts: what their pages show, in order, with lists, tables and notes kept whole.

Tracked changes are read as accepted; comments, hidden text, headers, footers and tables of contents are left out. Finds the
parts; `odt_walk` reads them.
"""

from __future__ import annotations

import posixpath
from functools import partial

from lxml import etree

from assistant.documents.flow import Flow
from assistant.documents.flow_document import Facts, as_document
from assistant.documents.flow_package import Package
from assistant.documents.model import Document
from assistant.documents.odt_styles import Styles, name
from assistant.documents.odt_walk import Walk
from assistant.documents.reader import File
from assistant.errors import UnreadableDocument

_ENCRYPTION = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}encryption-data"
_MATHS = "{http://www.w3.org/1998/Math/MathML}"
_FORMULA = frozenset(_MATHS + tag for tag in ("mi", "mn", "mo", "mtext", "ms"))


class OdtReader:
    """Reader of OpenDocument texts (.odt)."""

    name = "odt"

    def read(self, file: File) -> Document:
        """Turn one OpenDocument text into a document.

        Raises:
            UnreadableDocument: It is damaged, locked, or no OpenDocument text.
            SkippedDocument: There is nothing to read in it.
        """
        package = Package(file.data, file.path.name)
        _check_lock(package, file.path.name)
        root = package.optional_tree("content.xml")
        body = None if root is None else root.find(f"{name('office:body')}/{name('office:text')}")
        if root is None or body is None:
            raise _no_document(package, file.path.name)
        styles = Styles(package.optional_tree("styles.xml"), root)
        flow = Flow()
        Walk(flow, styles, partial(_formula, package)).over(body)
        return as_document(file, flow, _facts(package, styles), reader=self.name)


def _check_lock(package: Package, file_name: str) -> None:
    """Only the manifest says that the parts of a package are encrypted."""
    manifest = package.optional_tree("META-INF/manifest.xml")
    is_locked = manifest is not None and next(manifest.iter(_ENCRYPTION), None) is not None
    if is_locked or "encrypted-package" in package.names:
        raise UnreadableDocument(f"{file_name} is protected by a password; ask its owner for an open copy")


def _no_document(package: Package, file_name: str) -> UnreadableDocument:
    kind = package.kind()
    if kind.startswith("an OpenDocument text"):
        return UnreadableDocument(
            f"{file_name} is damaged: it has no text part; get a fresh copy, or open it and save it again"
        )
    return UnreadableDocument(
        f"{file_name} is {kind}, whatever its name says; rename it or save it as an OpenDocument text (.odt)"
    )


def _formula(package: Package, address: str) -> str:
    """The words of a formula, which is a part of its own; "" for other objects."""
    root = package.optional_tree(f"{posixpath.normpath(address)}/content.xml")
    if root is None or not root.tag.startswith(_MATHS):
        return ""
    words: list[str] = []
    for element in root.iter():
        above = element.getparent()
        if above is not None and above.tag == f"{_MATHS}mfrac" and element is above[-1]:
            words.append("/")
        if element.tag in _FORMULA:
            words.append(element.text or "")
    return "".join(words)


def _facts(package: Package, styles: Styles) -> Facts:
    meta = package.optional_tree("meta.xml")
    found = (
        {}
        if meta is None
        else {etree.QName(one).localname: one.text or "" for one in meta.iter() if isinstance(one.tag, str)}
    )
    return Facts(
        title=found.get("title", ""),
        description=found.get("description", ""),
        created=found.get("creation-date", ""),
        modified=found.get("date", ""),
        language=found.get("language", "") or styles.language,
    )
