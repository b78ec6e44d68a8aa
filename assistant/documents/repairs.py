"""Mends the text of content items where an earlier conversion at the publisher left it broken or without HTML.

Knows nothing of fields or schemas: one piece of text in, HTML out.
"""

from __future__ import annotations

import html
import re

from assistant.documents.markdown_html import markdown_to_html

_ELEMENT = re.compile(r"</?[a-zA-Z][^<>]*>")
_TEMPLATE = re.compile(r"<%[^<>%]*%>")
_MARKDOWN = re.compile(r"^(?:#{2,6} |[*-] |\$[A-Z]+$|s?\d+\. )|\]\([^()\s]+\)", re.MULTILINE)
_PIPED = re.compile(r"<p>\s*(\|[^<]*(?:<(?!/p>)[^<]*)*)</p>")
_ROW_END = re.compile(r"\|\s*\n\s*(?=\|)")
_RULE = re.compile(r"[\s|:-]*")


def mended(text: str) -> str:
    """HTML of a field: what already is HTML, with its typed tables made real; else Markdown or plain lines as HTML."""
    if _ELEMENT.search(text):
        return _PIPED.sub(_table, text) if "<p>|" in text else text
    text = _TEMPLATE.sub("", text)
    if _MARKDOWN.search(text):
        return markdown_to_html(text)
    lines = (line.strip() for line in text.splitlines())
    return "".join(f"<p>{html.escape(html.unescape(line), quote=False)}</p>" for line in lines if line)


def _table(paragraph: re.Match[str]) -> str:
    rows = (row.strip().strip("|") for row in _ROW_END.split(paragraph[1]))
    cells = (row.split("|") for row in rows if not _RULE.fullmatch(row))
    return "<table>" + "".join(f"<tr><td>{'</td><td>'.join(row)}</td></tr>" for row in cells) + "</table>"
