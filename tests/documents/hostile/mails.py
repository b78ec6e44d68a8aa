"""E-mails and Outlook messages that are deep, cut, endless, or attach files under names that point elsewhere."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import cache, partial

from tests.documents.cfb_maker import SECTOR
from tests.documents.hostile.case import FAILED, INDEXED, Case
from tests.documents.msg_maker import Attached, Msg, make_msg

RULE = "The keeper on watch signs the log."
_HEAD = b"From: keeper@lights.example\r\nSubject: Log\r\nMIME-Version: 1.0\r\n"


def cases(address: str) -> Iterator[Case]:
    """All of them.

    Args:
        address: Of a server that nothing may connect to.
    """
    yield Case("thousand-nested-parts.eml", partial(_nested, 1000), FAILED)
    yield Case("thirty-nested-parts.eml", partial(_nested, 30), INDEXED, quote=RULE)
    yield Case("thousand-messages-in-messages.eml", partial(_forwarded, 1000))
    yield Case("fifty-messages-in-messages.eml", partial(_forwarded, 50))
    yield Case(
        "header-of-ten-million.eml", partial(bytes, _HEAD + b"X-Long: " + b"a " * 5_000_000 + b"\r\n\r\n" + RULE.encode())
    )
    subject = b"From: a@b\r\nSubject: " + b"=?utf-8?q?a?= " * 100_000 + b"\r\n\r\n"
    yield Case("subject-without-end.eml", partial(bytes, subject + RULE.encode()))
    to = b"From: a@b\r\nTo: " + b"a <a@b>, " * 100_000 + b"\r\n\r\n"
    yield Case("hundred-thousand-recipients.eml", partial(bytes, to + RULE.encode()))
    yield Case("brackets-in-addresses.eml", partial(bytes, b"From: " + b"(<" * 100_000 + b"\r\n\r\n" + RULE.encode()))
    yield Case("boundary-missing.eml", partial(bytes, _HEAD + b"Content-Type: multipart/mixed\r\n\r\n" + RULE.encode()))
    unfound = _HEAD + b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n' + RULE.encode()
    yield Case("boundary-never-comes.eml", partial(bytes, unfound), FAILED, "cut short")
    yield Case("hundred-thousand-parts.eml", _many_parts)
    yield Case("names-that-point-outside.eml", _traversal, INDEXED, quote=RULE)
    external = f'Content-Type: message/external-body; access-type=URL; URL="{address}/x"\r\n\r\n'.encode()
    yield Case("kept-elsewhere.eml", partial(_multipart, external))
    html = f'Content-Type: text/html\r\n\r\n<img src="{address}/x.png"><p>{RULE}</p>'.encode()
    yield Case("remote-picture.eml", partial(_multipart, html), INDEXED, quote=RULE)
    yield Case(
        "unknown-charset.eml",
        partial(_multipart, b"Content-Type: text/plain; charset=x-none\r\n\r\n" + RULE.encode()),
        INDEXED,
    )
    yield Case(
        "charset-that-is-no-text.eml",
        partial(_multipart, b"Content-Type: text/plain; charset=zlib\r\n\r\n" + RULE.encode()),
        INDEXED,
    )
    broken = b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"A" * 99_997 + b"\r\n"
    yield Case("broken-base64.eml", partial(_multipart, broken))
    quoted = b"".join(b">" * depth + b" The lamp.\r\n" for depth in range(2000))
    yield Case("quotations-without-end.eml", partial(_multipart, b"Content-Type: text/plain\r\n\r\n" + quoted))
    yield Case("attached-bomb.eml", _attached_bomb, INDEXED, quote=RULE)
    for percent in (5, 30, 60, 95):
        yield Case(f"cut-at-{percent}-percent.msg", partial(_cut, percent))
    yield Case("sectors-in-a-loop.msg", _sector_loop)
    yield Case("directory-in-a-loop.msg", _directory_loop)
    yield Case("sizes-too-large.msg", _sizes)
    yield Case("names-that-point-outside.msg", _outlook_traversal, INDEXED, quote=RULE)
    yield Case("messages-in-messages.msg", _outlook_nested)
    yield Case("rich-text-bomb.msg", _rich_bomb)


def _part(content: bytes, *, head: bytes = b"Content-Type: text/plain\r\n\r\n") -> bytes:
    return head + content + b"\r\n"


def _multipart(*parts: bytes, boundary: bytes = b"xyz", head: bytes = _HEAD) -> bytes:
    first = _part(RULE.encode())
    joined = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in (first, *parts))
    return (
        head + b'Content-Type: multipart/mixed; boundary="' + boundary + b'"\r\n\r\n' + joined + b"--" + boundary + b"--\r\n"
    )


def _nested(depth: int) -> bytes:
    inner = _part(RULE.encode())
    for number in range(depth):
        mark = b"b%d" % number
        head = b'Content-Type: multipart/mixed; boundary="%s"\r\n\r\n' % mark
        inner = head + b"--" + mark + b"\r\n" + inner + b"\r\n--" + mark + b"--\r\n"
    return _HEAD + inner


def _forwarded(depth: int) -> bytes:
    inner = _HEAD + b"\r\n" + RULE.encode() + b"\r\n"
    for _ in range(depth):
        inner = _HEAD + b"Content-Type: message/rfc822\r\n\r\n" + inner
    return inner


def _many_parts() -> bytes:
    return _multipart(*[_part(b"Log.")] * 100_000)


def _attachment(name: bytes, content: bytes, kind: bytes = b"application/octet-stream") -> bytes:
    return b'Content-Type: %s\r\nContent-Disposition: attachment; filename="%s"\r\n\r\n%s' % (kind, name, content)


def _traversal() -> bytes:
    names = (
        b"../../etc/passwd.md",
        b"/etc/cron.d/a.md",
        b"C:\\Windows\\a.md",
        b"..",
        b"a\\..\\..\\b.md",
        b"con.md",
        b"x" * 5000 + b".md",
    )
    return _multipart(*(_attachment(name, b"# Watch\n\nThe watch is four hours.") for name in names))


def _attached_bomb() -> bytes:
    import base64

    from tests.documents.hostile.packages import flat_bomb
    from tests.documents.hostile.sound import SOUND

    head = b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
    head += b'Content-Disposition: attachment; filename="bomb.docx"\r\n\r\n'
    return _multipart(head + base64.encodebytes(flat_bomb(SOUND[".docx"], "word/document.xml")))


@cache
def _outlook() -> bytes:
    return make_msg(Msg(body=RULE * 300, attached=[Attached("a.md", b"# Watch\n\nThe watch is four hours.")]))


def _cut(percent: int) -> bytes:
    return _outlook()[: len(_outlook()) * percent // 100]


def _sector_loop() -> bytes:
    """Every sector is followed by itself."""
    data = bytearray(_outlook())
    (table,) = struct.unpack_from("<I", data, 76)
    place = SECTOR * (table + 1)
    data[place : place + SECTOR] = struct.pack("<128I", *range(128))
    return bytes(data)


def _directory_start(data: bytes | bytearray) -> int:
    (first,) = struct.unpack_from("<I", data, 48)
    return SECTOR * (int(first) + 1)


def _directory_loop() -> bytes:
    """Every entry's neighbours and child are itself and the root."""
    data = bytearray(_outlook())
    start = _directory_start(data)
    for number in range(4):
        struct.pack_into("<III", data, start + 128 * number + 68, number, 0, number)
    return bytes(data)


def _sizes() -> bytes:
    data = bytearray(_outlook())
    start = _directory_start(data)
    for number in range(1, 8):
        struct.pack_into("<Q", data, start + 128 * number + 120, 2**62)
    return bytes(data)


def _outlook_traversal() -> bytes:
    note = b"# Watch\n\nThe watch is four hours."
    names = ("../../etc/passwd.md", "C:\\a.md", "a\0b.md", "\u202egnp.md", "")
    return make_msg(Msg(body=RULE, attached=[Attached(name, note) for name in names]))


def _outlook_nested() -> bytes:
    message = Msg(body=RULE)
    for _ in range(30):
        message = Msg(body=RULE, attached=[Attached("inner", message, method=5)])
    return make_msg(message)


def _rich_bomb() -> bytes:
    """Compressed Rich Text that says it is four thousand million bytes, of references to what is not there."""
    body = b"\xff" + b"\xff\xff" * 8
    return make_msg(Msg(rich=struct.pack("<II4sI", len(body) * 5000 + 12, 2**32 - 1, b"LZFu", 0) + body * 5000))
