"""Two versions of an invented policy, as somebody would bring them, and what it takes to add files."""

from __future__ import annotations

import io
from pathlib import Path

from docx import Document

from assistant.uploads import OwnDocuments, OwnFile, Received, Step

OLD = """\
# Travel policy 2025

This policy says how keepers claim the cost of travel on official business.

## Booking

You must book boats through the harbour desk at least 7 days before you travel.

You must tell the harbour desk:

- where you are going
- your cost centre

## Claiming

Claims must be submitted within 30 days of the journey. Keep all receipts for 2 years. You should claim once a month.

You must not claim for rum.

Second class may be booked where it is cheaper.

| Meal | Limit |
| --- | --- |
| Breakfast | £8 |
| Dinner | £25 |

## Review

Send comments to the purser by 30 June 2026.
"""
NEW = (
    OLD.replace("2025", "2026")
    .replace("within 30 days", "within 14 days")
    .replace("You should claim", "You must claim")
    .replace("Dinner | £25", "Dinner | £28")
    .replace("Second class may be booked where it is cheaper.", "Oars are bought by the boatman.")
)


def word_file(text: str) -> bytes:
    """A Word file with a heading and paragraphs, one a line."""
    document = Document()
    title, *lines = text.splitlines()
    document.add_heading(title, level=1)
    for line in lines:
        document.add_paragraph(line)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def add(own: OwnDocuments, folder: Path, name: str, data: bytes | str, *, user: str = "ada", talk: str = "t1") -> list[Step]:
    """Add a file to a conversation; every step."""
    path = folder / "sent"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return list(own.add(user, talk, Received(name, path)))


def added(own: OwnDocuments, folder: Path, name: str, data: bytes | str, *, user: str = "ada", talk: str = "t1") -> OwnFile:
    """Add a file that can be read; the file."""
    *_, last = add(own, folder, name, data, user=user, talk=talk)
    assert last.file, last.reason
    return last.file


def refused(own: OwnDocuments, folder: Path, name: str, data: bytes | str) -> str:
    """Add a file that is refused; why."""
    *_, last = add(own, folder, name, data)
    assert (last.stage, last.file) == ("refused", None)
    return last.reason
