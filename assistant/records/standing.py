"""Whether words that were quoted still stand in a document, and what stands there instead: pure functions.

Words stand when they are a block or whole sentences of one, as they were quoted, under the lead-in they were quoted with;
where on the page is all one. "Within 20 days" does not stand in "within 20 days, if asked in writing": a reader of the
quotation would be misled. Knows nothing of records or of where documents come from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from assistant.documents import Block, BlockKind, Document

_SENTENCE_END = re.compile(r"[.!?;:][\"'’”)\]]*\s+")
_ENDS_SENTENCE = re.compile(r"[.!?;:][\"'’”)\]]*$")
_LIKE = 0.3  # less is chance: two sentences of guidance on different things share about a fifth of their words


def whole_sentences(text: str, *, start: int, end: int) -> str:
    """`text[start:end]`, widened to whole sentences of the lines that it stands in."""
    start += len(text[start:end]) - len(text[start:end].lstrip())
    end -= len(text[start:end]) - len(text[start:end].rstrip())
    first_line = text.rfind("\n", 0, start) + 1
    *_, first = first_line, *(match.end() for match in _SENTENCE_END.finditer(text, first_line, start))
    if _is_whole(text[first:], 0, text[first:end]):
        return text[first:end]
    last_line = text.find("\n", end)
    last_line = len(text) if last_line < 0 else last_line
    following = _SENTENCE_END.search(text, end, last_line)
    return text[first : following.end() if following else last_line].strip()


def stands(document: Document, quote: str, *, introduced_by: str = "", passage_is_same: bool = False) -> bool:
    """True when `quote` stands in the document.

    Args:
        document: As it is now.
        quote: As it was quoted.
        introduced_by: The lead-in or headings it was quoted with, one a line; "" asks for none.
        passage_is_same: The passage it was quoted from is in the document word for word. Then it need not be whole
            sentences: a passage may begin or end within a very long one.
    """
    if quote not in document.text:
        return False
    if "\n" in quote:
        return passage_is_same or any(_is_whole(document.text, at, quote) for at in _places(document.text, quote))
    for block in document.blocks:
        text = document.quote(block)
        if any(passage_is_same or _is_whole(text, at, quote) for at in _places(text, quote)) and (
            not introduced_by or _letters("".join(introductions(document, block))) == _letters(introduced_by)
        ):
            return True
    return False


def most_like(document: Document, quote: str, *, with_introductions: bool = False) -> str:
    """The block most like `quote`, "" when none is like it.

    Args:
        document: As it is now.
        quote: What to look for.
        with_introductions: Put the block's lead-in or column headings before it, one a line.
    """
    matcher: SequenceMatcher[str] = SequenceMatcher(autojunk=False)
    matcher.set_seq2(quote.casefold().split())
    best, likeness = None, _LIKE
    for block in document.blocks:
        if block.kind is BlockKind.HEADING:
            continue
        matcher.set_seq1(document.quote(block).casefold().split())
        if (
            matcher.real_quick_ratio() > likeness
            and matcher.quick_ratio() > likeness
            and (like := matcher.ratio()) > likeness
        ):
            best, likeness = block, like
    if best is None:
        return ""
    before = introductions(document, best) if with_introductions else ()
    return "\n".join([*before, document.quote(best)])


def introductions(document: Document, block: Block) -> Sequence[str]:
    """The blocks that introduce a block, outermost first."""
    lines: list[str] = []
    position = block.introduced_by
    while position is not None:
        lines.append(document.quote(document.blocks[position]))
        position = document.blocks[position].introduced_by
    return lines[::-1]


def _places(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def _is_whole(text: str, at: int, words: str) -> bool:
    """True when `words`, which stand in `text` at `at`, begin and end with a sentence or a line."""
    before, after = text[:at], text[at + len(words) :]
    begins = not before or before.endswith("\n") or (before[-1].isspace() and bool(_ENDS_SENTENCE.search(before.rstrip())))
    ends = not after or after.startswith("\n") or (after[0].isspace() and bool(_ENDS_SENTENCE.search(words.rstrip())))
    return begins and ends


def _letters(text: str) -> str:
    """Without white space: a lead-in may have been quoted in pieces."""
    return "".join(text.split())
