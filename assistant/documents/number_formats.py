"""Writes a number as a spreadsheet shows it: percentages, currencies, thousands, dates and times.

Follows ECMA-376 part 1, 18.8.30 and 18.8.31, for a reader in the UK: short dates are day first. The
libraries for it are left behind (ssf, 2020) or new (xlfmt). A code that is not understood gives the plain number.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import lru_cache

from assistant.documents.number_dates import LAST_DAY, as_date, is_date, iso

GENERAL = "General"
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"£"#,##0;-"£"#,##0', 6: '"£"#,##0;-"£"#,##0', 7: '"£"#,##0.00;-"£"#,##0.00', 8: '"£"#,##0.00;-"£"#,##0.00',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "dd/mm/yyyy hh:mm",
    37: "#,##0;(#,##0)", 38: "#,##0;(#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)",
    41: '#,##0;-#,##0;"-"', 42: '"£"#,##0;-"£"#,##0;"£-"', 43: '#,##0.00;-#,##0.00;"-"',
    44: '"£"#,##0.00;-"£"#,##0.00;"£-"', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
"""Formats that files refer to by number; those that follow the country of the reader, as in the UK."""

_TOKEN = re.compile(
    r"""(?P<quoted>"[^"]*"?) | \\(?P<escaped>.) | _(?P<blank>.) | \*(?P<fill>.) | \[(?P<bracket>[^\]]*)\]
      | (?P<general>General) | (?P<exponent>E[+-]) | (?P<place>[0#?]) | (?P<other>.)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_SECTION_END = re.compile(r'"[^"]*"?|\\.|[_*].|\[[^\]]*\]|(?P<end>;)|.', re.DOTALL)
_CURRENCY = re.compile(r"\$([^-]*)")
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)")
_PRECISION = 400
"""Digits: the largest number that a file can hold has 309 before the point."""
_LONGEST_CODE = 300
_MOST_PLACES = 60


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # "text", "place", "point", "comma", "percent", "exponent", "slash", "general"
    text: str


def show(value: float, code: str, *, from_1904: bool = False) -> str:
    """The number as its cell shows it, "" where the format hides it.

    Args:
        value: The number, or the serial of a date.
        code: The format's code, such as "#,##0.00".
        from_1904: Whether days are counted from 1904, as on old Macs.
    """
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - that is how NaN is known
        return ""
    if len(code) > _LONGEST_CODE:
        return plain(value)
    section, shown = _section(code.strip(), value)
    if is_date(section):
        days = value + (1462 if from_1904 else 0)
        return (as_date(days, section) or iso(days)) if 0 <= days < LAST_DAY else plain(value)
    return _number(shown, section)


def plain(value: float) -> str:
    """The number without a format: as many digits as a cell of usual width shows."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    shown = f"{value:.10g}"
    if "e" not in shown:
        return shown
    if 1e-9 < abs(value) < 1e15:
        return f"{Decimal(repr(value)):f}"
    digits, _, power = shown.partition("e")
    return f"{digits}E{power}"


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[str, ...]:
    ends = [match.start() for match in _SECTION_END.finditer(code) if match["end"]]
    starts = [0, *(end + 1 for end in ends)]
    return tuple(code[start:end] for start, end in zip(starts, [*ends, len(code)], strict=True))


def _section(code: str, value: float) -> tuple[str, float]:
    """The part of a code that is for a value, and the value to show with it: a part for negatives writes its own sign."""
    sections = _sections(code)
    if any(_CONDITION.search(bracket) for bracket in re.findall(r"\[([^\]]*)\]", code)):
        return _by_condition(sections, value), value
    numeric = sections[:3]
    if value < 0 and len(numeric) > 1:
        return numeric[1], -value
    if value == 0 and len(numeric) > 2:
        return numeric[2], value
    return numeric[0], value


def _by_condition(sections: tuple[str, ...], value: float) -> str:
    for section in sections:
        match = _CONDITION.search(section)
        if match is None:
            return section
        try:
            limit = float(match[2])
        except ValueError:
            continue
        holds = {
            "<": value < limit,
            "<=": value <= limit,
            ">": value > limit,
            ">=": value >= limit,
            "=": value == limit,
            "<>": value != limit,
        }
        if holds[match[1]]:
            return section
    return GENERAL


@lru_cache(maxsize=1024)
def _tokens(section: str) -> tuple[_Token, ...]:
    found = []
    for match in _TOKEN.finditer(section):
        kind, text = str(match.lastgroup), match[0]
        if kind == "quoted":
            found.append(_Token("text", text.strip('"')))
        elif kind == "escaped":
            found.append(_Token("text", match["escaped"]))
        elif kind == "bracket":
            currency = _CURRENCY.match(match["bracket"])
            found.append(_Token("text", currency[1] if currency else ""))
        elif kind == "blank":
            found.append(_Token("text", " "))
        elif kind in ("general", "exponent", "place"):
            found.append(_Token(kind, text))
        elif kind == "other":
            found.append(_Token({".": "point", ",": "comma", "%": "percent", "/": "slash"}.get(text, "text"), text))
    return tuple(found)


def _number(value: float, section: str) -> str:
    tokens = _tokens(section)
    kinds = [token.kind for token in tokens]
    if "general" in kinds:
        return "".join(plain(value) if token.kind == "general" else token.text for token in tokens).strip()
    if not section.strip():
        return ""
    if any(token.text == "@" for token in tokens if token.kind == "text"):
        return plain(value)
    if "place" not in kinds:
        return "".join(token.text for token in tokens).strip()
    if "slash" in kinds or kinds.count("place") > _MOST_PLACES:
        return plain(value)  # fractions
    with localcontext(Context(prec=_PRECISION, rounding=ROUND_HALF_UP)):
        written = _scientific(value, tokens) if "exponent" in kinds else _fixed(value, tokens)
    return " ".join(written.split())


def _fixed(value: float, tokens: tuple[_Token, ...]) -> str:
    """Digits put into their places; what stands between the places stays there, as in a sort code's "00-00-00"."""
    places = [number for number, token in enumerate(tokens) if token.kind == "place"]
    point = next((n for n, token in enumerate(tokens) if token.kind == "point"), len(tokens))
    whole = [number for number in places if number < point]
    decimals = [number for number in places if number > point]
    last = whole[-1] if whole else -1
    commas = [number for number, token in enumerate(tokens) if token.kind == "comma"]
    thousands = sum(number > max(last, places[-1]) or (not decimals and number > last) for number in commas)
    grouped = any(whole and whole[0] < number < last for number in commas)
    percent = sum(token.kind == "percent" for token in tokens)
    scaled = Decimal(repr(value)).scaleb(2 * percent - 3 * thousands)
    rounded = abs(scaled).quantize(Decimal(1).scaleb(-len(decimals)))
    before, _, after = f"{rounded:f}".partition(".")
    written = _whole_places(before, whole, tokens, grouped=grouped) | _decimal_places(after, decimals, tokens)
    sign = "-" if scaled < 0 and rounded else ""
    shown = []
    for number, token in enumerate(tokens):
        if number in written:
            shown.append(written[number])
        elif token.kind == "point":
            shown.append("." if decimals and any(written[place] for place in decimals) else "")
        elif token.kind != "comma":
            shown.append(token.text)
    return sign + "".join(shown).strip()


def _whole_places(digits: str, places: list[int], tokens: tuple[_Token, ...], *, grouped: bool) -> dict[int, str]:
    """The digits before the point, spread over the places from the right; the first place takes what is left over."""
    digits = digits.lstrip("0")
    needed = max((len(places) - number for number, place in enumerate(places) if tokens[place].text == "0"), default=0)
    digits = digits.zfill(needed) if needed else digits
    if grouped:
        first = len(digits) % 3
        groups = [digits[:first], *(digits[start : start + 3] for start in range(first, len(digits), 3))]
        return dict.fromkeys(places, "") | {places[-1]: ",".join(filter(None, groups))}
    written = {}
    for place in reversed(places[1:]):
        written[place], digits = digits[-1:], digits[:-1]
    return written | ({places[0]: digits} if places else {})


def _decimal_places(digits: str, places: list[int], tokens: tuple[_Token, ...]) -> dict[int, str]:
    kept = digits
    for number in range(len(places) - 1, -1, -1):
        if tokens[places[number]].text == "0" or kept[number : number + 1] != "0":
            break
        kept = kept[:number]
    return {place: kept[number : number + 1] for number, place in enumerate(places)}


def _scientific(value: float, tokens: tuple[_Token, ...]) -> str:
    point = next((n for n, token in enumerate(tokens) if token.kind == "point"), len(tokens))
    exponent = next(n for n, token in enumerate(tokens) if token.kind == "exponent")
    decimals = sum(token.kind == "place" and point < n < exponent for n, token in enumerate(tokens))
    width = sum(token.kind == "place" and n > exponent for n, token in enumerate(tokens))
    digits, _, power = f"{Decimal(repr(value)):.{decimals}E}".partition("E")
    sign = "-" if power.startswith("-") else "+" if tokens[exponent].text.endswith("+") else ""
    return f"{digits}E{sign}{power.lstrip('+-').zfill(width)}"


def show_date(moment: dt.datetime | dt.date) -> str:
    """A date that a file gives as such, without a format."""
    if isinstance(moment, dt.datetime) and (moment.hour or moment.minute or moment.second):
        return moment.strftime("%d/%m/%Y %H:%M")
    return moment.strftime("%d/%m/%Y")
