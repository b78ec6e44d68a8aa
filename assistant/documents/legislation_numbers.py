"""The numbers of provisions and list items as a page shows them: "(1)" and "(a)" where the file holds "1" and "a".

Pure; knows nothing of the text that is numbered.
"""

from __future__ import annotations

import re

from lxml import etree

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_DECORATED = {
    "parens": "({})",
    "parenRight": "{})",
    "brackets": "[{}]",
    "bracketRight": "{}]",
    "period": "{}.",
    "colon": "{}:",
    "none": "{}",
}
_MOST = 3999
_LEVEL = re.compile(r"P([1-7])")
_BARE = re.compile(r"[0-9A-Za-z.]+")


def shown(number: str, pnumber: etree._Element, *, name: str, is_secondary: bool) -> str:
    """A provision's number as readers see it.

    Args:
        number: The number in the file.
        pnumber: Its element, which may say what stands around it.
        name: The element that it numbers, such as "P2".
        is_secondary: Whether it is numbered as statutory instruments are, with a full stop after "1".
    """
    if not number:
        return ""
    if "PuncBefore" in pnumber.attrib or "PuncAfter" in pnumber.attrib:
        return f"{pnumber.get('PuncBefore', '')}{number}{pnumber.get('PuncAfter', '')}".strip()
    level = _LEVEL.fullmatch(name)
    if level and int(level[1]) > 1:
        return f"({number})" if _BARE.fullmatch(number) else number
    return f"{number}." if is_secondary and _BARE.fullmatch(number) and not number.endswith(".") else number


def item_number(items: etree._Element, item: etree._Element, place: int) -> str:
    """The number of an item of an ordered list, "" when it shows none.

    Args:
        items: The list.
        item: The item.
        place: Which it is, from 0.
    """
    own = item.get("NumberOverride", "").strip()
    start = items.get("Start", "1").strip()
    count = place + (int(start) if start.isascii() and start.isdigit() and len(start) < 5 else 1)
    number = own or _counted(min(count, _MOST), items.get("Type", "arabic"))
    bare = _BARE.fullmatch(number)
    return _DECORATED.get(items.get("Decoration", "none"), "{}").format(number) if bare else number


def _counted(count: int, series: str) -> str:
    number = str(count)
    if series.startswith("alpha"):
        letters = ""
        left = max(count, 1)
        while left:
            left, place = divmod(left - 1, 26)
            letters = chr(ord("a") + place) + letters
        number = letters
    elif series.startswith("roman"):
        number, left = "", count
        for value, letters in _ROMAN:
            number += letters * (left // value)
            left %= value
    return number.upper() if series.endswith("upper") else number
