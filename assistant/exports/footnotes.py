"""Real footnotes of a Word file, which python-docx cannot make: the part that holds them, and the marks in the text.

The format is that of ECMA-376, part 1, 17.11. Knows nothing of what the footnotes say.
"""

from __future__ import annotations

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph

TEXT_STYLE, MARK_STYLE = "FootnoteText", "FootnoteReference"
_RULES = ((-1, "separator", "separator"), (0, "continuationSeparator", "continuationSeparator"))


class Footnotes:
    """The footnotes of one document, numbered by Word in the order of their marks."""

    def __init__(self, document: Document) -> None:
        self._root = parse_xml(f"<w:footnotes {nsdecls('w', 'r')}/>")
        for number, kind, element in _RULES:
            note = self._note(number)
            note.set(qn("w:type"), kind)
            paragraph = _add(note, "w:p")
            spacing = _add(_add(paragraph, "w:pPr"), "w:spacing")
            spacing.set(qn("w:after"), "0")
            _add(_add(paragraph, "w:r"), f"w:{element}")
        package = document.part.package
        self._part = XmlPart(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, self._root, package)
        document.part.relate_to(self._part, RELATIONSHIP_TYPE.FOOTNOTES)
        _name_in_settings(document)
        self._last = 0

    def add(self, paragraph: Paragraph) -> Paragraph:
        """Put the mark of a new footnote at the end of a paragraph; returns the footnote's own paragraph, to write in."""
        self._last += 1
        mark = _add(_marked_run(paragraph._p), "w:footnoteReference")
        mark.set(qn("w:id"), str(self._last))
        own = _add(self._note(self._last), "w:p")
        _add(_add(own, "w:pPr"), "w:pStyle").set(qn("w:val"), TEXT_STYLE)
        _add(_marked_run(own), "w:footnoteRef")
        written = Paragraph(own, paragraph._parent)
        written.add_run(" ")
        return written

    def link(self, paragraph: Paragraph, address: str) -> None:
        """Add a web address, which shows itself, to the paragraph of a footnote."""
        add_link(paragraph, address, address, part=self._part)

    def _note(self, number: int) -> BaseOxmlElement:
        note = _add(self._root, "w:footnote")
        note.set(qn("w:id"), str(number))
        return note


def add_link(paragraph: Paragraph, words: str, address: str, *, part: XmlPart) -> None:
    """Add words that open a web address, which must be a sound URI: Word refuses files with others."""
    link = _add(paragraph._p, "w:hyperlink")
    link.set(qn("r:id"), part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = _add(link, "w:r")
    _add(_add(run, "w:rPr"), "w:rStyle").set(qn("w:val"), "Hyperlink")
    text = _add(run, "w:t")
    text.text = words
    text.set(qn("xml:space"), "preserve")


def _marked_run(paragraph: BaseOxmlElement) -> BaseOxmlElement:
    run = _add(paragraph, "w:r")
    _add(_add(run, "w:rPr"), "w:rStyle").set(qn("w:val"), MARK_STYLE)
    return run


def _name_in_settings(document: Document) -> None:
    """The settings name the two rules above footnotes, else Word draws none."""
    properties = OxmlElement("w:footnotePr")
    for number, _, _ in _RULES:
        _add(properties, "w:footnote").set(qn("w:id"), str(number))
    settings = document.settings.element
    after = settings.find(qn("w:compat"))
    if after is None:
        settings.append(properties)
    else:
        after.addprevious(properties)


def _add(parent: BaseOxmlElement, name: str) -> BaseOxmlElement:
    element = OxmlElement(name)
    parent.append(element)
    return element
