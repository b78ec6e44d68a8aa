"""Writes an OpenAPI document as a page for people, without scripts and without anything from elsewhere.

Pure functions; reads as much of OpenAPI as FastAPI writes. Knows nothing of what the routes do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape
from typing import Any

Schema = Mapping[str, Any]

_ATTRIBUTE = re.compile(r"^ {4}(\w+): (.*)$")
_CODE = re.compile(r"`([^`]+)`")
_HIDDEN = {"HTTPValidationError", "ValidationError"}
"""What FastAPI adds of its own, which no route sends."""

_WORDS = {"string": "text", "integer": "whole number", "boolean": "true or false", "null": "null"}


def reference_page(document: Schema) -> str:
    """The page's main part.

    Args:
        document: As `fastapi.openapi.utils.get_openapi` gives it.
    """
    operations = [
        _operation(path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    schemas = document.get("components", {}).get("schemas", {})
    shapes = "".join(_shape(name, schema) for name, schema in sorted(schemas.items()) if name not in _HIDDEN)
    about = _paragraphs(document["info"]["description"])
    return (
        f'<h1 class="b-page-title">Bernard for programs</h1><div class="b-text">{about}'
        f"<p>Version {escape(document['info']['version'])}. The same as "
        '<a class="b-link" href="/api/openapi.json">an OpenAPI document</a>, for tools.</p>'
        f"{''.join(operations)}<h2>What is sent and returned</h2>{shapes}</div>"
    )


def _operation(path: str, method: str, operation: Schema) -> str:
    name = f"{method.upper()} {path}"
    replies = "".join(
        f"<tr><td>{escape(status)}</td><td>{escape(reply['description'])}</td><td>{_content(reply)}</td></tr>"
        for status, reply in operation["responses"].items()
    )
    sent = operation.get("requestBody", {}).get("content", {})
    body = "".join(f"<p>The body: {_sent(kind, held['schema'])}.</p>" for kind, held in sent.items())
    return (
        f"<h2>{escape(operation['summary'])}</h2><p><code>{escape(name)}</code></p>{_paragraphs(operation['description'])}"
        f"{body}<table><caption>Replies</caption><thead><tr><th scope='col'>Status</th><th scope='col'>When</th>"
        f"<th scope='col'>Body</th></tr></thead><tbody>{replies}</tbody></table>"
    )


def _sent(kind: str, schema: Schema) -> str:
    """What a body holds, and as what it is sent."""
    fields = " and ".join(f"<code>{escape(name)}</code>" for name in schema.get("properties", {}))
    held = _kind(schema) if "$ref" in schema else f"files in the field {fields}"
    return f"{held}, as <code>{escape(kind)}</code>"


def _content(reply: Schema) -> str:
    told = []
    for media, held in reply.get("content", {}).items():
        kind = _kind(held.get("schema", {})) if media == "application/json" else f"<code>{escape(media)}</code>"
        told.append(kind)
    return " or ".join(told)


def _shape(name: str, schema: Schema) -> str:
    about, entries = _described(schema.get("description", ""))
    heading = f'<h3 id="shape-{escape(name)}">{escape(name)}</h3>{_paragraphs(about)}'
    if "enum" in schema:
        return (
            f"{heading}<p>One of: {', '.join(f'<code>{escape(json.dumps(value))}</code>' for value in schema['enum'])}.</p>"
        )
    required = schema.get("required", ())
    rows = "".join(
        f"<tr><td><code>{escape(field)}</code></td><td>{_kind(held)}</td><td>"
        f"{escape(held.get('description') or entries.get(field, ''))}{' Required.' if field in required else ''}</td></tr>"
        for field, held in schema.get("properties", {}).items()
    )
    return (
        f"{heading}<table><thead><tr><th scope='col'>Field</th><th scope='col'>Kind</th><th scope='col'>Meaning</th></tr>"
        f"</thead><tbody>{rows}</tbody></table>"
    )


def _kind(schema: Schema) -> str:
    """What a value is, in a few words, with a link where it has a shape of its own."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f'<a class="b-link" href="#shape-{escape(name)}">{escape(name)}</a>'
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(f"<code>{escape(json.dumps(value))}</code>" for value in schema["enum"])
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    if kind == "object":
        return f"object of {_kind(schema['additionalProperties'])}" if schema.get("additionalProperties") else "object"
    if schema.get("format") == "date":
        return "date, as 2024-03-27"
    return _WORDS.get(kind, escape(str(kind)))


def _described(docstring: str) -> tuple[str, dict[str, str]]:
    """What a docstring says of the whole, and of each of its attributes."""
    about, _, listed = docstring.partition("\n\nAttributes:\n")
    entries: dict[str, str] = {}
    name = ""
    for line in listed.splitlines():
        if found := _ATTRIBUTE.match(line):
            name = found.group(1)
            entries[name] = found.group(2)
        elif name and line.strip():
            entries[name] += f" {line.strip()}"
    return about, entries


def _paragraphs(text: str) -> str:
    words = [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
    return "".join(f"<p>{_CODE.sub(_code, escape(part))}</p>" for part in words)


def _code(found: re.Match[str]) -> str:
    return f"<code>{found.group(1)}</code>"
