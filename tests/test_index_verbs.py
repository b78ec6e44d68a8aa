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
from tests.conftest import settings_in, write_files


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
    assert "Removed 1 document;" in capsys.readouterr().out
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


def test_export_and_import_as_a_user_runs_them(
    held: Settings,
    small_guidance: Path,
    model_cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "index.zip"
    assert main(["index", "export", str(file)]) == 0
    assert f"Exported 3 documents in 8 passages to {file}" in capsys.readouterr().out

    there = settings_in(tmp_path / "there", model_cache)
    monkeypatch.setenv("BERNARD_DATA_DIR", str(there.data_dir))
    assert main(["index", "import", str(file), "--moved", f"{small_guidance}=/srv/rules"]) == 0
    shown = capsys.readouterr().out
    assert "Imported 3 documents in 8 passages." in shown
    assert "3 files have their place on this machine now." in shown
    assert main(["index", "list", "--folder", "/srv/rules/old", "--json"]) == 0
    (only,) = json.loads(capsys.readouterr().out)
    assert only["location"] == "/srv/rules/old/lamp-oil.md"
    assert main(["index", "verify", "--quick"]) == 0
    assert "some vectors were compared" in capsys.readouterr().out

    assert ingest([write_files(tmp_path / "other", {"a.md": "# Tides\n\nHigh water is at noon.\n"})], there).added == 1
    assert main(["index", "import", str(file)]) == 2
    assert "holds other guidance (4 documents)" in capsys.readouterr().err
    assert main(["index", "import", str(file), "--replace", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["documents"] == 3
    assert main(["index", "import", str(small_guidance / "fog-signals.md")]) == 2
    assert "no exported index" in capsys.readouterr().err


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize("moved", ["rules=/srv/rules", "/srv/rules", "/srv/rules="])
def test_what_has_moved_is_given_as_two_folders(moved: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["index", "import", "index.zip", "--moved", moved])
    assert stop.value.code == 2
    assert "is not OLD=NEW" in capsys.readouterr().err


@pytest.mark.usefixtures("held")
def test_a_list_of_nothing_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["index", "list", "--organisation", "Board of Light"]) == 0
    shown = capsys.readouterr().out
    assert "None of the 3 documents in the index is as asked for." in shown
    assert "Organisations: Board of Lights (2), Fog Office (1)." in shown
    assert "Last updated: from 1 June 2015 to 2 March 2026." in shown


@pytest.mark.usefixtures("held")
def test_list_filters_by_type_day_and_folder(
    small_guidance: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(small_guidance)
    for filters, titles in (
        (["--type", "Guidance"], {"Leave for lighthouse keepers", "Buying lamp oil"}),
        (["--updated-since", "2026-01-01"], {"Leave for lighthouse keepers"}),
        (["--folder", "old"], {"Buying lamp oil"}),
        (["--folder", "./old/"], {"Buying lamp oil"}),
        (["--folder", "*/old/*"], {"Buying lamp oil"}),
        (["--folder", "."], {"Leave for lighthouse keepers", "Buying lamp oil", "Fog signals: charges and records"}),
        (["--type", "guidance", "--organisation", "Fog Office"], set()),
    ):
        assert main(["index", "list", *filters, "--json"]) == 0
        assert {document["title"] for document in json.loads(capsys.readouterr().out)} == titles, filters


@pytest.mark.usefixtures("held")
def test_show_takes_any_name_that_is_clear(
    small_guidance: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(small_guidance / "old")
    for name in (
        str(small_guidance / "fog-signals.md"),
        "../fog-signals.md",
        "fog-signals.md",
        "fog signals: charges and records",
        "https://www.gov.uk/guidance/fog-signals",
        "https://www.gov.uk/guidance/fog-signals/#records",
        "http://gov.uk/guidance/fog-signals",
    ):
        assert main(["index", "show", name]) == 0, name
        assert capsys.readouterr().out.startswith("Fog signals: charges and records"), name


def test_show_names_those_that_may_be_meant(
    held: Settings, small_guidance: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = write_files(tmp_path / "other", {"fog-signals.md": "# Bells\n\nRing twice.\n", "empty.md": " \n"})
    ingest([other], held)

    assert main(["index", "show", "fog-signals.md"]) == 2
    told = capsys.readouterr().err
    assert "2 documents go by 'fog-signals.md'. Give one of these:" in told
    assert f"\n  {other / 'fog-signals.md'} (Bells)" in told
    assert f"\n  {small_guidance / 'fog-signals.md'} (Fog signals: charges and records)" in told

    assert main(["index", "show", "lamp"]) == 2
    assert f"Perhaps you mean:\n  {small_guidance / 'old/lamp-oil.md'} (Buying lamp oil)" in capsys.readouterr().err
    assert main(["index", "show", "lighthouse-leaves.md"]) == 2
    assert "lighthouse-leave.md (Leave for lighthouse keepers)" in capsys.readouterr().err
    assert main(["index", "show", "empty.md"]) == 2
    assert f"{other / 'empty.md'} gave no document. It was skipped:" in capsys.readouterr().err


@pytest.mark.usefixtures("held")
def test_remove_takes_a_path_as_seen_from_here(
    small_guidance: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(small_guidance)
    assert main(["index", "remove", "old/", "./old/lamp-oil.md"]) == 2  # the second is gone with the first
    assert main(["index", "remove", "old/", "fog-signals.md"]) == 0
    assert "Removed 2 documents" in capsys.readouterr().out
