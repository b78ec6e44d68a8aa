"""Tells which documents of one's own a message asks to go through whole: "Summarise “plan.docx”".

The page's buttons write such messages, and people type them. Anything else is a question to search for. Pure text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer import Task
from assistant.uploads import OwnFile

_ASKS = {
    Task.SUMMARISE: re.compile(
        r"(?:please |can you |could you )*(?:summari[sz]e|sum up|give me a summary of)\b", re.IGNORECASE
    ),
    Task.DUTIES: re.compile(r"what (?:must|do|should) (?:i|we) (?:have to )?do\b", re.IGNORECASE),
    Task.COMPARE: re.compile(r"(?:please |can you |could you )*compare\b", re.IGNORECASE),
}
_THIS = re.compile(r"\b(?:this|my|the) (?:document|file|attachment|upload)\b", re.IGNORECASE)
_THESE = re.compile(r"\b(?:these|my|the|both) (?:two )?(?:documents|files)\b|\bthese two\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A task and the ids of its files."""

    task: Task
    files: tuple[str, ...]


def wanted(message: str, files: Sequence[OwnFile]) -> Wanted | None:
    """The task that a message asks for; None when it is to be searched for.

    Args:
        message: As typed.
        files: Those of the conversation.
    """
    task = next((task for task, asks in _ASKS.items() if asks.match(message.strip())), None)
    if task is None:
        return None
    said = message.casefold()
    places = {file.id: said.find(file.name.casefold()) for file in files}
    named = sorted((name for name, place in places.items() if place >= 0), key=lambda name: places[name])
    needed = 2 if task is Task.COMPARE else 1
    if len(named) >= needed:
        return Wanted(task, tuple(named[:needed]))
    pointed = _THESE if task is Task.COMPARE else _THIS
    if len(files) == needed and pointed.search(message):
        return Wanted(task, tuple(file.id for file in files))
    return None
