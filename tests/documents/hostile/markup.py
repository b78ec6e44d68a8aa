"""Web pages, Markdown, XML, JSON and RTF that are deep, endless, declare entities or point to what is not theirs."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from tests.documents.hostile.case import FAILED, INDEXED, SKIPPED, Case
from tests.documents.hostile.pdfs import raw_pdf
from tests.documents.hostile.sound import SOUND
from tests.documents.legislation_maker import act, p, section, text
from tests.documents.msg_maker import Msg, make_msg

RULE = "The fog log is kept for seven years."
_LAUGHS = '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def cases(address: str, secret: str) -> Iterator[Case]:
    """All of them.

    Args:
        address: Of a server that nothing may connect to.
        secret: Address of a file whose words may appear in no document.
    """
    yield from _wrong_suffixes()
    yield from _json()
    yield from _xml(address, secret)
    yield from _web(address, secret)
    yield from _markdown(address)
    yield from _rtf(address)


def _given(content: str | bytes) -> partial[bytes]:
    return partial(bytes, content.encode() if isinstance(content, str) else content)


def _wrong_suffixes() -> Iterator[Case]:
    pdf = raw_pdf({1: b"<</Type/Catalog>>"})
    png = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
    page = f"<!DOCTYPE html><html><body><p>{RULE}</p></body></html>".encode()
    message = f"From: a@lights.example\r\nSubject: Log\r\n\r\n{RULE}\r\n".encode()
    for name, content, what in (
        ("pdf-named.docx", pdf, "is a PDF"),
        ("word-file-named.pdf", SOUND[".docx"](), "ZIP package"),
        ("picture-named.md", png, "picture"),
        ("compressed-named.json", gzip.compress(b"{}"), "compressed"),
        ("web-page-named.txt", page, "web page"),
        ("archive-named.csv", SOUND[".odt"](), ""),
        ("word-file-named.xlsx", SOUND[".docx"](), "not an Excel workbook"),
        ("workbook-named.docx", SOUND[".xlsx"](), "Excel workbook"),
        ("slides-named.odt", SOUND[".pptx"](), "PowerPoint"),
        ("photo-named.html", b"\xff\xd8\xff\xe0" + bytes(range(256)), "picture"),
        ("outlook-named.eml", make_msg(Msg(body=RULE)), "Office file"),
        ("rich-text-named.docx", b"{\\rtf1 words}", "Rich Text"),
        ("text-named.pdf", RULE.encode(), ""),
        ("text-named.msg", RULE.encode(), ""),
        ("text-named.docx", RULE.encode(), ""),
        ("text-named.json", RULE.encode(), ""),
        ("text-named.xml", RULE.encode(), ""),
        ("text-named.rtf", RULE.encode(), "not an RTF file"),
        ("json-named.eml", b'{"details": {}}', "not an e-mail"),
        ("program-named.txt", b"\x7fELF" + bytes(range(256)) * 20, ""),
        ("program-named.md", b"\x7fELF" + bytes(range(256)) * 20, ""),
        ("program-named.html", b"\x7fELF" + bytes(range(256)) * 20, ""),
    ):
        yield Case(name, _given(content), FAILED, what)
    yield Case("e-mail-named.txt", _given(message), INDEXED, quote=RULE)


def item(body: object = f"<p>{RULE}</p>", **more: object) -> bytes:
    """A GOV.UK content item."""
    facts = {"title": "Fog log", "schema_name": "guide", "document_type": "guide", "base_path": "/fog-log"}
    return json.dumps({**facts, "details": {"body": body}, **more}).encode()


def _json() -> Iterator[Case]:
    deep = b"[" * 100_000 + b"]" * 100_000
    yield Case("cut.json", _given(item()[:-20]), FAILED)
    yield Case("deep.json", _given(deep), FAILED, "deep")
    yield Case("deep-body.json", _given(item().replace(b'"<p>', deep + b', "x": "<p>', 1)), FAILED, "deep")
    nested: object = [{"govspeak": RULE}]
    for _ in range(900):
        nested = [nested]
    yield Case("body-in-lists.json", partial(item, nested), FAILED, "deeply")
    parts: Mapping[str, object] = {"title": "Log", "body": RULE}
    for _ in range(400):
        parts = {"title": "Log", "body": RULE, "parts": [parts], "details": parts} if len(str(parts)) < 100_000 else parts
    yield Case(
        "parts-in-parts.json", partial(item, details={"body": f"<p>{RULE}</p>", "parts": [parts]}), INDEXED, quote=RULE
    )
    yield Case("not-a-number.json", _given(item(size=1).replace(b'"size": 1', b'"size": NaN, "a": -Infinity')), INDEXED)
    yield Case("huge-number.json", _given(item(size=1).replace(b'"size": 1', b'"size": 1e99999')), INDEXED, quote=RULE)
    yield Case("number-of-a-million-digits.json", _given(item(size=1).replace(b"1}", b"1" * 1_000_000 + b"}")))
    yield Case("same-key-twice.json", _given(item().replace(b'{"title"', b'{"details": 3, "title"', 1)), INDEXED, quote=RULE)
    yield Case("list.json", _given(b"[1, 2, 3]"), FAILED)
    yield Case("number.json", _given(b"42"), FAILED)
    yield Case("other-object.json", _given(b'{"name": "package", "version": "1"}'), FAILED)
    for kind, wrong in (("number", 7), ("list", [1, [2]]), ("object", {"a": {"b": []}}), ("truth", True), ("null", None)):
        facts: dict[str, Any] = dict.fromkeys(
            ("base_path", "locale", "links", "withdrawn_notice", "public_updated_at", "description"), wrong
        )
        yield Case(f"every-value-a-{kind}.json", partial(item, wrong, title=wrong, **facts))
        yield Case(f"details-a-{kind}.json", partial(item, details=wrong))
    yield Case(
        "half-characters.json", _given(item("<p>The log \ud800 is kept for seven years.</p>", title="Log \udfff")), INDEXED
    )
    yield Case(
        "nul-characters.json",
        _given(item("<p>The log\0 is kept for seven years.</p>", title="Log\0")),
        INDEXED,
        quote="The log is kept for",
    )
    yield Case("paragraph-of-a-million.json", partial(item, "<p>" + "Keep the log. " * 75_000), INDEXED)
    yield Case("latin-1.json", _given('{"title": "Café"}'.encode("latin-1")), FAILED, "UTF-8")
    yield Case("utf-16.json", _given(item().decode().encode("utf-16")))


def _xml(address: str, secret: str) -> Iterator[Case]:
    body = section("1", "Log", text(RULE))
    sound = act(body)

    def declaring(declared: str, said: str) -> partial[bytes]:
        start, _, rest = sound.rpartition("?>")
        return _given(f"{start}{'?>' if start else ''}<!DOCTYPE x [{declared}]>{rest.replace(RULE, said)}")

    yield Case("billion-laughs.xml", declaring(_LAUGHS, "&l9;"), FAILED)
    yield Case("quadratic.xml", declaring(f'<!ENTITY e "{"ha" * 100_000}">', "&e;" * 1000), FAILED)
    in_attribute = sound.replace("<Legislation ", '<Legislation bomb="&l9;" ', 1)
    yield Case("billion-laughs-in-an-attribute.xml", _given(f"<!DOCTYPE x [{_LAUGHS}]>{_root(in_attribute)}"), FAILED)
    yield Case("entity-of-a-file.xml", declaring(f'<!ENTITY e SYSTEM "{secret}">', f"{RULE} &e;"), FAILED)
    yield Case("entity-of-the-network.xml", declaring(f'<!ENTITY e SYSTEM "{address}/e">', f"{RULE} &e;"), FAILED)
    remote = f'<!DOCTYPE Legislation SYSTEM "{address}/x.dtd">'
    yield Case("type-of-the-network.xml", _given(remote + _root(sound)), FAILED)
    yield Case("parameter-entity.xml", declaring(f'<!ENTITY % e SYSTEM "{address}/p.dtd"> %e;', RULE), FAILED)
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{secret}" parse="text"/>'
    yield Case("includes-a-file.xml", _given(sound.replace(RULE, f"{RULE} {include}")), INDEXED, quote=RULE)
    sheet = f'<?xml-stylesheet href="{address}/s.xsl" type="text/xsl"?>'
    yield Case("style-sheet-of-the-network.xml", _given(sheet + _root(sound)), INDEXED, quote=RULE)
    paragraphs = text(RULE)
    for level in range(100):
        paragraphs = p(3 + level % 5, "a", paragraphs)
    yield Case("nested-legislation.xml", _given(act(section("1", "Log", paragraphs))))
    yield Case("deep-legislation.xml", _given(act(section("1", "Log", "<Text>" * 20_000 + "</Text>" * 20_000))))
    yield Case("cut-legislation.xml", _given(sound[: len(sound) // 2]), FAILED)
    yield Case("other-vocabulary.xml", _given("<a><b/></a>"), SKIPPED)
    yield Case("unknown-encoding.xml", _given(f'<?xml version="1.0" encoding="x-none"?>{_root(sound)}'), FAILED)


def _root(source: str) -> str:
    return source[source.index("<Legislation") :]


def _web(address: str, secret: str) -> Iterator[Case]:
    rule = f"<p>{RULE}</p>"
    yield Case("billion-laughs.html", _given(f"<!DOCTYPE html [{_LAUGHS}]><html><body>{rule}<p>&l9;</p></body>"), INDEXED)
    yield Case(
        "entity-of-a-file.html",
        _given(f'<!DOCTYPE html [<!ENTITY e SYSTEM "{secret}">]><html><body>{rule}<p>&e;</p></body>'),
        INDEXED,
        quote=RULE,
    )
    remote = "".join(
        part.format(address=address)
        for part in (
            '<base href="{address}/"><link rel="stylesheet" href="{address}/s.css"><script src="{address}/s.js"></script>',
            '<meta http-equiv="refresh" content="0;url={address}/r"><style>@import url({address}/i.css);</style>',
            '<body background="{address}/b.png"><img src="{address}/i.png"><iframe src="{address}/f"></iframe>',
            '<object data="{address}/o"></object><video src="{address}/v"></video>',
        )
    )
    yield Case("remote-parts.html", _given(f"<html><head>{remote}{rule}</body></html>"), INDEXED, quote=RULE)
    yield Case("deep-boxes.html", _given("<div>" * 100_000 + rule), FAILED, "deeply")
    yield Case("deep-spans.html", _given("<p>" + "<span>" * 100_000 + RULE), FAILED, "deeply")
    yield Case("nested-lists.html", _given("<ul><li>Watch the lamp." * 10_000), FAILED, "deeply")
    yield Case("nested-tables.html", _given("<table><tr><td>" * 5_000 + RULE), FAILED, "deeply")
    cells = "<tr>" + "<td>oil</td>" * 1000 + "</tr>"
    yield Case("table-of-a-million-cells.html", _given(f"<table>{cells * 1000}</table>"))
    for name, spans in (
        ("colspan", "colspan=1000000"),
        ("rowspan", "rowspan=1000000"),
        ("both", "colspan=9999 rowspan=99999"),
    ):
        row = f"<tr><th {spans}>Vessel</th><th>Charge</th></tr><tr><td {spans}>Ferry</td><td>£140</td></tr>"
        yield Case(f"wide-{name}.html", _given(f"{rule}<table>{row * 100}</table>"), INDEXED, quote=RULE)
    yield Case("paragraph-of-a-million.html", _given("<p>" + "Keep the log. " * 75_000), INDEXED)
    yield Case("word-of-a-million.html", _given("<p>" + "k" * 1_000_000), INDEXED)
    yield Case("attributes-without-end.html", _given("<p " + "a=1 " * 200_000 + f">{RULE}</p>"))
    yield Case("one-attribute-of-a-million.html", _given(f'<p class="{"a " * 500_000}">{RULE}</p>'))
    yield Case("style-sheet-of-a-million.html", _given(f"<style>{'.a,' * 300_000}p{{x:y}}</style>{rule}"))
    yield Case("style-rules-without-end.html", _given(f"<style>{'.a{display:none}' * 50_000}</style>{rule * 2000}"))
    yield Case("comment-never-closed.html", _given(f"{rule}<!--" + "-" * 200_000), INDEXED)
    yield Case("script-never-closed.html", _given(f"{rule}<script>" + "<" * 200_000), INDEXED)
    yield Case("tag-never-closed.html", _given(f"{rule}<a href='" + "x" * 200_000), INDEXED)
    yield Case("unknown-encoding.html", _given(f"<meta charset=x-none>{rule}"), INDEXED, quote=RULE)
    yield Case("encoding-that-is-no-text.html", _given(b"<meta charset=base64><p>Caf\xe9 rules are kept.</p>"))
    yield Case("encoding-that-runs.html", _given(b"<meta charset=unicode_escape><p>Caf\xe9 \\N{BELL} \\x00 rules.</p>"))


def _markdown(address: str) -> Iterator[Case]:
    laughs = "l0: &l0 [ha, ha]\n" + "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 10))
    yield Case("front-matter-aliases.md", _given(f"---\n{laughs}title: *l9\n---\n\n{RULE}\n"), INDEXED, quote=RULE)
    yield Case("front-matter-alias-loop.md", _given(f"---\ntitle: &a [*a]\norganisation: *a\n---\n\n{RULE}\n"), quote=RULE)
    maps = "l0: &l0 {a: ha}\n" + "".join(
        f"l{n}: &l{n} {{<<: *l{n - 1}, {', '.join(f'k{k}: *l{n - 1}' for k in range(9))}}}\n" for n in range(1, 10)
    )
    yield Case("front-matter-merges.md", _given(f"---\n{maps}organisation: *l9\n---\n\n{RULE}\n"), INDEXED, quote=RULE)
    yield Case("front-matter-deep.md", _given(f"---\ntitle: {'[' * 20_000}\n---\n\n{RULE}\n"), INDEXED)
    yield Case(
        "front-matter-runs.md", _given(f"---\ntitle: !!python/object/apply:os.system ['x']\n---\n\n{RULE}\n"), INDEXED
    )
    yield Case("front-matter-odd-keys.md", _given(f"---\n? [a, b]\n: c\n1: 2\nnull: x\ntitle: 1\n---\n\n{RULE}\n"), INDEXED)
    yield Case(
        "front-matter-dates.md", _given(f"---\nupdated: 0000-99-99\ndate: 9999-12-31T99:99\n---\n\n{RULE}\n"), INDEXED
    )
    yield Case("front-matter-number.md", _given(f"---\ntitle: {'1' * 9000}\ndate: 1e999\n---\n\n{RULE}\n"), INDEXED)
    yield Case("front-matter-never-closed.md", _given("---\n" + "a: b\n" * 50_000 + RULE), INDEXED)
    yield Case("remote.md", _given(f"![a]({address}/i.png)\n\n<img src='{address}/j.png'>\n\n{RULE}\n"), INDEXED, quote=RULE)
    lists = "\n".join(" " * (2 * depth) + "- Watch the lamp." for depth in range(1500))
    yield Case("nested-lists.md", _given(lists), FAILED, "deeply")
    yield Case("nested-lists-on-one-line.md", _given("- " * 10_000 + "Watch the lamp."), FAILED, "deeply")
    yield Case("nested-quotations.md", _given(">" * 100_000 + RULE), FAILED, "deeply")
    yield Case("paragraph-of-a-million.md", _given("Keep the log. " * 75_000), INDEXED)
    table = "|" + "oil|" * 1000 + "\n"
    yield Case("table-of-a-million-cells.md", _given(table + "|" + "-|" * 1000 + "\n" + table * 999), FAILED, "cells")
    yield Case("links-without-end.md", _given("[a](" * 50_000))
    yield Case(
        "footnotes-of-footnotes.md",
        _given("".join(f"[^{n}]: See [^{n}] and [^{n + 1}].\n\n" for n in range(3000)) + "a[^0]"),
    )
    yield Case("references.md", _given("[a]: <b> 'c'\n" * 20_000 + "[a]" * 20_000))


def _rtf(address: str) -> Iterator[Case]:
    yield Case("million-groups.rtf", _given(b"{\\rtf1 " + b"{" * 1_000_000 + RULE.encode()), FAILED)
    yield Case("million-empty-groups.rtf", _given(b"{\\rtf1 " + b"{}" * 500_000 + RULE.encode() + b"}"), INDEXED, quote=RULE)
    yield Case("million-words.rtf", _given(b"{\\rtf1 " + b"\\b\\b0" * 200_000 + b" " + RULE.encode() + b"}"), INDEXED)
    yield Case(
        "cells-without-end.rtf",
        _given(b"{\\rtf1 \\trowd" + b"\\cellx1" * 100_000 + b"\\intbl a" + b"\\cell" * 100_000 + b"\\row}"),
    )
    yield Case("deep-tables.rtf", _given(b"{\\rtf1 " + b"\\itap9999\\intbl a\\nestcell" * 2000 + b"}"))
    yield Case(
        "numbers-too-large.rtf", _given(b"{\\rtf1 \\ansicpg9999999999\\u9999999999 \\fs-9999999999 " + RULE.encode() + b"}")
    )
    yield Case("raw-data-beyond-the-end.rtf", _given(b"{\\rtf1 " + RULE.encode() + b"\\bin2000000000 x}"))
    yield Case("cut.rtf", _given(b"{\\rtf1 {\\fonttbl{\\f0 Arial;"))
    field = f'{{\\field{{\\*\\fldinst INCLUDEPICTURE "{address}/p.png" \\\\d}}{{\\fldrslt }}}}'
    yield Case("remote.rtf", _given(f"{{\\rtf1 {{\\*\\template {address}/t.dot}}{field}{RULE}}}"), INDEXED, quote=RULE)
