"""Turns one run of legislation into the words a reader of the page sees, without the editors' marks around them.

Inserted and substituted words read as current text. Repealed words, references to notes and pictures are left out and
counted. Knows nothing of provisions.
"""

from __future__ import annotations

import re
from collections import Counter

from lxml import etree

from assistant.documents.clean import readable
from assistant.documents.legislation_xml import MATHS, XHTML, kind, local

REPEALED_TEXTS = "repealed texts"
PICTURES = "pictures"

_NOTES = {"CommentaryRef", "FootnoteRef", "MarginNoteRef", "Footnote", "Commentary", "MarginNote", "GroupItemRef"}
_PICTURES = {"Image", "Figure", "IncludedDocument"}
_BLOCKS = {
    "Text",
    "Para",
    "P",
    "ListItem",
    "BlockText",
    "Title",
    "Subtitle",
    "Number",
    "Pnumber",
    "TableText",
    "Key",
    "Line",
}
_SPACES = {"NonBreakingSpace": "\u00a0", "EmSpace": " ", "EnSpace": " ", "ThinSpace": " ", "Minus": "−"}
_RAISED = str.maketrans("0123456789+−-()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+−-()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")
_RAISES = re.compile(r"[0-9+−()n-]+")
_LOWERS = re.compile(r"[0-9+−()-]+")
_DOTS = re.compile(r"\s*(?:(?:\.\s*){3,}|…\s*)+")
_SPACE = re.compile(r"\s+")
_GONE = "\ue000"
"""Stands for repealed words until it is known what follows them: no space is left before a comma."""
_GAP = re.compile(rf"\s*{_GONE}(?:\s*{_GONE})*\s*(?=[,.;:)])")


def words(element: etree._Element | None, tally: Counter[str]) -> str:
    """The words of an element on one line; what is left out is added to `tally`."""
    if element is None:
        return ""
    parts = [element.text or ""]
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        if node is element:
            continue
        name = kind(node)
        is_block = name in _BLOCKS or (node.tag.startswith(f"{{{XHTML}}}") and local(node) in ("p", "li", "br"))
        if event == "end":
            tail = node.tail or ""
            if name == "CommentaryRef" and (dots := _DOTS.match(tail)):
                tally[REPEALED_TEXTS] += 1  # the mark of words that are gone
                tail = f"{_GONE} {tail[dots.end() :]}"
            parts += (" ", tail) if is_block else (tail,)
        elif (inside := _instead(node, name, tally)) is not None:
            parts.append(inside)
            walk.skip_subtree()
        else:
            parts += (" ", node.text or "") if is_block else (node.text or "",)
    text = _GAP.sub("", readable("".join(parts))).replace(_GONE, "")
    text = _SPACE.sub(" ", text).strip()
    if text and _DOTS.fullmatch(text):
        tally[REPEALED_TEXTS] += 1
        return ""
    return text


def _instead(node: etree._Element, name: str, tally: Counter[str]) -> str | None:
    """What is read in place of an element; None when its own text is."""
    if is_gone(node):
        tally[REPEALED_TEXTS] += 1
        return _GONE
    if name in _NOTES:
        return ""
    if name in _PICTURES:
        tally[PICTURES] += 1
        return ""
    if name == "Character":
        return _SPACES.get(node.get("Name", ""), "")
    if name in ("Superior", "Inferior") and not len(node):
        text, is_raised = (node.text or "").strip(), name == "Superior"
        if (_RAISES if is_raised else _LOWERS).fullmatch(text):
            return text.translate(_RAISED if is_raised else _LOWERED)  # else 10 to the power of 2 would read 102
    if node.tag == f"{{{MATHS}}}math":
        return formula(node)
    return None


def is_gone(element: etree._Element) -> bool:
    """Whether it holds repealed words; those that are repealed for part of the country or some purposes only are kept."""
    return kind(element) == "Repeal" and element.get("RetainText", "").strip() not in ("true", "1")


def formula(maths: etree._Element) -> str:
    """A formula on one line: fractions with a stroke, powers and indices as such."""
    built: dict[etree._Element, str] = {}
    for _, node in etree.iterwalk(maths, events=("end",)):
        parts = [part for part in (built.pop(inner, "") for inner in node) if part]
        name = local(node)
        if name == "mfrac" and len(parts) == 2:
            text = f"{_grouped(parts[0])} / {_grouped(parts[1])}"
        elif name in ("msup", "mover") and len(parts) == 2:
            text = parts[0] + (parts[1].translate(_RAISED) if _RAISES.fullmatch(parts[1]) else f"^{_grouped(parts[1])}")
        elif name in ("msub", "munder") and len(parts) == 2:
            text = parts[0] + (parts[1].translate(_LOWERED) if _LOWERS.fullmatch(parts[1]) else f"_{_grouped(parts[1])}")
        elif name in ("msqrt", "mroot"):
            text = f"√{_grouped(' '.join(parts[:1] if name == 'mroot' else parts))}"
        elif name == "mfenced":
            text = f"{node.get('open', '(')}{', '.join(parts)}{node.get('close', ')')}"
        elif name in ("annotation", "annotation-xml"):
            text = ""
        else:
            text = " ".join([(node.text or "").strip(), *parts]).strip()
        built[node] = text
    return f" {_SPACE.sub(' ', built.get(maths, ''))} "


def _grouped(part: str) -> str:
    return f"({part})" if " " in part and not (part.startswith("(") and part.endswith(")")) else part
