"""Walks an RTF file once, token by token, and tells a flow what it meets: words, paragraphs, tables, boxes, notes.

Groups are kept on a stack of our own, so that their depth costs memory only, and that has a bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from assistant.documents.docx_fields import Fields, is_furniture
from assistant.documents.flow import COMMENTS, DELETIONS, HIDDEN, Box, Flow, Listed, Look
from assistant.documents.flow_ink import UNKNOWN_PAPER, Ink
from assistant.documents.rtf_formatting import Chars, Lines
from assistant.documents.rtf_header import Header
from assistant.documents.rtf_tables import Tables
from assistant.documents.rtf_text import Decoder
from assistant.documents.rtf_tokens import Kind, Token
from assistant.errors import UnreadableDocument

_DEEPEST = 50_000
_HEADER = frozenset({"fonttbl", "colortbl", "stylesheet", "listtable", "listoverridetable"})
_INFO = frozenset({"title", "doccomm", "creatim", "revtim"})
_READ_THOUGH_STARRED = frozenset(
    {"shpinst", "moMath", "moMathPara", "nesttableprops", "do", "fldinst", "footnote", "annotation", "pn"}
)
_PASSED_OVER = frozenset(
    str.split("""
    header headerl headerr headerf footer footerl footerr footerf ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn pict
    nonshppict shprslt listtext pntext xe rxe tc tcn txe sp nonesttables bkmkstart bkmkend objdata objclass template
    atnid atnauthor atntime atndate atnref atnparent private revtbl rsidtbl generator filetbl
    """)
)
_SAID = {
    "tab": " ", "line": " ", "page": " ", "column": " ", "softline": " ", "softpage": " ", "emspace": " ", "enspace": " ",
    "qmspace": " ", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "endash": "–",
    "emdash": "—", "mden": "/",
}  # fmt: skip
_SYMBOLS = {"~": "\u00a0", "_": "\u2011", "\\": "\\", "{": "{", "}": "}", "\t": " "}


@dataclass(slots=True)
class _Group:
    """A group: what it is for, how its text is set, and what to do at its end."""

    use: str
    chars: Chars
    lines: Lines
    stand_in: int = 1
    at_end: Callable[[], None] | None = None


class Walk:
    """Walks one file; `header` is filled on the way."""

    def __init__(self, flow: Flow, header: Header) -> None:
        self._flow = flow
        self._header = header
        self._fields = Fields()
        self._decoder = Decoder(header)
        self._groups: list[_Group] = [_Group("text", Chars(), Lines())]
        self._group = self._groups[0]
        self._starred = False
        self._tables = Tables(flow, header)
        self._notes = 0
        self._boxes = 0
        self._actions: Mapping[str, Callable[[int | None], None]] = {
            "par": lambda _: self._end_paragraph(),
            "sect": lambda _: self._end_paragraph(),
            "cell": lambda _: self._end_cell(1),
            "nestcell": lambda _: self._end_cell(max(2, self._group.lines.table)),
            "row": lambda _: self._tables.end_row(1),
            "u": self._numbered_character,
            "field": lambda _: self._begin_field(),
            "fldinst": lambda _: self._use("instruction"),
            "fldrslt": lambda _: self._fields.separate(),
            "footnote": lambda _: self._begin_note(),
            "shptxt": lambda _: self._begin_box(),
            "dptxbxtext": lambda _: self._begin_box(),
            "annotation": lambda _: self._comment(),
            "pn": lambda _: self._use("bullet"),
            "nesttableprops": lambda _: self._use("inner row"),
            "info": lambda _: self._use("info"),
        }

    def over(self, tokens: Iterator[Token], name: str) -> None:
        """Tell the flow what a file says.

        Raises:
            UnreadableDocument: It is cut short, or nested deeper than any program writes.
        """
        for token in tokens:
            if token.kind is Kind.TEXT:
                self._decoder.add(token.data, self._group.chars.font)
                continue
            if token.kind is Kind.WORD or token.kind is Kind.SYMBOL:
                if (token.name in _SAID or token.kind is Kind.SYMBOL) and self._decoder.passes_over():
                    continue
                self._decoder.end_stand_in()
                self._flush()
                (self._word if token.kind is Kind.WORD else self._symbol)(token)
                continue
            self._flush()
            self._decoder.end_stand_in()
            self._starred = False
            if token.kind is Kind.OPEN:
                self._open(name)
            elif self._close():
                return
        raise UnreadableDocument(f"{name} is cut short: the end of the file is missing; download or copy it again")

    # Groups

    def _open(self, name: str) -> None:
        if len(self._groups) > _DEEPEST:
            raise UnreadableDocument(f"{name} is nested too deeply to be read; open it and save it again")
        above = self._group
        self._group = _Group(above.use, above.chars, above.lines, above.stand_in)
        self._groups.append(self._group)

    def _close(self) -> bool:
        """End a group; True when it was the outermost."""
        if self._group.at_end is not None:
            self._group.at_end()
        self._groups.pop()
        if len(self._groups) < 2:
            self._tables.settle(0)
            return True
        self._group = self._groups[-1]
        return False

    def _use(self, use: str) -> None:
        self._group.use = use

    def _word(self, token: Token) -> None:
        word, number, group = token.name, token.number, self._group
        starred, self._starred = self._starred, False
        if group.use == "skip":
            return
        if word in _PASSED_OVER or (starred and word not in _READ_THOUGH_STARRED and word not in _HEADER):
            group.use = "skip"
        elif group.use == "text":
            if word in _HEADER:
                group.use = word
            else:
                self._text_word(word, number)
        elif group.use == "info" and word in _INFO:
            group.use = word
        elif group.use == "instruction" and word in ("field", "fldrslt"):
            group.use = "text"
            self._text_word(word, number)
        elif group.use == "bullet":
            self._old_list(word)
        elif group.use == "inner row":
            self._tables.row_word(word, number, inner=True)
        else:
            if word == "u" and number is not None:
                self._numbered_character(number)
            self._header.word(group.use, word, number)

    def _text_word(self, word: str, number: int | None) -> None:
        if word in self._actions:
            self._actions[word](number)
        elif word in _SAID:
            self._say(_SAID[word])
        elif word.startswith("m") and word.endswith("Pr"):  # properties of a formula
            self._group.use = "skip"
        else:
            group = self._group
            group.chars = group.chars.after(word, number, default_font=self._header.default_font)
            group.lines = group.lines.after(word, number)
            if word == "uc":
                group.stand_in = max(0, number or 0)
            self._tables.row_word(word, number)
            self._header.setting(word, number)

    def _symbol(self, token: Token) -> None:
        if token.name == "*":
            self._starred = True
        elif token.name in "\r\n" and self._group.use == "text":
            self._end_paragraph()
        elif token.name in _SYMBOLS:
            self._tell(_SYMBOLS[token.name])

    def _old_list(self, word: str) -> None:
        """Lists as they were before Word 97: a group in front of the first item says what all of them are."""
        if word.startswith("pnlvl") and word != "pnlvlcont" and len(self._groups) > 1:
            above = self._groups[-2]
            above.lines = above.lines._replace(old_list=word)

    # Words

    def _flush(self) -> None:
        words = self._decoder.take()
        if words:
            self._tell(words)

    def _tell(self, words: str) -> None:
        use = self._group.use
        if use == "text":
            self._say(words)
        elif use == "instruction":
            self._fields.instruct(words)
        elif use != "skip":
            self._header.text(use, words)

    def _numbered_character(self, number: int | None) -> None:
        chars = self._group.chars
        self._tell(self._decoder.character(number or 0, chars.font, stand_in=self._group.stand_in))

    def _say(self, words: str) -> None:
        group = self._group
        if not words or not self._fields.readable or is_furniture(self._header.style_name(group.lines.style)):
            return
        self._tables.settle(group.lines.table)
        if group.chars.gone:
            self._flow.leave_out(DELETIONS, words)
        elif self._is_unseen(group.chars):
            self._flow.leave_out(HIDDEN, words)
        else:
            self._flow.say(words, bold=group.chars.bold)

    def _is_unseen(self, chars: Chars) -> bool:
        if not chars.hidden and chars.size > 4 and not chars.colour:
            return False
        ink = Ink(chars.hidden, None, chars.size / 2, self._header.colour(chars.colour), self._header.colour(chars.paper))
        return ink.is_unseen(self._header.colour(self._group.lines.paper) or self._page())

    def _page(self) -> str:
        return UNKNOWN_PAPER if self._boxes else self._tables.paper

    # Paragraphs

    def _end_paragraph(self) -> None:
        if self._fields.readable and not self._group.chars.gone:
            self._tables.settle(self._group.lines.table)
            self._flow.end_paragraph(self._look())

    def _look(self) -> Look:
        lines, header = self._group.lines, self._header
        heading = header.heading(lines.style)
        if lines.outline is not None:
            heading = min(lines.outline + 1, 6) if 0 <= lines.outline < 9 else 0
        is_title = header.is_title(lines.style)
        name = header.list_name(lines.list_number, lines.depth) if lines.list_number > 0 else lines.old_list
        return Look(1 if is_title else heading, is_title, Listed(name, lines.depth) if name else None, lines.indent)

    def _end_cell(self, level: int) -> None:
        if self._fields.readable:
            self._tables.settle(level)
            self._flow.end_paragraph(self._look())
            self._tables.end_cell()

    # Fields, notes, boxes, comments

    def _begin_field(self) -> None:
        self._fields.begin()
        self._group.at_end = self._fields.end

    def _begin_note(self) -> None:
        chars = self._group.chars
        if chars.hidden or chars.gone or not self._fields.readable:
            self._use("skip")
            return
        self._tables.settle(self._group.lines.table)
        self._notes += 1
        key = str(self._notes)
        self._flow.mark(key)
        self._begin_part()

        def end() -> None:
            self._tables.end_part()
            self._flow.notes[key] = self._flow.close()

        self._group.at_end = end

    def _begin_box(self) -> None:
        if self._group.chars.gone or not self._fields.readable:
            self._use("skip")
            return
        self._tables.settle(self._groups[-2].lines.table)
        self._boxes += 1
        self._begin_part()

        def end() -> None:
            self._tables.end_part()
            self._boxes -= 1
            self._flow.add(Box(self._flow.close()))

        self._group.at_end = end

    def _begin_part(self) -> None:
        self._flow.open()
        self._tables.begin_part()
        self._group.lines = Lines()

    def _comment(self) -> None:
        self._flow.count(COMMENTS)
        self._use("skip")
