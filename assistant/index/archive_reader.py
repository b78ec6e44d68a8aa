"""Reads an exported index, or refuses it in plain words.

The file may come from anywhere, so nothing in it is unpacked to disk or believed: members are read as streams, of known
names and stated sizes only, and each is compared with its digest. Knows nothing of where an index lives.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Self

import numpy as np
from pydantic import ValidationError

from assistant.errors import InputError
from assistant.index.archive import (
    ABOUT,
    ARCHIVE_VERSION,
    DOCUMENTS,
    FILES,
    FORMAT,
    NAMES,
    VECTORS_AT_ONCE,
    About,
    names_of_vector_members,
)
from assistant.index.embeddings import Vectors

Progress = Callable[[int, int], None]
"""Told how many bytes are done, of how many."""

_MEMBER = re.compile(r"about\.json|files\.jsonl|documents\.jsonl|vectors\.txt|vectors-\d{5}\.npy")
_VECTOR_NAME = re.compile(r"[0-9a-f]{32}")
_MOST_MEMBERS = 20_000
_MOST_DIRECTORY = 8 * 1024 * 1024
_LARGEST_ABOUT = 16 * 1024 * 1024
_LONGEST_LINE = 512 * 1024 * 1024  # one document; a text file may have 200 MiB
_MOST_GROWTH = 200  # unpacked to packed; guidance has 4 to 8, a bomb 1,000
_CHUNK = 1024 * 1024


class ArchiveReader:
    """Reads a file that `ArchiveWriter` made, or refuses it."""

    def __init__(self, path: Path) -> None:
        """Open it and look at its list of members, not yet at what is in them.

        Raises:
            InputError: It is missing, no exported index, damaged, of another version, or not what it says.
        """
        self._path = path
        self._file = _opened(path)
        try:
            self.size = os.fstat(self._file.fileno()).st_size
            _check_directory_size(self._file, self.size, path)
            with self._plainly():
                self._zip = zipfile.ZipFile(self._file)
            self.about = self._read_about()
            self._check_members()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()
        self._file.close()

    @property
    def unpacked(self) -> int:
        """Bytes of all members together."""
        return sum(member.size for member in self.about.members.values())

    def check(self, progress: Progress) -> None:
        """Read everything once and compare it with its digest.

        Raises:
            InputError: A member is not what was exported.
        """
        done = 0
        for name in self.about.members:
            with self._member(name) as member:
                while chunk := member.read(_CHUNK):
                    done += len(chunk)
                    progress(done, self.unpacked)

    def lines(self, name: str) -> Iterator[Any]:
        """The JSON value of each line of a member."""
        with self._member(name) as member:
            number = 0
            while line := member.readline(_LONGEST_LINE):
                number += 1
                try:
                    yield json.loads(line)
                except (ValueError, RecursionError):
                    raise self.refusal(f"line {number:,} of {name} is not JSON") from None

    def vector_names(self) -> list[str]:
        """The names of the vectors, in the order in which they are kept."""
        with self._member(NAMES) as member:
            names = member.read().decode("ascii", "replace").split()
        if len(names) != self.about.vectors or not all(_VECTOR_NAME.fullmatch(name) for name in names):
            raise self.refusal(f"{NAMES} does not hold the names of {self.about.vectors:,} vectors")
        return names

    def vectors(self) -> Iterator[Vectors]:
        """The vectors, by batches of `VECTORS_AT_ONCE`."""
        left = self.about.vectors
        for name in names_of_vector_members(left):
            rows = min(left, VECTORS_AT_ONCE)
            yield self._vectors(name, rows)
            left -= rows

    def _vectors(self, name: str, rows: int) -> Vectors:
        with self._member(name) as member:
            data = io.BytesIO(member.read())
        try:
            version = np.lib.format.read_magic(data)
            shape, columns_first, kind = np.lib.format.read_array_header_1_0(data)  # reads literals only, and never pickle
        except (ValueError, SyntaxError, TypeError):
            raise self.refusal(f"{name} is no array of numbers") from None
        expected = (rows, self.about.dimension)
        numbers = data.read()
        if version != (1, 0) or shape != expected or columns_first or kind != np.dtype("<f4"):
            raise self.refusal(f"{name} is not {rows:,} vectors of {self.about.dimension} numbers")
        if len(numbers) != rows * self.about.dimension * 4:
            raise self.refusal(f"{name} does not hold as many numbers as it says")
        vectors: Vectors = np.frombuffer(numbers, dtype="<f4").reshape(expected).astype(np.float32)
        if not np.isfinite(vectors).all() or not np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3):
            raise self.refusal(f"{name} holds vectors that are not of length 1")
        return vectors

    def refusal(self, why: str) -> InputError:
        """What to raise about the file."""
        return InputError(f"{self._path} cannot be imported: {why}. Export the index again, and copy the file whole.")

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        try:
            yield
        except (zipfile.BadZipFile, zipfile.LargeZipFile, struct.error, EOFError, NotImplementedError, ValueError) as error:
            raise self.refusal(f"it is damaged, or no exported index ({error})") from None
        except (RuntimeError, OSError, zlib.error) as error:
            raise self.refusal(f"it cannot be read ({error})") from None

    def _read_about(self) -> About:
        infos = [info for info in self._zip.infolist() if info.filename == ABOUT]
        if len(infos) != 1 or infos[0].file_size > _LARGEST_ABOUT:
            raise self.refusal(f"it is no exported index, since it has no proper {ABOUT}")
        self._check_info(infos[0])
        with self._plainly(), self._zip.open(infos[0]) as member:
            text = member.read(_LARGEST_ABOUT + 1)
        try:
            stated = json.loads(text)
            kind, version = stated.get("format"), stated.get("version")
        except (ValueError, AttributeError, RecursionError):
            raise self.refusal(f"its {ABOUT} cannot be understood") from None
        if kind != FORMAT:
            raise self.refusal("it is no exported index")
        if version != ARCHIVE_VERSION:
            raise InputError(
                f"{self._path} has version {version!r} of the format of exported indexes, and this Bernard reads version "
                f"{ARCHIVE_VERSION}. Use the same version of Bernard on both machines."
            )
        try:
            return About.model_validate(stated)
        except ValidationError as error:
            where = ".".join(map(str, error.errors()[0]["loc"]))
            raise self.refusal(f"its {ABOUT} is not as Bernard writes it (at {where})") from None

    def _check_members(self) -> None:
        """Only the members that must be there, once each, with the stated sizes; nothing that grows beyond measure."""
        expected = {
            FILES,
            DOCUMENTS,
            NAMES,
            *names_of_vector_members(min(self.about.vectors, VECTORS_AT_ONCE * _MOST_MEMBERS)),
        }
        infos = self._zip.infolist()
        names = [info.filename for info in infos]
        for info in infos:
            self._check_info(info)
        if len(set(names)) != len(names):
            raise self.refusal("it has a member twice")
        for name in sorted((expected | {ABOUT}) ^ set(names)):
            raise self.refusal(f"it {'has an unexpected' if name in names else 'lacks the'} member {name!r}")
        if self.about.members.keys() != expected:
            raise self.refusal(f"its {ABOUT} does not list its members")
        for name, member in self.about.members.items():
            if self._zip.getinfo(name).file_size != member.size:
                raise self.refusal(f"the member {name} does not have its stated size")
        for info in infos:
            if info.file_size > _MOST_GROWTH * max(info.compress_size, 1024):
                raise self.refusal(f"the member {info.filename} would grow beyond measure when unpacked")
        if sum(info.compress_size for info in infos) > self.size:
            raise self.refusal("its members overlap")

    def _check_info(self, info: zipfile.ZipInfo) -> None:
        name = info.filename
        if not _MEMBER.fullmatch(name) or info.orig_filename != name:
            raise self.refusal(f"it has an unexpected member {info.orig_filename[:100]!r}")
        if stat.S_IFMT(info.external_attr >> 16) not in {0, stat.S_IFREG}:
            raise self.refusal(f"the member {name} is a link or another special file")
        if info.flag_bits & 0x1:
            raise self.refusal(f"the member {name} is encrypted")
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise self.refusal(f"the member {name} is packed in a way that Bernard does not use")

    @contextmanager
    def _member(self, name: str) -> Iterator[_Checked]:
        with self._plainly():
            member = self._zip.open(name)
        with member:
            yield _Checked(member, name, self)


class _Checked:
    """A member that is compared with its digest and size when its end is reached."""

    def __init__(self, stream: Any, name: str, archive: ArchiveReader) -> None:
        self._stream, self._name, self._archive = stream, name, archive
        self._stated = archive.about.members[name]
        self._digest, self._left = hashlib.sha256(), self._stated.size

    def read(self, limit: int | None = None) -> bytes:
        """Up to `limit` bytes (None: all there are), b"" at the end."""
        with self._archive._plainly():
            data: bytes = self._stream.read(self._stated.size + 1 if limit is None else limit)
        return self._seen(data, ended=limit is None or not data)

    def readline(self, limit: int) -> bytes:
        """One line, b"" at the end."""
        with self._archive._plainly():
            line: bytes = self._stream.readline(limit)
        if line and not line.endswith(b"\n"):
            raise self._archive.refusal(f"a line of {self._name} is cut off or too long")
        return self._seen(line, ended=not line)

    def _seen(self, data: bytes, *, ended: bool) -> bytes:
        self._digest.update(data)
        self._left -= len(data)
        if self._left < 0 or (ended and (self._left or self._digest.hexdigest() != self._stated.sha256)):
            raise self._archive.refusal(f"the member {self._name} is not what was exported; its digest is wrong")
        return data


def _opened(path: Path) -> BinaryIO:
    if not path.is_file():
        raise InputError(f"There is no file {str(path)!r}. Check the spelling; `bernard index export FILE` makes one.")
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from None


def _check_directory_size(file: BinaryIO, size: int, path: Path) -> None:
    """Refuse a list of members that would fill the memory, before it is read. Ours end the file, without a comment.

    The layout is that of APPNOTE.TXT, sections 4.3.14 to 4.3.16.
    """
    file.seek(max(0, size - 98))
    tail = file.read(98)
    directory = members = -1
    if len(tail) >= 22 and tail[-22:-18] == b"PK\x05\x06":
        members, directory = struct.unpack("<HI", tail[-12:-6])
        if len(tail) == 98 and tail[-42:-38] == b"PK\x06\x07" and tail[:4] == b"PK\x06\x06":
            members, directory = struct.unpack("<QQ", tail[32:48])
        elif tail[-42:-38] == b"PK\x06\x07":
            directory = -1
    file.seek(0)
    if not (0 < members <= _MOST_MEMBERS and 0 < directory <= _MOST_DIRECTORY):
        raise InputError(
            f"{path} cannot be imported: it is damaged, cut off, or no exported index. Export the index again, and copy the "
            "file whole."
        )
