"""The index as it is open for questions: rows, filters by mask, and what is committed meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from assistant.answer import Assistant
from assistant.index import Index, ingest
from assistant.index.lock import IndexLock
from assistant.settings import Settings
from tests.conftest import SMALL_GUIDANCE, index_held, write_files


@pytest.fixture
def index(small_settings: Settings) -> Iterator[Index]:
    with Index(small_settings) as index:
        yield index


def test_rows_are_the_passages_of_all_documents(index: Index) -> None:
    assert len(index) == 8
    for row in range(len(index)):
        stored = index.stored(row)
        assert stored.passages[stored.rows.index(row)] == index.passage(row)
        assert index.passage(row).text == stored.document.text[index.passage(row).start : index.passage(row).end]
        assert index.brief(row).title == stored.document.title
        assert index.brief(row).text == ""


def test_passage_names_are_unique_and_the_same_when_opened_again(index: Index, small_settings: Settings) -> None:
    names = [index.passage_id(row) for row in range(len(index))]

    assert len(set(names)) == len(names)
    with Index(small_settings) as again:
        assert [again.passage_id(row) for row in range(len(again))] == names


def test_the_nearest_row_to_a_passages_own_vector_is_the_passage(index: Index) -> None:
    similar = index.similarities(index.embedder.embed(["fog log"])[0], list(range(8)))
    near = index.nearest(index.embedder.embed(["fog log"])[0], 8)

    assert [score for _, score in near] == pytest.approx([similar[row] for row, _ in near], abs=1e-5)
    assert [score for _, score in near] == sorted((score for _, score in near), reverse=True)
    assert len(near) == len(similar) == 8
    assert index.passage(near[0][0]).text.startswith("Keep the fog log")


@pytest.mark.parametrize("limit", [1, 3, 8, 100])
def test_a_mask_leaves_only_its_rows(index: Index, limit: int) -> None:
    vector = index.embedder.embed(["fog log"])[0]
    mask = index.mask(lambda document: document.organisations == ("Board of Lights",))

    found = index.nearest(vector, limit, among=mask)

    everything = [pair for pair in index.nearest(vector, 100) if mask[pair[0]]]
    assert [row for row, _ in found] == [row for row, _ in everything][:limit]
    assert index.nearest(vector, limit, among=np.zeros(8, dtype=bool)) == []


def test_many_threads_may_read(index: Index) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda row: index.passage(row % 8).text, range(64)))

    assert found == [index.passage(row % 8).text for row in range(64)]


def test_an_open_index_sees_what_was_committed_since(settings: Settings, tmp_path: Path) -> None:
    folder = write_files(tmp_path / "guidance", SMALL_GUIDANCE)
    ingest([folder], settings)
    with Index(settings) as index:
        before = index.digest
        write_files(folder, {"new.md": "# Bells\n\nRing the bell twice at dawn.\n"})
        ingest([folder], settings)
        assert (index.digest, len(index)) == (before, 8)

        index.refresh()

        assert index.digest != before
        near = index.nearest(index.embedder.embed(["ring the bell"])[0], 1)
        assert index.passage(near[0][0]).text == "Ring the bell twice at dawn."


def test_a_lock_is_shared_by_the_threads_of_a_process_and_let_go_by_any(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    lock = IndexLock(folder)
    with ThreadPoolExecutor(1) as other:
        other.submit(lambda: IndexLock(folder).close()).result()
        other.submit(lock.close).result()

    with index_held(Settings(data_dir=tmp_path)):  # another process can take it now
        pass


def test_ingest_and_answer_on_a_chroma_server(settings: Settings, small_guidance: Path, chroma_server: str) -> None:
    at_server = Settings.model_validate(
        {**settings.model_dump(), "chroma": {"url": chroma_server, "collection": "round-trip"}}
    )

    report = ingest([small_guidance], at_server)

    assert (report.added, report.embedded) == (3, 8)
    with index_held(at_server), Assistant.open(at_server) as bernard:  # readers need no lock
        answer = bernard.ask("How many days of paid leave do lighthouse keepers have?")
        assert answer.status == "answered"
        assert answer.claims[0].text == "Lighthouse keepers have 31 days of paid leave in each leave year."
    assert ingest([small_guidance], at_server).embedded == 0
    assert not (settings.index_dir / "chroma").exists()
