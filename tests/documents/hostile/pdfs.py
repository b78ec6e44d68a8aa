"""PDFs that are cut short, locked, endless or far larger inside than outside."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from functools import cache, partial

from reportlab.pdfgen.canvas import Canvas

from tests.documents.hostile.case import FAILED, INDEXED, Case
from tests.documents.pdf_maker import make_pdf, write_lines

RULE = "Lamp oil is kept in a locked shed."


def cases(address: str) -> Iterator[Case]:
    """All of them.

    Args:
        address: Of a server that nothing may connect to.
    """
    for percent in (1, 10, 50, 90, 99):
        yield Case(f"cut-at-{percent}-percent.pdf", partial(_cut, percent))
    yield Case("password.pdf", partial(make_pdf, _page, password="watch"), FAILED, "password")
    yield Case("page-tree-loop.pdf", _page_tree_loop, FAILED)
    yield Case("page-tree-deep.pdf", _page_tree_deep)
    yield Case("table-of-objects-loop.pdf", _xref_loop)
    yield Case("form-draws-itself.pdf", _form_loop, FAILED, "break down")
    yield Case("object-stream-bomb.pdf", _object_stream_bomb)
    yield Case("page-content-bomb.pdf", _content_bomb)
    yield Case("million-page-count.pdf", _false_count)
    yield Case("script-and-embedded-file.pdf", partial(_script, address), INDEXED, quote=RULE)
    yield Case("huge-page.pdf", _huge_page)
    yield Case("paragraph-of-a-million.pdf", _long_text)
    yield Case("pdf-of-no-pages.pdf", partial(raw_pdf, {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: _pages(b"")}), FAILED)


def raw_pdf(objects: Mapping[int, bytes], *, trailer: bytes = b"") -> bytes:
    """A PDF of objects by number, of which the first is the catalogue."""
    data, places = b"%PDF-1.7\n", {}
    for number, content in objects.items():
        places[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start, size = len(data), max(objects) + 1
    lines = [b"%010d %05d %s \n" % ((places[n], 0, b"n") if n in places else (0, 65535, b"f")) for n in range(size)]
    data += b"xref\n0 %d\n" % size + b"".join(lines)
    return data + b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content)


def _page(canvas: Canvas) -> None:
    write_lines(canvas, [RULE, "The harbour master has the key."])


@cache
def _sound() -> bytes:
    return make_pdf(*[_page] * 20, title="Lamp oil")


def _cut(percent: int) -> bytes:
    data = _sound()
    return data[: len(data) * percent // 100]


def _pages(kids: bytes, count: int = 0) -> bytes:
    return b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count)


def _one_page(content: bytes, *, resources: bytes = b"", more: bytes = b"", box: bytes = b"0 0 595 842") -> dict[int, bytes]:
    """The objects of a PDF with one page; numbers from 10 are free."""
    return {
        1: b"<</Type/Catalog/Pages 2 0 R%s>>" % more,
        2: _pages(b"3 0 R", 1),
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>%s>>>>" % (box, resources),
        4: content,
        5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    }


_WORDS = b"BT /F 12 Tf 72 700 Td (" + RULE.encode() + b") Tj ET"


def _page_tree_loop() -> bytes:
    return raw_pdf({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: _pages(b"2 0 R 3 0 R", 9), 3: _pages(b"2 0 R", 9)})


def _page_tree_deep() -> bytes:
    objects = {1: b"<</Type/Catalog/Pages 2 0 R>>"}
    objects |= {number: _pages(b"%d 0 R" % (number + 1), 1) for number in range(2, 20_000)}
    return raw_pdf({**objects, 20_000: b"<</Type/Page/MediaBox[0 0 9 9]>>"})


def _xref_loop() -> bytes:
    data = raw_pdf(_one_page(stream(_WORDS)))
    start = data.rindex(b"xref\n0")
    return raw_pdf(_one_page(stream(_WORDS)), trailer=b"/Prev %d" % start)


def _form_loop() -> bytes:
    form = stream(b"q /Me Do /Me Do Q", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</Me 10 0 R>>>>")
    return raw_pdf({**_one_page(stream(_WORDS + b" /Me Do"), resources=b"/XObject<</Me 10 0 R>>"), 10: form})


def _bomb(unit: bytes, size: int) -> bytes:
    packer, block = zlib.compressobj(9), unit * (2**20 // len(unit))
    return b"".join(packer.compress(block) for _ in range(size // len(block))) + packer.flush()


def _object_stream_bomb() -> bytes:
    """Compressed twice: some kilobytes that stand for 200 MB of objects."""
    twice = zlib.compress(_bomb(b"1 0 ", 200 * 2**20), 9)
    bomb = stream(twice, b"/Type/ObjStm/N 9999999/First 99999999/Filter[/FlateDecode/FlateDecode]")
    cross = b"\x01\x00\x00\x00" + b"".join(b"\x02\x00\x0a" + bytes((n,)) for n in range(1, 10))
    data = b"%PDF-1.7\n"
    place = len(data)
    data += b"10 0 obj\n" + bomb + b"\nendobj\n"
    cross += b"\x01" + place.to_bytes(2, "big") + b"\0"
    start = len(data)
    table = stream(cross, b"/Type/XRef/Size 11/W[1 2 1]/Root 1 0 R")
    return data + b"11 0 obj\n" + table + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % start


def _content_bomb() -> bytes:
    packed = zlib.compress(_bomb(b"q Q\n", 100 * 2**20), 9)
    return raw_pdf(_one_page(stream(packed, b"/Filter[/FlateDecode/FlateDecode]")))


def _false_count() -> bytes:
    objects = _one_page(stream(_WORDS))
    return raw_pdf({**objects, 2: _pages(b"3 0 R", 1_000_000)})


def _script(address: str) -> bytes:
    action = b"/OpenAction<</S/JavaScript/JS(app.launchURL('%s/script'))>>" % address.encode()
    names = b"/Names<</EmbeddedFiles<</Names[(a.exe)10 0 R]>>>>/AA<</O<</S/URI/URI(%s/opened)>>>>" % address.encode()
    embedded = {
        10: b"<</Type/Filespec/F(a.exe)/EF<</F 11 0 R>>>>",
        11: stream(b"MZ\x90 Not for reading.", b"/Type/EmbeddedFile"),
    }
    return raw_pdf({**_one_page(stream(_WORDS), more=action + names), **embedded})


def _huge_page() -> bytes:
    return raw_pdf(_one_page(stream(_WORDS), box=b"0 0 99999999 99999999"))


def _long_text() -> bytes:
    return raw_pdf(_one_page(stream(b"BT /F 1 Tf 72 700 Td (" + b"oil " * 250_000 + b") Tj ET")))
