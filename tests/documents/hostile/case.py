"""What one hostile file is: its name, its bytes, and what must become of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

INDEXED, SKIPPED, FAILED = "indexed", "skipped", "failed"


@dataclass(frozen=True, slots=True)
class Case:
    """One file.

    Attributes:
        name: File name, made up so that it says what is wrong with the file.
        make: Gives its bytes; they are never stored.
        outcome: What must become of it; "" where any outcome will do, as long as it is quick and has a plain reason.
        reason: Words that its reason must hold.
        quote: Words that must stand in its document.
    """

    name: str
    make: Callable[[], bytes]
    outcome: str = ""
    reason: str = ""
    quote: str = ""
