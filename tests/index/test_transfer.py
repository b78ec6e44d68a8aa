"""An index carried to another machine as one file: the same there, whole or not at all, and no file is trusted."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import pickle
import random
import shutil
import signal
import stat
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

from assistant.answer import Assistant
from assistant.errors import BernardError, IndexBusy, IndexMismatch, IndexMissing, IndexUnusable, InputError
from assistant.index import Index, entries, export_index, import_index, ingest, verify
from assistant.index.embeddings import make_embedder
from assistant.index.manifest import Manifest
from assistant.index.states import States
from assistant.index.vectors import VectorStore
from assistant.settings import Settings
from tests.conftest import SMALL_GUIDANCE, index_held, settings_in, write_files

QUESTIONS = ("How long is the fog log kept?", "How many days of leave can be carried over?", "Where is lamp oil stored?")
Edit = Callable[[dict[str, bytes]], None]


def answers(settings: Settings) -> list[dict[str, object]]:
    with Assistant.open(settings) as bernard:
        return [bernard.ask(question).model_dump(mode="json", exclude={"timings_ms"}) for question in QUESTIONS]


def at_server(settings: Settings, url: str) -> Settings:
    chroma = {"url": url, "collection": f"t-{uuid4().hex}"}
    return Settings.model_validate({**settings.model_dump(), "chroma": chroma})


@pytest.fixture
def there(tmp_path: Path, model_cache: Path) -> Settings:
    """Another machine, with no index."""
    return settings_in(tmp_path / "there", model_cache)


@pytest.fixture(scope="module")
def exported(small_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exported") / "index.zip"
    export_index(path, small_settings)
    return path


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def pack(path: Path, contents: dict[str, bytes], *, restate: bool = True) -> Path:
    """Write an archive; `restate` makes its description say what its members are now."""
    if restate:
        about = json.loads(contents["about.json"])
        about["members"] = {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
            for name, data in contents.items()
            if name != "about.json"
        }
        contents = contents | {"about.json": json.dumps(about).encode()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in contents.items():
            file.writestr(name, data)
    return path


def about_of(contents: dict[str, bytes], **facts: object) -> None:
    contents["about.json"] = json.dumps(json.loads(contents["about.json"]) | facts).encode()


def lines_of(contents: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in contents[name].splitlines()]


def put_lines(contents: dict[str, bytes], name: str, lines: list[dict[str, str]]) -> None:
    contents[name] = b"".join(json.dumps(line).encode() + b"\n" for line in lines)


@pytest.mark.parametrize("sides", ["folder to folder", "folder to server", "server to folder", "server to server"])
def test_an_imported_index_is_the_same(
    sides: str, request: pytest.FixtureRequest, small_guidance: Path, tmp_path: Path, model_cache: Path
) -> None:
    old, new = sides.split(" to ")
    settings = {side: settings_in(tmp_path / side, model_cache) for side in ("here", "there")}
    for side, kind in (("here", old), ("there", new)):
        if kind == "server":
            settings[side] = at_server(settings[side], request.getfixturevalue("chroma_server"))
    here, there = settings["here"], settings["there"]
    ingest([small_guidance], here)

    exported = export_index(tmp_path / "index.zip", here)
    imported = import_index(tmp_path / "index.zip", there)

    assert exported == imported
    assert (imported.documents, imported.passages, imported.vectors) == (3, 8, 8)
    with Index(here) as one, Index(there) as two:
        assert one.digest == two.digest == imported.digest
    assert answers(here) == answers(there)
    assert list(verify(there)) == []
    again = ingest([small_guidance], there)
    assert (again.unchanged, again.embedded, again.changes) == (3, 0, False)
    assert (States(there.index_dir).vectors(_state(there))).exists() == (new == "folder")


def test_two_indexes_on_one_server_stay_apart(
    small_guidance: Path, tmp_path: Path, model_cache: Path, chroma_server: str
) -> None:
    here = at_server(settings_in(tmp_path / "here", model_cache), chroma_server)
    there = Settings.model_validate({**here.model_dump(), "data_dir": settings_in(tmp_path / "there", model_cache).data_dir})
    folder = write_files(tmp_path / "guidance", SMALL_GUIDANCE)
    ingest([folder], here)
    export_index(tmp_path / "index.zip", here)
    import_index(tmp_path / "index.zip", there)
    for name in SMALL_GUIDANCE:
        (folder / name).unlink()

    for day in ("noon", "dawn", "dusk"):  # each takes away the vectors of the one before the last
        write_files(folder, {"tides.md": f"# Tides\n\nHigh water is at {day}.\n"})
        ingest([folder], here)

    assert len(answers(there)) == len(QUESTIONS)
    assert list(verify(there)) == []


def test_the_same_index_makes_the_same_file_and_replaces_the_one_before(small_settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "index.zip"
    export_index(path, small_settings)
    first = path.read_bytes()
    time.sleep(2)  # the resolution of times in a ZIP file

    export_index(path, small_settings)

    assert path.read_bytes() == first
    assert list(tmp_path.iterdir()) == [path]
    assert stat.S_ISREG(path.stat().st_mode)


def test_a_file_of_many_gigabytes_is_laid_out_otherwise_and_read_too(
    small_settings: Settings, there: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(zipfile, "ZIP64_LIMIT", 1000)  # as if a thousand bytes were four gigabytes
        export_index(tmp_path / "index.zip", small_settings)
    assert b"PK\x06\x06" in (tmp_path / "index.zip").read_bytes()

    assert import_index(tmp_path / "index.zip", there).documents == 3


def test_what_became_of_each_file_is_carried(tmp_path: Path, settings: Settings, there: Settings) -> None:
    folder = write_files(tmp_path / "guidance", SMALL_GUIDANCE | {"broken.json": "{", "empty.md": " \n"})
    ingest([folder], settings)
    export_index(tmp_path / "index.zip", settings)
    import_index(tmp_path / "index.zip", there)

    report = ingest([folder], there)

    assert (report.unchanged, len(report.failed), len(report.skipped), report.embedded) == (3, 1, 1, 0)


def test_locations_stay_unless_a_folder_is_said_to_have_moved(
    tmp_path: Path, settings: Settings, there: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_files(tmp_path / "old" / "guidance", SMALL_GUIDANCE)
    also = write_files(tmp_path / "old" / "guidance-of-others", {"a.md": "# Tides\n\nHigh water is at noon.\n"})
    ingest([folder, also], settings)
    export_index(tmp_path / "index.zip", settings)
    import_index(tmp_path / "index.zip", there)
    assert {entry.document.location for entry in entries(there)} == {entry.document.location for entry in entries(settings)}
    (tmp_path / "new").mkdir()
    shutil.move(folder, tmp_path / "new" / "guidance")
    monkeypatch.chdir(tmp_path)

    transfer = import_index(tmp_path / "index.zip", there, moved=[(f"{folder}/", "new/guidance")])

    assert transfer.moved == 3
    assert {entry.document.location for entry in entries(there)} == {
        str(also / "a.md"),
        *(str(tmp_path / "new" / "guidance" / name) for name in SMALL_GUIDANCE),
    }
    assert list(verify(there)) == []
    report = ingest([tmp_path / "new" / "guidance", also], there)
    assert (report.unchanged, report.changes, report.embedded) == (4, False, 0)


def test_two_files_cannot_move_to_one_place(exported: Path, there: Settings, small_guidance: Path) -> None:
    moved = [(str(small_guidance / name), "/one.md") for name in SMALL_GUIDANCE]

    with pytest.raises(InputError, match=r"Two files .* '/one\.md'.*--moved"):
        import_index(exported, there, moved=moved)


def test_other_guidance_is_replaced_only_when_that_is_said(exported: Path, there: Settings, tmp_path: Path) -> None:
    other = write_files(tmp_path / "other", {"a.md": "# Tides\n\nHigh water is at noon.\n"})
    ingest([other], there)
    before = answers(there)

    with pytest.raises(InputError, match=r"holds other guidance \(1 documents\).*--replace"):
        import_index(exported, there)
    assert answers(there) == before

    with Assistant.open(there) as reader:
        import_index(exported, there, replace_other=True)
        assert reader.ask(QUESTIONS[0]).text.startswith("Keep the fog log for 7 years.")  # seen without a restart
    assert list(verify(there)) == []
    import_index(exported, there)  # the same guidance again needs no leave


def test_an_empty_index_can_be_carried(tmp_path: Path, settings: Settings, there: Settings) -> None:
    folder = write_files(tmp_path / "guidance", {"a.md": "# Tides\n\nHigh water is at noon.\n"})
    ingest([folder], settings)
    (folder / "a.md").unlink()
    ingest([folder], settings)

    export_index(tmp_path / "index.zip", settings)
    import_index(tmp_path / "index.zip", there)

    with Index(there) as index:
        assert (len(index), index.digest) == (0, "")


def test_a_damaged_index_is_not_exported(tmp_path: Path, settings: Settings, small_guidance: Path) -> None:
    ingest([small_guidance], settings)
    store = VectorStore(
        settings.chroma,
        folder=States(settings.index_dir).vectors(_state(settings)),
        embedder=make_embedder(settings.embedding, cache_dir=settings.data_dir / "models"),
    )
    store.remove(sorted(store.names())[:2])
    store.close()

    with pytest.raises(IndexUnusable, match=r"lacks 2 of the index's vectors.*rebuild"):
        export_index(tmp_path / "index.zip", settings)
    assert not list(tmp_path.glob("*.zip")) + list(tmp_path.glob(".*.part"))


def test_an_export_has_to_have_an_index_and_a_place(tmp_path: Path, there: Settings, small_settings: Settings) -> None:
    with pytest.raises(IndexMissing, match=r"Run `bernard ingest`"):
        export_index(tmp_path / "index.zip", there)
    with pytest.raises(InputError, match=r"no folder .*nowhere"):
        export_index(tmp_path / "nowhere" / "index.zip", small_settings)
    (tmp_path / "minutes.docx").write_text("of great value")
    with pytest.raises(InputError, match=r"minutes\.docx is there already and is no exported index"):
        export_index(tmp_path / "minutes.docx", small_settings)
    assert (tmp_path / "minutes.docx").read_text() == "of great value"
    with index_held(small_settings), pytest.raises(IndexBusy, match=r"--wait"):
        export_index(tmp_path / "index.zip", small_settings)


def test_another_model_or_other_rules_are_refused(exported: Path, there: Settings, tmp_path: Path) -> None:
    contents = members(exported)
    about_of(contents, embedder="other-model@1")
    with pytest.raises(IndexMismatch, match=r"embedding model other-model@1.*all-MiniLM.*BERNARD_EMBEDDING__MODEL"):
        import_index(pack(tmp_path / "model.zip", contents), there)

    smaller = Settings.model_validate({**there.model_dump(), "passages": {"target_words": 20}})
    with pytest.raises(IndexMismatch, match=r"split by other rules.*BERNARD_PASSAGES__TARGET_WORDS"):
        import_index(exported, smaller)

    contents = members(exported)
    about_of(contents, version=99)
    with pytest.raises(InputError, match=r"version 99 .*same version of Bernard"):
        import_index(pack(tmp_path / "version.zip", contents), there)


def swap_vectors(contents: dict[str, bytes]) -> None:
    vectors = np.load(io.BytesIO(contents["vectors-00000.npy"]))
    buffer = io.BytesIO()
    np.save(buffer, vectors[::-1])
    contents["vectors-00000.npy"] = buffer.getvalue()


def scale_vectors(contents: dict[str, bytes]) -> None:
    buffer = io.BytesIO()
    np.save(buffer, np.load(io.BytesIO(contents["vectors-00000.npy"])) * np.float32(2))
    contents["vectors-00000.npy"] = buffer.getvalue()


def huge_shape(contents: dict[str, bytes]) -> None:
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"descr": "<f4", "fortran_order": False, "shape": (10**15, 384)})
    contents["vectors-00000.npy"] = buffer.getvalue() + b"\0" * 64


def pickled(contents: dict[str, bytes]) -> None:
    buffer = io.BytesIO()
    np.save(buffer, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    contents["vectors-00000.npy"] = buffer.getvalue()


def no_array(contents: dict[str, bytes]) -> None:
    contents["vectors-00000.npy"] = pickle.dumps([1, 2, 3])


def drop_vector_name(contents: dict[str, bytes]) -> None:
    contents["vectors.txt"] = contents["vectors.txt"][33:]


def other_vector_name(contents: dict[str, bytes]) -> None:
    contents["vectors.txt"] = b"0" * 32 + contents["vectors.txt"][32:]


def change_text(contents: dict[str, bytes]) -> None:
    contents["documents.jsonl"] = contents["documents.jsonl"].replace(b"for 7 years", b"for 9 years")


def drop_document(contents: dict[str, bytes]) -> None:
    put_lines(contents, "documents.jsonl", lines_of(contents, "documents.jsonl")[1:])


def double_document(contents: dict[str, bytes]) -> None:
    lines = lines_of(contents, "documents.jsonl")
    put_lines(contents, "documents.jsonl", [*lines, lines[0]])


def drop_file(contents: dict[str, bytes]) -> None:
    put_lines(contents, "files.jsonl", lines_of(contents, "files.jsonl")[1:])


def odd_file(contents: dict[str, bytes]) -> None:
    lines = lines_of(contents, "files.jsonl")
    put_lines(contents, "files.jsonl", [{**lines[0], "outcome": "praised"}, *lines[1:]])


def no_json(contents: dict[str, bytes]) -> None:
    contents["documents.jsonl"] = b"[" * 100_000 + b"\n"


def cut_line(contents: dict[str, bytes]) -> None:
    contents["documents.jsonl"] = contents["documents.jsonl"][:-20]


def odd_types(contents: dict[str, bytes]) -> None:
    lines = lines_of(contents, "documents.jsonl")
    fields = json.loads(lines[0]["fields"]) | {"organisations": [3]}
    put_lines(contents, "documents.jsonl", [{**lines[0], "fields": json.dumps(fields)}, *lines[1:]])


def offsets_beyond(contents: dict[str, bytes]) -> None:
    lines = lines_of(contents, "documents.jsonl")
    blocks = json.loads(lines[0]["blocks"])
    blocks[-1][2] = 10**9
    put_lines(contents, "documents.jsonl", [{**lines[0], "blocks": json.dumps(blocks)}, *lines[1:]])


def unexpected_member(contents: dict[str, bytes]) -> None:
    contents["run-me.sh"] = b"rm -rf ~"


def climbing_member(contents: dict[str, bytes]) -> None:
    contents["../../etc/passwd"] = b"root::0:0"


def absolute_member(contents: dict[str, bytes]) -> None:
    contents["/etc/passwd"] = b"root::0:0"


def missing_member(contents: dict[str, bytes]) -> None:
    del contents["files.jsonl"]


def other_digest(contents: dict[str, bytes]) -> None:
    about_of(contents, digest="0" * 64)


def more_passages(contents: dict[str, bytes]) -> None:
    about_of(contents, passages=9)


def endless_vectors(contents: dict[str, bytes]) -> None:
    about_of(contents, vectors=10**18)


def unknown_fact(contents: dict[str, bytes]) -> None:
    about_of(contents, colour="red")


HOSTILE: list[tuple[Edit, str]] = [
    (swap_vectors, "is of another text or another model"),
    (scale_vectors, "not of length 1"),
    (huge_shape, "is not 8 vectors"),
    (pickled, "is not 8 vectors"),
    (no_array, "is no array of numbers"),
    (drop_vector_name, "does not hold the names of 8 vectors"),
    (other_vector_name, r"vectors are not those of its passages \(1 are lacking, and 1 belong to none\)"),
    (change_text, r"document \d is not as Bernard writes it"),
    (drop_document, "does not hold 3 documents"),
    (double_document, "Two files"),
    (drop_file, "says nothing of the document|does not hold 3 files"),
    (odd_file, "a line of files.jsonl is not as Bernard writes it"),
    (no_json, "line 1 of documents.jsonl is not JSON"),
    (cut_line, "cut off or too long"),
    (odd_types, "document 1 is not as Bernard writes it"),
    (offsets_beyond, "document 1 is not as Bernard writes it"),
    (unexpected_member, "unexpected member 'run-me.sh'"),
    (climbing_member, r"unexpected member '\.\./\.\./etc/passwd'"),
    (absolute_member, "unexpected member '/etc/passwd'"),
    (missing_member, "lacks the member 'files.jsonl'"),
    (other_digest, "documents are not those of the index it names"),
    (more_passages, "vectors are not those of its passages"),
    (endless_vectors, "lacks the member"),
    (unknown_fact, r"not as Bernard writes it \(at colour\)"),
]


@pytest.mark.parametrize(("edit", "why"), HOSTILE, ids=[edit.__name__ for edit, _ in HOSTILE])
def test_a_file_that_is_not_what_was_exported_is_refused(
    edit: Edit, why: str, exported: Path, there: Settings, tmp_path: Path
) -> None:
    contents = members(exported)
    edit(contents)

    with pytest.raises(InputError, match=why) as refusal:
        import_index(pack(tmp_path / "hostile.zip", contents), there)

    assert "hostile.zip cannot be imported" in str(refusal.value) or "Two files" in str(refusal.value)
    with pytest.raises(IndexMissing):
        Index(there)
    assert not (there.index_dir / "manifest.sqlite3").exists()
    assert not list(tmp_path.rglob("*passwd*")) + list(tmp_path.rglob("run-me.sh"))


@pytest.mark.parametrize("name", ["files.jsonl", "documents.jsonl", "vectors.txt", "vectors-00000.npy"])
def test_a_changed_byte_in_any_member_is_found_before_anything_is_done(
    name: str, exported: Path, there: Settings, tmp_path: Path
) -> None:
    contents = members(exported)
    middle = len(contents[name]) // 2
    contents[name] = contents[name][:middle] + bytes([contents[name][middle] ^ 1]) + contents[name][middle + 1 :]

    with pytest.raises(InputError, match=rf"{name} is not what was exported; its digest is wrong"):
        import_index(pack(tmp_path / "changed.zip", contents, restate=False), there)
    assert not there.index_dir.exists()


def test_a_link_in_the_file_is_refused(exported: Path, there: Settings, tmp_path: Path) -> None:
    path = tmp_path / "link.zip"
    with zipfile.ZipFile(path, "w") as file:
        for name, data in members(exported).items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16 if name == "vectors.txt" else 0
            file.writestr(info, b"/etc/passwd" if name == "vectors.txt" else data)

    with pytest.raises(InputError, match=r"vectors\.txt is a link"):
        import_index(path, there)


def test_a_bomb_is_refused_unopened(exported: Path, there: Settings, tmp_path: Path) -> None:
    contents = members(exported)
    contents["files.jsonl"] = b"\n" * 30_000_000

    with pytest.raises(InputError, match=r"files\.jsonl would grow beyond measure"):
        import_index(pack(tmp_path / "bomb.zip", contents), there)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_twice_is_refused(exported: Path, there: Settings, tmp_path: Path) -> None:
    path = pack(tmp_path / "twice.zip", members(exported))
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("vectors.txt", b"other")

    with pytest.raises(InputError, match=r"a member twice"):
        import_index(path, there)


@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_a_file_that_was_cut_off_is_refused(share: float, exported: Path, there: Settings, tmp_path: Path) -> None:
    data = exported.read_bytes()
    (tmp_path / "cut.zip").write_bytes(data[: int(share * len(data))])

    with pytest.raises(InputError, match=r"cut off.*copy the file whole"):
        import_index(tmp_path / "cut.zip", there)


def test_files_that_are_no_exported_index_are_refused(there: Settings, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"There is no file"):
        import_index(tmp_path / "nothing.zip", there)
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as file:
        file.writestr("letter.txt", "Dear Bernard")
    with pytest.raises(InputError, match=r"no exported index"):
        import_index(tmp_path / "other.zip", there)


def test_random_damage_never_shows_a_stack_trace(exported: Path, there: Settings, tmp_path: Path) -> None:
    chance, whole = random.Random(5), exported.read_bytes()
    refused = 0
    for _ in range(40):
        data = bytearray(whole)
        for _ in range(chance.choice([1, 4, 30])):
            data[chance.randrange(len(data))] = chance.randrange(256)
        (tmp_path / "damaged.zip").write_bytes(data)
        try:
            import_index(tmp_path / "damaged.zip", there)
        except BernardError:
            refused += 1
        else:  # what does not matter was hit, such as the time of a member
            assert list(verify(there, quick=True)) == []
            shutil.rmtree(there.index_dir)
    assert refused > 30


def test_an_import_killed_at_any_moment_leaves_the_index_as_it_was(exported: Path, there: Settings, tmp_path: Path) -> None:
    other = write_files(tmp_path / "other", {"a.md": "# Tides\n\nHigh water is at noon.\n"})
    ingest([other], there)
    before = _digest(there)
    moments = random.Random(2)
    seen = {"before": 0, "after": 0}
    driver = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("crash_driver.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert driver.stdin is not None
    assert driver.stdout is not None

    def start(data_dir: Path) -> int:
        assert driver.stdin is not None
        assert driver.stdout is not None
        driver.stdin.write(json.dumps({"data_dir": str(data_dir), "import": str(exported)}) + "\n")
        driver.stdin.flush()
        return int(driver.stdout.readline())

    try:
        kept = tmp_path / "kept"
        shutil.copytree(there.index_dir, kept)
        started = time.monotonic()
        start(there.data_dir)
        assert driver.stdout.readline() == "ended\n"
        whole = time.monotonic() - started
        after = _digest(there)
        assert after != before
        for _ in range(8):
            shutil.rmtree(there.index_dir)
            shutil.copytree(kept, there.index_dir)
            process = start(there.data_dir)
            time.sleep(moments.uniform(0, whole))
            with contextlib.suppress(ProcessLookupError):  # it was quicker
                os.kill(process, signal.SIGKILL)
            assert driver.stdout.readline() == "ended\n"

            seen[{before: "before", after: "after"}[_digest(there)]] += 1
        assert list(verify(there, quick=True)) == []
        assert seen["before"] >= 1  # how many are in time depends on the machine
        import_index(exported, there, replace_other=True)
        assert _digest(there) == after
    finally:
        driver.kill()
        driver.communicate()


def _digest(settings: Settings) -> str:
    with Index(settings) as index:
        return index.digest


def _state(settings: Settings) -> str:
    manifest = Manifest(settings.index_dir / "manifest.sqlite3")
    try:
        return manifest.state()
    finally:
        manifest.close()
