"""Says to which nations the provisions of a piece of legislation extend: all together, and which of them to fewer.

The publisher marks a provision only where it differs from what it stands in. Knows nothing of text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from assistant.documents.metadata import NATIONS

_MARKS = {"E": ("England",), "W": ("Wales",), "S": ("Scotland",), "NI": ("Northern Ireland",), "EW": ("England", "Wales"),
          "GB": ("England", "Scotland", "Wales"), "UK": NATIONS}  # fmt: skip
_SEPARATOR = re.compile(r"[+,\s]+")
_MOST_NAMED = 6

Nations = tuple[str, ...]


def nations_of(mark: str | None) -> Nations:
    """The nations of a mark such as "E+W+S+N.I.", in the usual order."""
    found = [nation for part in _SEPARATOR.split((mark or "").replace(".", "").upper()) for nation in _MARKS.get(part, ())]
    return tuple(nation for nation in NATIONS if nation in found)


def listed(nations: Nations) -> str:
    """Nations in words, England and Wales first as lawyers name them: one jurisdiction."""
    order = sorted(nations, key=("England", "Wales", "Scotland", "Northern Ireland").index)
    return " and ".join(filter(None, (", ".join(order[:-1]), order[-1])))


@dataclass(slots=True)
class Extents:
    """Collects the extents of what is read.

    Attributes:
        whole: Of the piece of legislation as such.
    """

    whole: Nations
    _read: list[Nations] = field(default_factory=list)
    _narrower: dict[str, None] = field(default_factory=dict)

    def note(self, nations: Nations) -> None:
        """A provision was read that extends to these nations; none where the publisher does not say."""
        self._read.append(nations)

    def narrower(self, name: str, nations: Nations) -> None:
        """What was read is a provision, as people name it, with an extent that differs from what it stands in."""
        if name and nations and set(nations) < set(self.whole or NATIONS):
            self._narrower.setdefault(f"{name} ({listed(nations)})")

    @property
    def any_read(self) -> bool:
        """Whether any provision was read."""
        return bool(self._read)

    @property
    def nations(self) -> Nations:
        """The nations that at least one provision extends to; none when that is not said of every one."""
        if not self._read:
            return self.whole
        return () if not all(self._read) else tuple(nation for nation in NATIONS if any(nation in one for one in self._read))

    @property
    def notice(self) -> str:
        """A sentence on provisions that extend to fewer nations than the others, "" when there are none."""
        if len(set(self._read)) < 2 or not self._narrower:
            return ""
        named = list(self._narrower)[:_MOST_NAMED]
        more = len(self._narrower) - len(named)
        others = f" and {more} more" if more else ""
        return f"Some provisions extend to part of the United Kingdom only: {', '.join(named)}{others}."
