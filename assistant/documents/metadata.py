"""Reads the facts about a document that every format writes differently: dates, names, languages, nations.

Knows nothing of the text of documents.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assistant.documents.clean import readable
from assistant.errors import SkippedDocument

NATIONS = ("England", "Scotland", "Wales", "Northern Ireland")

_LANGUAGES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German",
    "dr": "Dari", "el": "Greek", "es": "Spanish", "es-419": "Latin American Spanish", "et": "Estonian", "fa": "Persian",
    "fi": "Finnish", "fr": "French", "ga": "Irish", "gd": "Scottish Gaelic", "gu": "Gujarati", "he": "Hebrew",
    "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "it": "Italian",
    "ja": "Japanese", "ka": "Georgian", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "ms": "Malay",
    "ne": "Nepali", "nl": "Dutch", "no": "Norwegian", "pa": "Punjabi", "pl": "Polish", "ps": "Pashto",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "so": "Somali", "sq": "Albanian",
    "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian",
    "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese", "zh-hk": "Chinese (Hong Kong)", "zh-tw": "Chinese (Taiwan)",
}  # fmt: skip
_NAMES_WITH_COMMAS = re.compile(
    r"""(?:Department\ (?:for|of)|Ministry\ of)\ (?:
        Business,\ (?:Energy\ (?:&|and)\ Industrial\ Strategy|Innovation\ (?:&|and)\ Skills
            |Enterprise\ (?:&|and)\ Regulatory\ Reform)
      | (?:Digital,\ )?Culture,\ Media\ (?:&|and)\ Sport
      | Environment,\ Food\ (?:&|and)\ Rural\ Affairs
      | Agriculture,\ Environment\ (?:&|and)\ Rural\ Affairs
      | (?:Levelling\ Up,\ )?Housing(?:,\ Communities)?\ (?:&|and)\ (?:Communities|Local\ Government)
      | Science,\ Innovation\ (?:&|and)\ Technology
      | Children,\ Schools\ (?:&|and)\ Families
      | Innovation,\ Universities\ (?:&|and)\ Skills
    )
    | Foreign,\ Commonwealth\ (?:&|and)\ Development\ Office""",
    re.VERBOSE,
)
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]+)\s+(\d{4})", re.IGNORECASE)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONGEST_TAG = 35
"""Characters of a language tag, as RFC 5646 has it."""


def parse_date(value: object) -> dt.date | None:
    """The day meant by a date, a time stamp or words such as "2 February 2026"; None when it is none.

    A time stamp gives the day it was in London, which is what GOV.UK shows. "1/2/2026" is 1 February.
    """
    if isinstance(value, dt.datetime):
        return _london(value)
    if isinstance(value, dt.date):
        return value
    if not isinstance(value, str):
        return None
    try:
        return _london(dt.datetime.fromisoformat(value.strip().replace(" UTC", "+00:00")))
    except ValueError:
        return _from_words(value.strip())


def _london(moment: dt.datetime) -> dt.date:
    if moment.tzinfo is None:
        return moment.date()
    try:
        return moment.astimezone(ZoneInfo("Europe/London")).date()
    except (ZoneInfoNotFoundError, OverflowError):
        return moment.date()


def _from_words(words: str) -> dt.date | None:
    day, month, year = 0, 0, 0
    if (match := _DAY_FIRST.search(words)) and match[2][:3].lower() in _MONTHS:
        day, month, year = int(match[1]), _MONTHS.index(match[2][:3].lower()) + 1, int(match[3])
    elif match := _SLASHED.search(words):
        day, month, year = int(match[1]), int(match[2]), int(match[3])
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def first_date(*values: object) -> dt.date | None:
    """The first of several values that is a date."""
    return next((date for date in map(parse_date, values) if date is not None), None)


def names(value: object) -> tuple[str, ...]:
    """Names from a list, or from a line that separates them by semicolons or commas.

    Departments with a comma in their own name ("Department for Environment, Food & Rural Affairs") stay whole.
    """
    if isinstance(value, str):
        protected = _NAMES_WITH_COMMAS.sub(lambda match: match[0].replace(",", "\ue000"), value)
        parts: Iterable[object] = re.split(r";" if ";" in protected else r",", protected)
    elif isinstance(value, Iterable):
        parts = (part.get("title") or part.get("name") if isinstance(part, Mapping) else part for part in value)
    else:
        return ()
    cleaned = (one_line(part).replace("\ue000", ",") for part in parts if isinstance(part, str))
    return tuple(dict.fromkeys(name for name in cleaned if name))


def one_line(value: object) -> str:
    """A value as one line of readable text; "" when it is no text."""
    return " ".join(readable(value).split()) if isinstance(value, str) else ""


def nations(value: object) -> tuple[str, ...]:
    """The nations of the UK named in a list or line, in the usual order; "UK" and "Great Britain" are spelled out."""
    words = value if isinstance(value, str) else " ".join(part for part in _listed(value) if isinstance(part, str))
    words = words.lower().replace("-", " ").replace("_", " ")
    if re.search(r"\b(?:uk|united kingdom)\b", words):
        return NATIONS
    if re.search(r"\b(?:gb|great britain)\b", words):
        words += " england scotland wales"
    return tuple(nation for nation in NATIONS if nation.lower() in words)


def _listed(value: object) -> Iterable[object]:
    return value if isinstance(value, Iterable) else ()


def locale_in_name(name: str) -> str:
    """The language that the end of an address or file name gives, as in "guide.cy"; "" when it gives none."""
    path = urlsplit(name).path if "://" in name else name
    tag = path.rpartition(".")[2].lower()
    return tag if tag in _LANGUAGES else ""


def require_english(*locales: object) -> str:
    """The locale of a document in English: the first one given, "en" when there is none.

    Raises:
        SkippedDocument: It is in another language, which the index is not made for.
    """
    stated = (one_line(locale) for locale in locales)
    tag = next(filter(None, stated), "en").replace("_", "-")[:_LONGEST_TAG]
    if tag.lower().split("-")[0] in ("en", "eng"):
        return tag
    name = _LANGUAGES.get(tag.lower()) or _LANGUAGES.get(tag.lower().split("-")[0], "another language")
    raise SkippedDocument(f"It is written in {name} ({tag}), and only guidance in English is indexed.")
