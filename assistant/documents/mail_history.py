"""Tells the newest message of an e-mail from the earlier ones below it: each gets a heading that says whose it is.

Works on blocks, so that it serves e-mails in HTML and in plain text alike. Knows nothing of how they were read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.documents.mail_text import EARLIER
from assistant.documents.model import Block, BlockKind, Document, DocumentText

_LONGEST = 300
"""Letters of the longest line that opens an earlier message."""
_NEAR = 4
"""Blocks among which the date stands when each line of a message's head is a block."""
_WROTE = re.compile(r"On (?=.*\d).{8,280}\bwrote\s?:")
_SENDER = re.compile(r"From:\s?\S")
_SENT = re.compile(r"(?:Sent|Date):\s?\S")
_LABEL = re.compile(r"\s(?=(?:Sent|Date|To|Cc|Subject|Importance|Attachments):\s)")
_RULE = re.compile(r"\W*(?:original message|forwarded message|forwarded by .{3,80})\W*", re.IGNORECASE)
_COURTESY = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|morning|afternoon|all|everyone|team|colleagues)\b"
    r"|(?:(?:kind|best|warm|many) )?(?:regards|wishes|thanks|thank you)\b|yours (?:sincerely|faithfully)\b",
    re.IGNORECASE,
)
"""Short lines that stand alone as headings do."""


def copy_blocks(source: Document | DocumentText, target: DocumentText) -> None:
    """Append all blocks of one text to another."""
    _copy(source.text, source.blocks, target, history=False)


def with_history(body: DocumentText, text: DocumentText) -> None:
    """Append the blocks of an e-mail's text; what opens an earlier message becomes a heading of the first level."""
    _copy(body.text, body.blocks, text, history=True)


def _copy(words: str, blocks: Sequence[Block], target: DocumentText, *, history: bool) -> None:
    places: dict[int | None, int | None] = {None: None}
    for place, block in enumerate(blocks):
        own = words[block.start : block.end]
        near = " ".join(words[b.start : b.end] for b in blocks[place : place + _NEAR])
        parts = _parts(block, own, near) if history else [(block.kind, block.level, own)]
        for kind, level, part in parts:
            position = target.add(
                kind,
                part,
                level=level,
                introduced_by=places.get(block.introduced_by),
                anchor=block.anchor,
                page=block.page,
            )
            places.setdefault(place, position)


def _parts(block: Block, words: str, near: str) -> Iterator[tuple[BlockKind, int, str]]:
    """What a block becomes: one block as a rule, several where the head of an earlier message is one paragraph."""
    is_short_prose = block.kind is BlockKind.PARAGRAPH and len(words) <= _LONGEST
    if block.kind is BlockKind.PARAGRAPH and _SENDER.match(words) and _LABEL.search(near):
        yield from _head(words)
    elif (is_short_prose and _WROTE.fullmatch(words)) or (block.kind is BlockKind.HEADING and _is_mark(words)):
        yield BlockKind.HEADING, 1, words
    elif block.kind is BlockKind.HEADING and _COURTESY.match(words):
        yield BlockKind.PARAGRAPH, 0, words
    elif not (is_short_prose and _RULE.fullmatch(words)):
        yield block.kind, block.level, words


def _is_mark(words: str) -> bool:
    """Whether a heading was put where a quotation begins or ends."""
    return words == EARLIER or _SENDER.match(words) is not None


def _head(words: str) -> Iterator[tuple[BlockKind, int, str]]:
    """From and Sent are the heading of an earlier message; its other lines are paragraphs."""
    sender, *others = _LABEL.split(words)
    if others and _SENT.match(others[0]):
        sender = f"{sender} {others.pop(0)}"
    yield BlockKind.HEADING, 1, sender
    for line in others:
        yield BlockKind.PARAGRAPH, 0, line
