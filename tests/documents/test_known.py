"""Known sets: what their files do not say is filled in, what they say stays."""

from __future__ import annotations

import datetime as dt

import pytest

from assistant.documents import Block, BlockKind, Document
from assistant.documents.known import complete

BARE = Document(location="/x", title="Page", text="Words.", blocks=(Block(BlockKind.PARAGRAPH, 0, 6),))


@pytest.mark.parametrize(
    ("below", "address"),
    [
        ("index.md", "https://www.gov.uk/service-manual/"),
        ("agile/index.md", "https://www.gov.uk/service-manual/agile"),
        ("agile/teams.md", "https://www.gov.uk/service-manual/agile/teams"),
    ],
)
def test_addresses_mirror_the_path(below: str, address: str) -> None:
    document = complete(BARE, f"guidance/service-manual/service-manual/{below}")

    assert document.url == address
    assert document.organisations == ("Government Digital Service",)
    assert document.updated == dt.date(2016, 12, 20)
    assert document.superseded_by
    assert "replaced" in document.notice


@pytest.mark.parametrize("relative", ["aqua-book/intro.qmd", "guidance/aqua-book/a/b.qmd"])
def test_a_set_is_known_from_any_folder_down(relative: str) -> None:
    assert complete(BARE, relative).collection == "AQuA Book (pre-publication draft)"


def test_what_a_file_says_itself_wins() -> None:
    own = Document(
        location="/x", title="Page", text="", blocks=(), url="https://example.org/page", organisations=("Mine",),
        updated=dt.date(2020, 1, 1), extent=("Wales",), notice="Own words.",
    )  # fmt: skip

    for relative in ("service-manual/service-manual/a.md", "approved-documents/a.pdf"):
        document = complete(own, relative)
        assert (document.url, document.organisations, document.updated) == (own.url, own.organisations, own.updated)
        assert (document.extent, document.notice) == (own.extent, own.notice)


@pytest.mark.parametrize("relative", ["page.md", "guidance/my-aqua-book/a.md", "service-manual/other/a.md"])
def test_other_files_stay_as_they_are(relative: str) -> None:
    assert complete(BARE, relative) == BARE
