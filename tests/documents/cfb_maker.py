"""Writes compound files as [MS-CFB] describes them: version 3, sectors of 512 bytes, a mini stream for small streams.

A folder is a dict; its values are the bytes of a stream or a further folder. Shares no code with the library that reads it.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Union

Folder = Mapping[str, Union[bytes, "Folder"]]

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SECTOR, MINI, CUTOFF = 512, 64, 4096
FREE, END, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
STORAGE, STREAM, ROOT = 1, 2, 5
BLACK = 1


@dataclass
class _Entry:
    """One line of the directory; `left`, `right` and `child` are places in it."""

    name: str
    kind: int
    data: bytes = b""
    left: int = FREE
    right: int = FREE
    child: int = FREE
    start: int = END

    def packed(self, size: int) -> bytes:
        name = self.name.encode("utf-16-le")
        header = struct.pack("<64sHBBIII", name, len(name) + 2, self.kind, BLACK, self.left, self.right, self.child)
        return header + bytes(36) + struct.pack("<IQ", self.start if size or self.kind == ROOT else END, size)


@dataclass
class _Sectors:
    """A run of sectors of one size with the table that chains them."""

    size: int
    data: bytearray = field(default_factory=bytearray)
    chain: list[int] = field(default_factory=list)

    def add(self, data: bytes) -> int:
        """Append a stream; returns its first sector."""
        if not data:
            return END
        first, count = len(self.chain), -(-len(data) // self.size)
        self.data += data.ljust(count * self.size, b"\0")
        self.chain += [*range(first + 1, first + count), END]
        return first


def make_compound_file(root: Folder) -> bytes:
    """The bytes of a compound file that holds `root`."""
    directory = [_Entry("Root Entry", ROOT)]
    directory[0].child = _add_folder(directory, root)
    big, small = _Sectors(SECTOR), _Sectors(MINI)
    for entry in directory:
        if entry.kind == STREAM:
            entry.start = (small if len(entry.data) < CUTOFF else big).add(entry.data)
    directory[0].start = big.add(bytes(small.data))
    mini_table = big.add(_table(small.chain))
    sizes = [len(small.data) if entry.kind == ROOT else len(entry.data) for entry in directory]
    entries = b"".join(entry.packed(size) for entry, size in zip(directory, sizes, strict=True))
    padding = -len(directory) % 4
    directory_start = big.add(entries + _Entry("", 0).packed(0) * padding)
    fat_start, fat_sectors = _add_fat(big)
    header = MAGIC + struct.pack(
        "<16sHHHHH6sIIIIIIIII", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, bytes(6), 0, fat_sectors, directory_start, 0, CUTOFF,
        mini_table, _sectors(len(small.chain)), END, 0,
    )  # fmt: skip
    places = [*range(fat_start, fat_start + fat_sectors)]
    return header + struct.pack("<109I", *places, *[FREE] * (109 - len(places))) + bytes(big.data)


def _add_folder(directory: list[_Entry], folder: Folder) -> int:
    """Append what is in a folder; returns the place of the top of its tree."""
    places = []
    for name, content in folder.items():
        places.append(len(directory))
        if isinstance(content, bytes):
            directory.append(_Entry(name, STREAM, content))
        else:
            entry = _Entry(name, STORAGE)
            directory.append(entry)
            entry.child = _add_folder(directory, content)
    places.sort(key=lambda place: (len(directory[place].name), directory[place].name.upper()))
    return _as_tree(directory, places)


def _as_tree(directory: list[_Entry], places: Sequence[int]) -> int:
    """Hang sorted entries into a balanced tree; returns its top."""
    if not places:
        return FREE
    middle = len(places) // 2
    top = directory[places[middle]]
    top.left, top.right = _as_tree(directory, places[:middle]), _as_tree(directory, places[middle + 1 :])
    return places[middle]


def _add_fat(big: _Sectors) -> tuple[int, int]:
    """Append the table of all sectors, its own among them; returns its first sector and their number."""
    first, count = len(big.chain), 1
    while _sectors(first + count) > count:
        count += 1
    big.chain += [FAT_SECTOR] * count
    big.data += _table(big.chain)
    return first, count


def _table(chain: Sequence[int]) -> bytes:
    padding = -len(chain) % (SECTOR // 4)
    return struct.pack(f"<{len(chain) + padding}I", *chain, *[FREE] * padding)


def _sectors(numbers: int) -> int:
    return -(-4 * numbers // SECTOR)
