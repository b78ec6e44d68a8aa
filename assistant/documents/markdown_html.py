"""Renders Markdown of any dialect as HTML, so that one extractor makes the blocks of every format."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from assistant.documents.dialects import to_plain_markdown


def markdown_to_html(source: str) -> str:
    """HTML of a Markdown text, Govspeak and the other dialects included; HTML in the text is passed through."""
    return str(_renderer().render(to_plain_markdown(source)))


@cache
def _renderer() -> MarkdownIt:
    renderer = MarkdownIt("commonmark", {"html": True, "maxNesting": 100}).enable(["table", "strikethrough"])
    return renderer.use(footnote_plugin).use(deflist_plugin)
