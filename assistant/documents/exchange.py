"""Documents as JSON and back: how they are kept in the manifest and sent by the processes that read.

JSON and not pickle, because a document may come from a process that a hostile file has taken over.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from assistant.documents.model import Block, BlockKind, Document, LeftOut

_KINDS = list(BlockKind)
_NOT_FIELDS = {"text", "blocks"}
_DATES = ("published", "updated")
_LISTS = ("organisations", "extent")


def dump_fields(document: Document) -> str:
    """Everything about a document but its text and blocks."""
    values = {field.name: getattr(document, field.name) for field in fields(document) if field.name not in _NOT_FIELDS}
    values["left_out"] = [[part.what, part.count] for part in document.left_out]
    return json.dumps(values, ensure_ascii=False, default=dt.date.isoformat)


def dump_blocks(blocks: Sequence[Block]) -> str:
    """Blocks in order, each a list of its fields."""
    listed = [[_KINDS.index(b.kind), b.start, b.end, b.level, b.introduced_by, b.anchor, b.page] for b in blocks]
    return json.dumps(listed)


def load_blocks(dumped: str) -> tuple[Block, ...]:
    """What `dump_blocks` wrote."""
    return tuple(Block(_KINDS[kind], *rest) for kind, *rest in json.loads(dumped))


def load_document(dumped: str, *, text: str, blocks: tuple[Block, ...]) -> Document:
    """A document from what `dump_fields` wrote, with its text and blocks.

    Raises:
        ValueError, TypeError, KeyError: It was not written by `dump_fields`.
    """
    values: dict[str, Any] = json.loads(dumped)
    for name in _DATES:
        values[name] = dt.date.fromisoformat(values[name]) if values.get(name) else None
    for name in _LISTS:
        values[name] = tuple(values.get(name) or ())
    values["left_out"] = tuple(LeftOut(str(what), int(count)) for what, count in values.get("left_out") or ())
    return Document(text=text, blocks=blocks, **values)


def dump_whole(document: Document) -> dict[str, str]:
    """A document as one JSON object of three strings."""
    return {"fields": dump_fields(document), "text": document.text, "blocks": dump_blocks(document.blocks)}


def load_whole(dumped: Mapping[str, str]) -> Document:
    """What `dump_whole` made, with every offset checked against the text.

    Raises:
        ValueError, TypeError, KeyError: It was not made by `dump_whole`, or its offsets do not hold.
    """
    text, blocks = dumped["text"], load_blocks(dumped["blocks"])
    end = 0
    for position, block in enumerate(blocks):
        if not end <= block.start < block.end <= len(text):
            raise ValueError(f"block {position} lies outside the text")
        if block.introduced_by is not None and not 0 <= block.introduced_by < position:
            raise ValueError(f"block {position} is introduced by no earlier block")
        end = block.end
    return load_document(dumped["fields"], text=text, blocks=blocks)
