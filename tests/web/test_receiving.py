"""Files of a form come straight to disk, counted as they come, under names of our own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.web.receiving import Arrived, BrokenForm, TooMuch, receive

TYPE = "multipart/form-data; boundary=cut"


def part(name: str, data: bytes) -> bytes:
    return b'--cut\r\nContent-Disposition: form-data; name="file"; filename="%b"\r\n\r\n%b\r\n' % (name.encode(), data)


def sent(
    folder: Path, body: bytes, *, size: int = 7, kind: str = TYPE, largest: int = 100, total: int = 1000
) -> list[Arrived]:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), size):
            yield body[start : start + size]

    return asyncio.run(receive(pieces(), kind, folder, largest=largest, most=3, total=total))


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_files_come_whole_whatever_the_pieces(tmp_path: Path, size: int) -> None:
    body = part("../a.txt", b"one\r\n--cu") + part("b.txt", b"") + b"--cut--\r\n"
    first, second = sent(tmp_path, body, size=size)
    assert (first.name, first.path.read_bytes()) == ("../a.txt", b"one\r\n--cu")
    assert (second.name, second.path.read_bytes()) == ("b.txt", b"")
    assert {path.parent for path in (first.path, second.path)} == {tmp_path}


def test_a_file_that_is_too_large_is_not_kept_and_the_next_one_is(tmp_path: Path) -> None:
    big, small = sent(tmp_path, part("big.txt", b"x" * 101) + part("small.txt", b"y") + b"--cut--\r\n")
    assert (big.is_whole, small.is_whole) == (False, True)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"y"]


def test_a_request_without_end_is_cut_off(tmp_path: Path) -> None:
    with pytest.raises(TooMuch, match="More was sent"):
        sent(tmp_path, part("big.txt", b"x" * 200_000), size=4096)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 100


def test_more_files_than_allowed_are_told_and_not_dropped_in_silence(tmp_path: Path) -> None:
    body = b"".join(part(f"{n}.txt", b"x") for n in range(4)) + b"--cut--\r\n"
    with pytest.raises(TooMuch, match="Send 3 files at most"):
        sent(tmp_path, body)


EMPTY = b"--cut\r\nContent-Disposition: form-data\r\n\r\n\r\n"
FIELD = b'--cut\r\nContent-Disposition: form-data; name="note"\r\n\r\n'


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(EMPTY * 200_000, id="empty parts"),
        pytest.param(FIELD + b"x" * 10_000_000, id="one long field"),
        pytest.param(b"--cut\r\n" + b"a: b\r\n" * 1_500_000, id="headers without end"),
        pytest.param(b"--cut\r\na: " + b"x" * 10_000_000, id="one long header"),
        pytest.param(part("a.txt", b"x") + b"--cut--\r\n" + b"x" * 10_000_000, id="more after the end"),
    ],
)
def test_what_is_no_file_costs_next_to_nothing(tmp_path: Path, body: bytes) -> None:
    read = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal read
        for start in range(0, len(body), 2**18):
            read += 1
            yield body[start : start + 2**18]

    begun = time.process_time()
    with pytest.raises((TooMuch, BrokenForm)):
        asyncio.run(receive(pieces(), TYPE, tmp_path, largest=2**20, most=3, total=60 * 2**20))
    assert read == 1, "it was read on"
    assert time.process_time() - begun < 1


def test_fields_without_a_file_are_passed_over(tmp_path: Path) -> None:
    field = b'--cut\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n'
    (file,) = sent(tmp_path, field + part("a.txt", b"x") + b"--cut--\r\n")
    assert file.name == "a.txt"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (part("a.txt", b"x"), TYPE),  # broken off
        (b"--cut\r\nno header\r\n\r\nx\r\n--cut--", TYPE),
        (b"x=1", "application/x-www-form-urlencoded"),
        (b"x", "multipart/form-data"),
    ],
)
def test_what_is_no_form_is_refused(tmp_path: Path, body: bytes, kind: str) -> None:
    with pytest.raises(BrokenForm):
        sent(tmp_path, body, kind=kind)
