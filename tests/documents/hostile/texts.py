"""Text and CSV files in every encoding and none, empty ones, and what makes careless regular expressions run for ever."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tests.documents.hostile.case import FAILED, INDEXED, SKIPPED, Case

RULE = "The café’s lamp — like all lamps — is lit at dusk."
_LATIN = "The café lamp is lit at dusk."
_BAIT = (
    " ", ".", "-", "0", "[", "]", "<", ">", "*", "_", "`", "|", "#", "~", "&", "\\", ":", "(", ")", "{", "$",
    "!", "\"", "'",
    ",", ";", "=", "/", "\n", "\t", "\r", "\u00a0", "\u2028", "\u200b", "a", "I", "(a) ", "1.", "1.1 ", "a.",
    "- ", "> ", "* ",
    "| ", "](", "[](", "![", "**a ", "*a _b ", "`a ", "<a ", "<!--", "<!", "<?", "&#", "&a", "$C\n", "{::",
    "^ ", "~~~ \n",
    "a\n===", "...", "a. ", "p.", "http://", "@a", "= ", "\n- ", "\n> ", "\n|", "\n#", "\n---", "\n\n\n",
    ":\n", "a-\n", " \n",
    "[^1]", "[^1]:", "<p>", "<td>", "<b><i>", "</p>", "\"\"", "a,", "\",\"", "{{", "{% ", "%}", "::: ", "x-",
    "Page 1 of 2\n",
)  # fmt: skip


def cases() -> Iterator[Case]:
    """All of them."""
    yield from _encodings()
    yield from _empty()
    yield from _tables()
    yield Case("paragraph-of-a-million.txt", partial(bytes, b"Light the lamp. " * 65_000), INDEXED)
    yield Case("word-of-a-million.txt", partial(bytes, b"k" * 1_000_000), INDEXED)
    yield Case("lines-without-end.txt", partial(bytes, b"Light the lamp.\n\n" * 65_000), INDEXED)
    yield Case(
        "mixed-line-ends.txt", partial(bytes, b"Light the lamp.\r\rTrim it.\r\n\nClean\x0bit.\x0cFill it.\n\r\n"), INDEXED
    )


def bait(length: int) -> Iterator[Case]:
    """Runs of `length` characters, one or a few over and over, in each format that is text."""
    for number, unit in enumerate(_BAIT):
        run = unit * (length // len(unit))
        for suffix in ("md", "txt", "html", "csv"):
            before, after = (
                ("<p>Light the lamp.</p><p>", "</p>") if suffix == "html" else ("Light the lamp.\n\n", "\nTrim it.")
            )
            yield Case(f"bait-{number:02}.{suffix}", partial(str.encode, before + run + after))


def _encodings() -> Iterator[Case]:
    for suffix in ("txt", "md", "html", "csv"):
        before, after = ("<p>", "</p>") if suffix == "html" else ("", "\n")
        whole, latin = f"{before}{RULE}{after}" * 3, f"{before}{_LATIN}{after}" * 3
        for encoding in ("cp1252", "utf-8-sig", "utf-16", "utf-32"):
            yield Case(f"{encoding}.{suffix}", partial(str.encode, whole, encoding), INDEXED, quote=RULE)
        yield Case(f"latin-1.{suffix}", partial(str.encode, latin, "latin-1"), INDEXED, quote=_LATIN)
        for encoding in ("utf-16-le", "utf-16-be", "utf-32-le"):
            yield Case(f"{encoding}-unmarked.{suffix}", partial(str.encode, whole, encoding))
        mixed = whole.encode() + latin.encode("latin-1") + whole.encode("utf-16-le")
        yield Case(f"mixed-encodings.{suffix}", partial(bytes, mixed))
        yield Case(f"nul-bytes.{suffix}", partial(bytes, latin.replace(" ", " \0").encode()))
        yield Case(f"half-characters.{suffix}", partial(bytes, whole.encode() + b"\xed\xa0\x80 lamp \xed\xbf\xbf\n"))
        yield Case(f"broken-utf-16.{suffix}", partial(bytes, b"\xff\xfe" + whole.encode("utf-16-le") + b"\x00\xd8z"))
        yield Case(f"controls.{suffix}", partial(bytes, bytes(range(1, 32)) * 30 + whole.encode()))


def _empty() -> Iterator[Case]:
    for suffix in ("md", "txt", "html", "json", "xml", "csv", "pdf", "docx", "eml", "msg", "rtf"):
        yield Case(f"no-bytes.{suffix}", bytes, SKIPPED, "empty")
        yield Case(f"white-space.{suffix}", partial(bytes, b" \r\n\t\x0b\x0c" * 99), SKIPPED, "empty")
        yield Case(f"only-a-mark.{suffix}", partial(bytes, b"\xef\xbb\xbf"), SKIPPED, "empty")
    for suffix in ("md", "txt", "html", "csv"):
        yield Case(f"only-a-utf-16-mark.{suffix}", partial(bytes, b"\xff\xfe"), SKIPPED, "empty")
        yield Case(f"only-no-break-spaces.{suffix}", partial(bytes, "\u00a0\u200b\ufeff\u2003\n".encode() * 99), SKIPPED)
    yield Case("zeros.txt", partial(bytes, 10_000_000), FAILED)


def _tables() -> Iterator[Case]:
    yield Case("quote-never-closed.csv", partial(bytes, b'Lamp,Rule\nBrass,"Polish it\n' + b"Tin,Wash it\n" * 50_000))
    yield Case("hundred-thousand-columns.csv", partial(bytes, b"oil," * 100_000 + b"\n" + b"oil," * 100_000 + b"\n"))
    yield Case("million-cells.csv", partial(bytes, (b"oil," * 1000 + b"\n") * 1000))
    yield Case("field-of-twenty-million.csv", partial(bytes, b'a,b\n1,"' + b"x" * 20_000_000 + b'"\n'))
    yield Case("ragged.csv", lambda: b"".join(b"oil," * (n % 500) + b"\n" for n in range(2000)))
    yield Case("formulas.csv", partial(bytes, b"Lamp,Rule\nBrass,=cmd|' /C calc'!A0\nTin,@SUM(1)\n"), INDEXED)
