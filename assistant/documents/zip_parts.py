"""Reads the XML parts of a package (Office, OpenDocument), whole where they are small and as a stream where they may not be.

A spreadsheet of a million cells is never a tree in memory: a tree takes twenty times the bytes of its file. Knows how
parts of Office packages point to each other, and nothing of what is in them.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lxml import etree

from assistant.documents.packages import open_package
from assistant.documents.plain_faults import package_fault, xml_fault
from assistant.documents.reader import File
from assistant.errors import UnreadableDocument

_LARGEST_TREE = 24 * 1024 * 1024
"""Bytes of a part that is read whole; a slide or a table of styles seldom has a tenth of it."""
_MOST_INSIDE = 400_000
"""Elements inside one element of a stream, which are kept until it ends: styles of cells are at most 65,000."""


@dataclass(frozen=True, slots=True)
class Relationship:
    """What a part of an Office package points to.

    Attributes:
        kind: Last word of the relationship's type, such as "worksheet" or "comments".
        path: Part that it points to, as a path in the package.
    """

    kind: str
    path: str


def local_name(element: etree._Element) -> str:
    """An element's name without its namespace: Office has two namespaces for each vocabulary."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: etree._Element, name: str) -> str | None:
    """The value of an attribute, whatever its namespace."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def attributes(element: etree._Element) -> dict[str, str]:
    """All attributes by local name."""
    return {str(key).rpartition("}")[2]: str(value) for key, value in element.attrib.items()}


def is_true(value: str | None) -> bool:
    """Whether an attribute of XML Schema's type "boolean" says yes."""
    return value is not None and value.strip().lower() in ("1", "true", "on")


def whole_number(value: str | None, default: int = 0) -> int:
    """The whole number that an attribute holds, `default` when it holds none."""
    try:
        return int(value) if value is not None and len(value) < 20 else default
    except ValueError:
        return default


class Parts:
    """The parts of one package.

    Every method raises UnreadableDocument where the package is damaged.
    """

    def __init__(self, file: File) -> None:
        self.name = file.path.name
        self._package = open_package(file.data, self.name)
        self._names = {part.filename.lower(): part.filename for part in self._package.infolist()}

    def __contains__(self, path: str) -> bool:
        return path.lower() in self._names

    def text(self, path: str) -> str:
        """The first characters of a small part, "" when there is none."""
        if path not in self:
            return ""
        with self._reading(path), self._package.open(self._names[path.lower()]) as stream:
            return stream.read(1024).decode("utf-8", "replace")

    def tree(self, path: str) -> etree._Element | None:
        """The root of a part's XML, None when there is no such part."""
        if path not in self:
            return None
        with self._reading(path):
            name = self._names[path.lower()]
            if self._package.getinfo(name).file_size > _LARGEST_TREE:
                raise UnreadableDocument(
                    f"{self.name} has a part of more than {_LARGEST_TREE // 2**20} MiB ({path}), which is not read; open it "
                    "and save it again, or split it"
                )
            parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
            root = etree.fromstring(self._package.read(name), parser)
            if root.getroottree().docinfo.doctype:
                raise self.damaged(f"{path} declares a document type")
            return root

    def stream(
        self, path: str, *, opening: Iterable[str] = (), whole: Iterable[str] = ()
    ) -> Iterator[tuple[str, etree._Element]]:
        """The elements of a part with given names, in the order of the file; everything else is dropped at once.

        Args:
            path: The part; without it there are no elements.
            opening: Local names of elements that come twice, with ("start", element) and ("end", element), empty.
            whole: Local names of elements that come once, with ("whole", element) and all that is in them.

        Raises:
            UnreadableDocument: The part is damaged.
        """
        if path not in self:
            return
        with self._reading(path), self._package.open(self._names[path.lower()]) as stream:
            yield from self._elements(stream, path, frozenset(opening), frozenset(whole))

    def _elements(
        self, stream: object, path: str, opening: frozenset[str], whole: frozenset[str]
    ) -> Iterator[tuple[str, etree._Element]]:
        events = etree.iterparse(
            stream,
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            remove_comments=True,
            remove_pis=True,
        )
        names: dict[str, str] = {}
        kept: etree._Element | None = None
        inside = 0
        for event, element in events:
            name = names.get(element.tag) or names.setdefault(element.tag, local_name(element))
            if kept is not None:
                inside += 1
                if inside > _MOST_INSIDE:
                    raise UnreadableDocument(f"{self.name} is not as any program saves it: an element of {path} has no end")
                if event == "start" or element is not kept:
                    continue
                yield "whole", element
                kept = None
            elif event == "start":
                if name in whole:
                    kept, inside = element, 0
                elif name in opening:
                    yield "start", element
                continue
            elif name in opening:
                yield "end", element
            _forget(element)

    def relationships(self, path: str) -> dict[str, Relationship]:
        """What a part of an Office package points to inside it, by identifier; "" stands for the package itself."""
        folder, name = posixpath.split(path)
        root = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = {}
        for element in root if root is not None else ():
            target, kind = element.get("Target"), element.get("Type")
            if target and kind and element.get("TargetMode") != "External":
                place = posixpath.normpath(posixpath.join("/", folder, target.split("#")[0])).lstrip("/")
                found[element.get("Id", "")] = Relationship(kind.rpartition("/")[2], place)
        return found

    def main_part(self) -> str:
        """The path of the part that an Office package is about, "" when it names none."""
        return next((link.path for link in self.relationships("").values() if link.kind == "officeDocument"), "")

    @contextmanager
    def _reading(self, path: str) -> Iterator[None]:
        try:
            yield
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise self.damaged(f"{path}: {package_fault(error)}") from error
        except (etree.LxmlError, SyntaxError, ValueError, LookupError) as error:
            raise self.damaged(f"{path}: {xml_fault(error)}") from error

    def damaged(self, what: str) -> UnreadableDocument:
        """The error for a package that does not hold what it should."""
        return UnreadableDocument(f"{self.name} is damaged ({what}); get a fresh copy, or open it and save it again")


def _forget(element: etree._Element) -> None:
    """Free an element that has been read, and those before it; itself stays, for the parser may still hold on to it."""
    element.clear(keep_tail=True)
    parent = element.getparent()
    if parent is not None:
        while (before := element.getprevious()) is not None:
            parent.remove(before)
