"""What the rules that change sentences share. Knows no rule."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pool:
    """Names found in the guidance, to put in the place of others."""

    bodies: tuple[str, ...]


Rule = Callable[[str, random.Random, Pool], str | None]
"""From a sentence to a changed one; None where the rule does not apply."""


def swap(text: str, found: re.Match[str], new: str, group: int | str = 0) -> str:
    """The text with what was found, or a group of it, replaced; a capital stays one."""
    old = found[group]
    if old[:1].isupper() and new[:1].islower():
        new = new[0].upper() + new[1:]
    return text[: found.start(group)] + new + text[found.end(group) :]


def pick(form: re.Pattern[str], text: str, draw: random.Random) -> re.Match[str] | None:
    """One of the places where a form stands, by chance."""
    found = list(form.finditer(text))
    return draw.choice(found) if found else None
