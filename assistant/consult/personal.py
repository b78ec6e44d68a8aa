"""Marks personal data in a response, and masks it in what is shown.

Finds what has a form: addresses of all kinds, numbers that pass their check, and names where the text introduces them
("my name is", "Mrs", a signature). A bare name in running text is not found; the analyst is told so. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

_NAME = r"[A-Z][a-z'’-]+(?:\s+(?:[A-Z]\.?(?![a-z])|(?:de|van|von|Mac|Mc|O['’])?\s?[A-Z][a-z'’-]+)){0,3}"


_NO_STREET = frozenset(
    "a along and at by cars car different down each feet for from houses hours in its km lanes last main metres mile miles minutes "
    "month months new of off old on or other our out people per side single the their this to two up vehicles weeks week years "
    "year yards cycle bus busy zone mph km/h residential country major minor local public rural urban whole wide".split()
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of personal data.

    Attributes:
        start: First character in the text.
        end: One past the last.
        kind: What it is, for people.
    """

    start: int
    end: int
    kind: str


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _is_card(text: str) -> bool:
    """Luhn's check."""
    digits = [int(one) for one in reversed(_digits(text))]
    doubled = [value if place % 2 == 0 else sum(divmod(2 * value, 10)) for place, value in enumerate(digits)]
    return 13 <= len(digits) <= 19 and sum(doubled) % 10 == 0


def _is_nhs_number(text: str) -> bool:
    """Modulus 11, as the NHS Data Dictionary defines it."""
    digits = [int(one) for one in _digits(text)]
    check = 11 - sum(digit * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return check != 10 and check % 11 == digits[9]


def _is_phone(text: str) -> bool:
    return 10 <= len(_digits(text).removeprefix("00")) <= 13


def _is_account(text: str) -> bool:
    """A sort code that cannot be a day, a month and a year, or one with an account number."""
    first, second, *_ = map(int, re.findall(r"\d+", text))
    return len(_digits(text)) > 6 or not (
        (1 <= first <= 31 and 1 <= second <= 12) or (1 <= first <= 12 and 1 <= second <= 31)
    )


def _is_street(text: str) -> bool:
    """In lower case, common words before "street" or "way" are no name of one: "2 miles of road"."""
    before = re.findall(r"[^\W\d_][\w'’-]*", text)[:-1]
    return not any(word.lower() in _NO_STREET for word in before if word.islower())


_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_KINDS: tuple[tuple[str, re.Pattern[str], Callable[[str], bool] | None], ...] = (
    ("email address", _EMAIL, None),
    ("web address", re.compile(r"(?:https?://|www\.)[^\s<>\"]+[^\s<>\".,;:!?)]"), None),
    ("card number", re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)"), _is_card),
    ("NHS number", re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)"), _is_nhs_number),
    (
        "telephone number",
        re.compile(r"(?<![\d\w])(?:(?:\+|00\s?)44[\s-]?\(?0?\)?[\s-]?|\(?0)\d(?:[\s()-]{0,2}\d){8,9}(?!\d)"),
        _is_phone,
    ),
    (
        "National Insurance number",
        re.compile(r"\b(?:QQ|[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z])\s?(?:\d{2}\s?){3}[A-D]\b", re.I),
        None,
    ),
    ("bank account", re.compile(r"(?i:\bsort[ -]?code\D{0,12}?)(\d{2}[ -]?\d{2}[ -]?\d{2})(?!\d)"), None),
    ("bank account", re.compile(r"(?<![\d-])\d{2}-\d{2}-\d{2}(?![\d-])(?:\D{1,20}\d{8}\b)?"), _is_account),
    (
        "street address",
        re.compile(
            r"\b(?:Flat\s+\w+,?\s+)?\d{1,4}[A-Za-z]?,?\s+(?:[A-Z][\w'’-]+\s+){1,3}"
            r"(?:Street|St|Road|Rd|Lane|Avenue|Ave|Close|Drive|Way|Crescent|Terrace|Place|Gardens|Grove|Court|Square|Hill|Row|Mews)\b"
        ),
        None,
    ),
    (
        "street address",
        re.compile(
            r"(?<![\d.,:£$€-])\b(?:flat\s+\w+,?\s+)?\d{1,4}[a-z]?,?\s+(?:[a-z][\w'’-]+\s+){1,2}"
            r"(?:street|road|rd|lane|avenue|ave|crescent|terrace|mews|grove)\b",
            re.I,
        ),
        _is_street,
    ),
    (
        "postcode",
        re.compile(
            r"\b(?:GIR ?0AA|[A-PR-UWYZ](?:\d[\dA-HJKPSTUW]?|[A-HK-Y]\d[\dABEHMNPRVWXY]?) ?\d[ABD-HJLNP-UW-Z]{2})\b", re.I
        ),
        None,
    ),
    (
        "date of birth",
        re.compile(
            r"(?i:\b(?:born(?: on)?|d\.?o\.?b\.?|date of birth)(?: is| was)?[:\s]+(?:the )?)"
            r"(\d{1,2}(?:st|nd|rd|th)?[\s/.-]+(?:\d{1,2}|[A-Za-z]{3,9})[\s/.-]+\d{2,4})"
        ),
        None,
    ),
    ("name", re.compile(rf"\b(?i:my (?:full )?name is|i am called|this is from|signed(?: by)?:?|name:)\s+({_NAME})"), None),
    ("name", re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Cllr|Councillor|Rev)\.?\s+({_NAME})"), None),
    (
        "name",
        re.compile(
            rf"(?i:\b(?:yours (?:sincerely|faithfully|truly)|(?:kind |best |many )?(?:regards|thanks|wishes)|sincerely|"
            rf"thank you|cheers))[,.!\s]+({_NAME})[\s.]*\Z"
        ),
        None,
    ),
    (
        "name",
        re.compile(
            rf"\b(?:my|our) (?:son|daughter|husband|wife|partner|mother|father|mum|dad|brother|sister|neighbour|friend),? ({_NAME})\b(?!['’]s? (?:Hospital|School))"
        ),
        None,
    ),
)


_BY_CHANCE = frozenset({"card number", "NHS number", "postcode", "bank account"})
_LONGEST_VALUE = 60


def is_email(text: str) -> bool:
    """The whole text is an e-mail address."""
    return bool(_EMAIL.fullmatch(text.strip()))


def is_personal(text: str, *, by_chance: bool = True) -> bool:
    """The whole text is a piece of personal data, such as a telephone number.

    Args:
        text: A short value.
        by_chance: Count kinds of which a plain number or code can have the form without being one.
    """
    plain = text.strip()
    if len(plain) > _LONGEST_VALUE or plain.startswith("000"):  # filled up with zeros, as numbers of rows are
        return False
    return any(
        (mark.start, mark.end) == (0, len(plain)) and (by_chance or mark.kind not in _BY_CHANCE) for mark in marks(plain)
    )


def marks(text: str) -> tuple[Mark, ...]:
    """Personal data in a text, from its beginning to its end; none overlaps another."""
    found: list[Mark] = []
    for mark in _found(text):
        if not any(mark.start < other.end and other.start < mark.end for other in found):
            found.append(mark)
    return tuple(sorted(found, key=lambda mark: mark.start))


def masked(text: str, *, start: int = 0, end: int | None = None) -> str:
    """The text, or a part of it, with each piece of personal data named and left out: "[email address]"."""
    stop = len(text) if end is None else end
    parts, at = [], start
    for mark in marks(text):
        if mark.end <= start or mark.start >= stop:
            continue
        parts += [text[at : max(at, mark.start)], f"[{mark.kind}]"]
        at = max(at, mark.end)
    return "".join([*parts, text[at:stop] if at < stop else ""])


@lru_cache(maxsize=8192)
def masked_value(text: str) -> str:
    """What respondents are told apart by, masked; the same few values come again and again."""
    return masked(text)


def _found(text: str) -> Iterator[Mark]:
    for kind, pattern, passes in _KINDS:
        for match in pattern.finditer(text):
            group = 1 if pattern.groups and match[1] else 0
            if passes is None or passes(match[group]):
                yield Mark(match.start(group), match.end(group), kind)
