"""Receives files that a form sends, straight to disk, piece by piece: what is too large is never held whole.

Believes neither the length that a request states nor the names of its files: bytes are counted as they come, and files are
written under numbers. Knows nothing of what is in them.
"""

from __future__ import annotations

from collections.abc import AsyncIterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from anyio.to_thread import run_sync
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from assistant.errors import InputError

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

_LONGEST_HEADER = 2000
_AT_ONCE = 256 * 1024
"""Bytes that are gathered before they are written, which is done in a thread: others are served meanwhile."""
_OVERHEAD = 64 * 1024
"""Bytes that all may take that is no file's content: boundaries, headers, fields without a file, parts without anything."""
_PIECE = 16 * 1024
"""Bytes that are read before it is looked again at what they were: thousands of empty parts fit into what comes at once."""


class TooMuch(InputError):
    """More was sent than a request may hold."""


class BrokenForm(InputError):
    """What was sent is no form with files, or not all of one."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that came; `is_whole` is False when it was larger than allowed, and then nothing of it is kept."""

    name: str
    path: Path
    is_whole: bool


async def receive(
    pieces: AsyncIterable[bytes], content_type: str, folder: Path, *, largest: int, most: int, total: int
) -> list[Arrived]:
    """Write the files of a multipart form into a folder.

    Args:
        pieces: The request's body as it comes.
        content_type: The request's header, which names what separates the parts.
        folder: Where to write; exists.
        largest: Bytes that one file may have.
        most: How many files there may be.
        total: Bytes that all files may have together.

    Raises:
        BrokenForm: It is no form with files, or is broken off.
        TooMuch: More was sent than `total`, more files than `most`, or more beside them than any form needs; nothing is to
            be kept.
    """
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise BrokenForm("Send files as a form does (multipart/form-data).")
    form = _Form(folder, largest=largest, most=most)
    parser = MultipartParser(boundary, form.callbacks())
    came, gathered = 0, bytearray()
    try:
        async for piece in pieces:
            came += len(piece)
            if came > total + _OVERHEAD:
                raise TooMuch(f"More was sent than the {total // 2**20:,} MiB that files may have together.")
            gathered += piece
            if len(gathered) >= _AT_ONCE:
                await run_sync(_feed, parser, form, bytes(gathered))
                gathered.clear()
        await run_sync(_feed, parser, form, bytes(gathered))
        parser.finalize()
    except MultipartParseError:
        raise BrokenForm("The form that was sent cannot be read. Send the files again.") from None
    finally:
        form.close()
    if form.is_open:
        raise BrokenForm("The files were not sent to their end. Send them again.")
    return form.files


def _feed(parser: MultipartParser, form: _Form, data: bytes) -> None:
    for start in range(0, len(data), _PIECE):
        piece = data[start : start + _PIECE]
        parser.write(piece)
        form.read += len(piece)
        if form.read - form.in_files > _OVERHEAD:
            raise TooMuch("More was sent beside the files than a form has. Send the files alone.")


class _Form:
    """Takes what the parser tells."""

    def __init__(self, folder: Path, *, largest: int, most: int) -> None:
        self._folder, self._largest, self._most = folder, largest, most
        self.files: list[Arrived] = []
        self.is_open = False  # a part has begun and not ended
        self.read = self.in_files = 0  # bytes, of all and of files
        self._header = b""
        self._value = b""
        self._name: str | None = None
        self._file: BinaryIO | None = None
        self._size = 0

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._add_to_header,
            "on_header_value": self._add_to_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._open,
            "on_part_data": self._write,
            "on_part_end": self._end,
        }

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def _begin(self) -> None:
        self.is_open, self._name, self._header, self._value = True, None, b"", b""

    def _add_to_header(self, data: bytes, start: int, end: int) -> None:
        self._header = (self._header + data[start:end])[:_LONGEST_HEADER]

    def _add_to_value(self, data: bytes, start: int, end: int) -> None:
        self._value = (self._value + data[start:end])[:_LONGEST_HEADER]

    def _end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            _, options = parse_options_header(self._value)
            if b"filename" in options:
                self._name = options[b"filename"].decode("utf-8", "replace")
        self._header = self._value = b""

    def _open(self) -> None:
        self._size = 0
        if self._name is None:
            return
        if len(self.files) >= self._most:
            many = "one file" if self._most == 1 else f"{self._most} files"
            raise TooMuch(f"More files were sent than may be at once. Send {many} at most.")
        self._file = self._path().open("xb")

    def _path(self) -> Path:
        return self._folder / f"{len(self.files)}.sent"

    def _write(self, data: bytes, start: int, end: int) -> None:
        self._size += end - start
        if self._name is not None:
            self.in_files += end - start
        if self._file and self._size <= self._largest:
            self._file.write(data[start:end])
        elif self._file:
            self.close()
            self._path().unlink()

    def _end(self) -> None:
        self.is_open = False
        if self._name is None:
            return
        path, is_whole = self._path(), self._file is not None
        self.close()
        self.files.append(Arrived(self._name, path, is_whole))
