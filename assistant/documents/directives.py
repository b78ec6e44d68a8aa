"""Unfolds the fenced blocks of Markdown: keeps code as it is and opens boxes whose content is text.

MyST writes notes, tabs and tables as fences with a name in braces; Quarto and MyST fence others with colons. Knows nothing
of what is inside the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_FENCE = re.compile(r"([ \t]*)(`{3,}|~{3,})[ \t]*(?:\{([\w:.+-]+)\})?[ \t]*([^`\n]*)")
_COLONS = re.compile(r"""[ \t]*:{3,}[ \t]*(?:\{([^{}\n]*)\})?[ \t]*([^\n]*)""")
_COLON_TITLE = re.compile(r"""\btitle=["']([^"'\n]+)["']""")
_OPTION = re.compile(r"[ \t]*:[\w-]+:(?:[ \t].*)?")
_CODE = frozenset(("code", "code-block", "code-cell", "code-tab", "sourcecode", "math", "literalinclude", "parsed-literal"))
_WITHOUT_WORDS = frozenset(
    str.split("""toctree tableofcontents contents bibliography include image todo raw eval-rst index mermaid video iframe
    glossary-list plot button-link""")
)
_UNTITLED = frozenset(("figure", "epigraph", "tabs", "tab-set", "grid", "columns", "math"))
_MOST_NESTED = 20
_LEXERS = {"py": "Python", "r": "R", "sh": "Shell", "bash": "Bash", "sql": "SQL", "yaml": "YAML", "none": "", "text": ""}


def unfold(source: str) -> Iterator[tuple[bool, str]]:
    """The parts of a text in order, each with whether it is code; parts are whole lines."""
    yield from _parts(source.split("\n"), 0)


def _parts(lines: list[str], depth: int) -> Iterator[tuple[bool, str]]:
    prose: list[str] = []
    position = 0
    while position < len(lines):
        fence = _FENCE.fullmatch(lines[position])
        if fence is None:
            prose += _without_colons(lines[position])
            position += 1
            continue
        end = _end_of_fence(lines, position, fence)
        body = lines[position + 1 : end]
        name = fence[3].lower() if fence[3] and depth < _MOST_NESTED else ""
        yield False, "\n".join(prose)
        prose = []
        yield from _opened(name, fence, body, depth)
        position = end + 1
    yield False, "\n".join(prose)


def _end_of_fence(lines: list[str], start: int, fence: re.Match[str]) -> int:
    """The line that closes a fence; a directive may hold fences of the same length, though MyST wants shorter ones."""
    mark, is_directive = fence[2], fence[3] is not None
    open_inside = 0
    for number in range(start + 1, len(lines)):
        line = lines[number].strip()
        if not line.startswith(mark):
            continue
        if not line.strip(mark[0]):
            if not open_inside:
                return number
            open_inside -= 1
        elif is_directive and not line[len(mark) :].startswith(mark[0]):
            open_inside += 1
    return len(lines)


def _opened(name: str, fence: re.Match[str], body: list[str], depth: int) -> Iterator[tuple[bool, str]]:
    indent, mark, _, argument = fence.groups()
    argument = argument.strip()
    if not name:
        yield True, "\n".join((f"{indent}{mark}{argument}", *body, f"{indent}{mark}"))
        return
    body = _without_options(body)
    if name in _WITHOUT_WORDS:
        return
    if name in _CODE:
        if name == "code-tab":
            yield False, f"\n{_tab_name(argument)}\n"
        yield True, "\n".join(("", f"{indent}{mark}", *body, f"{indent}{mark}", ""))
        return
    if name == "list-table":
        body = _table_of(body)
    title = "" if name in _UNTITLED else argument
    yield False, f"\n{indent}{title}\n"
    yield from _parts(body, depth + 1)
    yield False, ""


def _without_options(body: list[str]) -> list[str]:
    """The body of a directive without its settings, which stand first as ":name: value" or between lines of dashes."""
    position = 0
    if body and body[0].strip() == "---" and "---" in (line.strip() for line in body[1:]):
        position = 1 + next(number for number, line in enumerate(body[1:]) if line.strip() == "---") + 1
    while position < len(body) and _OPTION.fullmatch(body[position]):
        position += 1
    return body[position:]


def _tab_name(argument: str) -> str:
    lexer, _, label = argument.partition(" ")
    return label.strip() or _LEXERS.get(lexer, lexer.capitalize())


def _table_of(body: list[str]) -> list[str]:
    """A table written as a list of lists, as a table of pipes; its first row holds the headings."""
    rows: list[list[str]] = []
    for line in body:
        words = line.strip()
        if words.startswith("* -"):
            rows.append([words[3:].strip()])
        elif words.startswith("-") and rows:
            rows[-1].append(words[1:].strip())
        elif words and rows:
            rows[-1][-1] += f" {words}"
    lines = ["| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |" for row in rows]
    return ["", *lines[:1], "|" + "---|" * len(rows[0]), *lines[1:], ""] if rows else []


def _without_colons(line: str) -> list[str]:
    """A line, or the title it gives when it opens a box fenced by colons."""
    match = _COLONS.fullmatch(line)
    if match is None:
        return [line]
    title = _COLON_TITLE.search(match[1] or "")
    words = title[1] if title else match[2].strip(": \t")
    return ["", words if title or (match[1] or "").startswith(("admonition", "tip", "note", "warning")) else "", ""]
