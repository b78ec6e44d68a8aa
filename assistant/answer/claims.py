"""Cuts a reply into claims while it is being written, one character at a time, so that how it arrives cannot matter.

A claim is one statement that can be checked: a sentence, an item of a list with the words that lead into it, a row of a
table with its headings. Headings, rules, questions and politeness state nothing and are left out; a lead-in ("You must:") is
never a claim alone, since it says nothing before its item does. Knows nothing of sources or of models.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer.marks import TAIL_MARK, numbers_in, without_mentions
from assistant.answer.markup import lines_up_with, parts_of, plain
from assistant.grounding import RAISED, ends, is_binding, plain_letters

LONGEST = 1000
"""Characters from which an unfinished sentence, row or line is left out; no sentence of guidance comes near."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim as the model wrote it, without markers, markup or addresses.

    Attributes:
        text: The statement.
        marks: The numbers of sources that it names, in order, whether or not there are such sources.
        lead: What leads into it, "" for nothing: "You must:" before an item of a list.
        addresses: How many web addresses were taken out of it.
        holed: True when taking one out left a hole in the sentence.
    """

    text: str
    marks: tuple[int, ...] = ()
    lead: str = ""
    addresses: int = 0
    holed: bool = False

    @property
    def whole(self) -> str:
        """The statement with what leads into it."""
        return f"{self.lead} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class _Lead:
    indent: int
    text: str
    marks: tuple[int, ...]


_UNDECIDED = re.compile(
    r"[ ]*(?:>[ ]?)*[ ]*(?:(?:-+|\*+|_+|=+|\++|•|–|#{1,6}|`{1,2}|~{1,2})?"
    r"|\(?\d{0,3}[.)]?|\(?[a-z][.)]?|\(?[ivx]{1,4}[.)]?)"
)
"""The beginning of a line that can still become an item, a heading, a rule or a fence."""
_ITEM = re.compile(r"(?P<indent>[ ]*)(?:[-*+•–]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)])[ ]")
_HEADING = re.compile(r"[ ]*#{1,6}[ ]")
_RULE = re.compile(r"[ ]*(?:[-*_=][ ]?){2,}[ ]*|[ ]*[-*_=+#•–][ ]*")
_FENCE = re.compile(r"[ ]*(?:```|~~~)")
_QUOTED = re.compile(r"(?:[ ]*>)+[ ]?")
_ALL_BOLD = re.compile(r"\s*(\*\*|__)[^*_]+\1:?\s*|\s*(\*\*|__)[^*_]+:\2\s*")
_STOPPED = re.compile(r"[.!?…][\"'’”)\]*_]*\s+[\"'‘“(\[*_]*$")
_RUNS_ON = re.compile(r"[,;–—-]\s*$|^\s*$")
_DELIMITER_CELL = re.compile(r":?-{1,}:?")
_REFERENCES = re.compile(
    r"(?:sources?|references?|citations?|bibliography|further reading|links?)(?: used| cited)?:?", re.IGNORECASE
)
_PREAMBLE = re.compile(
    r"(?:(?:sure|certainly|of course|okay|ok|absolutely)\b.*|the answer(?: to (?:this|the|your) question)? is"
    r"|(?:here (?:is|are|'s)|based on|according to|from|in) (?:the |your |a |my )?(?:\w+ ){0,3}"
    r"(?:answer|response|summary|sources?|guidance|information|passages?|context|documents?|steps|points|details)\b[^:]*"
    r"|(?:(?:short|direct|brief|final) )?(?:answer|response|summary|conclusion|note)"
    r"|in summary|in short|to summari[sz]e)\s*:",
    re.IGNORECASE,
)  # fmt: skip
_AGREES = re.compile(r"(?:sure|certainly|of course|absolutely|great|yes|no)\s*[,!.–—-]\s*(?=\w+ \w+ \w+)", re.IGNORECASE)
_POLITE = re.compile(
    r"(?:sure|certainly|of course|absolutely|great question|good question|you're welcome|thank you|i hope (?:this|that)"
    r"|hope (?:this|that) helps|(?:please )?let me know|(?:please )?feel free|i(?:'m| am) (?:happy|glad|here) to"
    r"|if you have (?:any )?(?:more|further|other|additional) questions)\b",
    re.IGNORECASE,
)
_TRAIL = re.compile(r"\w[’'”\"]? [>›»] [‘'“\"]?\w.*[^.!?]$")
"""A title with its headings, as the prompt gives them to the model: "Housing Benefit › How to claim"."""
_THINKS, _THOUGHT = "<think>", "</think>"


class Cutter:
    """Takes a reply piece by piece and gives back each claim as soon as its end is certain.

    Example:
        >>> cutter = Cutter()
        >>> cutter.feed("Reply within 20 wor"), cutter.feed("king days. [1")
        ([], [])
        >>> [claim.text for claim in cutter.feed("] The clock")]
        ['Reply within 20 working days.']
    """

    def __init__(self) -> None:
        self._begun = ""  # of a line of which the kind is not known yet
        self._is_beginning = True
        self._kind = "text"  # of the line being read: text, item, heading, row or skipped
        self._indent = 0
        self._is_bare = False  # the item has no bullet
        self._open = ""  # what is not cut yet, without markers
        self._marks: list[tuple[int, int]] = []  # (place in _open, number)
        self._is_glued = False  # a marker stood here
        self._is_first = True  # no sentence of this block is cut yet
        self._leads: list[_Lead] = []
        self._lead_is_used = False
        self._head: tuple[str, ...] = ()
        self._first_row: tuple[str, tuple[int, ...]] | None = None  # headings, if a delimiter row follows
        self._in_references = False
        self._thinking: str | None = ""  # what may become <think>, or the last of a thought; None when past that
        self._is_thought = False
        self._cut: list[Statement] = []

    def feed(self, piece: str) -> list[Statement]:
        """The claims that end within `piece`."""
        for character in piece:
            self._think(character)
        return self._given()

    def finish(self, *, cut_off: bool = False) -> list[Statement]:
        """The claims still open at the end.

        Args:
            cut_off: The reply was broken off; a sentence without its end is dropped, for "within 20" may have meant "within
                20 weeks".
        """
        if self._thinking and not self._is_thought:
            for character in self._thinking:
                self._step(character)
        self._thinking = None
        if cut_off:
            self._break_off()
        if self._is_beginning and self._begun.strip():
            self._begin_line()
        self._end_line()
        self._end_block()
        self._end_table()
        return self._given()

    def _given(self) -> list[Statement]:
        given, self._cut = self._cut, []
        return given

    def _think(self, character: str) -> None:
        """Leave out what a model thinks aloud before it answers."""
        if self._thinking is None:
            self._step(character)
            return
        self._thinking += character
        if self._is_thought:
            self._thinking = self._thinking[-len(_THOUGHT) :]
            if self._thinking == _THOUGHT:
                self._thinking = None
        elif self._thinking.lstrip() == _THINKS:
            self._is_thought, self._thinking = True, ""
        elif not _THINKS.startswith(self._thinking.lstrip()):
            held, self._thinking = self._thinking, None
            for one in held:
                self._step(one)

    def _step(self, character: str) -> None:
        if character in _NOTES and not (character in "²³" and self._open[-1:].lower() in {"m", "t"}):
            for one in f"[{_NOTES[character]}]":
                self._step(one)
            return
        character = _usual(character)
        if character == "\n":
            self._end_line()
        elif self._is_beginning:
            self._begun += character
            if not _UNDECIDED.fullmatch(self._begun) or len(self._begun) > LONGEST:
                self._begin_line()
        elif character:
            self._add(character)

    # lines

    def _begin_line(self) -> None:
        """The kind of the line is certain: end what it does not go on with, and read what was held back."""
        begun, self._begun, self._is_beginning = self._begun, "", False
        if quoted := _QUOTED.match(begun):
            begun = begun[quoted.end() :]
        if _FENCE.match(begun):
            self._end_block()
            self._kind = "skipped"
            return
        if _HEADING.match(begun):
            self._end_block()
            self._end_table()
            self._kind, self._leads = "heading", self._leads_still_open()
            return
        if begun.lstrip().startswith("|"):
            self._end_block()
            self._kind = "row"
        elif item := _ITEM.match(begun):
            self._end_block()
            self._end_table()
            self._kind, self._indent = "item", len(item["indent"])
            self._is_bare = False
            begun = begun[item.end() :]
        elif self._is_bare_item(begun):
            self._end_block()
            self._kind, self._indent, self._is_bare = "item", 0, True
        elif not self._goes_on(begun):
            self._end_block()
            self._end_table(unless=" | ")
            self._kind, self._is_bare = "text", False
        else:
            begun = f" {begun.lstrip()}"
        for character in begun:
            self._add(character)

    def _is_bare_item(self, begun: str) -> bool:
        """Whether a line is an item without a bullet, as lists stand in the passages: small letters after "You must:"."""
        leads = self._open.rstrip().endswith(":") or (self._is_bare and bool(self._leads))
        return leads and begun.lstrip()[:1].islower()

    def _goes_on(self, begun: str) -> bool:
        """Whether a line continues the sentence above it; models end their lines where their sentences end."""
        above, first = self._open.rstrip(), begun.lstrip()[:1]
        if not above or above.endswith(":"):
            return False
        return first.islower() or (first in "[【" and not self._marks) or bool(_RUNS_ON.search(above))

    def _end_line(self) -> None:
        if self._is_beginning:
            begun, self._begun = self._begun, ""
            if not begun.strip():
                self._end_block()
                self._end_table()
            elif _RULE.fullmatch(begun):
                self._end_block()
            else:
                self._begun = begun
                self._begin_line()
                self._end_line()
            return
        if self._kind == "heading":
            self._end_heading()
        elif self._kind == "row":
            self._end_row()
        self._is_beginning = True

    def _end_heading(self) -> None:
        """A heading states nothing, unless it is a whole sentence."""
        text = plain(self._open).text
        self._in_references = bool(_REFERENCES.fullmatch(text))
        if text.endswith((".", "!")):
            self._kind = "text"
            self._end_block()
        elif is_binding(text):
            self._lead_on(text)
        self._forget()

    def _lead_on(self, heading: str) -> None:
        """A heading that obliges or forbids leads into what stands under it: "You must not"."""
        self._leads, self._lead_is_used = [*self._leads, _Lead(-1, heading.rstrip(": ") + ":", ())], False

    def _leads_still_open(self) -> list[_Lead]:
        """What has led into nothing yet and would change what comes."""
        return [] if self._lead_is_used else [lead for lead in self._leads if is_binding(lead.text)]

    # characters

    def _add(self, character: str) -> None:
        if self._kind == "skipped":
            return
        if self._is_glued and character.isalnum():
            self._open += " "
        self._is_glued = False
        if self._kind in {"text", "item"} and self._starts_a_sentence(character):
            self._cut_sentences(within=self._open + character)
        self._open += character
        if character in "])】":
            self._take_mark()
        elif character == ">" and self._open.endswith(_THOUGHT):  # of a thought that some servers give without its start
            self._forget()
            self._leads, self._lead_is_used = [], False
        if len(self._open) > LONGEST:  # its end may turn it round, and a half of it says something else
            self._forget()
            self._kind = "skipped"

    def _take_mark(self) -> None:
        if mark := TAIL_MARK.search(self._open[-80:]):
            before = self._open[: len(self._open) - len(mark[0])].rstrip()
            self._open = before
            self._marks += [(len(before), number) for number in numbers_in(mark[0])]
            self._is_glued = True

    def _starts_a_sentence(self, character: str) -> bool:
        if not (character.isalnum() or character in "£$€#"):
            return False
        stopped = _STOPPED.search(self._open[-40:])
        return stopped is not None and not (stopped[0][-1] == "[" and character.isdigit())

    def _cut_sentences(self, *, within: str) -> None:
        """Cut what is open at each end of a sentence; what follows the last stays open."""
        last = 0
        for end in ends(lines_up_with(within)):
            if end <= len(self._open) and within[end:].strip():
                self._sentence(self._open[last:end], self._marks_to(end), is_last=False)
                last = end
        rest = self._open[last:]
        removed = last + len(rest) - len(rest.lstrip())
        self._open = rest.lstrip()
        self._marks = [(max(0, place - removed), number) for place, number in self._marks]

    def _marks_to(self, end: int) -> tuple[int, ...]:
        """Takes the marks that stand before `end`."""
        taken = tuple(number for place, number in self._marks if place <= end)
        self._marks = [mark for mark in self._marks if mark[0] > end]
        return taken

    # blocks

    def _end_block(self) -> None:
        text = self._open
        if self._kind == "text" and " | " in text:
            self._end_row()
            return
        if self._kind == "text" and self._is_first and _is_bold_heading(text):
            heading = plain(text).text
            self._in_references = bool(_REFERENCES.fullmatch(heading))
            self._leads = self._leads_still_open()
            if is_binding(heading):
                self._lead_on(heading)
        elif text.strip():
            self._cut_sentences(within=text)
            self._sentence(self._open, self._marks_to(len(self._open)), is_last=True)
        self._forget()

    def _forget(self) -> None:
        self._open, self._marks, self._is_first, self._is_glued, self._kind = "", [], True, False, "text"

    def _break_off(self) -> None:
        """Drop the sentence that has no end yet; it may have meant something else."""
        if self._is_beginning:  # the line above is complete
            self._begun = ""
            return
        kept = [end for end in ends(lines_up_with(self._open)) if self._open[end:] or self._is_glued]
        self._open = self._open[: kept[-1]] if kept and self._kind in {"text", "item"} else ""

    def _sentence(self, text: str, marks: tuple[int, ...], *, is_last: bool) -> None:
        """One sentence of a text or an item: a claim, what leads into one, or nothing."""
        is_first, self._is_first = self._is_first, False
        text, mentioned = without_mentions(text)
        marks = (*marks, *mentioned)
        cleaned = plain(text)
        if not any(character.isalnum() for character in cleaned.text):
            return
        is_item = self._kind == "item"
        if is_first and not is_item and _REFERENCES.fullmatch(cleaned.text) and cleaned.text.endswith(":"):
            self._in_references = True
            return
        if agrees := _AGREES.match(cleaned.text):
            cleaned = cleaned.after(agrees.end())
        if self._in_references or _POLITE.match(cleaned.text) or cleaned.text.endswith("?") or _TRAIL.search(cleaned.text):
            return  # none of these states anything
        if is_first and is_item:
            self._leads = [lead for lead in self._leads if lead.indent < self._indent]
        leads = self._leads_of_first(is_item) if is_first else []
        if is_last and cleaned.text.endswith(":"):
            if is_binding(cleaned.text) or not _PREAMBLE.fullmatch(cleaned.text):
                new = _Lead(self._indent if is_item else -1, cleaned.text, marks)
                self._leads = [*self._leads, new] if is_item else [new]
                self._lead_is_used = False
            return
        if (preamble := _PREAMBLE.match(cleaned.text)) and not is_binding(preamble[0]):
            cleaned = cleaned.after(preamble.end())
            if not any(character.isalnum() for character in cleaned.text):
                return
        led = tuple(number for lead in leads for number in lead.marks)
        numbers = tuple(dict.fromkeys(marks or led))
        lead = " ".join(lead.text for lead in leads)
        self._cut.append(Statement(cleaned.text, numbers, lead, cleaned.addresses, cleaned.holed))

    def _leads_of_first(self, is_item: bool) -> list[_Lead]:
        """What leads into the first sentence of a block. A text takes a lead-in that no list has taken."""
        if is_item:
            self._lead_is_used = True
            return self._leads
        leads = [] if self._lead_is_used else self._leads
        self._leads, self._lead_is_used = [], False
        return leads

    # tables

    def _end_row(self) -> None:
        cells, marks = parts_of(self._open), tuple(number for _, number in self._marks)
        row = self._open
        self._forget()
        if all(_DELIMITER_CELL.fullmatch(cell) for cell in cells if cell) and any(cells):
            if self._first_row:
                self._head, self._first_row = parts_of(self._first_row[0]), None
        elif self._head:
            self._row(cells, marks)
        elif self._first_row is None:
            self._first_row = (row, marks)
        else:
            held, self._first_row = self._first_row, (row, marks)
            self._row(parts_of(held[0]), held[1])

    def _end_table(self, *, unless: str = "") -> None:
        if self._first_row and not (unless and unless in self._open):
            held, self._first_row = self._first_row, None
            self._row(parts_of(held[0]), held[1])
        self._head = ()

    def _row(self, cells: Sequence[str], marks: tuple[int, ...]) -> None:
        head = self._head if len(self._head) == len(cells) else ("",) * len(cells)
        cleaned = [(plain(name).text, plain(cell)) for name, cell in zip(head, cells, strict=True)]
        said = [f"{name}: {cell.text}" if name else cell.text for name, cell in cleaned if cell.text]
        if any(character.isalnum() for part in said for character in part) and not self._in_references:
            addresses = sum(cell.addresses for _, cell in cleaned)
            holed = any(cell.holed for _, cell in cleaned)
            self._cut.append(Statement("; ".join(said), tuple(dict.fromkeys(marks)), "", addresses, holed))


def _is_bold_heading(text: str) -> bool:
    """Words in bold on a line of their own, without a full stop or a figure, which would make them an answer."""
    ended = text.rstrip("*_ ").endswith((".", "?", "!"))
    return bool(_ALL_BOLD.fullmatch(text)) and not ended and not any(character.isdigit() for character in text)


def _usual(character: str) -> str:
    """One character as it is read: white space as a space, what cannot be seen or written down as nothing."""
    if character == "\n":
        return character
    if character.isspace():
        return "" if character == "\r" else " "
    if character == "\u3002":
        return "."
    return "" if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"} else plain_letters(character)


_NOTES = {figure: str(number) for number, figure in enumerate(RAISED)}
_NOTES |= {chr(0x2460 + number): str(number + 1) for number in range(20)}
_NOTES |= {chr(0x2776 + number): str(number + 1) for number in range(10)}
"""Figures above the line and in circles, by which models number their sources."""
