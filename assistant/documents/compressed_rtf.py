"""Unpacks the Rich Text of Outlook messages, as [MS-OXRTFCP] says. Knows nothing of Rich Text or of messages."""

from __future__ import annotations

_HEADER = 16
_COMPRESSED, _PLAIN = b"LZFu", b"MELA"
_WINDOW = 4096
_START = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbol"
    b"ArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
"""What the window holds before the first byte."""
_MOST = 64 * 1024 * 1024


def unpack_rtf(data: bytes) -> bytes:
    """The Rich Text in a compressed property; as much of it as is sound."""
    packed = data[_HEADER : 4 + int.from_bytes(data[:4], "little")]
    kind = data[8:12]
    if kind == _PLAIN:
        return packed
    if kind != _COMPRESSED:
        return b""
    window = bytearray(_START.ljust(_WINDOW, b"\0"))
    at, place, text = len(_START), 0, bytearray()
    while place < len(packed) and len(text) < _MOST:
        flags = packed[place]
        place += 1
        for bit in range(8):
            if flags >> bit & 1:
                reference = int.from_bytes(packed[place : place + 2], "big")
                place += 2
                start, length = reference >> 4, (reference & 15) + 2
                if start == at or place > len(packed):
                    return bytes(text)
                for step in range(length):  # one at a time: what is copied may be what is being written
                    letter = window[(start + step) % _WINDOW]
                    window[at] = letter
                    text.append(letter)
                    at = (at + 1) % _WINDOW
            elif place < len(packed):
                window[at] = packed[place]
                text.append(packed[place])
                at = (at + 1) % _WINDOW
                place += 1
    return bytes(text)
