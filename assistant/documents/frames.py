"""What a walk over HTML keeps in mind: the elements that it is inside of, and the lines of the paragraph it is reading.

Knows nothing of the order in which a page is walked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from assistant.documents.typed_lists import marked

BREAK = "\u2028"
"""Stands for a line break until it is known what the line is; it counts as white space."""
PARAGRAPH_BREAK = re.compile(f"{BREAK}\\s*{BREAK}")


@dataclass(slots=True)
class Frame:
    """What the walk is inside of, and what introduces the text found there.

    Attributes:
        element: Where the frame ends.
        kind: "list", "item", "heading" or "about", the last for text that stands under a name, as in a contact's box.
        introduced_by: Block that leads into it.
        first: Its own first block.
        latest: Its own latest block; in a list of terms, the latest term.
        level: Heading level, or depth of the list.
        anchor: Of a heading.
    """

    element: etree._Element
    kind: str
    introduced_by: int | None = None
    first: int | None = None
    latest: int | None = None
    level: int = 0
    anchor: str = ""


def lines_of(words: str) -> list[str]:
    """The lines of a paragraph, taken apart where any after the first begins with a typed bullet or number."""
    lines = [line for line in (line.strip() for line in words.split(BREAK)) if line]
    if not any(marked(line) for line in lines[1:]):
        return [" ".join(lines)]
    joined = lines[:1]
    for line in lines[1:]:
        if marked(line):
            joined.append(line)
        else:
            joined[-1] += f" {line}"
    return joined
