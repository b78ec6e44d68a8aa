"""Vectors in Chroma, embedded and on a server: written once, found by exact cosine similarity."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

from assistant.errors import IndexUnusable, SettingsError
from assistant.index import Vectors
from assistant.index.vectors import VectorStore
from assistant.settings import ChromaSettings
from tests.conftest import free_port

NAMES = [f"{number:032x}" for number in range(300)]
DIMENSION = 24


class NamedEmbedder:
    """An embedder of a name: the store asks it for nothing else."""

    dimension = DIMENSION

    def __init__(self, name: str = "model@1") -> None:
        self.name = name

    def embed(self, texts: object, *, progress: object = None) -> Vectors:
        raise NotImplementedError


def unit(count: int) -> Vectors:
    made = np.random.default_rng(7).normal(size=(count, DIMENSION)).astype(np.float32)
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)


VECTORS = unit(len(NAMES))

Open = Callable[..., VectorStore]


@pytest.fixture(params=["embedded", "server"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens the same new store again and again: in a folder, or on a real Chroma server."""
    url = request.getfixturevalue("chroma_server") if request.param == "server" else ""
    settings = ChromaSettings(url=url, collection=f"test-{uuid4().hex}")

    with ExitStack() as stores:

        def opened(model: str = "model@1") -> VectorStore:
            store = VectorStore(settings, folder=tmp_path / "chroma", embedder=NamedEmbedder(model))
            return stores.enter_context(closing(store))

        yield opened
    assert url or (tmp_path / "chroma").is_dir()
    assert not (url and (tmp_path / "chroma").exists())


@pytest.fixture
def store(open_store: Open) -> VectorStore:
    store = open_store()
    store.add(NAMES, VECTORS)
    return store


def test_similarity_is_the_cosine(store: VectorStore) -> None:
    question = unit(len(NAMES) + 1)[-1]
    expected = VECTORS @ question
    order = np.argsort(-expected)[:10]

    near = store.nearest(question, 10)
    exact = store.similarities(question, [*NAMES[:50], "unknown"])

    assert [name for name, _ in near] == [NAMES[number] for number in order]
    assert [score for _, score in near] == pytest.approx(expected[order].tolist(), abs=1e-5)
    assert set(exact) == set(NAMES[:50])
    assert [exact[name] for name in NAMES[:50]] == pytest.approx(expected[:50].tolist(), abs=1e-5)


def test_as_many_as_there_are_can_be_asked_for(store: VectorStore) -> None:
    found = store.nearest(VECTORS[3], 10_000)

    assert sorted(name for name, _ in found) == NAMES
    assert found[0][0] == NAMES[3]
    assert found[0][1] == pytest.approx(1, abs=1e-5)


def test_an_empty_store_finds_nothing(open_store: Open) -> None:
    store = open_store()

    assert store.nearest(VECTORS[0], 5) == []
    assert store.similarities(VECTORS[0], []) == store.similarities(VECTORS[0], NAMES[:2]) == {}
    assert store.names() == set()
    assert store.missing(NAMES[:3]) == NAMES[:3]


def test_missing_names_come_in_order(store: VectorStore) -> None:
    assert store.missing(["b", NAMES[5], "a", NAMES[0]]) == ["b", "a"]


def test_removed_vectors_are_gone_and_the_rest_stays(store: VectorStore) -> None:
    store.remove(NAMES[:100])
    store.remove([])

    assert store.names() == set(NAMES[100:])
    assert store.count() == 200
    assert not {name for name, _ in store.nearest(VECTORS[0], 200)} & set(NAMES[:100])


def test_vectors_are_there_when_the_store_is_opened_again(store: VectorStore, open_store: Open) -> None:
    assert open_store().names() == store.names() == set(NAMES)


def test_another_model_has_vectors_of_its_own(store: VectorStore, open_store: Open) -> None:
    assert open_store("model@2").names() == set()


@pytest.mark.parametrize("model", ["/home/rené/modèle@ab", "organisation/model-v1.5@ab", "C:\\models\\one@ab"])
def test_any_model_name_will_do(open_store: Open, model: str) -> None:
    assert open_store(model).count() == 0


def test_more_than_chroma_takes_at_once(open_store: Open) -> None:
    store, names = open_store(), [f"{number:032x}" for number in range(5600)]
    vectors = unit(5600)

    store.add(names, vectors)

    assert store.count() == 5600
    assert store.missing([*names, "x"]) == ["x"]
    assert store.names() == set(names)
    assert len(store.similarities(vectors[0], names)) == 5600
    store.remove(names[10:])
    assert store.names() == set(names[:10])


def test_a_server_that_is_down_is_named_with_what_to_do(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"

    with pytest.raises(IndexUnusable, match=rf"{url} could not be opened.*chroma run.*BERNARD_CHROMA__URL"):
        VectorStore(ChromaSettings(url=url), folder=tmp_path, embedder=NamedEmbedder())


def test_a_collection_that_goes_away_is_told_in_plain_words(store: VectorStore) -> None:
    store.drop()

    for use in (
        store.count,
        store.names,
        lambda: store.missing(["a"]),
        lambda: store.remove(["a"]),
        lambda: store.add(["a"], VECTORS[:1]),
        lambda: store.similarities(VECTORS[0], ["a"]),
    ):
        with pytest.raises(IndexUnusable, match=r"could not be used"):
            use()


@pytest.mark.parametrize("url", ["chroma:8000", "ftp://chroma", "http://"])
def test_an_address_that_is_none_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"BERNARD_CHROMA__URL"):
        VectorStore(ChromaSettings(url=url), folder=tmp_path, embedder=NamedEmbedder())
