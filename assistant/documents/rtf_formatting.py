"""How text and lines of an RTF file are set, and what each control word changes in that.

Values are immutable, since a group gives back at its end what held before it. Knows nothing of groups or text.
"""

from __future__ import annotations

from typing import NamedTuple

_DEEPEST_TABLE = 60


class Chars(NamedTuple):
    """How text is set: `gone` for deletions, `size` in half points, colours by number in the file's table."""

    font: int = 0
    hidden: bool = False
    gone: bool = False
    bold: bool = False
    size: int = 24
    colour: int | None = None
    paper: int | None = None

    def after(self, word: str, number: int | None, *, default_font: int) -> Chars:
        """How text is set after a control word; this itself when the word says nothing about it."""
        is_on = number != 0
        if word == "plain":
            return Chars(default_font, gone=self.gone)
        if word == "f":
            return self._replace(font=number or 0)
        if word == "v":
            return self._replace(hidden=is_on)
        if word in ("deleted", "mvf"):
            return self._replace(gone=is_on)
        if word == "b":
            return self._replace(bold=is_on)
        if word == "fs":
            return self._replace(size=24 if number is None else number)
        if word == "cf":
            return self._replace(colour=number or None)
        if word in ("cb", "chcbpat", "highlight"):
            return self._replace(paper=number or None)
        return self


class Lines(NamedTuple):
    """How lines are set: `list_number` and `depth` of a list, `old_list` for one of the time before Word 97.

    `table` is how many tables they are in, `outline` a level of heading from 0, `indent` in twentieths of a point.
    """

    style: int = 0
    list_number: int = 0
    old_list: str = ""
    depth: int = 0
    indent: int = 0
    outline: int | None = None
    table: int = 0
    paper: int | None = None

    def after(self, word: str, number: int | None) -> Lines:
        """How lines are set after a control word; this itself when the word says nothing about it."""
        value = number or 0
        if word == "pard":
            return Lines()
        if word == "s":
            return self._replace(style=value)
        if word == "ls":
            return self._replace(list_number=value)
        if word == "ilvl":
            return self._replace(depth=max(0, value))
        if word in ("li", "lin"):
            return self._replace(indent=value)
        if word == "outlinelevel":
            return self._replace(outline=value)
        if word == "intbl":
            return self._replace(table=max(1, self.table))
        if word == "itap":
            return self._replace(table=min(max(0, value), _DEEPEST_TABLE))
        if word == "cbpat":
            return self._replace(paper=value or None)
        return self
