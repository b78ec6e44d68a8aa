"""Tells whether words oblige, permit, forbid or limit, so that leaving them out would change what is said after them.

Knows nothing of what is said.
"""

from __future__ import annotations

import re

from assistant.grounding.conditions import conditions
from assistant.grounding.duties import said

_LIMITS = re.compile(
    r"\b(?:prohibit\w*|forbid\w*|forbade|ban(?:ned|s)?|exempt\w*|exception\w*|except|exclud\w*|avoid\w*|don['’]?ts"
    r"|refus\w*|only|never|unless|without|optional|mandatory|compulsory|required|allowed|permitted|entitled|eligible"
    r"|withdrawn|no longer|myths?)\b",
    re.IGNORECASE,
)


def is_binding(text: str) -> bool:
    """True when what follows the words depends on them: "You must not:", "Exempt from the rule:"."""
    return bool(said(text) or conditions(text) or _LIMITS.search(text))
