"""Small content items in the shapes that GOV.UK's Content API gives."""

from __future__ import annotations

from typing import Any

from tests.fetch.replay_server import API, dump


def page(path: str, text: str = "", *, schema: str = "detailed_guide", **more: Any) -> dict[str, Any]:
    """A page with a sentence of its own; `more` adds to the item, `details` within to its details."""
    sentence = text or f"The keeper of {path} must write down the hour at which the lamp was lit."
    item: dict[str, Any] = {
        "base_path": path,
        "content_id": f"id-of-{path}",
        "schema_name": schema,
        "document_type": schema,
        "locale": "en",
        "title": f"Page at {path}",
        "details": {"body": f"<p>{sentence}</p>"},
        "links": {},
    }
    details = more.pop("details", {})
    return {**item, **more, "details": {**item["details"], **details}}


def section_list(*paths: str) -> dict[str, Any]:
    return {"child_section_groups": [{"child_sections": [{"title": path, "base_path": path} for path in paths]}]}


def links(*paths: str, kind: str = "detailed_guide", locale: str = "en") -> list[dict[str, Any]]:
    return [{"base_path": path, "content_id": f"id-of-{path}", "document_type": kind, "locale": locale} for path in paths]


def pages(count: int) -> dict[str, bytes]:
    return {f"/guidance/page-{number:03}": dump(page(f"/guidance/page-{number:03}")) for number in range(count)}


__all__ = ["API", "links", "page", "pages", "section_list"]
