"""Turns the Markdown dialects of government into plain Markdown: Govspeak, Jekyll, Eleventy, Quarto and MyST.

Marks that only a publishing tool understands are replaced by the words they show, or removed when they show none. Code is
left exactly as it is. Knows nothing of HTML output or of documents.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from assistant.documents.directives import unfold

_ROLE = re.compile(r"\{([a-z][\w:+-]*)\}`([^`\n]+)`")
_SILENT_ROLES = frozenset(("cite", "cite:p", "cite:t", "index", "footcite"))
_ROLE_TARGET = re.compile(r"\s*<[^<>]*>\Z")
_CODE_SPAN = re.compile(r"(?<!`)(`{1,3})(?!`)([^\n]*?[^`\n])\1(?!`)")
_STASHED = re.compile("\ue000(\\d+)\ue001")
_TEMPLATE_BLOCKS = (("{% comment", "endcomment"), ("{%- comment", "endcomment"), ("{% for", "endfor"), ("{%- for", "endfor"))
_TEMPLATE_MARKS = (("{{<", ">}}"), ("{{", "}}"), ("{%", "%}"), ("{::comment}", "{:/comment}"))
_LONGEST_GAP = 200
_LONG_GAP = re.compile(rf"[ \t]{{{_LONGEST_GAP + 1},}}")
"""More white space than anyone means; the patterns below would take the square of its length."""
_MOST_OPEN, _MOST_TOGETHER = 200, 20
_HEADING_NOTE = re.compile(r"^(#{1,6}[ \t][^\n]*)\n\{:([^{}\n]*)\}[ \t]*$", re.MULTILINE)
_HEADING = re.compile(r"^(#{1,6}[ \t]+)([^\n{]*(?:\{[^\n{]+)*?)\{:?([^{}\n]*)\}[ \t#]*$", re.MULTILINE)
_IDENTIFIER = re.compile(r"""(?:\A|\s)(?:\#([\w:.-]+)|id=["']?([\w:.-]+))""")
_EMPTY_LINK = re.compile(r"\[\]\(([^()\s]+)\)")
_HTML_INDENT = re.compile(r"^[ \t]+(?=</?[a-z][a-z0-9]*[ \t>/\n])", re.MULTILINE)
_HTML_WITH_MARKDOWN = re.compile(
    r"""^([^\n<]*<[a-z]+\b[^<>\n]*)\smarkdown=["']?(?:1|block|span)["']?([^<>\n]*>)""", re.MULTILINE
)
_PIPE_ROW = re.compile(r"[ \t]*\|")
_PIPE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+[-:| \t+]*")
_ROW_HEADING = re.compile(r"(\|[ \t]*)#[ \t]+")

_GOVSPEAK_NAMES = "Contact|embed:[a-z:]+|Image|Attachment|AttachmentLink|InlineAttachment|Embed"
_LINES_WITHOUT_WORDS = re.compile(
    rf"""^[ \t]*(?:
        \$(?:CTA|EndLegislativeList|LegislativeList|[A-Z]|E[A-Z])      # boxes of Govspeak
      | \[\[?\s*_?toc[^\[\]\n]*\]\]? | \{{:?toc\}}                     # tables of contents
      | \([\w:.-]+\)=                                                # targets of MyST
      | \+\+\+[^\n]*                                                  # breaks between cells
      | \{{:[^{{}}\n]*\}} | \{{[.\#][^{{}}\n]*\}} | \{{/?[a-z][a-z-]*\}}  # attributes and boxes on a line of their own
      | \*\[[^\[\]\n]+\]:[^\n]*                                       # what abbreviations stand for
      | %[ \t][^\n]*[^%\s]                                            # comments of MyST
      | \[(?:{_GOVSPEAK_NAMES}):[^\[\]\n]*\] | !!?@?\d+                # files and pictures
    )[ \t]*$""",
    re.MULTILINE | re.VERBOSE | re.IGNORECASE,
)
_REPLACEMENTS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"^[ \t]*%(?=\S)([^%\n]+)%[ \t]*$", re.MULTILINE), r"\1"),
    (re.compile(r"^[ \t]*@(?=\S)([^@\n]+)@[ \t]*$", re.MULTILINE), r"\1"),
    (re.compile(r"^[ \t]*\^[ \t]*([^\^\n]+)\^?[ \t]*$", re.MULTILINE), r"\1"),
    (re.compile(r"^(#{2,6})(?=[^#\s])", re.MULTILINE), r"\1 "),
    (re.compile(r"(?<!!)\[([^\[\]\n]+)\]\([^()\n<>\"']*[ \t][^()\n<>\"']*\)"), r"\1"),
    (re.compile(r"^([ \t]*)s(\d+)\.[ \t]", re.MULTILINE), r"\1\2. "),
    (re.compile(r"^[ \t]*:(england|scotland|wales|northern-ireland|london):", re.MULTILINE), ""),
    (re.compile(r":(england|scotland|wales|northern-ireland|london):[ \t]*$", re.MULTILINE), ""),
    (re.compile(r"\bx\[([^\[\]\n]+)\]\(([^()\n]+)\)x\b"), r"[\1](\2)"),
    (re.compile(r"\(\(([^()\n]+)\)\)"), r"\1"),
    (re.compile(r"\{button[^{}\n]*\}|\{/button\}|\{barchart[^{}\n]*\}"), ""),
    (re.compile(r"\{::?/?[^{}\n]*\}"), ""),
    (re.compile(rf"\[(?:{_GOVSPEAK_NAMES}):[^\[\]\n]*\]"), ""),
    (re.compile(r"^([ \t]*>)[ \t]*\[![A-Za-z]+\][+-]?", re.MULTILINE), r"\1"),
    (re.compile(r"[ \t]?\[(?:see\s+)?-?@[\w][^\[\]\n]*\]"), ""),
    (re.compile(r"(?<![\w/])@fig-[\w-]+"), "Figure"),
    (re.compile(r"(?<![\w/])@tbl-[\w-]+"), "Table"),
    (re.compile(r"(?<![\w/])@sec-[\w-]+"), "Section"),
    (re.compile(r"\[([^\[\]\n]+)\]\{[.#:][^{}\n]*\}"), r"\1"),
    (re.compile(r"(?<=[)\]\"”])\{[.#:\w][^{}\n]*\}"), ""),
    (re.compile(r"[ \t]+\{[.#][\w][^{}\n]*\}[ \t]*$", re.MULTILINE), ""),
)


def to_plain_markdown(source: str) -> str:
    """The same text in plain Markdown with tables, footnotes and inline HTML."""
    source = source.replace("\r\n", "\n").replace("\r", "\n").replace("\ue000", "").replace("\ue001", "")
    source = _LONG_GAP.sub(lambda gap: gap[0][:_LONGEST_GAP], source)
    parts = (text if is_code else _with_plain_brackets(_plain(text)) for is_code, text in unfold(source))
    return "\n".join(parts)


def _plain(text: str) -> str:
    spans: list[str] = []
    text = _ROLE.sub(_role_words, text)
    text = _CODE_SPAN.sub(lambda match: _stash(match[0], spans), text)
    for opening, closing in _TEMPLATE_BLOCKS:
        text = _cut(text, opening, closing, then="%}")
    for opening, closing in _TEMPLATE_MARKS:
        text = _cut(text, opening, closing)
    text = _HEADING.sub(_heading, _HEADING_NOTE.sub(r"\1 {\2}", text))
    text = _EMPTY_LINK.sub(_link_words, _HTML_WITH_MARKDOWN.sub(r"\1\2\n\n", text))
    text = _LINES_WITHOUT_WORDS.sub("", text)
    for pattern, replacement in _REPLACEMENTS:
        text = pattern.sub(replacement, text)
    text = "\n".join(_with_table_rules(_with_whole_rows(_HTML_INDENT.sub("", text).split("\n"))))
    return _STASHED.sub(lambda match: spans[int(match[1])], text)


def _with_plain_brackets(text: str) -> str:
    """Brackets that never close cost the renderer the square of their number; hundreds together are text, not links."""
    paragraphs = text.split("\n\n")
    return "\n\n".join(part.replace("[", "\\[") if _is_bait(part) else part for part in paragraphs)


def _is_bait(paragraph: str) -> bool:
    return paragraph.count("[") - paragraph.count("]") > _MOST_OPEN or "[" * _MOST_TOGETHER in paragraph


def _stash(span: str, spans: list[str]) -> str:
    spans.append(span)
    return f"\ue000{len(spans) - 1}\ue001"


def _cut(text: str, opening: str, closing: str, then: str = "") -> str:
    """The text without what stands between two marks, the marks included; an opening without an end stays."""
    kept: list[str] = []
    position = 0
    while (start := text.find(opening, position)) >= 0:
        end = text.find(closing, start + len(opening))
        if end >= 0 and then:
            end = text.find(then, end)
        if end < 0:
            break
        kept.append(text[position:start])
        position = end + len(then or closing)
    return "".join((*kept, text[position:]))


def _role_words(match: re.Match[str]) -> str:
    """What a MyST role shows: the words before its target, or the target in words."""
    role, content = match[1], match[2]
    if role in _SILENT_ROLES:
        return ""
    words = _ROLE_TARGET.sub("", content)
    if words != content or role not in ("ref", "doc", "numref"):
        return words
    return _words_of(content)


def _link_words(match: re.Match[str]) -> str:
    return _words_of(match[1])


def _words_of(target: str) -> str:
    """A file's name or a label in words, as near as can be told to the title that a link to it would show."""
    name = target.rpartition("#")[2] or target
    name = re.sub(r"\.(?:md|ipynb|rst|html|qmd)\Z", "", name.rpartition("/")[2])
    return re.sub(r"[-_]+", " ", name)


def _heading(match: re.Match[str]) -> str:
    marks, words, attributes = match.groups()
    identifier = _IDENTIFIER.search(attributes)
    if not identifier and not re.match(r"[.:#]|\w+=|\A\s*\Z", attributes.strip()):
        return match[0]  # braces that are part of the words
    anchor = f'<a id="{identifier[1] or identifier[2]}"></a>' if identifier else ""
    return f"{marks}{anchor}{words.strip()}"


def _with_whole_rows(lines: list[str]) -> list[str]:
    """Lines in which each row of a table without outer pipes is one line, and has them.

    Pages turned into Markdown by html2text have rows of several paragraphs, parted by lines of two spaces, and leave a last
    empty cell hanging; an empty line ends the table.
    """
    rows: list[str] = []
    inside = is_continued = False
    for line in lines:
        if inside and line and not line.strip():
            is_continued = True
            continue
        inside = inside and bool(line) and not line.startswith("#")
        if not inside and "|" in line and not line.startswith("|") and rows and _PIPE_RULE.fullmatch(line):
            inside = True
            rows[-1] = f"|{rows[-1]}|"
        if inside and is_continued:
            rows[-1] = f"{rows[-1].rstrip('|').rstrip()} {line}|"
        else:
            rows += ("",) * is_continued
            rows.append(f"|{line}|" if inside else line)
        is_continued = False
    return rows


def _with_table_rules(lines: list[str]) -> Iterator[str]:
    """Lines in which each table of pipes has the rule under its first row that plain Markdown requires."""
    inside = False
    for number, line in enumerate(lines):
        if not _PIPE_ROW.match(line):
            inside = False
            yield line
            continue
        is_rule = bool(_PIPE_RULE.fullmatch(line))
        if not inside:
            if is_rule:  # kramdown draws a line above the table too
                continue
            inside = True
            below = lines[number + 1] if number + 1 < len(lines) else ""
            if not _is_full_rule(line, below):
                cells = max(1, line.strip().strip("|").count("|") + 1)
                yield from ("", "|" + " |" * cells, "|" + "---|" * cells)
        elif is_rule and not _is_full_rule(lines[number - 1], line):
            continue
        yield _ROW_HEADING.sub(r"\1", line)


def _is_full_rule(row: str, rule: str) -> bool:
    """Whether a line is the rule of the table whose first row stands above it."""
    return bool(_PIPE_RULE.fullmatch(rule)) and rule.strip().strip("|").count("|") == row.strip().strip("|").count("|")
