"""Writes the serial number of a day as the date or time that a spreadsheet shows. Knows no other number formats."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

LAST_DAY = 2_958_466
"""One past the serial of 31 December 9999."""
_PART = re.compile(
    r"""(?P<quoted>"[^"]*"?) | \\(?P<escaped>.) | _(?P<blank>.) | \*(?P<fill>.)
      | \[(?P<elapsed>h+|m+|s+)\] | \[(?P<bracket>[^\]]*)\]
      | (?P<half>AM/PM|A/P) | (?P<seconds>s+\.0+) | (?P<code>y+|m+|d+|h+|s+) | (?P<other>.)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_SYSTEM_DATE, _SYSTEM_TIME = "$-F800", "$-F400"
_MINUTES_AFTER = ("h", "hh")
_MINUTES_BEFORE = ("s", "ss")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


@lru_cache(maxsize=1024)
def is_date(section: str) -> bool:
    """Whether a part of a format's code shows a date or time: it has one of their letters outside quotation marks."""
    groups = {match.lastgroup for match in _PART.finditer(section)}
    has_letters = bool(groups & {"code", "elapsed", "seconds"})
    return has_letters and "general" not in section.lower() and not re.search(r"E[+-]", section)


def as_date(days: float, section: str) -> str:
    """The date or time, "" when the code has parts that are not known here.

    Args:
        days: Days since 30 December 1899, with the time of day as a fraction.
        section: Part of a format's code that `is_date`.
    """
    section = _resolved(section)
    parts = _parts(section)
    digits = max((len(text.partition(".")[2]) for kind, text in parts if kind == "seconds"), default=0)
    moment, total = _moment(days, digits)
    halves = any(kind == "half" for kind, _ in parts)
    shown = []
    for kind, text in parts:
        if kind == "text":
            shown.append(text)
        elif kind == "elapsed":
            unit = {"h": 3600, "m": 60, "s": 1}[text[0]]
            shown.append(str(int(total // unit)).zfill(len(text)))
        elif kind == "half":
            half = "AM" if moment.hour < 12 else "PM"
            shown.append(half if len(text) > 3 else half[0])
        elif kind == "seconds":
            fraction = f"{moment.microsecond:06d}"[:digits]
            shown.append(f"{str(moment.second).zfill(len(text.partition('.')[0]))}.{fraction}")
        else:
            shown.append(_code(moment, text, halves=halves))
    return " ".join("".join(shown).split())


def iso(days: float) -> str:
    """The date in a form that needs no format."""
    moment, _ = _moment(days, 0)
    return moment.strftime("%d/%m/%Y") if days == int(days) else moment.strftime("%d/%m/%Y %H:%M")


def _resolved(section: str) -> str:
    """What the reader's system would show, for the two formats that leave it to the system."""
    if _SYSTEM_DATE in section.upper():
        return "dd mmmm yyyy"
    return "hh:mm:ss" if _SYSTEM_TIME in section.upper() else section


def _moment(days: float, digits: int) -> tuple[dt.datetime, float]:
    """The moment, rounded to what is shown, and the seconds since day 0."""
    seconds = round(days * 86400, digits)
    offset = 1 if days < 60 else 0  # 1900 had no 29 February, and Excel counts one
    try:
        return dt.datetime(1899, 12, 30) + dt.timedelta(days=offset, seconds=seconds), seconds
    except OverflowError:
        return dt.datetime(9999, 12, 31), seconds


@lru_cache(maxsize=1024)
def _parts(section: str) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for match in _PART.finditer(section):
        kind, text = str(match.lastgroup), match[0].lower()
        if kind == "quoted":
            found.append(("text", match[0].strip('"')))
        elif kind == "escaped":
            found.append(("text", match["escaped"]))
        elif kind == "elapsed":
            found.append(("elapsed", match["elapsed"].lower()))
        elif kind in ("code", "half", "seconds"):
            found.append((kind, text))
        elif kind == "other" and text not in "@;":
            found.append(("text", match[0]))
        elif kind == "blank":
            found.append(("text", " "))
    return tuple(_with_minutes(found))


def _with_minutes(parts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """After hours or before seconds, "m" means minutes; it is written "n" here."""
    codes = [number for number, (kind, _) in enumerate(parts) if kind not in ("text", "half")]
    for place, number in enumerate(codes):
        text = parts[number][1]
        if text not in ("m", "mm"):
            continue
        before = parts[codes[place - 1]][1] if place else ""
        after = parts[codes[place + 1]][1] if place + 1 < len(codes) else ""
        if before[:1] == "h" or after[:1] == "s":
            parts[number] = ("code", "n" * len(text))
    return parts


def _code(moment: dt.datetime, code: str, *, halves: bool) -> str:
    letter, length = code[0], len(code)
    if letter == "y":
        return str(moment.year) if length > 2 else f"{moment.year % 100:02d}"
    if letter == "m":
        name = _MONTHS[moment.month - 1]
        return (str(moment.month), f"{moment.month:02d}", name[:3], name, name[0])[min(length, 5) - 1]
    if letter == "d":
        name = _DAYS[moment.weekday()]
        return (str(moment.day), f"{moment.day:02d}", name[:3], name)[min(length, 4) - 1]
    hour = (moment.hour % 12 or 12) if halves else moment.hour
    number = {"h": hour, "n": moment.minute, "s": moment.second}[letter]
    return f"{number:02d}" if length > 1 else str(number)
