"""Documents go with their conversation and when their time is up, also where no more are taken."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answer import Assistant
from assistant.errors import RecordsUnusable
from assistant.records import Records
from assistant.settings import RecordsSettings, Settings, UploadSettings
from assistant.uploads import OwnDocuments
from assistant.web.sweeping import own_documents, sweep, swept
from tests.uploads.policies import OLD, added


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def records(settings: Settings) -> Iterator[Records]:
    with Records(settings) as records:
        yield records


def test_documents_go_with_their_conversation(
    settings: Settings, records: Records, bernard: Assistant, tmp_path: Path
) -> None:
    own = OwnDocuments(settings, bernard.index.embedder)
    kept, gone = records.begin("ada"), records.begin("ada")
    for talk in (kept, gone):
        added(own, tmp_path, "policy.md", OLD, talk=talk)
        assert own.index("ada", talk) is not None
    records.delete_conversation("ada", gone)
    with swept(settings, own, lambda: records):
        deadline = time.monotonic() + 10
        while own.listed("ada", gone) and time.monotonic() < deadline:
            time.sleep(0.02)
    assert own.listed("ada", gone) == []
    assert own.listed("ada", kept)
    assert set(own._open) == {("ada", kept)}


def test_records_that_cannot_be_reached_cost_no_document(settings: Settings, bernard: Assistant, tmp_path: Path) -> None:
    own = OwnDocuments(settings, bernard.index.embedder)
    added(own, tmp_path, "policy.md", OLD)

    def broken() -> Records:
        raise RecordsUnusable("The records cannot be used at the moment.")

    sweep(own.shelves, broken)
    assert own.listed("ada", "t1")


def test_there_are_none_where_nothing_is_kept_or_they_are_off(settings: Settings, bernard: Assistant) -> None:
    assert own_documents(settings, bernard.index) is not None
    assert own_documents(settings.model_copy(update={"records": RecordsSettings(days=0)}), bernard.index) is None
    assert own_documents(settings.model_copy(update={"uploads": UploadSettings(allowed=False)}), bernard.index) is None
