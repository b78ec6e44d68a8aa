"""Separates the YAML block at the start of a Markdown file from its text. Knows nothing of what the keys mean."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

_BLOCK = re.compile(r"\A\ufeff?\s*---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_ENTRY = re.compile(r"^([A-Za-z_][\w-]*):[ \t]*(.*)$", re.MULTILINE)
_LONGEST = 50_000
_MOST_ALIASES = 20


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a Markdown file says about itself.

    Attributes:
        values: Its entries; keys in lower case with underscores.
        body: The text after it.
    """

    values: dict[str, Any] = field(default_factory=dict)
    body: str = ""

    def first(self, *keys: str) -> Any:
        """The first of several entries that is there and not empty, else None."""
        return next((self.values[key] for key in keys if self.values.get(key) not in (None, "", [], {})), None)


def split_front_matter(source: str) -> FrontMatter:
    """The entries at the start of a text, and the rest.

    YAML that does not parse, or is built of aliases, is read line by line, since its usual fault is a colon in an unquoted
    title, which harms nothing else.
    """
    source = source.replace("\r\n", "\n")
    match = _BLOCK.match(source)
    if match is None or len(match[1]) > _LONGEST:
        return FrontMatter({}, source)
    try:
        values = {} if _is_bomb(match[1]) else yaml.safe_load(match[1])
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, LookupError, OverflowError, RecursionError):
        values = {}
    if values == {}:
        values = {key: value.strip().strip("\"'") for key, value in _ENTRY.findall(match[1])}
    if not isinstance(values, dict):
        return FrontMatter({}, source)
    entries = {_key(name): value for name, value in values.items()}
    return FrontMatter(entries, source[match.end() :])


def _key(name: object) -> str:
    """A key in one spelling: "lastUpdated", "last-updated" and "last_updated" are the same."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", str(name)).replace("-", "_").lower()


def _is_bomb(written: str) -> bool:
    """Whether many values refer to earlier ones: a few lines of such aliases can stand for a thousand million values."""
    if written.count("*") <= _MOST_ALIASES:
        return False
    return sum(isinstance(event, yaml.AliasEvent) for event in yaml.parse(written, yaml.SafeLoader)) > _MOST_ALIASES
