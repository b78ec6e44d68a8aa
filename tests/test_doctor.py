"""The doctor: what it says of a sound installation, and of each thing that can be wrong."""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.doctor import Finding, Severity, examine
from assistant.index import ingest, make_embedder
from assistant.index.lock import IndexLock
from assistant.index.vectors import VectorStore
from assistant.records import Records
from assistant.records.database import VERSION_TABLE, records_file
from assistant.settings import Settings
from tests.conftest import index_held
from tests.web.sample_answers import foi
from tests.web.signin.provider import liar


@pytest.fixture
def indexed(settings: Settings, small_guidance: Path) -> Settings:
    """Settings of a small index that a test may damage; they ask for a free port."""
    ingest([small_guidance], settings)
    return change(settings, web={"port": 0})


def change(settings: Settings, **changes: object) -> Settings:
    return Settings.model_validate({**settings.model_dump(), **changes})


def found(settings: Settings, name: str) -> Finding:
    return next(finding for finding in examine(settings) if finding.name == name)


def test_a_sound_installation_has_no_faults(indexed: Settings) -> None:
    findings = list(examine(indexed))

    assert [finding for finding in findings if finding.severity is Severity.FAULT] == []
    assert found(indexed, "index").message == "3 documents in 8 passages; manifest, vectors and terms agree."


def test_an_empty_data_folder_is_no_fault_and_stays_empty(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")

    finding = found(settings, "index")

    assert finding.severity is Severity.WARNING
    assert "bernard ingest" in finding.remedy
    assert not (tmp_path / "data").exists()


def test_every_finding_that_is_not_ok_has_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = Settings.model_validate({"data_dir": tmp_path / "file" / "data", "chroma": {"url": "http://127.0.0.1:9"}})

    troubles = [finding for finding in examine(settings) if finding.severity is not Severity.OK]

    assert {"data folder", "chroma server"} <= {finding.name for finding in troubles}
    assert all(finding.remedy for finding in troubles)


def test_missing_vectors_are_counted(indexed: Settings) -> None:
    embedder = make_embedder(indexed.embedding, cache_dir=indexed.data_dir / "models")
    (state,) = (indexed.index_dir / "states").iterdir()
    store = VectorStore(indexed.chroma, folder=state / "chroma", embedder=embedder)
    store.remove(sorted(store.names())[:2])

    finding = found(indexed, "index")

    assert finding.severity is Severity.FAULT
    assert "2 vectors are missing" in finding.message


def test_missing_terms_are_noticed(indexed: Settings) -> None:
    (state,) = (indexed.index_dir / "states").iterdir()
    shutil.rmtree(state / "terms")

    assert "the terms are of 0 passages" in found(indexed, "index").message


def test_damaged_terms_are_noticed(indexed: Settings) -> None:
    (state,) = (indexed.index_dir / "states").iterdir()
    (state / "terms" / "params.index.json").write_text("{", "utf-8")

    assert "the terms cannot be loaded" in found(indexed, "index").message


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"passages": {"target_words": 90}}, "split by the rules v"),
        ({"embedding": {"model": "another-model"}}, "the settings name another-model"),
    ],
)
def test_an_index_built_with_other_settings_is_a_fault(indexed: Settings, changes: dict[str, object], told: str) -> None:
    finding = found(change(indexed, **changes), "index")

    assert finding.severity is Severity.FAULT
    assert told in finding.message


def test_a_manifest_that_is_no_database_is_a_fault_with_a_way_out(indexed: Settings) -> None:
    for leftover in indexed.index_dir.glob("manifest.sqlite3*"):
        leftover.unlink()
    (indexed.index_dir / "manifest.sqlite3").write_bytes(b"no database at all " * 100)

    finding = found(indexed, "index")

    assert finding.severity is Severity.FAULT
    assert finding.remedy.startswith("Delete ")


def test_an_index_of_a_newer_version_is_a_fault(indexed: Settings) -> None:
    with sqlite3.connect(indexed.index_dir / "manifest.sqlite3") as database:
        database.execute("PRAGMA user_version=99")
    database.close()

    assert "newer version" in found(indexed, "index").message


def test_files_that_could_not_be_read_are_mentioned(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 broken")
    (tmp_path / "sound.md").write_text("# Lamps\n\nTrim the wick every evening.\n", "utf-8")
    ingest([tmp_path / "broken.pdf", tmp_path / "sound.md"], settings)

    finding = found(settings, "guidance")

    assert finding.severity is Severity.WARNING
    assert finding.message.startswith("1 files could not be read")


def test_an_index_that_is_being_changed_can_be_looked_over(indexed: Settings) -> None:
    with index_held(indexed):
        assert found(indexed, "index").severity is Severity.OK


def test_the_index_is_let_go_of_afterwards(indexed: Settings) -> None:
    list(examine(indexed))
    code = "import sys, pathlib; from assistant.index.lock import IndexLock; IndexLock(pathlib.Path(sys.argv[1]))"

    subprocess.run([sys.executable, "-c", code, str(indexed.index_dir)], check=True)
    IndexLock(indexed.index_dir).close()


def test_a_port_in_use_is_a_warning(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        finding = found(Settings.model_validate({"data_dir": tmp_path, "web": {"port": port}}), "port")

    assert finding.severity is Severity.WARNING
    assert f"127.0.0.1:{port}" in finding.message


def test_a_damaged_converted_model_is_a_fault(tmp_path: Path, model_cache: Path) -> None:
    shutil.copytree(model_cache, tmp_path / "models")
    next((tmp_path / "models").glob("*/model.bin")).write_bytes(b"")

    finding = found(Settings(data_dir=tmp_path), "converted model")

    assert finding.severity is Severity.FAULT
    assert str(tmp_path) in finding.message


def test_ocr_is_looked_over_only_where_it_is_switched_on(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")

    assert "ocr" not in {finding.name for finding in examine(settings)}


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="the program tesseract is not installed")
def test_ocr_is_sound_where_the_program_and_its_languages_are_there(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")

    there = found(change(settings, reading={"ocr": True}), "ocr")
    absent = found(change(settings, reading={"ocr": True, "ocr_languages": "eng+tlh"}), "ocr")

    assert (there.severity, there.message) == (Severity.OK, "Tesseract is there, with its data for eng.")
    assert absent.severity is Severity.FAULT
    assert absent.message == "Scanned pages cannot be recognised: Tesseract has no data for tlh."
    assert absent.remedy.startswith("Install it (Debian: `apt install tesseract-ocr-tlh`)")


def test_ocr_without_its_program_or_package_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytesseract = pytest.importorskip("pytesseract")
    settings = change(Settings(data_dir=tmp_path / "data"), reading={"ocr": True})
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "no-such-program")
    without_program = found(settings, "ocr")
    monkeypatch.setitem(sys.modules, "pytesseract", None)
    without_package = found(settings, "ocr")

    assert without_program == without_package
    assert without_program.severity is Severity.FAULT
    assert "apt install tesseract-ocr" in without_program.remedy
    assert "pip install -e '.[ocr]'" in without_program.remedy


def test_findings_are_plain_json(tmp_path: Path) -> None:
    finding = found(Settings(data_dir=tmp_path), "disk")

    assert json.loads(json.dumps(finding.as_json())) == {
        "name": "disk",
        "severity": str(finding.severity),
        "message": finding.message,
        "remedy": finding.remedy,
    }


# records


def test_records_that_are_not_there_yet_are_no_fault(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")

    assert found(settings, "records").severity is Severity.OK
    assert not (tmp_path / "data").exists()


def test_the_doctor_opens_the_records(settings: Settings) -> None:
    with Records(settings) as records:
        records.add(foi("freedom"))

    assert found(settings, "records") == Finding(
        "records", Severity.OK, f"1 answer in {records_file(settings)}; the tables are current."
    )
    off = found(change(settings, records={"days": 0}), "records")
    assert (off.severity, "delete --all" in off.remedy) == (Severity.WARNING, True)
    records_file(settings).chmod(0o644)
    assert found(settings, "records").remedy == f"Run `chmod 600 {records_file(settings)}`."


@pytest.mark.parametrize(("version", "severity"), [("9999", Severity.FAULT), ("0001", Severity.OK)])
def test_the_doctor_compares_the_version_of_the_tables(version: str, severity: Severity, settings: Settings) -> None:
    Records(settings).close()
    with sqlite3.connect(records_file(settings)) as database:
        database.execute(f"UPDATE {VERSION_TABLE} SET version_num='{version}'")
    database.close()

    assert found(settings, "records").severity is severity


def test_damaged_records_and_a_server_that_does_not_answer_are_faults(settings: Settings) -> None:
    records_file(settings).parent.mkdir()
    records_file(settings).write_bytes(b"no database at all " * 100)
    server = change(settings, records={"url": "postgresql://bernard:sesame@127.0.0.1:9/records"})

    damaged, silent = found(settings, "records"), found(server, "records")

    assert damaged.severity is silent.severity is Severity.FAULT
    assert "file is not a database" in damaged.message
    assert "Connection refused" in silent.message
    assert "sesame" not in silent.message + silent.remedy


PUBLIC = {"port": 0, "public_url": "https://bernard.example.gov.uk"}


def test_where_nobody_signs_in_only_this_machine_may_be_served(tmp_path: Path) -> None:
    assert found(Settings(data_dir=tmp_path), "sign-in").severity is Severity.OK
    finding = found(change(Settings(data_dir=tmp_path), web=PUBLIC), "sign-in")
    assert finding.severity is Severity.FAULT
    assert "without sign-in" in finding.message
    assert "docs/serving.md" in finding.remedy


def test_users_with_passwords_are_counted(tmp_path: Path) -> None:
    settings = change(Settings(data_dir=tmp_path / "data"), web=PUBLIC, sign_in={"way": "passwords"})
    finding = found(settings, "sign-in")
    assert (finding.severity, finding.remedy) == (Severity.WARNING, "Run `bernard users add NAME`.")
    assert not (tmp_path / "data").exists()
    with Records(settings) as records:
        records.users().add("ada", "correct-horse-battery")
    assert found(settings, "sign-in").message == "1 user signs in with a password at https://bernard.example.gov.uk."


def test_the_secret_of_a_proxy_is_looked_over(tmp_path: Path) -> None:
    for secret, severity in (("s" * 32, Severity.OK), ("s" * 31, Severity.FAULT)):
        settings = change(Settings(data_dir=tmp_path), web=PUBLIC, sign_in={"way": "proxy", "proxy_secret": secret})
        finding = found(settings, "sign-in")
        assert finding.severity is severity
        assert secret not in finding.message


def test_an_identity_provider_is_asked_for_its_configuration(tmp_path: Path) -> None:
    with liar() as provider:
        sign_in = {"way": "openid", "issuer": provider.address, "client_id": "bernard"}
        settings = change(Settings(data_dir=tmp_path), web=PUBLIC, sign_in=sign_in)
        assert found(settings, "sign-in").severity is Severity.OK
        provider.about = {"issuer": "https://id.example"}
        finding = found(settings, "sign-in")
        assert (finding.severity, "calls itself https://id.example" in finding.message) == (Severity.FAULT, True)
    finding = found(settings, "sign-in")
    assert (finding.severity, "does not answer as one" in finding.message) == (Severity.FAULT, True)
    finding = found(change(settings, sign_in={"way": "openid"}), "sign-in")
    assert (finding.severity, "BERNARD_SIGN_IN__ISSUER" in finding.message) == (Severity.FAULT, True)
