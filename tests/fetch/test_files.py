"""Files below a publisher's folder: whole or not at all, and never outside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import FetchError
from assistant.fetch.files import Files, digest


def test_what_is_written_is_read_and_removed_with_its_empty_folders(tmp_path: Path) -> None:
    files = Files(tmp_path)
    (tmp_path / "guidance").mkdir()
    (tmp_path / "guidance/other.json").touch()

    assert files.write("guidance/lamps/oil.json", b"oil") == digest(b"oil")
    assert files.read("guidance/lamps/oil.json") == b"oil"
    assert files.remove("guidance/lamps/oil.json")
    assert not files.remove("guidance/lamps/oil.json")
    assert files.read("guidance/lamps/oil.json") is None
    assert [path.name for path in tmp_path.rglob("*")] == ["guidance", "other.json"]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/etc/passwd",
        "../outside.json",
        "a/../../outside.json",
        "a//b.json",
        "a/./b.json",
        ".hidden.json",
        "a/.hidden/b.json",
        "a\\b.json",
        "a b.json",
        "nul\0.json",
        "ends-with-dot.",
        "é.json",
        "a/" * 31 + "b.json",
        "x" * 201,
        "a\n.json",
    ],
)
def test_names_that_are_not_plain_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(FetchError):
        Files(tmp_path).write(name, b"")


@given(name=st.text(st.sampled_from("ab./\\ ~-\n"), max_size=12))
def test_no_name_leads_outside(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("names") / "inside"
    folder.mkdir()
    try:
        Files(folder).write(name, b"x")
    except FetchError:
        written = []
    else:
        written = [folder.joinpath(*name.split("/"))]

    assert [path for path in folder.parent.rglob("*") if path.is_file()] == written


def test_a_link_that_leads_outside_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside/link").symlink_to(tmp_path / "outside", target_is_directory=True)

    with pytest.raises(FetchError, match="leads out of"):
        Files(tmp_path / "inside").write("link/a.json", b"")


def test_a_name_that_is_a_folder_already_costs_only_itself(tmp_path: Path) -> None:
    files = Files(tmp_path)
    files.write("a.json/b.json", b"")
    files.write("c.json", b"")

    with pytest.raises(FetchError, match="cannot be kept"):
        files.write("a.json", b"")
    with pytest.raises(FetchError, match="cannot be kept"):
        files.write("c.json/d.json", b"")


def test_what_an_interruption_left_half_written_is_tidied_away(tmp_path: Path) -> None:
    (tmp_path / "guidance").mkdir()
    (tmp_path / "guidance/.half-written-1").write_bytes(b"{")
    files = Files(tmp_path)
    files.write("guidance/a.json", b"{}")

    files.tidy()

    assert [path.name for path in (tmp_path / "guidance").iterdir()] == ["a.json"]
