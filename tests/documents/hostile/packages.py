"""ZIP packages, as Office and OpenDocument files are, that are bombs, locked, damaged or hold names that point elsewhere."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from functools import cache, partial

from tests.documents.flow_maker import docx, odt, package, paragraph
from tests.documents.hostile.case import FAILED, INDEXED, Case
from tests.documents.hostile.sound import FORMATS, RULE, docx_file, ods_of, odt_file, xlsx_file
from tests.documents.sheet_maker import OFFICE, relations, workbook


def cases(address: str, secret: str) -> Iterator[Case]:
    """All of them.

    Args:
        address: Of a server that nothing may connect to.
        secret: Address of a file whose words may appear in no document.
    """
    for suffix, part, make in FORMATS:
        yield Case(f"flat-bomb{suffix}", partial(flat_bomb, make, part), FAILED, "unpack")
        yield Case(f"lying-bomb{suffix}", partial(_lying_bomb, make, part), FAILED)
        yield Case(f"overlapping-parts{suffix}", partial(_overlapping, make, part), FAILED)
        yield Case(f"nested-archives{suffix}", partial(_nested, make), INDEXED, quote=RULE)
        for bomb, declared in _BOMBS.items():
            yield Case(f"{bomb}{suffix}", partial(_declaring, make, part, declared), FAILED)
        remote = f'<!DOCTYPE x SYSTEM "{address}/x.dtd" [<!ENTITY l9 SYSTEM "{secret}">]>'
        yield Case(f"remote-type{suffix}", partial(_declaring, make, part, remote), FAILED)
        yield Case(f"encrypted-part{suffix}", partial(_flagged, make, part), FAILED, "password")
        yield Case(f"wrong-checksum{suffix}", partial(_wrong_checksum, make, part), FAILED)
        yield Case(f"unknown-compression{suffix}", partial(_unknown_method, make, part), FAILED)
        yield Case(f"cut-in-half{suffix}", partial(_half, make), FAILED)
        yield Case(f"without-its-main-part{suffix}", partial(_without, make, part), FAILED)
        yield Case(f"main-part-is-noise{suffix}", partial(_with, make, part, bytes(range(256)) * 99), FAILED)
        yield Case(f"deep{suffix}", partial(_with, make, part, b"<a>" * 100_000 + b"</a>" * 100_000), FAILED)
    yield Case("points-outside.docx", partial(_added, docx_file, "../../../etc/evil.xml"), FAILED, "outside")
    yield Case("absolute.docx", partial(_added, docx_file, "/etc/evil.xml"), FAILED, "outside")
    yield Case("backslashes.xlsx", partial(_added, xlsx_file, "..\\..\\evil.xml"), FAILED, "outside")
    yield Case("symbolic-link-inside.docx", _link_inside, INDEXED, quote=RULE)
    yield Case("hundred-thousand-parts.odt", _many_parts, FAILED)
    yield Case("two-parts-of-one-name.docx", _twice)
    yield Case(
        "points-to-itself.docx", partial(_with, docx_file, "word/_rels/document.xml.rels", _loop()), INDEXED, quote=RULE
    )
    yield Case("remote-template.docx", partial(_remote_docx, address), INDEXED, quote=RULE)
    yield Case("remote-workbook.xlsx", partial(_remote_xlsx, address), INDEXED, quote=RULE)
    yield Case("remote-picture.odt", partial(_remote_odt, address), INDEXED, quote=RULE)
    yield Case("claims-all-cells.xlsx", _claims_all_cells, INDEXED, quote=RULE)
    yield Case("cells-repeated-a-million-times.ods", _repeated, FAILED, "set of data")
    yield Case("paragraph-of-a-million.docx", partial(docx, paragraph("Oil the lamp. " * 75_000)), INDEXED)
    yield Case("table-of-a-million-cells.xlsx", _million_cells)
    yield Case("nested-lists.odt", partial(odt, _lists_odt(10_000)))
    yield Case("nested-lists.docx", _lists_docx, INDEXED)
    yield Case("nested-tables.docx", partial(docx, _tables_docx(10_000)))
    yield Case("merged-columns-without-end.docx", _wide_docx)
    yield Case("merged-columns-without-end.odt", _wide_odt)
    yield Case("style-based-on-itself.docx", _style_loop, INDEXED, quote=RULE)


_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_BOMBS = {
    "billion-laughs": f'<!DOCTYPE x [<!ENTITY l0 "ha">{_LAUGHS}]>',
    "quadratic": f'<!DOCTYPE x [<!ENTITY l9 "{"ha" * 100_000}">]>',
    "laughs-after-a-long-comment": f'<!--{"x" * 100_000}--><!DOCTYPE x [<!ENTITY l0 "ha">{_LAUGHS}]>',
}


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _with(make: Callable[[], bytes], part: str, content: bytes) -> bytes:
    return package({**_parts(make()), part: content})


def _without(make: Callable[[], bytes], part: str) -> bytes:
    return package({name: content for name, content in _parts(make()).items() if name != part})


def _added(make: Callable[[], bytes], name: str) -> bytes:
    return package({**_parts(make()), name: "<a/>"})


def _half(make: Callable[[], bytes]) -> bytes:
    data = make()
    return data[: len(data) // 2]


@cache
def flat_bomb(make: Callable[[], bytes], part: str) -> bytes:
    """A hundred million spaces within the main part."""
    saved = io.BytesIO(make())
    before, _, after = _parts(saved.getvalue())[part].rpartition(b"</")
    parts = _parts(saved.getvalue())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if name != part:
                archive.writestr(name, content)
        with archive.open(part, "w") as stream:
            stream.write(before)
            for _ in range(100):
                stream.write(b" " * 2**20)
            stream.write(b"</" + after)
    return out.getvalue()


def _lying_bomb(make: Callable[[], bytes], part: str) -> bytes:
    """The same, where the table of contents says that the part has 4,096 bytes."""
    return _patched(flat_bomb(make, part), part, central=(24, struct.pack("<I", 4096)), local=(22, struct.pack("<I", 4096)))


def _patched(data: bytes, part: str, *, central: tuple[int, bytes], local: tuple[int, bytes] | None = None) -> bytes:
    """A package with bytes of a part's entry in the table of contents, and of its own header, changed."""
    made = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        place = archive.getinfo(part).header_offset
        start = archive.start_dir
    entry = start
    name = part.encode()
    while made[entry + 46 : entry + 46 + len(name)] != name:
        lengths = struct.unpack("<HHH", made[entry + 28 : entry + 34])
        entry += 46 + sum(lengths)
    made[entry + central[0] : entry + central[0] + len(central[1])] = central[1]
    if local is not None:
        made[place + local[0] : place + local[0] + len(local[1])] = local[1]
    return bytes(made)


def _flagged(make: Callable[[], bytes], part: str) -> bytes:
    return _patched(make(), part, central=(8, b"\x01\x00"), local=(6, b"\x01\x00"))


def _wrong_checksum(make: Callable[[], bytes], part: str) -> bytes:
    return _patched(make(), part, central=(16, b"\x01\x02\x03\x04"))


def _unknown_method(make: Callable[[], bytes], part: str) -> bytes:
    return _patched(make(), part, central=(10, struct.pack("<H", 97)), local=(8, struct.pack("<H", 97)))


def _overlapping(make: Callable[[], bytes], part: str) -> bytes:
    """A table of contents that names one part ten thousand times, as the bombs of overlapping files do."""
    parts = _parts(make())
    parts[part] += b" " * 2**20
    data = package(parts)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        start = archive.start_dir
    end = data.rindex(b"PK\x05\x06")
    name, entry = part.encode(), start
    while data[entry + 46 : entry + 46 + len(name)] != name:
        entry += 46 + sum(struct.unpack("<HHH", data[entry + 28 : entry + 34]))
    one = data[entry : entry + 46 + sum(struct.unpack("<HHH", data[entry + 28 : entry + 34]))]
    table = data[start:end] + one * 10_000
    count = len(parts) + 10_000
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(table), start, 0)
    return data[:start] + table + tail


def _nested(make: Callable[[], bytes]) -> bytes:
    """A sound file with archives in archives, forty deep, of which nobody opens one."""
    inner = package({"zeros": bytes(2**22)})
    for _ in range(40):
        inner = package({"a.zip": inner, "b.zip": inner})[: 2**20]
    return package({**_parts(make()), "embedded/inner.zip": inner})


def _declaring(make: Callable[[], bytes], part: str, declared: str) -> bytes:
    """The main part with a document type, and its entity where the first text stands and in an attribute."""
    content = _parts(make())[part].decode()
    said = "&l9;" * 200
    content = content.replace(RULE, said, 1)
    head, _, rest = content.partition(">")
    in_attribute = "" if "SYSTEM" in declared else f' bomb="{said}"'
    return _with(make, part, f'<?xml version="1.0"?>{declared}{head}{in_attribute}>{rest}'.encode())


def _link_inside() -> bytes:
    saved = io.BytesIO(docx_file())
    with zipfile.ZipFile(saved, "a") as archive:
        link = zipfile.ZipInfo("word/media/link")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return saved.getvalue()


def _many_parts() -> bytes:
    saved = io.BytesIO(odt_file())
    with zipfile.ZipFile(saved, "a") as archive:
        for number in range(30_000):
            archive.writestr(f"p{number}", b"")
    return saved.getvalue()


def _twice() -> bytes:
    import warnings

    saved = io.BytesIO(docx_file())
    with zipfile.ZipFile(saved, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("word/document.xml", b"<a/>")
    return saved.getvalue()


def _loop() -> bytes:
    return relations([(f"r{kind}", kind, "document.xml") for kind in ("styles", "numbering", "footnotes")]).encode()


def _remote_docx(address: str) -> bytes:
    link = f'<Relationship Id="t" Type="{OFFICE}/attachedTemplate" Target="{address}/t.dotm" TargetMode="External"/>'
    rels = relations([]).replace("</Rel", f"{link}</Rel").encode()
    return _with(docx_file, "word/_rels/document.xml.rels", rels)


def _remote_xlsx(address: str) -> bytes:
    links = relations([("b", "worksheet", "sheet.xml"), ("x", "externalLink", f"{address}/x.xlsx")])
    links = links.replace("x.xlsx&quot;", "x.xlsx").replace('x.xlsx"/>', 'x.xlsx" TargetMode="External"/>')
    return _with(xlsx_file, "xl/_rels/workbook.xml.rels", links.encode())


def _remote_odt(address: str) -> bytes:
    return odt(f'<text:p>{RULE}<draw:frame><draw:image xlink:href="{address}/x.png"/></draw:frame></text:p>')


def _claims_all_cells() -> bytes:
    cells = (
        f'<c r="A1" t="inlineStr"><is><t>Signal</t></is></c></row><row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>'
        f"{RULE}</t></is></c></row>"
    )
    return workbook(f'<dimension ref="A1:XFD1048576"/><sheetData><row r="1">{cells}</sheetData>')


def _repeated() -> bytes:
    cell = (
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>Repeated words</text:p>'
        "</table:table-cell>"
    )
    return ods_of(
        '<table:table table:name="Rules"><table:table-row table:number-rows-repeated="1048576">'
        f"{cell}</table:table-row></table:table>"
    )


def _million_cells() -> bytes:
    row = "".join('<c t="inlineStr"><is><t>oil</t></is></c>' for _ in range(1000))
    return workbook(f"<sheetData>{f'<row>{row}</row>' * 1000}</sheetData>")


def _lists_odt(depth: int) -> str:
    opened = "<text:list><text:list-item><text:p>Watch the lamp.</text:p>" * depth
    return opened + "</text:list-item></text:list>" * depth


def _lists_docx() -> bytes:
    """Levels from 0 to 10,000, of which Word knows nine."""
    items = "".join(
        paragraph("Watch the lamp.", f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="1"/></w:numPr>')
        for depth in range(10_000)
    )
    return docx(items)


def _tables_docx(depth: int) -> str:
    return "<w:tbl><w:tr><w:tc>" * depth + paragraph(RULE) + "</w:tc></w:tr></w:tbl>" * depth


def _wide_docx() -> bytes:
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr>{paragraph(RULE)}</w:tc>'
    return docx(f"<w:tbl><w:tr>{cell * 3}</w:tr><w:tr>{cell * 2}</w:tr></w:tbl>")


def _wide_odt() -> bytes:
    spans = 'table:number-columns-spanned="1000000000" table:number-rows-spanned="1000000000"'
    cell = f"<table:table-cell {spans}><text:p>{RULE}</text:p></table:table-cell>"
    row = f'<table:table-row table:number-rows-repeated="1000000000">{cell * 2}</table:table-row>'
    return odt(f'<table:table><table:table-column table:number-columns-repeated="1000000000"/>{row}</table:table>')


def _style_loop() -> bytes:
    style = '<w:style w:type="paragraph" w:styleId="{}"><w:name w:val="{}"/><w:basedOn w:val="{}"/></w:style>'
    body = paragraph(RULE, '<w:pStyle w:val="A"/>')
    return docx(body, styles=style.format("A", "A", "B") + style.format("B", "B", "A"))
