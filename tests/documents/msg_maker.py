"""Makes Outlook messages for tests, property by property as [MS-OXMSG] says; shares no code with the readers."""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from tests.documents.cfb_maker import Folder, make_compound_file

LONG, TRUTH, TIME, OBJECT, TEXT, OLD_TEXT, BYTES = 0x0003, 0x000B, 0x0040, 0x000D, 0x001F, 0x001E, 0x0102
BY_VALUE, EMBEDDED_MESSAGE, OLE = 1, 5, 6
TOP_HEADER, EMBEDDED_HEADER, OTHER_HEADER = 32, 24, 8
TO, COPY = 1, 2
DEFAULT_DATE = dt.datetime(2026, 3, 3, 10, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Attached:
    """A file or message that is attached; `shown_in_text` marks a picture that the HTML shows."""

    name: str
    content: bytes | Msg
    media_type: str = ""
    shown_in_text: bool = False
    method: int = BY_VALUE


@dataclass(frozen=True)
class Msg:
    """A message; texts are kept as UTF-16, or in `codepage` where that is not 0."""

    subject: str = "Fog signals"
    sender: tuple[str, str] = ("Smith, Jo", "jo@lights.example")
    to: Sequence[tuple[str, str]] = (("Ann Lee", "ann@lights.example"),)
    copies: Sequence[tuple[str, str]] = ()
    sent: dt.datetime | None = DEFAULT_DATE
    body: str = ""
    html: bytes = b""
    rich: bytes = b""
    attached: Sequence[Attached] = ()
    kind: str = "IPM.Note"
    codepage: int = 0
    internet_codepage: int = 0


def make_msg(message: Msg) -> bytes:
    """The bytes of the .msg file."""
    names: Folder = {f"__substg1.0_0000{kind}0102": b"" for kind in ("2", "3", "4")}
    return make_compound_file({**_message(message, TOP_HEADER), "__nameid_version1.0": names})


def uncompressed_rich_text(text: bytes) -> bytes:
    """The value of PidTagRtfCompressed that holds Rich Text as it is ([MS-OXRTFCP], "MELA")."""
    return struct.pack("<II4sI", len(text) + 12, len(text), b"MELA", 0) + text


class _Properties:
    """Collects properties and writes them as streams and as the list of fixed values."""

    def __init__(self, codepage: int) -> None:
        self.folder: dict[str, bytes | Folder] = {}
        self._entries = b""
        self._codepage = codepage

    def text(self, tag: int, value: str) -> None:
        kind = OLD_TEXT if self._codepage else TEXT
        self._stream(tag, kind, value.encode(f"cp{self._codepage}" if self._codepage else "utf-16-le"))

    def data(self, tag: int, value: bytes) -> None:
        self._stream(tag, BYTES, value)

    def number(self, tag: int, value: int, kind: int = LONG) -> None:
        self._entries += struct.pack("<HHIQ", kind, tag, 6, value)

    def moment(self, tag: int, value: dt.datetime) -> None:
        ticks = (value - dt.datetime(1601, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1) * 10
        self.number(tag, ticks, TIME)

    def _stream(self, tag: int, kind: int, value: bytes) -> None:
        if value:
            self.folder[f"__substg1.0_{tag:04X}{kind:04X}"] = value
            self._entries += struct.pack("<HHIII", kind, tag, 6, len(value), 0)

    def written(self, header: int, counts: bytes = b"") -> Folder:
        return {**self.folder, "__properties_version1.0": counts.ljust(header, b"\0") + self._entries}


def _message(message: Msg, header: int) -> Folder:
    made = _Properties(message.codepage)
    made.text(0x001A, message.kind)
    made.text(0x0037, message.subject)
    made.text(0x0042, message.sender[0])
    made.text(0x5D02, message.sender[1])
    made.text(0x0065, "/O=LIGHTS/OU=EXCHANGE/CN=RECIPIENTS/CN=JO")
    made.text(0x1000, message.body)
    made.data(0x1013, message.html)
    made.data(0x1009, message.rich)
    if message.sent:
        made.moment(0x0039, message.sent)
    for tag, number in ((0x3FFD, message.codepage), (0x3FDE, message.internet_codepage)):
        if number:
            made.number(tag, number)
    people = [(*person, TO) for person in message.to] + [(*person, COPY) for person in message.copies]
    for place, person in enumerate(people):
        made.folder[f"__recip_version1.0_#{place:08X}"] = _recipient(*person, message.codepage)
    for place, attached in enumerate(message.attached):
        made.folder[f"__attach_version1.0_#{place:08X}"] = _attachment(attached, message.codepage)
    people_count, files_count = len(people), len(message.attached)
    return made.written(header, struct.pack("<8xIIII", people_count, files_count, people_count, files_count))


def _recipient(name: str, address: str, kind: int, codepage: int) -> Folder:
    made = _Properties(codepage)
    made.text(0x3001, name)
    made.text(0x39FE, address)
    made.number(0x0C15, kind)
    return made.written(OTHER_HEADER)


def _attachment(attached: Attached, codepage: int) -> Folder:
    made = _Properties(codepage)
    made.text(0x3707, attached.name)
    made.text(0x370E, attached.media_type)
    if attached.shown_in_text:
        made.text(0x3712, "picture@lights")
        made.number(0x3714, 4)
        made.number(0x7FFE, 1, TRUTH)
    if isinstance(attached.content, Msg):
        made.number(0x3705, EMBEDDED_MESSAGE)
        made.number(0x3701, 1, OBJECT)
        made.folder[f"__substg1.0_3701{OBJECT:04X}"] = _message(attached.content, EMBEDDED_HEADER)
    elif attached.method == OLE:
        made.number(0x3705, OLE)
        made.folder[f"__substg1.0_3701{OBJECT:04X}"] = {"CONTENTS": attached.content}
    else:
        made.number(0x3705, attached.method)
        made.data(0x3701, attached.content)
    return made.written(OTHER_HEADER)
