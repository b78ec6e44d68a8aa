"""How an exported Word file looks: A4, Arial, styles by their usual names, so that a department can lay its own over them.

Knows nothing of what is written.
"""

from __future__ import annotations

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import CharacterStyle, ParagraphStyle

from assistant.exports.footnotes import MARK_STYLE, TEXT_STYLE

VERDICT, NOTICE, SMALL, QUOTATION = "Bernard Verdict", "Bernard Notice", "Bernard Small", "Bernard Quotation"
_BLACK, _GREY, _BLUE = RGBColor(0x0B, 0x0C, 0x0C), RGBColor(0x50, 0x5A, 0x5F), RGBColor(0x1A, 0x65, 0xA6)
_TEXT_WIDTH = Cm(16)


def set_up(document: Document) -> None:
    """Pages and styles."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.5)
    section.header_distance = section.footer_distance = Cm(1.1)
    _paragraph(document, "Normal", size=11, after=6)
    _paragraph(document, "Title", size=20, after=10, is_bold=True)
    _paragraph(document, "Heading 1", size=14, before=16, after=4, is_bold=True)
    _paragraph(document, "Heading 2", size=12, before=10, after=4, is_bold=True)
    _paragraph(document, "Heading 3", size=11, before=8, after=3, is_bold=True)
    _paragraph(document, "List Bullet", size=11, after=4)
    for name in ("Header", "Footer"):
        style = _paragraph(document, name, size=9, after=0)
        style.paragraph_format.tab_stops.add_tab_stop(_TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    notice = _paragraph(document, NOTICE, size=10.5, before=2, after=8)
    notice.paragraph_format.left_indent = Cm(0.4)
    _bar_at_left(notice)
    _paragraph(document, SMALL, size=9, before=4, after=6, colour=_GREY)
    quotation = _paragraph(document, QUOTATION, size=11, after=5)
    quotation.paragraph_format.left_indent = Cm(0.8)
    note = _paragraph(document, "footnote text", size=9, after=3, id=TEXT_STYLE)
    note.paragraph_format.line_spacing = 1.0
    mark = _character(document, "footnote reference", id=MARK_STYLE)
    mark.font.superscript = True
    verdict = _character(document, VERDICT)
    verdict.font.bold, verdict.font.size, verdict.font.color.rgb = True, Pt(8.5), _GREY
    link = _character(document, "Hyperlink")
    link.font.underline, link.font.color.rgb = True, _BLUE
    _speak_british(document)
    _without_rule(document)


def _paragraph(
    document: Document,
    name: str,
    *,
    size: float,
    before: float = 0,
    after: float,
    is_bold: bool = False,
    colour: RGBColor = _BLACK,
    id: str = "",
) -> ParagraphStyle:
    style = _style(document, name, WD_STYLE_TYPE.PARAGRAPH, id)
    assert isinstance(style, ParagraphStyle)
    _in_arial(style)
    style.font.size, style.font.bold, style.font.color.rgb = Pt(size), is_bold, colour
    style.font.italic = False
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    return style


def _character(document: Document, name: str, *, id: str = "") -> CharacterStyle:
    style = _style(document, name, WD_STYLE_TYPE.CHARACTER, id)
    assert isinstance(style, CharacterStyle)
    return style


def _style(document: Document, name: str, kind: WD_STYLE_TYPE, id: str) -> object:
    if name in document.styles:
        return document.styles[name]
    style = document.styles.add_style(name, kind, builtin=bool(id) or name == "Hyperlink")
    if id:
        style.element.set(qn("w:styleId"), id)
    return style


def _in_arial(style: CharacterStyle) -> None:
    """Named for every script, and not by the theme, whose fonts would win."""
    style.font.name = "Arial"
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for which in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{which}"), None)
    for which in ("w:cs", "w:eastAsia"):
        fonts.set(qn(which), "Arial")


def _bar_at_left(style: ParagraphStyle) -> None:
    borders, left = OxmlElement("w:pBdr"), OxmlElement("w:left")
    for name, value in {"val": "single", "sz": "24", "space": "8", "color": "505A5F"}.items():
        left.set(qn(f"w:{name}"), value)
    borders.append(left)
    style.element.get_or_add_pPr().insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def _speak_british(document: Document) -> None:
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")


def _without_rule(document: Document) -> None:
    """The usual title has a blue line below."""
    for border in list(document.styles["Title"].element.iter(qn("w:pBdr"))):
        border.getparent().remove(border)
