"""Parses the XML of legislation (Crown Legislation Markup Language) so that no file can read others or fill the memory.

Offers the few ways of looking at its elements that the readers share. Knows nothing of what the elements mean.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from assistant.documents.metadata import one_line
from assistant.documents.plain_faults import xml_fault
from assistant.errors import SkippedDocument, UnreadableDocument

LEGISLATION = "http://www.legislation.gov.uk/namespaces/legislation"
METADATA = "http://www.legislation.gov.uk/namespaces/metadata"
DC = "http://purl.org/dc/elements/1.1/"
TERMS = "http://purl.org/dc/terms/"
ATOM = "http://www.w3.org/2005/Atom"
XHTML = "http://www.w3.org/1999/xhtml"
MATHS = "http://www.w3.org/1998/Math/MathML"

_MOST_BYTES = 100 * 2**20
"""The largest Acts take up some 30 MiB; a tree in memory is several times its file."""


def parse(data: bytes) -> etree._Element:
    """The root of a piece of legislation.

    Raises:
        UnreadableDocument: It is no well-formed XML, is too large or nested too deeply, or declares entities.
        SkippedDocument: It is XML of another kind.
    """
    if len(data) > _MOST_BYTES:
        raise UnreadableDocument(
            f"It is {len(data) // 2**20} MiB; the largest legislation read is {_MOST_BYTES // 2**20} MiB. Fetch its parts "
            "instead."
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError, LookupError) as error:  # LookupError: an encoding that there is not
        raise UnreadableDocument(f"It is not well-formed XML: {xml_fault(error)}. Fetch it again.") from None
    if root.getroottree().docinfo.doctype:
        raise UnreadableDocument("It declares a document type or entities, which legislation never does; it is not read.")
    if not is_(root, "Legislation"):
        name = one_line(local(root))[:80]
        raise SkippedDocument(f"It is XML, but not legislation from legislation.gov.uk: it is a {name!r} document.")
    return root


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def is_(element: etree._Element, *names: str) -> bool:
    """Whether it is one of these elements of legislation."""
    namespace, _, name = str(element.tag).rpartition("}")
    return namespace == f"{{{LEGISLATION}" and name in names


def kind(element: etree._Element) -> str:
    """The name of an element of legislation, "" for one of another vocabulary."""
    namespace, _, name = str(element.tag).rpartition("}")
    return name if namespace == f"{{{LEGISLATION}" else ""


def child(element: etree._Element, *names: str) -> etree._Element | None:
    """The first child with one of these names."""
    return next(children(element, *names), None)


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The children with one of these names; all without names."""
    return (found for found in element if not names or is_(found, *names))


def within(root: etree._Element, name: str, *, namespace: str = LEGISLATION) -> Iterator[etree._Element]:
    """All elements of a name below another, in order."""
    found: Iterator[etree._Element] = root.iter(f"{{{namespace}}}{name}")
    return found
