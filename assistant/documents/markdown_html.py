"""Renders Markdown of any dialect as HTML, so that one extractor makes the blocks of every format."""

from __future__ import annotations

from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from assistant.documents.dialects import to_plain_markdown
from assistant.errors import UnreadableDocument

_DEEPEST = 100
"""Elements in elements; a list takes two for each of its levels."""
_MOST_CELLS = 200_000
"""Each takes some kilobytes on the way to HTML."""


def markdown_to_html(source: str) -> str:
    """HTML of a Markdown text, Govspeak and the other dialects included; HTML in the text is passed through.

    Raises:
        UnreadableDocument: Lists are nested so deeply that what lies within would be dropped, or tables are too large.
    """
    if source.count("|") > _MOST_CELLS:
        raise UnreadableDocument(
            f"It has tables of more than {_MOST_CELLS:,} cells, which are not read; keep them in a spreadsheet or CSV file."
        )
    environment: dict[str, Any] = {}
    tokens = _renderer().parse(to_plain_markdown(source), environment)
    if any(token.level >= _DEEPEST - 1 for token in tokens):
        raise UnreadableDocument(
            "It is nested too deeply to be read whole: dozens of lists or quotations lie in each other. Write it with fewer "
            "levels."
        )
    return str(_renderer().renderer.render(tokens, _renderer().options, environment))


@cache
def _renderer() -> MarkdownIt:
    renderer = MarkdownIt("commonmark", {"html": True, "maxNesting": _DEEPEST}).enable(["table", "strikethrough"])
    return renderer.use(footnote_plugin).use(deflist_plugin)
