"""Writes short forms out: an "FOI request" is a "freedom of information request" to guidance that never shortens it.

The short forms are those of the reviewed file acronyms.toml, in the letters given there. Knows nothing of search.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path


def in_full(question: str) -> str:
    """A question with its short forms written out; as it is where there are none."""
    known, pattern = _known()

    def written(found: re.Match[str]) -> str:
        full = known[found["short"]]
        if not found["article"]:
            return full
        return f"{found['article'][0]}{'n' if full[0] in 'aeiou' else ''} {full}"

    return pattern.sub(written, question)


@cache
def _known() -> tuple[dict[str, str], re.Pattern[str]]:
    known: dict[str, str] = tomllib.loads(Path(__file__).with_name("acronyms.toml").read_text("utf-8"))
    short = "|".join(sorted(known, key=len, reverse=True))
    return known, re.compile(rf"(?<![\w-])(?P<article>[Aa]n? )?(?P<short>{short})(?![\w-])")
