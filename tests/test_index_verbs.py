"""The verbs of `bernard index`, run as a user runs them, on a small index."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.index import ingest
from assistant.index.embeddings import make_embedder
from assistant.index.states import States
from assistant.index.vectors import VectorStore
from assistant.settings import Settings


@pytest.fixture
def held(settings: Settings, small_guidance: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A small index, and the settings that name it in the environment."""
    ingest([small_guidance], settings)
    monkeypatch.setenv("BERNARD_DATA_DIR", str(settings.data_dir))
    return settings


@pytest.mark.usefixtures("held")
def test_list_names_each_document_and_filters(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["index", "list"]) == 0
    shown = capsys.readouterr().out
    assert "Leave for lighthouse keepers (guidance, updated 2026-03-02" in shown
    assert shown.endswith("3 documents.\n")

    assert main(["index", "list", "--organisation", "Fog Office", "--json"]) == 0
    (only,) = json.loads(capsys.readouterr().out)
    assert only["title"] == "Fog signals: charges and records"
    assert only["passages"] > 0


@pytest.mark.usefixtures("held")
def test_show_gives_a_document_with_its_passages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["index", "show", "fog-signals.md"]) == 0
    shown = capsys.readouterr().out
    assert "Records" in shown
    assert "Keep the fog log for 7 years." in shown

    assert main(["index", "show", "nowhere.md"]) == 2
    assert "bernard index list" in capsys.readouterr().err


def test_remove_takes_documents_out(held: Settings, small_guidance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["index", "remove", str(small_guidance / "old")]) == 0
    assert "Removed 1 documents" in capsys.readouterr().out
    assert main(["index", "remove", str(small_guidance / "old")]) == 2
    assert main(["index", "verify"]) == 0
    assert main(["index", "list"]) == 0
    assert "lamp oil" not in capsys.readouterr().out
    assert ingest([small_guidance], held).added == 1


def test_rebuild_ends_in_the_same_state(held: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    states = held.index_dir / "states"
    before = set(states.iterdir())

    assert main(["index", "rebuild"]) == 0
    assert "Built anew: 3 documents" in capsys.readouterr().out
    assert set(states.iterdir()) - before
    assert main(["index", "verify"]) == 0


def test_verify_names_what_disagrees(held: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["index", "verify"]) == 0
    assert "agree" in capsys.readouterr().out

    with sqlite3.connect(held.index_dir / "manifest.sqlite3") as manifest:
        state = manifest.execute("SELECT value FROM meta WHERE key='state'").fetchone()[0]
        manifest.execute("UPDATE documents SET text = replace(text, '7 years', '9 years')")
    embedder = make_embedder(held.embedding, cache_dir=held.data_dir / "models")
    store = VectorStore(held.chroma, folder=States(held.index_dir).vectors(state), embedder=embedder)
    store.remove(sorted(store.names())[:1])
    store.close()

    assert main(["index", "verify"]) == 1
    shown = capsys.readouterr().out
    assert "fog-signals.md: what is kept of this document is not what was read." in shown
    assert "Chroma lacks the vector" in shown
    assert "The terms are of other texts" in shown

    assert main(["index", "rebuild"]) == 2  # it would take in what was tampered with
    assert "bernard ingest --rebuild" in capsys.readouterr().err
