"""`verify` finds and names whatever disagrees between manifest, vectors and terms, in a folder and on a server."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

from assistant.answer import Assistant
from assistant.index import ingest, rebuild, verify
from assistant.index.embeddings import make_embedder
from assistant.index.manifest import Manifest
from assistant.index.states import States
from assistant.index.terms import TermIndex
from assistant.index.vectors import VectorStore
from assistant.settings import Settings


@pytest.fixture(scope="module")
def sound(small_guidance: Path, model_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    from tests.conftest import settings_in

    settings = settings_in(tmp_path_factory.mktemp("sound") / "data", model_cache)
    ingest([small_guidance], settings)
    return settings


@pytest.fixture
def held(sound: Settings, settings: Settings) -> Settings:
    """A copy of a sound index, to be damaged."""
    shutil.copytree(sound.index_dir, settings.index_dir)
    return settings


@pytest.fixture
def on_server(settings: Settings, small_guidance: Path, chroma_server: str) -> Settings:
    chroma = {"url": chroma_server, "collection": f"t-{uuid4().hex}"}
    made = Settings.model_validate({**settings.model_dump(), "chroma": chroma})
    ingest([small_guidance], made)
    return made


def manifest_of(settings: Settings) -> Manifest:
    return Manifest(settings.index_dir / "manifest.sqlite3")


def state_of(settings: Settings) -> str:
    with closing(manifest_of(settings)) as manifest:
        return manifest.state()


def texts_of(settings: Settings) -> list[str]:
    with closing(manifest_of(settings)) as manifest:
        return [text for _, text in manifest.embedded_texts()]


def execute(settings: Settings, statement: str) -> None:
    with closing(sqlite3.connect(settings.index_dir / "manifest.sqlite3")) as database, database:
        database.execute("PRAGMA foreign_keys=ON")
        assert database.execute(statement).rowcount > 0


@contextmanager
def vectors_of(settings: Settings) -> Iterator[VectorStore]:
    with closing(manifest_of(settings)) as manifest:
        identity, state = manifest.meta("id"), manifest.state()
    embedder = make_embedder(settings.embedding, cache_dir=settings.data_dir / "models")
    folder = States(settings.index_dir).vectors(state)
    with closing(VectorStore(settings.chroma, folder=folder, embedder=embedder, index_id=identity)) as store:
        yield store


def delete_vector(settings: Settings) -> None:
    with vectors_of(settings) as store:
        store.remove(sorted(store.names())[3:4])


def alter_vector(settings: Settings) -> None:
    with vectors_of(settings) as store:
        names = sorted(store.names())
        other = store.vectors(names[:1])[names[0]]
        store.replace(names[-1:], other[None, :])


def stray_vector(settings: Settings) -> None:
    with vectors_of(settings) as store:
        store.add(["f" * 32], np.full((1, 384), 384**-0.5, dtype=np.float32))


def other_terms(settings: Settings, texts: list[str]) -> None:
    folder = States(settings.index_dir).terms(state_of(settings))
    shutil.rmtree(folder)
    TermIndex.build(texts, folder)


def drop_term_row(settings: Settings) -> None:
    other_terms(settings, texts_of(settings)[:-1])


def reorder_terms(settings: Settings) -> None:
    texts = texts_of(settings)
    other_terms(settings, [texts[1], texts[0], *texts[2:]])


def alter_one_text_of_the_terms(settings: Settings) -> None:
    """Also the file that says of which texts they are is as it was."""
    folder = States(settings.index_dir).terms(state_of(settings))
    fingerprint = (folder / "texts").read_text()
    texts = texts_of(settings)
    other_terms(settings, [*texts[:4], texts[4].replace("e", "a"), *texts[5:]])
    (folder / "texts").write_text(fingerprint)


def alter_a_score(settings: Settings) -> None:
    path = States(settings.index_dir).terms(state_of(settings)) / "data.csc.index.npy"
    scores = np.load(path)
    scores[0] += 1
    np.save(path, scores)


def lose_a_file_of_the_terms(settings: Settings) -> None:
    (States(settings.index_dir).terms(state_of(settings)) / "indices.csc.index.npy").unlink()


def alter_start(settings: Settings) -> None:
    execute(settings, "UPDATE passages SET start = start + 3 WHERE id = 2")


def alter_spans(settings: Settings) -> None:
    with closing(sqlite3.connect(settings.index_dir / "manifest.sqlite3")) as database, database:
        spans = json.loads(database.execute("SELECT spans FROM passages WHERE id = 2").fetchone()[0])
        spans[0][1] -= 4
        database.execute("UPDATE passages SET spans = ? WHERE id = 2", (json.dumps(spans),))


def break_spans(settings: Settings) -> None:
    execute(settings, "UPDATE passages SET spans = '[[' WHERE id = 2")


def alter_anchor(settings: Settings) -> None:
    execute(settings, "UPDATE passages SET anchor = '#elsewhere' WHERE id = 2")


def drop_passage(settings: Settings) -> None:
    execute(settings, "DELETE FROM passages WHERE id = 2")


def swap_vectors_of_passages(settings: Settings) -> None:
    execute(
        settings,
        "UPDATE passages SET vector = (SELECT vector FROM passages AS other WHERE other.id = 3 - passages.id) "
        "WHERE id IN (1, 2)",
    )


def alter_text(settings: Settings) -> None:
    execute(settings, "UPDATE documents SET text = replace(text, '7 years', '9 years') WHERE text LIKE '%7 years%'")


def alter_title(settings: Settings) -> None:
    execute(settings, "UPDATE documents SET fields = replace(fields, 'Fog signals', 'Fog horns') WHERE id = 1")


def drop_file(settings: Settings) -> None:
    execute(settings, "DELETE FROM files WHERE location LIKE '%fog-signals.md'")


def drop_document(settings: Settings) -> None:
    execute(settings, "DELETE FROM documents WHERE location LIKE '%fog-signals.md'")


def orphan_passages(settings: Settings) -> None:
    with closing(sqlite3.connect(settings.index_dir / "manifest.sqlite3")) as database, database:
        database.execute("DELETE FROM documents WHERE location LIKE '%fog-signals.md'")


def remove_state(settings: Settings) -> None:
    shutil.rmtree(settings.index_dir / "states" / state_of(settings))


def remove_chroma(settings: Settings) -> None:
    shutil.rmtree(States(settings.index_dir).vectors(state_of(settings)))


def remove_terms(settings: Settings) -> None:
    shutil.rmtree(States(settings.index_dir).terms(state_of(settings)))


def unfinish(settings: Settings) -> None:
    execute(settings, "UPDATE meta SET value = '' WHERE key = 'state'")


def other_model(settings: Settings) -> None:
    execute(settings, "UPDATE meta SET value = 'other@1' WHERE key = 'embedder'")


DAMAGE: list[tuple[Callable[[Settings], None], str]] = [
    (delete_vector, "Chroma lacks the vector "),
    (alter_vector, " is not of its text "),
    (stray_vector, "Chroma holds 1 vectors that no passage needs: ffffffffffff."),
    (drop_term_row, "The terms are of 7 passages, and the manifest names 8."),
    (reorder_terms, "fog-signals.md: passage 1 has other terms than its text."),
    (alter_one_text_of_the_terms, "passage 1 has other terms than its text."),
    (alter_a_score, "has other terms than its text."),
    (lose_a_file_of_the_terms, "The terms cannot be loaded"),
    (alter_start, "fog-signals.md: passage 1 is not cut as the document is (start)."),
    (alter_spans, "fog-signals.md: passage 1 is not cut as the document is (spans)."),
    (break_spans, "fog-signals.md: its passages cannot be read."),
    (alter_anchor, "fog-signals.md: passage 1 is not cut as the document is (anchor)."),
    (drop_passage, "fog-signals.md: 2 passages are kept, and the document has 3."),
    (swap_vectors_of_passages, "fog-signals.md: passage 0 names the vector of another text."),
    (alter_text, "fog-signals.md: what is kept of this document is not what was read."),
    (alter_title, "fog-signals.md: what is kept of this document is not what was read."),
    (drop_file, "fog-signals.md: the manifest notes no file for this document."),
    (drop_document, "fog-signals.md: the manifest says that it was indexed, and holds no document."),
    (orphan_passages, "The manifest is damaged: 3 passages belong to no document."),
    (remove_state, " is missing."),
    (remove_chroma, "The vectors cannot be opened"),
    (remove_terms, "The terms cannot be loaded"),
    (unfinish, "The index was never finished."),
    (other_model, "built with the embedding model other@1, and the settings name all-MiniLM"),
]
ON_A_SERVER = [delete_vector, alter_vector, drop_term_row, reorder_terms, alter_spans, alter_text, remove_state]


def files_of(settings: Settings) -> set[Path]:
    return {path for path in settings.index_dir.rglob("*") if "sqlite3-" not in path.name}


def test_a_sound_index_agrees_with_itself(held: Settings) -> None:
    before = files_of(held)
    seen: list[str] = []

    assert list(verify(held, progress=lambda what, *_: seen.append(what))) == []

    assert list(dict.fromkeys(seen)) == ["Comparing documents", "Comparing terms", "Comparing vectors"]
    assert files_of(held) == before


@pytest.mark.parametrize(("damage", "told"), DAMAGE, ids=[damage.__name__ for damage, _ in DAMAGE])
def test_each_disagreement_is_found_and_named(damage: Callable[[Settings], None], told: str, held: Settings) -> None:
    damage(held)
    before = files_of(held)

    found = list(verify(held))

    assert any(told in sentence for sentence in found), found
    assert files_of(held) == before  # not even what is missing is made


@pytest.mark.parametrize("damage", ON_A_SERVER)
def test_each_disagreement_is_found_on_a_server_too(damage: Callable[[Settings], None], on_server: Settings) -> None:
    assert list(verify(on_server)) == []
    damage(on_server)

    found = list(verify(on_server))

    assert any(dict(DAMAGE)[damage] in sentence for sentence in found), found


def test_a_server_that_lost_the_collection_is_told_and_left_alone(on_server: Settings) -> None:
    with vectors_of(on_server) as store:
        store.drop()

    for _ in range(2):
        (only,) = verify(on_server)
        assert only.startswith("The vectors cannot be opened: The Chroma server at http")


@pytest.mark.parametrize("where", ["held", "on_server"])
@pytest.mark.parametrize("damage", [delete_vector, alter_vector, reorder_terms, alter_spans])
def test_a_rebuild_mends_what_verify_found(
    where: str, damage: Callable[[Settings], None], request: pytest.FixtureRequest
) -> None:
    settings: Settings = request.getfixturevalue(where)
    damage(settings)
    assert list(verify(settings))

    rebuild(settings)

    assert list(verify(settings)) == []
    with Assistant.open(settings) as bernard:
        assert bernard.ask("How long is the fog log kept?").text.startswith("Keep the fog log for 7 years.")


def test_an_altered_vector_among_many_is_found_unless_it_is_to_be_quick(held: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "guidance"
    folder.mkdir()
    for number in range(40):
        (folder / f"{number}.md").write_text(
            f"# Boat {number}\n\nBoat {number} has sails.\n\n## Crew\n\nBoat {number} has a crew of {number + 2}.\n"
        )
    ingest([folder], held)
    with vectors_of(held) as store:
        names = sorted(store.names())
        store.replace([names[3]], store.vectors(names[:1])[names[0]][None, :])

    (found,) = verify(held)
    assert found.startswith(f"The vector {names[3][:12]} is not of its text 'Boat ") or "is not of its text" in found
    assert list(verify(held, quick=True)) == []
