"""Reads Markdown files with their front matter, in the dialects that government publishes in.

Knows what front matter means; the text goes through `markdown_html` and the one extractor of blocks.
"""

from __future__ import annotations

import re

from assistant.documents.front_matter import FrontMatter, split_front_matter
from assistant.documents.html import add_html, plain_text, text_of
from assistant.documents.markdown_html import markdown_to_html
from assistant.documents.metadata import first_date, locale_in_name, names, nations, one_line, require_english
from assistant.documents.model import BlockKind, Document, DocumentText
from assistant.documents.reader import File
from assistant.errors import SkippedDocument

_FIRST_HEADING = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.DOTALL)
_WITHDRAWN_STATES = frozenset(("withdrawn", "archived", "superseded", "obsolete", "retired"))
_TRUE = frozenset(("true", "yes", "1", "on"))


class MarkdownReader:
    """Reads Markdown; a page of links alone is skipped."""

    name = "markdown"

    def read(self, file: File) -> Document:
        """The document; errors as `Reader` says."""
        front = split_front_matter(text_of(file))
        url = one_line(front.first("url", "canonical_url", "canonical", "source_url"))
        stated = front.first("locale", "lang", "language")
        locale = require_english(stated, locale_in_name(file.path.stem), locale_in_name(url))
        html = markdown_to_html(front.body)
        title = one_line(front.first("title", "custom_page_title")) or _first_heading(html) or file.path.stem
        text = DocumentText()
        add_html(text, html, known_title=title)
        if all(block.kind is BlockKind.HEADING for block in text):
            raise SkippedDocument("It has no text of its own, only headings, links to other pages or code of a template.")
        superseded_by = one_line(front.first("superseded_by", "replaced_by"))
        return Document(
            location=str(file.path),
            title=title,
            text=text.text,
            blocks=text.blocks,
            url=url,
            organisations=_organisations(front),
            document_type=one_line(front.first("document_type", "type", "layout")),
            description=one_line(front.first("description", "summary", "subtitle")),
            published=first_date(*(front.values.get(key) for key in ("first_published_at", "published", "date"))),
            updated=first_date(*(front.values.get(key) for key in _UPDATED)),
            withdrawn=_is_withdrawn(front),
            notice=plain_text(one_line(front.first("notice", "withdrawn_notice", "withdrawal_notice"))),
            superseded_by=superseded_by,
            extent=nations(front.first("extent", "applies_to") or ""),
            locale=locale,
            collection=one_line(front.first("collection", "manual", "book")),
            reader=self.name,
        )


_UPDATED = ("updated", "public_updated_at", "last_updated", "updated_at", "as_at", "modified", "last_modified", "date")


def _first_heading(html: str) -> str:
    match = _FIRST_HEADING.search(html)
    return plain_text(match[1]) if match else ""


def _organisations(front: FrontMatter) -> tuple[str, ...]:
    """Publishers, the body that the guidance comes from first."""
    keys = ("source_organisation", "organisations", "organisation", "publisher", "department")
    found = (name for key in keys for name in names(front.values.get(key)))
    return tuple(dict.fromkeys(found))


def _is_withdrawn(front: FrontMatter) -> bool:
    flag = front.first("withdrawn")
    return str(flag).lower() in _TRUE or str(front.first("status")).lower() in _WITHDRAWN_STATES
