"""Turns HTML into blocks: headings, paragraphs, list items and table rows as a reader sees them on the page.

The one extractor behind every format that is HTML or becomes HTML: web pages, content items, Markdown. Knows nothing of
whole pages, their furniture or their metadata.
"""

from __future__ import annotations

import re

from lxml import etree, html

from assistant.documents.hidden import HiddenText
from assistant.documents.model import DocumentText
from assistant.documents.walk import Walk
from assistant.errors import UnreadableDocument

_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")


def parse(markup: str) -> html.HtmlElement | None:
    """The tree of a page or fragment, or None when there is nothing in it.

    Raises:
        UnreadableDocument: It is nested so deeply that the parser drops what lies within.
    """
    data = _DECLARATION.sub("", markup.replace("\0", "")).encode("utf-8", errors="ignore")
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True, encoding="utf-8")
    try:
        root = html.document_fromstring(data, parser=parser)
    except etree.ParserError:  # only white space or comments
        return None
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise UnreadableDocument(
            "It is nested too deeply to be read whole: thousands of boxes or lists lie in each other. Save it again without "
            "them."
        )
    return root


def add_html(
    text: DocumentText,
    markup: str,
    *,
    base_level: int = 0,
    anchor_prefix: str = "",
    known_title: str = "",
    introduced_by: int | None = None,
) -> None:
    """Append the blocks of a page or fragment of HTML.

    Args:
        text: Collects the blocks.
        markup: The HTML.
        base_level: Added to the level of each heading, for a fragment that stands below another heading.
        anchor_prefix: Put before each heading's "#id": "/overview" where the fragment has an address of its own.
        known_title: A first-level heading with this text is left out, since it repeats the document's title.
        introduced_by: Block that says what the whole fragment is about, such as the name above a telephone number.
    """
    root = parse(markup)
    if root is None:
        return
    walk = Walk(text, hidden_text(root), base_level=base_level, anchor_prefix=anchor_prefix, known_title=known_title)
    walk.over(root, introduced_by)


def hidden_text(root: etree._Element) -> HiddenText:
    """What a page's own style sheets hide, with what is always hidden."""
    return HiddenText(style.text or "" for style in root.iter("style"))


def plain_text(markup: str) -> str:
    """The text of a fragment of HTML, its blocks one after another with single spaces between."""
    text = DocumentText()
    add_html(text, markup)
    return " ".join(text.text.split())
