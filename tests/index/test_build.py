"""Ingest: the index holds exactly what the paths hold now, embeds nothing twice, and survives interruption."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from assistant.answer import Assistant
from assistant.documents import workers
from assistant.errors import IndexBusy, IndexMismatch, IndexMissing, IndexUnusable, InputError
from assistant.index import Index, IngestReport, ingest, remove, verify
from assistant.index import next_state as module
from assistant.index.lock import IndexLock
from assistant.index.manifest import Manifest
from assistant.index.vectors import VectorStore
from assistant.search import Searcher
from assistant.settings import PassageSettings, Settings
from tests.conftest import SMALL_GUIDANCE, index_held, settings_in, write_files

Write = Callable[..., Path]


def note(title: str, body: str, **facts: str) -> str:
    lines = "".join(f'{key}: "{value}"\n' for key, value in facts.items())
    return f'---\ntitle: "{title}"\n{lines}---\n\n{body}\n'


def change(settings: Settings, **changes: object) -> Settings:
    return Settings.model_validate({**settings.model_dump(), **changes})


def counts(report: IngestReport) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.unchanged, report.removed


def titles(settings: Settings) -> list[str]:
    with Index(settings) as index:
        return sorted(document.title for document in index.documents)


def digest(settings: Settings) -> str:
    with Index(settings) as index:
        return index.digest


def first(settings: Settings, question: str) -> str:
    with Index(settings) as index:
        return Searcher(index, settings.search).search(question, limit=1).passages[0].text


def vectors(settings: Settings) -> set[str]:
    with Index(settings) as index:
        return index._state.store.names()


def test_the_first_ingest_adds_everything(settings: Settings, small_guidance: Path) -> None:
    report = ingest([small_guidance], settings)

    assert counts(report) == (3, 0, 0, 0)
    assert report.passages == report.embedded == 8
    assert report.seconds > 0
    assert first(settings, "How long is the fog log kept?").startswith("Keep the fog log for 7 years.")


def test_an_unchanged_run_does_nothing(settings: Settings, small_guidance: Path) -> None:
    ingest([small_guidance], settings)
    before = digest(settings)

    again = ingest([small_guidance], settings)

    assert (counts(again), again.embedded, again.passages) == ((0, 0, 3, 0), 0, 8)
    assert not again.changes
    assert digest(settings) == before


def test_only_what_changed_is_embedded_again(settings: Settings, write_guidance: Write) -> None:
    folder = write_guidance(SMALL_GUIDANCE)
    ingest([folder], settings)
    changed = SMALL_GUIDANCE["fog-signals.md"].replace("for 7 years", "for 9 years")
    write_guidance({"fog-signals.md": changed})

    report = ingest([folder], settings)

    assert (counts(report), report.embedded) == ((0, 1, 2, 0), 1)
    assert first(settings, "How long is the fog log kept?").startswith("Keep the fog log for 9 years.")
    assert len(vectors(settings)) == 8  # the old one is gone


def test_removed_files_leave_the_index_with_their_vectors(settings: Settings, write_guidance: Write) -> None:
    folder = write_guidance(SMALL_GUIDANCE)
    ingest([folder], settings)
    (folder / "fog-signals.md").unlink()

    report = ingest([folder], settings)

    assert (counts(report), report.embedded) == ((0, 0, 2, 1), 0)
    assert titles(settings) == ["Buying lamp oil", "Leave for lighthouse keepers"]
    assert len(vectors(settings)) == report.passages == 5


def test_a_renamed_file_is_not_embedded_again(settings: Settings, write_guidance: Write) -> None:
    folder = write_guidance(SMALL_GUIDANCE)
    ingest([folder], settings)
    before = digest(settings)
    (folder / "fog-signals.md").rename(folder / "signals-in-fog.md")

    report = ingest([folder], settings)

    assert (counts(report), report.embedded) == ((1, 0, 2, 1), 0)
    assert digest(settings) == before


def test_the_same_text_at_two_addresses_embeds_once_and_is_listed_twice(settings: Settings, write_guidance: Write) -> None:
    folder = write_guidance(
        {
            "a.md": note("Tides", "High water is at noon.", url="https://www.gov.uk/a"),
            "b.md": note("Tides", "High water is at noon.", url="https://www.gov.uk/b"),
        }
    )

    report = ingest([folder], settings)

    assert (report.added, report.passages, report.embedded) == (2, 2, 1)
    with Index(settings) as index:
        assert sorted(document.url for document in index.documents) == ["https://www.gov.uk/a", "https://www.gov.uk/b"]
    (folder / "a.md").unlink()
    assert ingest([folder], settings).embedded == 0
    assert first(settings, "When is high water?") == "High water is at noon."


def test_changed_metadata_shows_without_embedding(settings: Settings, write_guidance: Write) -> None:
    folder = write_guidance({"a.md": note("Tides", "High water is at noon.", organisation="Board of Lights")})
    ingest([folder], settings)
    write_guidance({"a.md": note("Tides", "High water is at noon.", organisation="Tide Office", updated="2026-01-02")})

    report = ingest([folder], settings)

    assert (counts(report), report.embedded) == ((0, 1, 0, 0), 0)
    with Index(settings) as index:
        found = Searcher(index, settings.search).search("high water").passages[0]
    assert (found.organisation, str(found.updated)) == ("Tide Office", "2026-01-02")


def test_a_changed_title_is_embedded_since_it_is_part_of_every_passage(settings: Settings, write_guidance: Write) -> None:
    folder = write_guidance({"a.md": note("Tides", "High water is at noon.")})
    ingest([folder], settings)
    write_guidance({"a.md": note("Moon", "High water is at noon.")})

    assert ingest([folder], settings).embedded == 1


def test_other_paths_stay_as_they_were(settings: Settings, write_guidance: Write) -> None:
    one = write_guidance({"a.md": note("Tides", "High water is at noon.")}, folder="one")
    two = write_guidance({"b.md": note("Moons", "The moon is full.")}, folder="two")
    also = write_guidance({"c.md": note("Stars", "Stars are far.")}, folder="one-more")  # a name that starts like "one"
    ingest([one, two, also], settings)
    (one / "a.md").unlink()
    (two / "b.md").unlink()

    report = ingest([one], settings)

    assert counts(report) == (0, 0, 0, 1)
    assert titles(settings) == ["Moons", "Stars"]


def test_one_file_may_be_named(settings: Settings, write_guidance: Write) -> None:
    folder = write_guidance({"a.md": note("Tides", "High water is at noon."), "b.md": note("Moons", "The moon is full.")})

    assert ingest([folder / "a.md"], settings).added == 1
    assert counts(ingest([folder / "a.md", folder / "a.md"], settings)) == (0, 0, 1, 0)


def test_a_folder_that_became_empty_leaves_an_index_that_answers_nothing(settings: Settings, write_guidance: Write) -> None:
    folder = write_guidance({"a.md": note("Tides", "High water is at noon.")})
    ingest([folder], settings)
    (folder / "a.md").unlink()

    report = ingest([folder], settings)

    assert (counts(report), report.passages) == ((0, 0, 0, 1), 0)
    with Assistant.open(settings) as bernard:
        answer = bernard.ask("When is high water?")
        assert (answer.status, answer.reason, answer.index_digest) == ("not in the guidance", "nothing found", "")


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_a_path_that_holds_nothing_is_refused(settings: Settings, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(InputError, match=name):
        ingest([tmp_path / name], settings)
    assert not (settings.index_dir / "manifest.sqlite3").exists()


def test_a_file_that_cannot_be_read_is_listed_and_the_rest_is_indexed(settings: Settings, write_guidance: Write) -> None:
    folder = write_guidance(SMALL_GUIDANCE | {"broken.json": "{", "picture.png": "PNG", "empty.md": " \n"})

    for _ in range(2):  # the second run knows the files and says the same
        report = ingest([folder], settings)
        assert [(Path(file.location).name, bool(file.reason)) for file in report.failed] == [("broken.json", True)]
        assert sorted(Path(file.location).name for file in report.skipped) == ["empty.md", "picture.png"]
        assert report.passages == 8
    assert report.as_json() | {"seconds": 0} == {
        "added": 0, "changed": 0, "unchanged": 3, "removed": 0, "skipped": 2, "failed": 1, "passages": 8, "embedded": 0,
        "left_out": {},
        "seconds": 0,
        "skipped_files": [{"file": file.location, "reason": file.reason} for file in report.skipped],
        "failed_files": [{"file": file.location, "reason": file.reason} for file in report.failed],
    }  # fmt: skip
    json.dumps(report.as_json())


def test_a_document_whose_file_breaks_leaves_the_index(settings: Settings, write_guidance: Write) -> None:
    folder = write_guidance(SMALL_GUIDANCE)
    ingest([folder], settings)
    (folder / "fog-signals.md").unlink()
    (folder / "fog-signals.md").symlink_to(folder / "nothing")

    report = ingest([folder], settings)

    assert (counts(report), len(report.failed)) == ((0, 0, 2, 1), 1)


def test_a_file_name_that_is_not_utf_8_costs_that_file_alone(settings: Settings, write_guidance: Write) -> None:
    folder = write_guidance({"a.md": note("Tides", "High water is at noon.")})
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.md")).write_text("Words to read.")

    for _ in range(2):
        report = ingest([folder], settings)
        assert [(Path(file.location).name, file.reason) for file in report.failed] == [
            ("caf\ufffd.md", "has a name that is not UTF-8; rename it")
        ]
    json.dumps(report.as_json(), ensure_ascii=False).encode()
    assert titles(settings) == ["Tides"]


class Interrupted(Exception):
    """What stops an ingest in these tests."""


def test_an_interrupted_run_leaves_the_old_state_and_the_next_one_goes_on(
    settings: Settings, write_guidance: Write, tmp_path: Path, model_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_guidance({"a.md": note("Tides", "High water is at noon.")})
    ingest([folder], settings)
    before = digest(settings)
    write_guidance({f"{number}.md": note(f"Boat {number}", f"Boat {number} has sails.") for number in range(10)})
    write_guidance({"a.md": note("Tides", "High water is at midnight.")})
    add = VectorStore.add

    def add_then_stop(store: VectorStore, names: Sequence[str], made: object) -> None:
        add(store, names, made)  # type: ignore[arg-type]
        raise Interrupted

    with monkeypatch.context() as patch:
        patch.setattr(module, "_EMBED_AT_ONCE", 4)
        patch.setattr(VectorStore, "add", add_then_stop)
        with pytest.raises(Interrupted):
            ingest([folder], settings)

    assert digest(settings) == before
    assert first(settings, "When is high water?") == "High water is at noon."
    report = ingest([folder], settings)
    assert (counts(report), report.embedded) == ((10, 1, 0, 0), 11 - 4)
    undisturbed = settings_in(tmp_path / "undisturbed", model_cache)
    ingest([folder], undisturbed)
    assert digest(settings) == digest(undisturbed)
    assert vectors(settings) == vectors(undisturbed)


def test_an_interruption_when_the_new_state_is_committed_loses_neither(
    settings: Settings, write_guidance: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_guidance({"a.md": note("Tides", "High water is at noon.")})
    ingest([folder], settings)
    write_guidance({"a.md": note("Tides", "High water is at midnight.")})
    commit = Manifest.commit

    def commit_then_stop(manifest: Manifest) -> None:  # Ctrl-C is seen once SQLite returns
        commit(manifest)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Manifest, "commit", commit_then_stop)
        with pytest.raises(KeyboardInterrupt):
            ingest([folder], settings)

    assert first(settings, "When is high water?") == "High water is at midnight."
    assert list(verify(settings)) == []


def test_a_file_that_took_too_long_is_read_by_the_next_run(
    settings: Settings, write_guidance: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_guidance({"a.md": note("Tides", "High water is at noon.")})

    def give_up(worker: object, found: object, data: bytes, *, seconds: float, languages: str) -> object:
        return workers._Fault.TIME

    with monkeypatch.context() as patch:
        patch.setattr(workers._Worker, "read", give_up)
        report = ingest([folder], settings)
    assert "BERNARD_READING__SECONDS" in report.failed[0].reason

    assert counts(ingest([folder], settings)) == (1, 0, 0, 0)


@pytest.mark.parametrize("location", ["", "/", " ", "."])
def test_no_name_is_no_name_of_everything(settings: Settings, small_guidance: Path, location: str) -> None:
    ingest([small_guidance], settings)

    with pytest.raises(InputError, match="names everything or nothing"):
        remove([location], settings)
    assert len(titles(settings)) == 3


def test_a_link_that_may_not_be_followed_is_listed_and_the_rest_is_indexed(
    settings: Settings, write_guidance: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_guidance({"a.md": note("Tides", "High water is at noon."), "b.md": note("Moons", "The moon is full.")})
    is_symlink = Path.is_symlink

    def refuse(path: Path) -> bool:  # the tests may run as root, whom no permission stops
        if path.name == "b.md":
            raise PermissionError(13, "Permission denied", str(path))
        return is_symlink(path)

    monkeypatch.setattr(Path, "is_symlink", refuse)
    report = ingest([folder], settings)

    assert [record.location for record in report.failed] == [str(folder / "b.md")]
    monkeypatch.undo()
    assert titles(settings) == ["Tides"]


def test_what_is_indexed_is_for_its_owner_only(tmp_path: Path, model_cache: Path, small_guidance: Path) -> None:
    settings = settings_in(tmp_path / "new", model_cache)
    fresh = settings.model_copy(update={"data_dir": tmp_path / "mine"})

    IndexLock(fresh.index_dir).close()

    assert fresh.data_dir.stat().st_mode & 0o777 == 0o700
    assert fresh.index_dir.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("stage", ["_begin_state", "_embed"])
def test_a_first_run_that_was_interrupted_says_so(
    settings: Settings, small_guidance: Path, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise Interrupted

    with monkeypatch.context() as patch:
        patch.setattr(module, stage, stop)
        with pytest.raises(Interrupted):
            ingest([small_guidance], settings)

    with pytest.raises(IndexMissing, match=r"never finished.*`bernard ingest`"):
        Index(settings)
    ingest([small_guidance], settings)
    assert len(titles(settings)) == 3


def test_the_digest_tells_neither_order_nor_place(tmp_path: Path, model_cache: Path) -> None:
    digests = set()
    for place, names in (("here", sorted(SMALL_GUIDANCE)), ("there", sorted(SMALL_GUIDANCE, reverse=True))):
        settings = settings_in(tmp_path / place / "data", model_cache)
        for name in names:
            folder = write_files(tmp_path / place / "guidance", {name: SMALL_GUIDANCE[name]})
            ingest([folder / name], settings)
        digests.add(digest(settings))

    assert len(digests) == 1


def test_the_digest_tells_the_content(settings: Settings, write_guidance: Write) -> None:
    folder = write_guidance({"a.md": note("Tides", "High water is at noon.")})
    ingest([folder], settings)
    before = digest(settings)
    write_guidance({"a.md": note("Tides", "High water is at dawn.")})
    ingest([folder], settings)

    assert digest(settings) != before


def test_rebuilding_forgets_other_paths(settings: Settings, write_guidance: Write) -> None:
    one = write_guidance({"a.md": note("Tides", "High water is at noon.")}, folder="one")
    two = write_guidance({"b.md": note("Moons", "The moon is full.")}, folder="two")
    ingest([one, two], settings)

    report = ingest([two], settings, rebuild=True)

    assert report.added == 1
    assert titles(settings) == ["Moons"]
    assert len(vectors(settings)) == 1


def test_other_splitting_rules_cut_other_paths_again_too(settings: Settings, write_guidance: Write) -> None:
    long = "\n\n".join(f"Rule {number}: " + "keep the light burning at night. " * 5 for number in range(6))
    one = write_guidance({"a.md": note("Lights", long)}, folder="one")
    two = write_guidance({"b.md": note("Lamps", long)}, folder="two")
    before = ingest([one, two], settings)
    smaller = change(settings, passages=PassageSettings(target_words=20))
    with pytest.raises(IndexMismatch, match=r"split by other rules.*bernard ingest.*BERNARD_PASSAGES__TARGET_WORDS"):
        Index(smaller)

    after = ingest([one], smaller)

    assert (before.passages, after.passages, after.embedded) == (6, 12, 12)
    assert counts(after) == (0, 0, 1, 0)
    assert len(titles(smaller)) == 2
    assert counts(ingest([one, two], smaller)) == (0, 0, 2, 0)


def test_another_model_is_refused_until_it_has_embedded(settings: Settings, small_guidance: Path) -> None:
    ingest([small_guidance], settings)
    with sqlite3.connect(settings.index_dir / "manifest.sqlite3") as manifest:
        manifest.execute("UPDATE meta SET value='other-model@1' WHERE key='embedder'")
    manifest.close()

    with pytest.raises(IndexMismatch, match=r"other-model@1.*all-MiniLM-L6-v2@.*bernard ingest.*BERNARD_EMBEDDING__MODEL"):
        Index(settings)
    ingest([small_guidance], settings)
    assert len(titles(settings)) == 3


def test_an_index_of_a_newer_version_is_left_alone(settings: Settings, small_guidance: Path) -> None:
    ingest([small_guidance], settings)
    with sqlite3.connect(settings.index_dir / "manifest.sqlite3") as manifest:
        manifest.execute("PRAGMA user_version=99")
    manifest.close()

    for use in (lambda: Index(settings), lambda: ingest([small_guidance], settings)):
        with pytest.raises(IndexMismatch, match=r"newer version of Bernard.*Upgrade"):
            use()
    assert ingest([small_guidance], settings, rebuild=True).added == 3


@pytest.mark.parametrize("content", ["", "not a database " * 100])
def test_a_damaged_manifest_is_told_in_plain_words(settings: Settings, small_guidance: Path, content: str) -> None:
    ingest([small_guidance], settings)
    for leftover in settings.index_dir.glob("manifest.sqlite3*"):
        leftover.unlink()
    (settings.index_dir / "manifest.sqlite3").write_text(content)

    with pytest.raises(IndexUnusable, match=r"bernard ingest"):
        Index(settings)
    IndexLock(settings.index_dir).close()  # it was let go


def test_vectors_that_are_elsewhere_are_missed_and_made_again(settings: Settings, small_guidance: Path) -> None:
    ingest([small_guidance], settings)
    elsewhere = change(settings, chroma={"collection": "another"})

    with pytest.raises(IndexUnusable, match=r"needs 8 vectors, and there are 0 in .*bernard ingest"):
        Index(elsewhere)
    report = ingest([small_guidance], elsewhere)
    assert (counts(report), report.embedded) == ((0, 0, 3, 0), 8)
    assert len(titles(elsewhere)) == 3


def test_a_vector_that_a_server_lost_is_made_again(settings: Settings, small_guidance: Path, chroma_server: str) -> None:
    at_server = change(settings, chroma={"url": chroma_server, "collection": "loses-one"})
    ingest([small_guidance], at_server)
    with Index(at_server) as index:
        store = index._state.store
        store.add(["f" * 32], store.vectors(sorted(store.names())[:1])[sorted(store.names())[0]][None, :])  # of a killed run
        store.remove(sorted(store.names())[:1])

    assert ingest([small_guidance], at_server).embedded == 1
    assert len(vectors(at_server)) == 8


def test_without_an_index_it_says_what_to_run(settings: Settings) -> None:
    with pytest.raises(IndexMissing, match=r"Run `bernard ingest`"):
        Index(settings)


def test_a_second_ingest_is_told_who_changes_the_index_and_questions_go_on(settings: Settings, small_guidance: Path) -> None:
    ingest([small_guidance], settings)

    with index_held(settings) as process:
        with pytest.raises(IndexBusy, match=rf"being changed by process {process} .* since \d\d:\d\d.*--wait"):
            ingest([small_guidance], settings)
        assert len(titles(settings)) == 3


def test_an_interrupted_rebuild_leaves_the_old_index(
    settings: Settings, write_guidance: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = write_guidance({"a.md": note("Tides", "High water is at noon.")}, folder="one")
    two = write_guidance({"b.md": note("Moons", "The moon is full.")}, folder="two")
    ingest([one], settings)

    def stop(*_: object, **__: object) -> None:
        raise Interrupted

    with monkeypatch.context() as patch:
        patch.setattr(module, "_embed", stop)
        with pytest.raises(Interrupted):
            ingest([two], settings, rebuild=True)

    assert titles(settings) == ["Tides"]
    assert first(settings, "When is high water?") == "High water is at noon."


def test_rebuilding_mends_a_damaged_manifest(settings: Settings, write_guidance: Write) -> None:
    folder = write_guidance({"a.md": note("Tides", "High water is at noon.")})
    ingest([folder], settings)
    (settings.index_dir / "manifest.sqlite3").write_text(
        "not a database, but long enough to be taken for one at first sight"
    )

    assert ingest([folder], settings, rebuild=True).added == 1
    assert titles(settings) == ["Tides"]


def test_a_deleted_folder_leaves_the_index(settings: Settings, write_guidance: Write) -> None:
    one = write_guidance({"a.md": note("Tides", "High water is at noon.")}, folder="one")
    two = write_guidance({"b.md": note("Moons", "The moon is full.")}, folder="two")
    ingest([one, two], settings)
    (one / "a.md").unlink()
    one.rmdir()

    assert ingest([one], settings).removed == 1
    assert titles(settings) == ["Moons"]


def test_a_folder_that_cannot_be_opened_is_listed_and_keeps_its_documents(
    settings: Settings, write_guidance: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_guidance(
        {"a.md": note("Tides", "High water is at noon."), "deep/b.md": note("Moons", "The moon is full.")}
    )
    ingest([folder], settings)
    scan = os.scandir

    def refuse(path: str) -> object:  # the tests may run as root, whom no permission stops
        if str(path).endswith("deep"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    report = ingest([folder], settings)

    assert [record.location for record in report.failed] == [str(folder / "deep")]
    assert "cannot be opened" in report.failed[0].reason
    monkeypatch.undo()
    assert titles(settings) == ["Moons", "Tides"]


def test_the_question_asked_is_not_written_down(
    settings: Settings, small_guidance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest([small_guidance], settings)
    monkeypatch.setattr("sys.argv", ["/usr/bin/bernard", "ask", "May Mrs Tiddles of Harbour Lane fish here?"])

    with Assistant.open(settings) as bernard:
        bernard.ask("May Mrs Tiddles of Harbour Lane fish here?")
        files = [path for path in settings.data_dir.rglob("*") if path.is_file()]
        assert not [path for path in files if b"Tiddles" in path.read_bytes()]
