"""Where the claim follows the guidance nearly word for word: do the words that were changed or put in matter?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.grounding.checks.basis import Basis, Fault
from assistant.grounding.names import initials
from assistant.grounding.wording import added, changes, replaced
from assistant.grounding.words import content, words


def edited_words(claim: str, basis: Basis) -> Iterator[Fault]:
    """Changed words that matter, and words put in."""
    if basis.nearly:
        for change in changes(claim, basis.anchor):
            yield Fault(change.kind, True, change.reason)
        for given, told in replaced(claim, basis.anchor):
            yield Fault("word", False, f"the guidance says “{given}”, the draft said “{told}”")
        known = frozenset(word.stem for text in (basis.about, *basis.further) for word in words(text))
        whole = frozenset(word.stem for word in words(basis.elsewhere))
        short = initials(f"{basis.anchor}\n{basis.about}\n{basis.elsewhere}")
        for put_in in added(claim, basis.anchor, known=known):
            if put_in in short:
                continue
            elsewhere = all(word.stem in whole for word in content(put_in))
            yield Fault("added", not elsewhere or bool(_CLAUSE.search(put_in)), f"the draft added “{put_in}”")


_CLAUSE = re.compile(r"\b(?:can|cannot|must|should|may|will|shall|need to|have to)\b (?:not )?[a-z]{3,}", re.IGNORECASE)
"""What can be done, put in: no small addition, wherever else on the page its words stand."""
