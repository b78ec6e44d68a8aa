"""Reads GOV.UK content items: the JSON that the Content API gives for a page.

Says whether an item holds guidance and what its metadata mean; which parts of it are text is in `content_text`. Knows
nothing of how the item was fetched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.documents.content_text import add_content, html_of
from assistant.documents.html import plain_text
from assistant.documents.metadata import first_date, names, nations, one_line, require_english
from assistant.documents.model import BlockKind, Document, DocumentText
from assistant.documents.reader import File
from assistant.errors import SkippedDocument, UnreadableDocument

GOVUK = "https://www.gov.uk"

_LIST = "a list of other pages"
_SIGN_UP = "a form to sign up for e-mail"
_NOT_GUIDANCE = {
    "completed_transaction": "the page shown after an online service is finished",
    "coronavirus_landing_page": "a landing page that only points to others",
    "email_alert_signup": _SIGN_UP,
    "embassies_index": _LIST,
    "field_of_operation": _LIST,
    "fields_of_operation": _LIST,
    "finder": "a search page",
    "finder_email_signup": _SIGN_UP,
    "generic": "a page without text of its own",
    "generic_with_external_related_links": "a page without text of its own",
    "get_involved": _LIST,
    "historic_appointments": _LIST,
    "homepage": "the GOV.UK home page",
    "how_government_works": "a page of figures about the government of the day",
    "landing_page": "a landing page that only points to others",
    "mainstream_browse_page": _LIST,
    "ministers_index": "a list of people",
    "organisation": "an organisation's home page",
    "organisations_homepage": _LIST,
    "person": "a person's page",
    "plan_for_change_landing_page": "a landing page that only points to others",
    "role": "the page of an office and who holds it",
    "role_appointment": "a record of who holds an office",
    "service_manual_homepage": _LIST,
    "service_manual_service_toolkit": _LIST,
    "service_manual_topic": _LIST,
    "special_route": "an address that belongs to another service",
    "statistics_announcement": "a notice of when figures will be published",
    "taxon": "a topic that only lists other pages",
    "topic": "a topic that only lists other pages",
    "travel_advice_index": _LIST,
    "world_index": _LIST,
    "world_location": _LIST,
    "world_location_news": _LIST,
    "worldwide_organisation": "an organisation's home page",
}
_REPLACED = re.compile(r"\b(?:replaced by|superseded by|see instead|use instead|instead)\b", re.IGNORECASE)
_LINK = re.compile(r"""<a\s[^>]*?href=["']([^"']+)""")
_FEWEST_WORDS = 5
_FEW_WORDS = 20
_ARCHIVED = re.compile(r"\b(?:page|content|section|guidance)\b.{0,20}\b(?:archived|removed|deleted)\b", re.IGNORECASE)
_WITHHELD = re.compile(r"\bwithheld because of exemptions in the Freedom of Information Act\b")

Item = Mapping[str, Any]


class ContentItemReader:
    """Reads content items of every schema that carries guidance, and says why it leaves out the others."""

    name = "content_item"

    def read(self, file: File) -> Document:
        """The document; errors as `Reader` says."""
        item = _parse(file.data)
        _require_guidance(item)
        details = mapping(item.get("details"))
        text = DocumentText()
        title = _title(item, details) or file.path.stem
        add_content(text, item, title=title)
        _require_text(text, item)
        notice, superseded_by = _withdrawal(item)
        return Document(
            location=str(file.path),
            title=title,
            text=text.text,
            blocks=text.blocks,
            url=_address(item.get("base_path")),
            organisations=_organisations(item),
            document_type=one_line(item.get("document_type")) or one_line(item.get("schema_name")),
            description=plain_text(html_of(item.get("description"))),
            published=first_date(item.get("first_published_at"), details.get("first_public_at")),
            updated=first_date(
                item.get("public_updated_at"),
                details.get("public_timestamp"),
                item.get("updated_at"),
                item.get("first_published_at"),
            ),
            withdrawn=bool(item.get("withdrawn_notice")),
            notice=notice,
            superseded_by=superseded_by,
            extent=_extent(details),
            locale=require_english(item.get("locale")),
            collection=_collection(item, details),
            reader=self.name,
        )


def mapping(value: object) -> Item:
    """The value when it is a JSON object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def listed(value: object) -> list[Any]:
    """The value when it is a JSON array, else an empty one."""
    return value if isinstance(value, list) else []


def _parse(data: bytes) -> Item:
    try:
        item = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableDocument(
            f"It is not UTF-8 text (byte {error.start + 1:,}), as JSON must be; fetch it again, or save it as UTF-8."
        ) from error
    except json.JSONDecodeError as error:
        raise UnreadableDocument(
            f"It is not valid JSON: line {error.lineno:,}, character {error.colno:,} is not what must stand there, or the "
            "file ends too early. Fetch it again."
        ) from error
    except RecursionError:
        raise UnreadableDocument("It is not valid JSON for a page: it is nested too deeply. Fetch it again.") from None
    except ValueError:  # Python refuses whole numbers of thousands of digits
        raise UnreadableDocument(
            "It is not valid JSON for a page: a number in it has too many digits. Fetch it again."
        ) from None
    if not isinstance(item, Mapping):
        raise UnreadableDocument("It is JSON, but not a GOV.UK content item: a list or a bare value.")
    known = [key for key in ("schema_name", "document_type", "base_path", "details") if key in item]
    if len(known) < 2:
        raise UnreadableDocument(
            'It is JSON, but not a GOV.UK content item: "document_type", "base_path" and "details" are missing.'
        )
    return item


def _require_guidance(item: Item) -> None:
    kind = item.get("schema_name") or item.get("document_type")
    details = mapping(item.get("details"))
    if "gone" in (kind, item.get("document_type")) or kind == "vanish":
        elsewhere = one_line(details.get("alternative_path"))
        raise SkippedDocument("It is no longer on GOV.UK" + (f"; {elsewhere} takes its place." if elsewhere else "."))
    if kind == "redirect":
        targets = [one_line(mapping(entry).get("destination")) for entry in listed(item.get("redirects"))]
        raise SkippedDocument("It only sends readers on to " + (" or ".join(filter(None, targets)) or "another page") + ".")
    require_english(item.get("locale"))
    if reason := _NOT_GUIDANCE.get(str(kind)):
        raise SkippedDocument(f"It is {reason}, not guidance ({kind}).")


def _require_text(text: DocumentText, item: Item) -> None:
    whole = text.text
    quotes = [whole[block.start : block.end] for block in text if block.kind is not BlockKind.HEADING]
    told = [quote for quote in quotes if not _WITHHELD.search(quote)]
    words = sum(len(quote.split()) for quote in told)
    if quotes and not told:
        raise SkippedDocument("All of its text is withheld under the Freedom of Information Act.")
    if len(told) == 1 and words < _FEW_WORDS and _ARCHIVED.search(told[0]):
        raise SkippedDocument(f"Its publisher has taken its text away: {told[0]}")
    is_contents = bool(mapping(item.get("details")).get("child_section_groups"))
    if words < _FEWEST_WORDS and not is_contents:
        raise SkippedDocument("It has no text of its own.")
    if words < _FEWEST_WORDS or (len(told) == 1 and words < _FEW_WORDS and told[0].endswith((":", "follows", "follows."))):
        raise SkippedDocument("It is a contents page that only lists its sections.")


def _title(item: Item, details: Item) -> str:
    title = one_line(item.get("title"))
    section = one_line(details.get("section_id"))
    return f"{section} - {title}" if section and not title.upper().startswith(section.upper()) else title


def _address(path: object) -> str:
    path = one_line(path)
    return GOVUK + path if path.startswith("/") else path


def _links(item: Item, kind: str) -> Iterator[Item]:
    for holder in ("links", "expanded_links"):
        entries = listed(mapping(item.get(holder)).get(kind))
        yield from filter(None, map(mapping, entries))


def _organisations(item: Item) -> tuple[str, ...]:
    details = mapping(item.get("details"))
    lead = [one_line(link.get("title")) for link in _links(item, "primary_publishing_organisation")]
    emphasised = listed(details.get("emphasised_organisations"))
    linked = sorted(_links(item, "organisations"), key=lambda link: link.get("content_id") not in emphasised)
    return names([*lead, *names(linked), *names(details.get("organisations"))])


def _withdrawal(item: Item) -> tuple[str, str]:
    """The publisher's words on a withdrawal, and the address of what replaces the page where they give one."""
    explanation = html_of(mapping(item.get("withdrawn_notice")).get("explanation"))
    notice = plain_text(explanation)
    addresses = _LINK.findall(explanation)
    replaced = len(addresses) == 1 and _REPLACED.search(notice)
    return notice, _address(addresses[0]) if replaced else ""


def _extent(details: Item) -> tuple[str, ...]:
    applicability = mapping(details.get("national_applicability"))
    return nations([nation for nation, entry in applicability.items() if mapping(entry).get("applicable")])


def _collection(item: Item, details: Item) -> str:
    title = one_line(mapping(details.get("manual")).get("title"))
    if title:
        return title
    kinds = ("parent",) if item.get("schema_name") == "html_publication" else ("manual",)
    return next((one_line(link.get("title")) for kind in kinds for link in _links(item, kind)), "")
