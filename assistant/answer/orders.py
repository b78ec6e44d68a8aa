"""Tells an order ("Send the form to the purser.") from a sentence or a heading that begins with the same word.

Pure text.
"""

from __future__ import annotations

import re

_LEADING = re.compile(
    r"(?:(?:please|always|then|first|next|also|finally|so|and)\b,?\s+)+"
    r"|(?:if|when|whenever|where|once|before|after|by|within|on|at|in|for|to|unless|until|as soon as|every|each|from"
    r"|during)\b"
    r"[^,;:\n]{2,140},\s*",
    re.IGNORECASE,
)
_VERBS = (
    "apply|arrange|ask|attach|be sure to|bring|choose|collect|complete|confirm|consult|delete|destroy|download"
    "|ensure|enter|escalate|fill in|fill out|follow|get|give|hand|include|inform|keep|let|lock|make sure|make|notify|obtain"
    "|pay|prepare|provide|put|quote|read|refer|register|remember to|remove|reply|send|store|submit|take|tell|update|upload"
    "|wait|wear|write|e-mail|email|phone|telephone|switch|turn"
)
_ALSO_NOUNS = (
    "add|agree|book|call|check|claim|contact|copy|file|list|log|order|plan|post|record|report|request|return|review|select|set"
    "|show|sign|start|state|stop|test|use|visit"
)
_ITS_OBJECT = (
    r"(?:the|a|an|your|our|his|her|their|its|all|any|each|every|both|only|no|it|them|this|these|those|that|what|who|whether"
    r"|if|in|out|off|up|with|to|by|through|via|at|as soon|when|before|within|everything|everyone|anything|\d+|[A-Z][\w-]+)\b"
)
_ORDER = re.compile(
    rf"(?:{_VERBS})\b(?! (?:of|is|are|was|were|has|have|must|should|may|can|will)\b)|(?:{_ALSO_NOUNS})\s+{_ITS_OBJECT}",
)
_SAYINGS = re.compile(
    r"take-|wear and tear\b|give way signs?\b|keep fit\b|let (?:parliament|us|them) decide\b"
    r"|follow us\b|(?:get|give|take|make|keep|put|let)[- ](?:up|off|over|out|away|in) (?:rates?|of)\b",
    re.IGNORECASE,
)
"""What begins as an order does and is none: "Take-up of the scheme was low.", "Follow us on Twitter."."""
_DENIED = re.compile(r"(?:do not|don['’]t|never)\b(?! (?:need|have)\b)|no \w+ing\b", re.IGNORECASE)
_OF_OTHERS = re.compile(r"\b(?:will|may|can|could|might|to|by|for|is|are|we|they|that|which|who)\s*:\s*$")


def is_order(text: str, *, lead_in: str = "") -> bool:
    """True when a sentence tells its reader to do something.

    Args:
        text: The sentence.
        lead_in: What introduces it; "The board will:" makes it no order.
    """
    if _OF_OTHERS.search(lead_in) or (lead_in and text[:1].islower()):
        return False
    told = _main(text)
    return not _SAYINGS.match(told) and bool(_ORDER.match(told[:1].lower() + told[1:]))


def is_forbidden(text: str) -> bool:
    """True when a sentence tells its reader not to do something: "Do not open it."."""
    return bool(_DENIED.match(_main(text)))


def _main(text: str) -> str:
    """A sentence without what stands before its order: "Please", "If it is swollen,"."""
    told = text.strip()
    for _ in range(3):
        leading = _LEADING.match(told)
        if not leading or leading.end() >= len(told):
            break
        told = told[leading.end() :]
    return told
