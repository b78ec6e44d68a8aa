"""Tells what a document says of itself ("this is a summary, not legal advice") from what it says of its subject.

Such lines share words with many questions and answer few: those on the document itself. Pure text.
"""

from __future__ import annotations

import re

_ITSELF = r"(?:this|the) (?:page|note|summary|guidance|guide|document|factsheet|leaflet|briefing|publication|version|manual)"
_SPEAKS = re.compile(
    rf"\b(?:this is (?:our own |a |an )?(?:\w+ )?(?:summary|overview|outline|introduction|draft|general guide)\b"
    rf"|{_ITSELF} (?:is|was|gives|describes|offers|provides|sets out|does not|has been|will be)\b[^.]{{0,80}}"
    r"\b(?:summary|overview|outline|general (?:position|guidance|information)|legal advice|professional advice|checked"
    r"|compared|exhaustive|substitute|reviewed|last updated|updated (?:on|in)|usual pattern)\b"
    rf"|(?:written|prepared|wrote|made) [^.]{{0,40}}\bwithout (?:sight|checking|comparing)\b"
    rf"|(?:not|never) (?:constitute|a substitute for|intended (?:as|to be)) [^.]{{0,30}}\badvice\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    rf"\b(?:{_ITSELF}|(?:this|these) (?:rules?|advice|answers?)|legal advice|up[ -]to[ -]date|out[ -]of[ -]date|latest"
    r"|current(?:ly)?|still|in force|supersed\w+|replac\w+|repeal\w+|withdrawn|revis\w+|review\w*|chang\w+|new(?:er)?|old"
    r"|edition|version|summar\w+|decides?|official (?:text|source|version)|source"
    r"|where (?:can|do|could|would|is|are)\b.{0,40}\b(?:find|read|rules?|guidance|text)"
    r"|(?:which|what) (?:law|act|regulations?|rules?|guidance|document|code|manual)"
    r"|who (?:wrote|publishes|published|owns)|rely on|authoritative"
    r"|scotland|scottish|wales|welsh|northern ireland|devolved)\b",
    re.IGNORECASE,
)
"""What such lines may answer: how the document stands, what decides instead of it, and for whom else other rules hold."""


def speaks_of_itself(text: str) -> bool:
    """Whether a block says of the document that it is a summary, no advice, or not checked."""
    return bool(_SPEAKS.search(text))


def asks_how_it_stands(question: str) -> bool:
    """Whether a question may be one that a document answers by what it says of itself."""
    return bool(_ASKS.search(question))
