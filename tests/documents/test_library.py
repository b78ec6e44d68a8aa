"""The library: which files are found, how each is named, and that no file stops the others."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.documents.library import FORMATS, Found, file_digest, find_files, load_file, read_file
from assistant.errors import InputError, UnreadableDocument
from tests.conftest import write_files

NOTE = "# Tides\n\nHigh water is at noon.\n"


def found(path: Path) -> Found:
    return find_files([path])[0]


def read(path: Path) -> tuple[str, bool, str]:
    """(title, failed, reason) of one file."""
    file = found(path)
    outcome = read_file(file, load_file(file))
    return outcome.document.title if outcome.document else "", outcome.failed, outcome.reason


def test_files_are_found_once_in_order_and_named_from_the_folder_given(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "rules", {"b.md": NOTE, "a/c.md": NOTE, "a/b/d.txt": NOTE})

    files = find_files([folder, folder / "a", folder / "b.md"])

    assert [file.relative for file in files] == ["rules/b.md", "rules/a/c.md", "rules/a/b/d.txt"]
    assert [file.relative for file in find_files([folder / "a" / "c.md"])] == ["c.md"]


def test_hidden_files_left_by_editors_and_links_to_folders_are_passed_over(tmp_path: Path) -> None:
    folder = write_files(
        tmp_path / "rules", {".hidden.md": NOTE, ".git/a.md": NOTE, "~$a.md": NOTE, "__pycache__/a.md": NOTE, "a.md": NOTE}
    )
    (folder / "round").symlink_to(folder, target_is_directory=True)

    assert [file.relative for file in find_files([folder])] == ["rules/a.md"]


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no file or folder .*nowhere"):
        find_files([tmp_path / "nowhere"])


def test_where_no_address_is_known_the_file_is_named(tmp_path: Path) -> None:
    file = found(write_files(tmp_path / "my rules", {"tide & time.md": NOTE}))
    document = read_file(file, load_file(file)).document

    assert document is not None
    assert (document.url, document.location) == ("file:my%20rules/tide%20%26%20time.md", str(file.path))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.png", b"PNG", ".png is not a format that is read (.html"),
        ("README", b"words", "a file without a suffix is not a format"),
        ("a.md", b"", "the file is empty"),
        ("a.html", b" \n\t", "the file is empty"),
    ],
)
def test_what_holds_no_guidance_is_skipped_with_the_reason(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(content)

    title, failed, told = read(tmp_path / name)

    assert (title, failed) == ("", False)
    assert reason in told


@pytest.mark.parametrize(("name", "content"), [("a.json", b"{"), ("a.pdf", b"%PDF-1.7 nothing more")])
def test_a_broken_file_fails_with_the_reason(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)

    title, failed, told = read(tmp_path / name)

    assert (title, failed) == ("", True)
    assert told
    assert "report this" not in told


@pytest.mark.parametrize("suffix", FORMATS)
def test_noise_in_any_format_costs_that_file_alone(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"noise{suffix.upper()}"
    path.write_bytes(bytes(range(256)) * 8)

    read(path)


def refused(make: Callable[[Path], object], path: Path) -> str:
    make(path)
    with pytest.raises(UnreadableDocument) as told:
        load_file(Found(path, path.name))
    return str(told.value)


def test_what_is_no_plain_file_is_not_opened(tmp_path: Path) -> None:
    assert refused(os.mkfifo, tmp_path / "pipe.md") == "is not a plain file"
    assert refused(lambda path: path.symlink_to(tmp_path / "nothing"), tmp_path / "link.md") == "is not a plain file"


def test_a_file_that_is_far_too_large_is_not_read(tmp_path: Path) -> None:
    def make(path: Path) -> None:
        with path.open("wb") as file:
            file.truncate(201 * 2**20)  # a hole: takes no disk

    assert refused(make, tmp_path / "large.md") == "is 201 MiB; the largest file read is 200 MiB"


def test_a_name_that_is_not_utf_8_is_refused_and_can_be_shown(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md"))
    path.write_text(NOTE)

    (file,) = find_files([tmp_path])

    assert file.location == f"{tmp_path}/caf\ufffd.md"
    assert file.relative == f"{tmp_path.name}/caf\ufffd.md"
    with pytest.raises(UnreadableDocument, match=r"not UTF-8; rename it"):
        load_file(file)


def test_a_digest_names_content_and_place_below_the_folder_given(tmp_path: Path) -> None:
    one, two = Found(tmp_path / "x" / "a.md", "rules/a.md"), Found(tmp_path / "y" / "a.md", "rules/a.md")

    assert file_digest(one, b"a") == file_digest(two, b"a")
    assert file_digest(one, b"a") != file_digest(one, b"b")
    assert file_digest(one, b"a") != file_digest(Found(one.path, "rules/b.md"), b"a")
