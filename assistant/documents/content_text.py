"""Finds the text in a GOV.UK content item: which fields of each schema are read, in what order, under which headings.

Headings added here are those that GOV.UK itself prints above the field. Knows nothing of metadata.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from assistant.documents.markdown_html import markdown_to_html
from assistant.documents.markup import add_html
from assistant.documents.metadata import one_line
from assistant.documents.model import BlockKind, DocumentText
from assistant.documents.repairs import mended

Item = Mapping[str, Any]

_FIELDS = {
    "introduction": "",
    "introductory_paragraph": "",
    "lead_paragraph": "",
    "licence_overview": "",
    "roll_call_introduction": "",
    "casualties": "",
    "before_results": "",
    "after_results": "",
    "outcome_detail": "Detail of outcome",
    "final_outcome_detail": "Detail of outcome",
    "public_feedback_detail": "Detail of feedback received",
    "body": "",
    "need_to_know": "What you need to know",
    "what_you_need_to_know": "What you need to know",
    "more_information": "Further information",
    "other_ways_to_apply": "Other ways to apply",
    "access_and_opening_times": "",
    "read_more": "",
}
"""Fields that hold text, in the order that GOV.UK shows them, with the heading that it prints above each."""
_OUTCOMES = ("outcome_detail", "final_outcome_detail", "public_feedback_detail")
_ORIGINALS = {"consultation": "Original consultation", "call_for_evidence": "Original call for evidence"}


def html_of(value: object) -> str:
    """The HTML in a field: a string, or a list of the same text in several formats, where HTML is preferred."""
    if isinstance(value, str):
        return mended(value) if value.strip() else ""
    if not isinstance(value, list):
        return ""
    forms = {one_line(form.get("content_type")): form.get("content") for form in value if isinstance(form, Mapping)}
    if isinstance(forms.get("text/html"), str):
        return mended(str(forms["text/html"]))
    govspeak = forms.get("text/govspeak") or forms.get("text/markdown")
    return markdown_to_html(govspeak) if isinstance(govspeak, str) else "\n".join(map(html_of, value))


def add_content(text: DocumentText, item: Item, *, title: str) -> None:
    """Append the text of a content item."""
    details = item.get("details")
    if not isinstance(details, Mapping):
        return
    headings = _FIELDS | _own_headings(str(item.get("schema_name")), details)
    for field, heading in headings.items():
        _add_field(text, html_of(details.get(field)), heading=heading, title=title)
    for part in _dicts(details.get("variants")):
        _add_titled(text, part, fields=("introductory_paragraph", "more_information"), anchor=f"/{part.get('slug')}")
    for field, add in _PARTS.items():
        if details.get(field):
            add(text, details[field])


def _own_headings(schema: str, details: Item) -> dict[str, str]:
    """The headings that a schema prints above fields that others share."""
    if schema == "transaction":
        return {"more_information": "Before you start"}
    if any(html_of(details.get(field)).strip() for field in _OUTCOMES):
        return {"body": _ORIGINALS.get(schema, "")}
    return {}


def _add_field(text: DocumentText, html: str, *, heading: str = "", title: str = "") -> None:
    if not html.strip():
        return
    if not heading:
        add_html(text, html, known_title=title)
        return
    text.add(BlockKind.HEADING, heading, level=2)
    add_html(text, html, base_level=1)


def _add_titled(text: DocumentText, entry: Item, *, fields: Iterable[str], anchor: str = "", level: int = 2) -> None:
    """A heading from an entry's title, then its text; nothing when it has no text."""
    bodies = [body for field in fields if (body := html_of(entry.get(field))).strip()]
    if not bodies:
        return
    text.add(BlockKind.HEADING, one_line(entry.get("title")), level=level, anchor=anchor)
    for body in bodies:
        add_html(text, body, base_level=level - 1, anchor_prefix=anchor)


def _add_parts(text: DocumentText, parts: object) -> None:
    """Chapters of a guide: each has its own address, but GOV.UK shows the first at the guide's."""
    for number, part in enumerate(_dicts(parts)):
        slug = one_line(part.get("slug"))
        _add_titled(text, part, fields=("body",), anchor=f"/{slug}" if number and slug else "")


def _add_groups(text: DocumentText, groups: object) -> None:
    for group in _dicts(groups):
        _add_titled(text, group, fields=("body",))


def _add_steps(text: DocumentText, step_by_step: object) -> None:
    if not isinstance(step_by_step, Mapping):
        return
    add_html(text, html_of(step_by_step.get("introduction")))
    for step in _dicts(step_by_step.get("steps")):
        text.add(BlockKind.HEADING, one_line(step.get("title")), level=2)
        above: int | None = None
        for content in _dicts(step.get("contents")):
            if content.get("type") == "paragraph":
                above = text.add(BlockKind.PARAGRAPH, one_line(content.get("text")))
                continue
            for entry in _dicts(content.get("contents")):
                words = f"{one_line(entry.get('text'))} {one_line(entry.get('context'))}"
                text.add(BlockKind.LIST_ITEM, words, level=1, introduced_by=above)


def _add_questions(text: DocumentText, nodes: object) -> None:
    """A set of questions with outcomes: each outcome stands under the questions' answers that lead to it."""
    entries = {one_line(node.get("slug")): node for node in _dicts(nodes)}
    for node in entries.values():
        if node.get("kind") != "question":
            continue
        for option in _dicts(node.get("options")):
            outcome = entries.get(one_line(option.get("next_node") or option.get("next")), {})
            if outcome.get("kind") == "outcome" and html_of(outcome.get("body")).strip():
                text.add(BlockKind.HEADING, one_line(node.get("title")), level=2)
                text.add(BlockKind.HEADING, one_line(option.get("label")), level=3)
                _add_titled(text, outcome, fields=("body",), level=4)


def _add_telephones(text: DocumentText, numbers: object) -> None:
    labels = {
        "number": "Telephone",
        "textphone": "Textphone",
        "international_phone": "Outside UK",
        "fax": "Fax",
    }
    for entry in _dicts(numbers):
        title = text.add(BlockKind.PARAGRAPH, one_line(entry.get("title")))
        for field, label in labels.items():
            _add_line(text, entry.get(field), label=label, introduced_by=title)
        for field in ("description", "open_hours", "best_time_to_call"):
            add_html(text, html_of(entry.get(field)), introduced_by=title)


def _add_emails(text: DocumentText, addresses: object) -> None:
    for entry in _dicts(addresses):
        title = text.add(BlockKind.PARAGRAPH, one_line(entry.get("title")))
        _add_line(text, entry.get("email"), label="Email", introduced_by=title)
        add_html(text, html_of(entry.get("description")), introduced_by=title)


def _add_addresses(text: DocumentText, addresses: object) -> None:
    fields = ("title", "street_address", "locality", "region", "postal_code", "world_location")
    for entry in _dicts(addresses):
        lines = (one_line(entry.get(field)) for field in fields)
        address = text.add(BlockKind.PARAGRAPH, ", ".join(filter(None, lines)))
        add_html(text, html_of(entry.get("description")), introduced_by=address)


def _add_forms(text: DocumentText, forms: object) -> None:
    for entry in _dicts(forms):
        if html_of(entry.get("description")).strip():
            title = text.add(BlockKind.PARAGRAPH, one_line(entry.get("title")))
            add_html(text, html_of(entry.get("description")), introduced_by=title)


def _add_responses(text: DocumentText, ways: object) -> None:
    if isinstance(ways, Mapping) and (ways.get("email") or ways.get("postal_address")):
        text.add(BlockKind.HEADING, "Ways to respond", level=2)
        _add_line(text, ways.get("email"), label="Email to")
        _add_line(text, ways.get("postal_address"), label="Write to")


def _add_more(text: DocumentText, html: object) -> None:
    add_html(text, html_of(html))


def _add_line(text: DocumentText, value: object, *, label: str, introduced_by: int | None = None) -> None:
    if words := one_line(value):
        text.add(BlockKind.PARAGRAPH, f"{label}: {words}", introduced_by=introduced_by)


def _dicts(value: object) -> list[Item]:
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


_PARTS: Mapping[str, Callable[[DocumentText, Any], None]] = {
    "parts": _add_parts,
    "collection_groups": _add_groups,
    "step_by_step_nav": _add_steps,
    "nodes": _add_questions,
    "ways_to_respond": _add_responses,
    "phone_numbers": _add_telephones,
    "more_info_phone_number": _add_more,
    "email_addresses": _add_emails,
    "more_info_email_address": _add_more,
    "contact_form_links": _add_forms,
    "more_info_contact_form": _add_more,
    "post_addresses": _add_addresses,
    "more_info_post_address": _add_more,
}
"""Fields with a structure of their own, and what appends each."""
