"""Reads Word documents: what their pages show, in order, with lists, tables and notes kept whole.

Tracked changes are read as accepted; comments, hidden text, headers, footers and tables of contents are left out. Finds the
parts; `docx_walk` reads them. The names of parts are looked up, since programs choose their own.
"""

from __future__ import annotations

import posixpath

from lxml import etree

from assistant.documents.docx_styles import Styles, W
from assistant.documents.docx_walk import Walk
from assistant.documents.flow import COMMENTS, Flow
from assistant.documents.flow_document import Facts, as_document
from assistant.documents.flow_package import Package
from assistant.documents.model import Document
from assistant.documents.reader import File
from assistant.errors import UnreadableDocument

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_NOT_NOTES = frozenset({"separator", "continuationSeparator", "continuationNotice"})


class DocxReader:
    """Reader of Word documents (.docx)."""

    name = "docx"

    def read(self, file: File) -> Document:
        """Turn one Word document into a document.

        Raises:
            UnreadableDocument: It is damaged, locked, or no Word document.
            SkippedDocument: There is nothing to read in it.
        """
        package = Package(file.data, file.path.name)
        main = _related(package, "").get("officeDocument")
        root = package.optional_tree(main)
        body = None if root is None else root.find(f"{W}body")
        if root is None or body is None or main is None:
            raise _no_document(package, file.path.name)
        parts = _related(package, main)
        styles = Styles(package.optional_tree(parts.get("styles")), package.optional_tree(parts.get("numbering")))
        flow = Flow()
        Walk(flow, styles).over(root)
        _add_notes(flow, styles, package, parts)
        comments = package.optional_tree(parts.get("comments"))
        flow.count(COMMENTS, 0 if comments is None else sum(1 for _ in comments.iterchildren(f"{W}comment")))
        return as_document(file, flow, _facts(package, styles), reader=self.name)


def _no_document(package: Package, name: str) -> UnreadableDocument:
    kind = package.kind()
    if kind.startswith("a Word"):
        return UnreadableDocument(f"{name} is damaged: it has no text part; get a fresh copy, or open it and save it again")
    return UnreadableDocument(f"{name} is {kind}, whatever its name says; rename it or save it as a Word document (.docx)")


def _related(package: Package, part: str) -> dict[str, str]:
    """The parts that a part ("" for the package) points to, by what each is to it; those that are missing are left out."""
    folder, name = posixpath.split(part)
    links = package.optional_tree(posixpath.join(folder, "_rels", f"{name}.rels"))
    found: dict[str, str] = {}
    known = {name.lower(): name for name in package.names}
    for link in () if links is None else links.iter(_RELATIONSHIP):
        kind, target = link.get("Type", "").rpartition("/")[2], link.get("Target", "")
        path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/").lower()
        if link.get("TargetMode") != "External" and path in known:
            found.setdefault(kind, known[path])
    return found


def _add_notes(flow: Flow, styles: Styles, package: Package, parts: dict[str, str]) -> None:
    """Put the words of each note that has a mark in the body to its key."""
    for kind in ("footnote", "endnote"):
        root = package.optional_tree(parts.get(f"{kind}s"))
        for note in () if root is None else root.iterchildren(f"{W}{kind}"):
            key = f"{kind} {note.get(f'{W}id', '')}"
            if key in flow.notes and note.get(f"{W}type") not in _NOT_NOTES:
                flow.open()
                Walk(flow, styles).over(note)
                flow.notes[key] = flow.close()


def _facts(package: Package, styles: Styles) -> Facts:
    """What the core properties say."""
    core = package.optional_tree(_related(package, "").get("core-properties"))
    found = {} if core is None else {etree.QName(one).localname: one.text or "" for one in core if isinstance(one.tag, str)}
    return Facts(
        title=found.get("title", ""),
        description=found.get("description", ""),
        created=found.get("created", ""),
        modified=found.get("modified", ""),
        language=found.get("language", "") or styles.language,
    )
