"""What single elements of HTML mean to a reader: which end a paragraph, which say nothing, which are mere machinery.

Knows the conventions of GOV.UK and of the tools that render Markdown; knows nothing of blocks.
"""

from __future__ import annotations

import re

from lxml import etree

BLOCKS = frozenset(
    str.split("""
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre search section summary table tbody td
    tfoot th thead tr ul
    """)
)
"""Elements that begin and end a paragraph; all others run on within one."""
HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTS = frozenset(("ul", "ol", "dl", "menu", "dir"))
ITEMS = frozenset(("li", "dt", "dd"))

_WITHOUT_TEXT = frozenset(
    str.split("""
    script style template noscript svg img picture video audio iframe object embed canvas map select button textarea input
    datalist progress meter head title meta link rp rt s strike del
    """)
)
_CONTACT = frozenset(("contact", "vcard"))
_ATTACHMENT = frozenset(("attachment", "attachment-inline", "gem-c-attachment", "gem-c-attachment-link"))
_ATTACHMENT_TITLE = frozenset(("title", "gem-c-attachment__title", "gem-c-attachment-link__link"))
_REFERENCE = frozenset(("footnote", "footnote-ref", "footnote-reference", "noteref"))
_BACK_REFERENCE = frozenset(("reversefootnote", "footnote-backref", "footnote-back", "fn-backref"))
_MARK = re.compile(r"\[?(?:footnote |note )?[\d*†‡]{1,4}\]?")
_FRACTION = re.compile(r"\d+/\d+")


def classes(element: etree._Element) -> list[str]:
    """The class names of an element."""
    return (element.get("class") or "").split()


def has_no_text(element: etree._Element) -> bool:
    """True for elements whose content is not read: programs, pictures, controls, and text struck out."""
    return not isinstance(element.tag, str) or element.tag in _WITHOUT_TEXT


def fraction(element: etree._Element) -> str:
    """The fraction in a picture of one, such as "1/3": older GOV.UK pages draw them."""
    words = element.get("alt") or "" if element.tag == "img" else ""
    return words if _FRACTION.fullmatch(words) else ""


def is_contact(element: etree._Element) -> bool:
    """True for a box with the name, telephone number and address of someone to ask."""
    return not _CONTACT.isdisjoint(classes(element))


def anchor(heading: etree._Element) -> str:
    """What a link to a heading names: its own identifier, or that of a link target inside it."""
    for part in heading.iter(heading.tag, "a", "span"):
        if identifier := part.get("id") or part.get("name"):
            return str(identifier)
    return ""


def attachment_title(element: etree._Element) -> etree._Element | None:
    """The part of an attached file's box that says what it is; None when the element is no such box."""
    if not len(element) or _ATTACHMENT.isdisjoint(classes(element)):
        return None
    for part in element.iterdescendants():
        if not _ATTACHMENT_TITLE.isdisjoint(classes(part)):
            return part
    return next(element.iterdescendants("a"), element[0])


def note_referred_to(element: etree._Element) -> str | None:
    """The identifier of the footnote that a reference mark such as "[1]" points to; None when it is no such mark.

    An arrow back from a footnote is a mark too, and points to "".
    """
    link = element if element.tag == "a" else element.find("a") if element.tag == "sup" else None
    if link is None:
        return None
    names, role = classes(link), link.get("role") or ""
    if not _BACK_REFERENCE.isdisjoint(names) or role == "doc-backlink":
        return ""
    target = link.get("href") or ""
    is_note = not _REFERENCE.isdisjoint(names) or role == "doc-noteref" or link.get("rel") == "footnote"
    if not is_note and not (element.tag == "sup" and target.startswith("#")):
        return None
    return target.removeprefix("#") if _MARK.fullmatch("".join(element.itertext()).strip()) else None


def is_page_menu(element: etree._Element) -> bool:
    """True for a paragraph or item that only links to other places on its page, such as "Top of page"."""
    if element.tag not in ("p", "li") or not len(element) or (element.text or "").strip():
        return False
    return all(
        (part.tag == "br" or (part.tag == "a" and (part.get("href") or "").startswith("#")))
        and not (part.tail or "").strip()
        for part in element
    )
