"""Puts back together what was broken to fit a line: words with a hyphen, addresses, sentences.

A hyphen at the end of a line is kept or dropped as the same document writes the word elsewhere. Knows nothing of formats.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(r"(?:^|(?<=[\s(/‘“'\"-]))([^\W\d_]+(?:-[^\W\d_]+)*)([-‐–\u00ad])$")
_HYPHENS = ("-", "‐", "–", "\u00ad")
_START = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_ADDRESS = re.compile(r"(?:https?:/|www\.|doi\.org/|\b10\.\d{4,}/)\S*[/\-_=&?%#]$|\b10\.\d{4,}/$", re.IGNORECASE)
_FULL_ADDRESS = re.compile(r"(?:https?://|www\.)\S*[a-z0-9.]$", re.IGNORECASE)
_REST_OF_ADDRESS = re.compile(
    r"[-/?=&#][\w./?=&%#:~+-]+|[a-z0-9][\w.?=&%#:~+-]*/[\w./?=&%#:~+-]*$|[\w-]+\.(?:html?|pdf|aspx)$"
)
_BROKEN_NUMBER = re.compile(r"\d[-–]$")
_KEEPS_HYPHEN = re.compile(
    "self|super|non|anti|pre|post|co|re|semi|multi|sub|inter|intra|extra|over|under|well|high|low|long|short|half|mid|cross|"
    "ex|all|part|full|near|off|on|up|one|two|three|four|five|six|seven|eight|nine|ten"
)
"""First halves that keep their hyphen where the document gives no other sign."""


_LONGEST_TAIL = 2000
_LONGEST_WORD = 200


def _broken_end(text: str) -> re.Match[str] | None:
    """The first half of a word that a text ends with; of a longer one its last characters."""
    return _BROKEN.search(text, max(0, len(text) - _LONGEST_WORD)) if text.endswith(_HYPHENS) else None


class LineJoiner:
    """Joins lines of one document, given all of them."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._words: Counter[str] = Counter()
        self._first_halves: Counter[str] = Counter()
        breaks: list[tuple[str, str]] = []
        half = ""
        for line in lines:
            broken, start = _broken_end(line), _START.match(line)
            words = _WORD.findall(line[: broken.start()] if broken else line)
            if half and start:  # what follows a broken word is half a word, too
                breaks.append((half.lower(), start[0].lower()))
                words = words[1:]
            for word in words:
                self._words[word.lower()] += 1
                if "-" in word:
                    self._first_halves[word.lower().split("-")[0]] += 1
            half = broken[1] if broken else ""
        joined = sum(self._words[f"{first}{second}"] > 0 for first, second in breaks)
        kept = sum(self._words[f"{first}-{second}"] > 0 for first, second in breaks)
        self._breaks_words = joined >= kept
        """Whether this document breaks words at all; many break lines only after hyphens that are there anyway."""

    def join(self, lines: Sequence[str]) -> str:
        """The lines as one text; words and their order are unchanged."""
        done: list[str] = []
        text = ""
        for line in filter(None, map(str.strip, lines)):
            text = self.pair(text, line)
            if len(text) > 2 * _LONGEST_TAIL:  # only the end matters to the next line, and to copy all of it takes for ever
                done.append(text[:-_LONGEST_TAIL])
                text = text[-_LONGEST_TAIL:]
        return "".join(done) + text

    def pair(self, text: str, line: str) -> str:
        """One text followed by one more line."""
        if not text:
            return line
        last = text[-_LONGEST_TAIL:].rsplit(None, 1)[-1]
        if _ADDRESS.search(last) or (_FULL_ADDRESS.search(last) and _REST_OF_ADDRESS.match(line.split(maxsplit=1)[0])):
            return text + line
        if _BROKEN_NUMBER.search(text) and line[0].isdigit():
            return text + line
        broken, start = _broken_end(text), _START.match(line)
        if broken is None:
            return f"{text} {line}"
        if start is None or not start[0][0].islower():
            # "COVID-" before "19", "Gurol-" before "Urganci"; but a dash stands alone
            return text.rstrip("\u00ad") + line if line[0].isalnum() else f"{text} {line}"
        if start[0] in ("and", "or", "to", "und"):
            return f"{text} {line}"  # "short- and long-term"
        if broken[2] == "–":
            return text + line
        if broken[2] == "\u00ad" or not self._keeps_hyphen(broken[1].lower(), start[0].lower()):
            return text[:-1] + line
        return text + line

    def _keeps_hyphen(self, first: str, second: str) -> bool:
        with_hyphen, without = self._words[f"{first}-{second}"], self._words[f"{first}{second}"]
        if with_hyphen or without:
            return with_hyphen > without
        half = first.rsplit("-", 1)[-1]
        if "-" in first or "-" in second or _KEEPS_HYPHEN.fullmatch(half):
            return True
        both_are_words = min(len(half), len(second)) > 2 and self._words[half] > 0 and self._words[second] > 0
        known_half = self._first_halves[half] > 1 and self._words[second] > 0
        return both_are_words or known_half or not self._breaks_words


_CONTENTS_LINE = re.compile(r"(?:\.{4}|(?:\s\.){4}|…{2}|_{4})\s*(?:\d{1,4}|[ivxlc]{1,6})\s*$", re.IGNORECASE)
_LONGEST_END = 100
"""Characters of a line that hold its last leaders and page number; a search in all of a long line would never end."""


def is_contents_line(line: str) -> bool:
    """Whether a line is an entry of a table of contents: words, leaders, a page number."""
    return _CONTENTS_LINE.search(line.rstrip()[-_LONGEST_END:]) is not None
