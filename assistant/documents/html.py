"""Reads a web page saved as HTML: its main part as blocks, its metadata from the head.

Menus, banners, footers and related links are left out; what is kept goes through `markup`. Knows nothing of where the page
was fetched from.
"""

from __future__ import annotations

import re

from lxml import etree

from assistant.documents.hidden import HiddenText
from assistant.documents.markup import add_html, hidden_text, parse, plain_text
from assistant.documents.metadata import first_date, nations, one_line, require_english
from assistant.documents.model import BlockKind, Document, DocumentText
from assistant.documents.reader import File
from assistant.documents.text_decoding import is_binary, named_by_mark, unmarked
from assistant.documents.walk import Walk
from assistant.errors import SkippedDocument, UnreadableDocument

__all__ = ["HtmlReader", "add_html", "decode", "plain_text", "text_of"]

_FURNITURE_TAGS = frozenset(("nav", "aside", "dialog"))
_FURNITURE_ROLES = frozenset(str.split("navigation banner contentinfo search complementary dialog alertdialog alert"))
_FURNITURE_PREFIX = re.compile(r"\A(?:gem-c|govuk|app-c|app|nhsuk|moj|js|site|page|global|block)-")
_FURNITURE = frozenset(
    str.split("""back-link back-to-top breadcrumb breadcrumbs contents-list contextual-breadcrumbs contextual-footer
    contextual-sidebar cookie-banner cookie-consent cookies-banner cookie-notice devolved-nations emergency-banner
    feedback footer footer-meta header intervention menu metadata phase-banner previous-and-next-navigation print-link
    pagination published-dates related-content related-items related-links related-navigation related search-box
    share-links sidebar side-menu single-page-notification-button skip-link social-media step-nav-header
    step-nav-related subscription-links table-of-contents toc translation-nav user-satisfaction-survey""")
)
_TITLE_ENDS = re.compile(r"\s+[-–|·]\s+(?:GOV\.UK|Guidance|Welcome to GOV\.UK)(?=\s+[-–|·]|\Z)")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_WITHDRAWN = re.compile(r"\bwithdrawn on\b|\bhas been withdrawn\b|\bwas withdrawn\b", re.IGNORECASE)


class HtmlReader:
    """Reads HTML pages, GOV.UK's own in particular."""

    name = "html"

    def read(self, file: File) -> Document:
        """The document; errors as `Reader` says."""
        root = parse(text_of(file))
        if root is None:
            raise SkippedDocument("The page is empty.")
        head = _Head(root)
        locale = require_english(root.get("lang") or head.first("dc.language", "dcterms.language"))
        hidden = hidden_text(root)
        main = _main(root)
        notice, withdrawn = _withdrawal(main)
        facts = _published_facts(root)
        _drop_furniture(main)
        title = _title(main, hidden) or head.title or file.path.stem
        text = DocumentText()
        Walk(text, hidden, known_title=title).over(main)
        if all(block.kind is BlockKind.HEADING for block in text):
            raise SkippedDocument("The page has no text to read, only headings or menus.")
        return Document(
            location=str(file.path),
            title=title,
            text=text.text,
            blocks=text.blocks,
            url=head.url,
            organisations=tuple(facts.get("from", ())),
            document_type=head.first("govuk:schema-name", "govuk:format", "govuk:document-type", "dc.type"),
            description=head.first("description", "og:description", "dcterms.description", "dc.description"),
            published=first_date(
                head.first("govuk:first-published-at", "dcterms.issued", "dcterms.created", "article:published_time"),
                *facts.get("published", ()),
            ),
            updated=first_date(
                head.first("govuk:public-updated-at", "govuk:updated-at", "dcterms.modified", "article:modified_time"),
                *facts.get("last updated", ()),
                *facts.get("updated", ()),
            ),
            withdrawn=withdrawn or bool(head.first("govuk:withdrawn")),
            notice=notice,
            extent=nations(" ".join(facts.get("applies to", ()))),
            locale=locale,
            reader=self.name,
        )


def decode(data: bytes) -> str:
    """The text of a web page: as its byte order mark or its own declaration says, else UTF-8, else Windows-1252."""
    if encoding := named_by_mark(data) or unmarked(data):
        return data.decode(encoding, errors="replace")
    declared = _CHARSET.search(data[:4096])
    for encoding in ("utf-8", declared[1].decode("ascii") if declared else "cp1252"):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", errors="replace")


def text_of(file: File) -> str:
    """The text of a file that is a web page or Markdown.

    Raises:
        UnreadableDocument: It is a picture, a program or the like.
    """
    text = decode(file.data)
    if is_binary(text):
        raise UnreadableDocument(
            f"{file.path.name} holds binary data, not text; save it in its real format, or as UTF-8 text"
        )
    return text


class _Head:
    """What the head of a page says about it."""

    def __init__(self, root: etree._Element) -> None:
        self._values: dict[str, str] = {}
        for meta in root.iter("meta"):
            name = meta.get("name") or meta.get("property") or ""
            self._values.setdefault(name.lower(), one_line(meta.get("content")))
        title = next(root.iter("title"), None)
        words = one_line("".join(title.itertext())) if title is not None else ""
        self.title = _TITLE_ENDS.sub("", words) or self.first("og:title", "dc.title")
        links = (link.get("href") or "" for link in root.iter("link") if (link.get("rel") or "").lower() == "canonical")
        self.url = next(filter(None, map(one_line, links)), "") or self.first("og:url", "dcterms.identifier")

    def first(self, *keys: str) -> str:
        """The first of several entries that is there and not empty."""
        return next(filter(None, (self._values.get(key, "") for key in keys)), "")


def _main(root: etree._Element) -> etree._Element:
    """The element that holds the page's own text."""
    for candidates in (root.iter("main"), root.xpath("//*[@role='main']"), root.iter("article"), root.iter("body")):
        with_text = (element for element in candidates if any(words.strip() for words in element.itertext()))
        if (element := next(with_text, None)) is not None:
            return element
    return root


def _drop_furniture(main: etree._Element) -> None:
    """Take menus, banners and the like out of the page, leaving what follows them."""
    outside_main = main.tag in ("body", "html")
    for element in [element for element in main.iterdescendants() if _is_furniture(element, outside_main)]:
        if element.getparent() is not None:
            element.drop_tree()


def _is_furniture(element: etree._Element, outside_main: bool) -> bool:
    tag = element.tag
    if tag in _FURNITURE_TAGS or (outside_main and tag in ("header", "footer")):
        return True
    if (element.get("role") or "") in _FURNITURE_ROLES:
        return True
    names = {*(element.get("class") or "").lower().split(), (element.get("id") or "").lower()}
    return any(_FURNITURE_PREFIX.sub("", _FURNITURE_PREFIX.sub("", name)) in _FURNITURE for name in names)


def _title(main: etree._Element, hidden: HiddenText) -> str:
    for heading in main.iter("h1"):
        text = DocumentText()
        Walk(text, hidden).over(heading)
        if text.text:
            return " ".join(text.text.split())
    return ""


def _withdrawal(main: etree._Element) -> tuple[str, bool]:
    """The words of a banner that says the page is withdrawn, and whether there is one; it leaves the page."""
    for element in main.iterdescendants("div", "section"):
        names = (element.get("class") or "").split()
        if "gem-c-notice" in names or "withdrawal-notice" in names or "govuk-withdrawal" in names:
            words = one_line(" ".join(element.itertext()))
            if _WITHDRAWN.search(words):
                element.drop_tree()
                return words, True
    return "", False


def _published_facts(root: etree._Element) -> dict[str, list[str]]:
    """What the list of publishers and dates on a GOV.UK page says: "from", "published", "last updated"."""
    facts: dict[str, list[str]] = {}
    for term in root.iter("dt"):
        label = one_line("".join(term.itertext())).rstrip(":").lower()
        container = term.getparent()
        names = (container.get("class") or "") if container is not None else ""
        if "metadata" not in names or label not in ("from", "published", "last updated", "updated", "applies to"):
            continue
        detail = term.getnext()
        if detail is not None and detail.tag == "dd":
            links = [one_line("".join(link.itertext())) for link in detail.iter("a")]
            facts.setdefault(label, links if label == "from" and links else [one_line("".join(detail.itertext()))])
    return facts
