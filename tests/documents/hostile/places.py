"""What a folder may hold besides sound files: links, pipes, sockets, devices, locked files and names that mislead."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
from pathlib import Path

from tests.documents.hostile.case import FAILED, INDEXED, SKIPPED

NOTE = b"# Tides\n\nHigh water is at noon.\n"

NAMES = {
    "line\nbreak.md": FAILED,
    "control\x07\x1b[31m.md": FAILED,
    "-rf.md": INDEXED,
    "--json.md": INDEXED,
    "right-to-left-\u202edm.md": INDEXED,
    "<script>alert(1)</script>.md".replace("/", "\u2215"): INDEXED,
    "'; DROP TABLE files; --.md": INDEXED,
    "%2e%2e%2f$(id)`id`.md": INDEXED,
    " .md": INDEXED,
    f"{'l' * 252}.md": INDEXED,
    "\U0001f4a1\u0301 lamp.md": INDEXED,
}
"""Names, with what must become of a sound note under each."""
BYTE_NAMES = (b"caf\xe9.md", b"\xff\xfe.md")
"""Names that are not UTF-8."""


def make_places(folder: Path, secret: Path) -> dict[str, str]:
    """Fill a folder; returns what must become of each name in it.

    Args:
        folder: To be made.
        secret: A file outside, to which links point.
    """
    folder.mkdir(parents=True)
    expected: dict[str, str] = {}
    for name, outcome in NAMES.items():
        (folder / name).write_bytes(NOTE)
        expected[name] = outcome
    for raw in BYTE_NAMES:
        (folder / os.fsdecode(raw)).write_bytes(NOTE)
        expected[raw.decode("utf-8", "replace")] = FAILED
    with (folder / "three-hundred-mebibytes.txt").open("wb") as large:
        large.truncate(300 * 2**20)  # a hole: takes no disk
    expected["three-hundred-mebibytes.txt"] = FAILED
    for name, target, outcome in (
        ("link-inside.md", "-rf.md", INDEXED),
        ("link-outside.md", str(secret), SKIPPED),
        ("link-to-nothing.md", "nothing.md", FAILED),
        ("link-to-itself.md", "link-to-itself.md", FAILED),
        ("link-one.md", "link-two.md", FAILED),
        ("link-two.md", "link-one.md", FAILED),
        ("link-to-zeros.md", "/dev/zero", SKIPPED),
    ):
        (folder / name).symlink_to(target)
        expected[name] = outcome
    (folder / "link-to-its-own-folder").symlink_to(".", target_is_directory=True)
    os.mkfifo(folder / "pipe.md")
    expected["pipe.md"] = FAILED
    here = Path.cwd()
    os.chdir(folder)  # the path of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("socket.md")
    finally:
        os.chdir(here)
    expected["socket.md"] = FAILED
    with contextlib.suppress(OSError):  # only root may, and not everywhere
        os.mknod(folder / "device.md", stat.S_IFCHR | 0o600, os.makedev(1, 5))
        expected["device.md"] = FAILED
    return expected
