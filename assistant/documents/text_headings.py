"""Guesses which paragraphs of a text file are headings. Says no where in doubt: a wrong heading hides what follows it."""

from __future__ import annotations

import re

from assistant.documents.text_paragraphs import Paragraph

_LONGEST = 80
_MOST_WORDS = 10
_SECTION = re.compile(
    r"(?:Section|Appendix|Annex|Part|Chapter|Schedule)\s+(?:\d+[A-Z]?|[A-Z]|[IVX]+)\b(?:\s*[:.–-]\s*\S.*)?"
)
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+([A-Z][^.;:!?]*)")
_NUMBERED_PARAGRAPH = re.compile(r"(?:\d{1,2}\.\d{1,3}|\d[A-Z]\d{1,2})\s+[A-Z‘“]")
_SENTENCE_END = re.compile(r"[.!?:;,…][”’\"')\]]*$")
_LONG_PARAGRAPH = 100


def heading_level(before: Paragraph | None, found: Paragraph, after: Paragraph | None) -> int:
    """Level of the heading, from 1; 0 when the paragraph is none."""
    text = found.text
    if found.underline:
        return {"=": 1, "*": 1}.get(found.underline, 2) if len(text) <= 2 * _LONGEST else 0
    if len(text) > _LONGEST or len(text.split()) > _MOST_WORDS or after is None:
        return 0
    if _SECTION.fullmatch(text) and not text.endswith((".", ";", ",")):
        return 2
    if _SENTENCE_END.search(text) or (not found.alone and not _NUMBERED_PARAGRAPH.match(after.text)):
        return 0
    numbered = _NUMBERED.fullmatch(text)
    if numbered and _is_prose(after):
        return min(2 + numbered[1].count("."), 6)
    if _is_capitals(text):
        return 2
    opens_numbered = _NUMBERED_PARAGRAPH.match(after.text) is not None and len(text.split()) > 2
    plain = opens_numbered or all(character.isalpha() or character in " ,’'()-–&/" for character in text)
    return 3 if plain and _is_title_line(before, text) and _is_prose(after) else 0


def _is_prose(after: Paragraph) -> bool:
    return _NUMBERED_PARAGRAPH.match(after.text) is not None or (
        len(after.text) >= _LONG_PARAGRAPH and after.text[0].isupper()
    )


def _is_capitals(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return text == text.upper() and len(letters) >= 4 and len(letters) > 0.6 * len(text)


def _is_title_line(before: Paragraph | None, text: str) -> bool:
    """A short line in sentence case after a finished paragraph."""
    finished = before is None or before.text.endswith((".", "!", "?", ";")) or len(before.text) < _LONGEST
    return finished and text[0].isupper() and len(text) > 3
