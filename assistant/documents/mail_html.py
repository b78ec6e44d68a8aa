"""Marks in the HTML of an e-mail where an earlier message is quoted and where the writer's own words go on.

Mail programs quote in a `blockquote` that they mark as theirs. Knows nothing of blocks.
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree, html

from assistant.documents.mail_text import EARLIER, own_words
from assistant.documents.markup import parse

_QUOTED: Final = "//blockquote[@type='cite' or contains(@class, 'quote') or contains(@class, 'cite')]"
_SAYS_WHO = re.compile(r"\bwrote\s?:\s*\Z|\bSubject:.{0,300}\Z", re.DOTALL)
_MOST = 200


def with_marks(markup: str, sender: str) -> str:
    """The HTML with a heading before each quotation that nothing introduces, and after each that is followed by words."""
    root = parse(markup)
    if root is None:
        return markup
    quoted = [
        found for found in root.xpath(_QUOTED) if not any(above.tag == "blockquote" for above in found.iterancestors())
    ]
    if not 0 < len(quoted) <= _MOST:
        return markup
    for quotation in quoted:
        before = "".join(quotation.xpath("preceding::text()[normalize-space()][position() <= 12]"))
        if not _SAYS_WHO.search(before.rstrip()):
            quotation.addprevious(_heading(EARLIER))
        if quotation.xpath("boolean(following::text()[normalize-space()])") or (quotation.tail or "").strip():
            quotation.addnext(_heading(own_words(sender)))
    return str(html.tostring(root, encoding="unicode"))


def _heading(words: str) -> etree._Element:
    heading = html.Element("h1")
    heading.text = words
    return heading
