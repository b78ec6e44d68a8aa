"""Lists of what to fetch."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.fetch import Wanted, read_list


def test_a_list_adds_its_paths_to_what_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "list.toml"
    path.write_text(
        '[[group]]\ntitle = "Lamps"\npaths = ["/a", "/b"]\n[[group]]\npaths = ["/c"]\nmanuals = ["/m"]\n'
        'collections = ["/d"]\n'
    )

    wanted = read_list(path, wanted=Wanted(paths=("/z",), attachments=True))

    assert wanted == Wanted(paths=("/z", "/a", "/b", "/c"), manuals=("/m",), collections=("/d",), attachments=True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[group]\n", "is not TOML"),
        ("paths = []\n", "paths: Extra inputs"),
        ('[[group]]\npath = "/a"\n', "group.0.path"),
        ("[[group]]\npaths = [1]\n", "group.0.paths.0"),
    ],
)
def test_what_is_wrong_with_a_list_is_told(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "list.toml"
    path.write_text(text)

    with pytest.raises(InputError, match=told):
        read_list(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_list(tmp_path / "none.toml")


def test_the_list_that_ships_can_be_used(repository: Path) -> None:
    assert len(read_list(repository / "corpus/govuk.toml").paths) > 20
