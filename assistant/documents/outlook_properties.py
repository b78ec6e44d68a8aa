"""What an Outlook message file (.msg) says, property by property, as [MS-OXMSG] and [MS-OXPROPS] define them.

The file's storages come from python-oxmsg; the values are read here, because its own properties fail altogether where one of
them is damaged. Knows nothing of what becomes of a message.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Sequence

from oxmsg.domain.encodings import encoding_from_codepage
from oxmsg.domain.model import UnrecognizedCodePageError, UnsupportedEncodingError
from oxmsg.storage import Storage

from assistant.documents.mail_charsets import decode_text

_TEXT, _OLD_TEXT, _BYTES, _OBJECT = 0x001F, 0x001E, 0x0102, 0x000D
_MESSAGE_CODEPAGE, _INTERNET_CODEPAGE = 0x3FFD, 0x3FDE
_DATA = 0x3701
_FIXED = "__properties_version1.0"
_TOP, _EMBEDDED, _OTHER = 32, 24, 8
"""Length of the header before the properties of a file's message, of a message in it, of anything else."""
_EPOCH = dt.datetime(1601, 1, 1, tzinfo=dt.UTC)


class Properties:
    """The properties of a message, an attachment or a recipient; what is missing or damaged is empty."""

    def __init__(self, storage: Storage, header: int = _TOP, codepage: str = "") -> None:
        self._storage = storage
        self._streams: dict[str, bytes] = {stream.name.lower(): stream.bytes_ for stream in storage.streams}
        self._values = _fixed(self._streams.get(_FIXED, b"")[header:])
        self.codepage = _encoding(self.number(_MESSAGE_CODEPAGE)) or self.internet_codepage or codepage

    def text(self, tag: int) -> str:
        """A property of characters."""
        data = self._stream(tag, _TEXT)
        if data is not None:
            return data.decode("utf-16-le", errors="replace").rstrip("\0")
        return decode_text(self._stream(tag, _OLD_TEXT) or b"", self.codepage).rstrip("\0")

    def data(self, tag: int) -> bytes:
        """A property of bytes."""
        return self._stream(tag, _BYTES) or b""

    @property
    def internet_codepage(self) -> str:
        """The encoding of texts that are stored as bytes; "" when it is not said."""
        return _encoding(self.number(_INTERNET_CODEPAGE))

    def number(self, tag: int) -> int:
        """A property that is a whole number or a truth value; 0 when missing."""
        return int.from_bytes(self._values.get(tag, b"")[:4], "little")

    def moment(self, tag: int) -> dt.datetime | None:
        """A property that is a time."""
        ticks = int.from_bytes(self._values.get(tag, b"")[:8], "little")
        try:
            return _EPOCH + dt.timedelta(microseconds=ticks // 10) if ticks else None
        except OverflowError:
            return None

    @property
    def is_message(self) -> bool:
        """Whether the file has properties at all, which other files of the same layout, such as .doc, have not."""
        return bool(self._values)

    @property
    def attachments(self) -> Sequence[Properties]:
        """The properties of each attachment, in order."""
        return [Properties(storage, _OTHER, self.codepage) for storage in self._below("__attach_version1.0_#")]

    @property
    def recipients(self) -> Sequence[Properties]:
        """The properties of each recipient, in order."""
        return [Properties(storage, _OTHER, self.codepage) for storage in self._below("__recip_version1.0_#")]

    @property
    def message(self) -> Properties | None:
        """The message that an attachment is, None when it is a file."""
        name = _stream_name(_DATA, _OBJECT)
        found = (storage for storage in self._storage.storages if storage.name.lower() == name)
        inner = next(found, None)
        return Properties(inner, _EMBEDDED, self.codepage) if inner and _has_properties(inner) else None

    def _below(self, start: str) -> list[Storage]:
        found = [storage for storage in self._storage.storages if storage.name.lower().startswith(start)]
        return sorted(found, key=lambda storage: str(storage.name).lower())

    def _stream(self, tag: int, kind: int) -> bytes | None:
        return self._streams.get(_stream_name(tag, kind))


def _stream_name(tag: int, kind: int) -> str:
    return f"__substg1.0_{tag:04x}{kind:04x}"


def _has_properties(storage: Storage) -> bool:
    return any(stream.name.lower() == _FIXED for stream in storage.streams)


def _fixed(entries: bytes) -> dict[int, bytes]:
    """The eight bytes of each property that fits in them, by tag."""
    whole = len(entries) // 16 * 16
    return {tag: value for _, tag, value in struct.iter_unpack("<HH4x8s", entries[:whole])}


def _encoding(codepage: int) -> str:
    try:
        return encoding_from_codepage(codepage) if codepage else ""
    except (UnrecognizedCodePageError, UnsupportedEncodingError):
        return ""
