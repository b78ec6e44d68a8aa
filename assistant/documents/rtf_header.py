"""What stands before the text of an RTF file: its fonts, colours, styles, lists and facts about the document.

Is told each word and text of these groups by the walk over the file. Knows nothing of the text itself.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from assistant.documents.flow_document import Facts
from assistant.documents.flow_symbols import is_symbol_font

_HEADING = re.compile(r"heading ?([1-9])", re.IGNORECASE)
_LONGEST_CHAIN = 20
_NO_LABEL = 255
_CODE_PAGES = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "big5", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437",
    255: "cp850",
}  # fmt: skip
"""The code page of each character set that a font may have."""
_LANGUAGES = {
    0x01: "ar", 0x07: "de", 0x08: "el", 0x09: "en", 0x0A: "es", 0x0C: "fr", 0x0E: "hu", 0x10: "it", 0x13: "nl", 0x15: "pl",
    0x16: "pt", 0x18: "ro", 0x19: "ru", 0x1F: "tr", 0x20: "ur", 0x3C: "ga", 0x52: "cy",
}  # fmt: skip
"""Languages by the low ten bits of Windows' numbers for them."""


@dataclass(slots=True)
class Font:
    """A font: its name, and the code page of text set in it, "" for the file's own."""

    name: str = ""
    code_page: str = ""

    @property
    def is_symbol(self) -> bool:
        """Whether it has signs where others have letters."""
        return is_symbol_font(self.name)


@dataclass(slots=True)
class _Style:
    name: str = ""
    based_on: int = -1
    outline: int | None = None


@dataclass(slots=True)
class Header:
    """What has been told so far."""

    fonts: dict[int, Font] = field(default_factory=dict)
    colours: list[str] = field(default_factory=list)
    code_page: str = "cp1252"
    default_font: int = 0
    language: str = ""
    _styles: dict[int, _Style] = field(default_factory=dict)
    _style: _Style = field(default_factory=_Style)
    _font: Font = field(default_factory=Font)
    _colour: dict[str, int] = field(default_factory=dict)
    _levels: list[int] = field(default_factory=list)
    _lists: dict[int, list[int]] = field(default_factory=dict)
    _listed: int = 0
    _overrides: dict[int, int] = field(default_factory=dict)
    _facts: dict[str, str] = field(default_factory=dict)
    _times: dict[str, dict[str, int]] = field(default_factory=dict)

    # What the walk tells

    def word(self, group: str, name: str, number: int | None) -> None:
        """A control word in one of the groups."""
        value = number or 0
        if group == "fonttbl":
            self._font_word(name, value)
        elif group == "colortbl":
            self._colour[name] = value
        elif group == "stylesheet":
            self._style_word(name, number)
        elif group in ("listtable", "listoverridetable"):
            self._list_word(group, name, value)
        elif name in ("yr", "mo", "dy"):
            self._times.setdefault(group, {})[name] = value

    def text(self, group: str, words: str) -> None:
        """Text in one of the groups."""
        if group == "fonttbl":
            self._font.name += words.rstrip(";")
        elif group == "stylesheet":
            self._style.name = (self._style.name + words).rstrip(";")
        elif group == "colortbl":
            for _ in range(words.count(";")):
                self._add_colour()
        elif group in ("title", "doccomm"):
            self._facts[group] = self._facts.get(group, "") + words

    def setting(self, name: str, number: int | None) -> None:
        """A word for the whole document."""
        if name == "ansicpg" and number:
            self.code_page = _known(f"cp{number}") or _known("utf-8" if number == 65001 else "") or self.code_page
        elif name == "mac":
            self.code_page = "mac_roman"
        elif name in ("pc", "pca"):
            self.code_page = "cp437" if name == "pc" else "cp850"
        elif name == "deff":
            self.default_font = number or 0
        elif name == "deflang" and number:
            self.language = _LANGUAGES.get(number & 0x3FF, "")

    # What it comes to

    def codec(self, font: int) -> str:
        """The encoding of text in a font."""
        known = self.fonts.get(font)
        return known.code_page if known and known.code_page else self.code_page

    def colour(self, number: int | None) -> str:
        """A colour as "#rrggbb", "" for the automatic one."""
        return self.colours[number] if number is not None and 0 <= number < len(self.colours) else ""

    def style_name(self, style: int) -> str:
        """The name of a paragraph style."""
        return self._styles[style].name.strip() if style in self._styles else ""

    def heading(self, style: int) -> int:
        """The level of heading that a paragraph style makes, 0 for none."""
        for _ in range(_LONGEST_CHAIN):
            known = self._styles.get(style)
            if known is None:
                break
            if known.outline is not None:
                return min(known.outline + 1, 6) if 0 <= known.outline < 9 else 0
            if match := _HEADING.fullmatch(known.name.strip()):
                return min(int(match[1]), 6)
            style = known.based_on
        return 0

    def is_title(self, style: int) -> bool:
        """Whether a paragraph style is that of the document's title."""
        return self.style_name(style).lower() == "title"

    def list_name(self, number: int, depth: int) -> str:
        """Names the list that a paragraph's number refers to; "" when its items have no number or bullet at this depth."""
        name = self._overrides.get(number, -number)
        levels = self._lists.get(name, [])
        return "" if depth < len(levels) and levels[depth] == _NO_LABEL else f"list {name}"

    def facts(self) -> Facts:
        """What the file says about itself."""
        return Facts(
            title=self._facts.get("title", ""),
            description=self._facts.get("doccomm", ""),
            created=self._time("creatim"),
            modified=self._time("revtim"),
            language=self.language,
        )

    def _time(self, group: str) -> str:
        time = self._times.get(group, {})
        return f"{time.get('yr', 0):04}-{time.get('mo', 0):02}-{time.get('dy', 0):02}"

    # Tables

    def _font_word(self, name: str, value: int) -> None:
        if name == "f":
            self._font = self.fonts.setdefault(value, Font())
        elif name == "fcharset":
            self._font.code_page = _CODE_PAGES.get(value, self._font.code_page)
        elif name == "cpg" and value:
            self._font.code_page = _known(f"cp{value}") or self._font.code_page

    def _add_colour(self) -> None:
        parts = [self._colour.get(part) for part in ("red", "green", "blue")]
        known = [min(max(part, 0), 255) for part in parts if part is not None]
        self.colours.append("#{:02x}{:02x}{:02x}".format(*known) if len(known) == 3 else "")
        self._colour.clear()

    def _style_word(self, name: str, number: int | None) -> None:
        if name == "s":
            self._style = self._styles.setdefault(number or 0, _Style())
        elif name in ("cs", "ds", "ts"):
            self._style = _Style()
        elif name == "sbasedon":
            self._style.based_on = -1 if number is None else number
        elif name == "outlinelevel":
            self._style.outline = number or 0

    def _list_word(self, group: str, name: str, value: int) -> None:
        if name == "list":
            self._levels = []
        elif name == "listlevel":
            self._levels.append(0)
        elif name in ("levelnfc", "levelnfcn") and self._levels:
            self._levels[-1] = value
        elif name == "listid" and group == "listtable":
            self._lists[value] = self._levels
        elif name == "listid":
            self._listed = value
        elif name == "ls":
            self._overrides[value] = self._listed


def _known(code_page: str) -> str:
    try:
        return codecs.lookup(code_page).name if code_page else ""
    except LookupError:
        return ""
