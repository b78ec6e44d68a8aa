"""What is read of real guidance can be quoted: every passage is a slice of its document, and nothing unseen is in it."""

from __future__ import annotations

from pathlib import Path

from assistant.documents.library import find_files, load_file, read_file
from assistant.errors import DocumentError
from tests.documents.hostile.reasons import assert_plain
from tests.documents.quotable import assert_quotable

_ONE_IN = 60
_LARGEST = 2**20


def test_a_sample_of_real_guidance_can_be_quoted(shared: Path) -> None:
    read = 0
    for found in find_files([shared / "guidance"])[::_ONE_IN]:
        try:
            data = load_file(found)
        except DocumentError as error:
            assert_plain(str(error))
            continue
        if len(data) > _LARGEST:
            continue
        outcome = read_file(found, data)
        if outcome.document is None:
            assert_plain(outcome.reason)
        else:
            assert_quotable(outcome.document)
            read += 1

    assert read > 20
