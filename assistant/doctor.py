"""Looks the installation over: each check says what it found, how bad that is and what puts it right.

Checks change nothing; opening the vectors is the only slow one. Knows nothing of questions or answers.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import shutil
import socket
import sqlite3
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from assistant.errors import BernardError, IndexMismatch, ModelUnavailable, RecordsUnusable, SettingsError
from assistant.hiding import without_secrets
from assistant.index import Vectors, built_in_model_folder, check_weights
from assistant.index.embeddings import WEIGHTS_SHA256, Progress
from assistant.index.manifest import Manifest
from assistant.index.passages import splitter_fingerprint
from assistant.index.states import States
from assistant.index.terms import TermIndex
from assistant.index.vectors import VectorStore
from assistant.settings import BUILT_IN_MODEL, Settings

DISTRIBUTION = "bernard-assistant"
_CONSTRAINTS = Path(__file__).parents[1] / "constraints.txt"
_NEWEST_PYTHON = (3, 13)  # an older one than 3.11 cannot import this module
_LITTLE_SPACE = 2 * 2**30  # an ingest writes the new beside the old; 4,000 documents take about half of this
_NO_SPACE = 200 * 2**20
_SERVER_PATIENCE = 5.0  # seconds
_MOST_NAMED = 5


class Severity(StrEnum):
    """How bad a finding is; a fault keeps Bernard from working."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    Attributes:
        name: What was looked at.
        severity: How bad it is.
        message: What was found.
        remedy: What to do about it, "" when nothing need be done.
    """

    name: str
    severity: Severity
    message: str
    remedy: str = ""

    def as_json(self) -> dict[str, str]:
        """The object that `bernard doctor --json` prints for each finding."""
        return {name: str(value) for name, value in asdict(self).items()}


def examine(settings: Settings) -> Iterator[Finding]:
    """Run every check, in an order in which an earlier fault explains a later one."""
    of_machine = (_python, _packages, _weights, _converted_model, _ocr, _data_folder, _disk)
    for check in (*of_machine, _chroma_server, _index, _records, _language_model, _sign_in, _port):
        try:
            yield from check(settings)
        except Exception as error:  # noqa: BLE001 - a check that breaks is itself a finding, and the others still count
            name = check.__name__.strip("_").replace("_", " ")
            yield Finding(name, Severity.FAULT, f"The check broke ({type(error).__name__}: {error}).", "Please report this.")


def _python(_: Settings) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] <= _NEWEST_PYTHON:
        yield Finding("python", Severity.OK, f"Python {version}.")
    else:
        remedy = (
            f"If something fails, install Python {'.'.join(map(str, _NEWEST_PYTHON))} and run `rm -r .venv && make setup`."
        )
        yield Finding("python", Severity.WARNING, f"Python {version} is newer than those Bernard was written for.", remedy)


def _packages(_: Settings) -> Iterator[Finding]:
    """Every package that the distribution asks for is there, in the version it was tested with where that is known."""
    try:
        wanted = [_package_name(line) for line in importlib.metadata.requires(DISTRIBUTION) or () if "extra ==" not in line]
    except importlib.metadata.PackageNotFoundError:
        yield Finding(
            "packages", Severity.WARNING, "Bernard runs from its files without being installed.", "Run `make setup`."
        )
        return
    installed = {name: _version(name) for name in wanted}
    if missing := [name for name, version in installed.items() if version is None]:
        yield Finding("packages", Severity.FAULT, f"Not installed: {', '.join(missing)}.", "Run `make setup`.")
        return
    different = [
        f"{name} {found} (tested with {tested})"
        for name, tested in _tested_versions().items()
        if (found := _version(name)) is not None and found.partition("+")[0] != tested
    ]
    if different:
        more = f" and {len(different) - _MOST_NAMED} more" if len(different) > _MOST_NAMED else ""
        message = f"Other versions than those tested: {', '.join(different[:_MOST_NAMED])}{more}."
        yield Finding("packages", Severity.WARNING, message, "Run `rm -r .venv && make setup` to get the tested ones.")
    else:
        yield Finding("packages", Severity.OK, f"All {len(installed)} packages that Bernard uses are installed.")


def _package_name(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _tested_versions() -> dict[str, str]:
    """The pins of constraints.txt; empty where Bernard was installed without it."""
    if not _CONSTRAINTS.is_file():
        return {}
    pins = (line.partition("==") for line in _CONSTRAINTS.read_text("utf-8").splitlines() if not line.startswith("#"))
    return {name: version for name, separator, version in pins if separator}


def _weights(settings: Settings) -> Iterator[Finding]:
    if settings.embedding.model != BUILT_IN_MODEL:
        message = f"The embedding model is {settings.embedding.model!r}; its weights are checked when it is loaded."
        yield Finding("model weights", Severity.OK, message)
        return
    try:
        check_weights(built_in_model_folder())
    except ModelUnavailable as error:
        yield Finding("model weights", Severity.FAULT, str(error), "Run `rm -r .venv && make setup`.")
    else:
        yield Finding("model weights", Severity.OK, f"{BUILT_IN_MODEL} is the one tested (sha256 {WEIGHTS_SHA256[:12]}…).")


def _converted_model(settings: Settings) -> Iterator[Finding]:
    if settings.embedding.model != BUILT_IN_MODEL or settings.embedding.runtime == "torch":
        return
    folders = sorted((settings.data_dir / "models").glob(f"minilm-tokens-{WEIGHTS_SHA256[:12]}-*/"))
    damaged = [folder for folder in folders if not all(_has_content(folder / name) for name in ("model.xml", "model.bin"))]
    if damaged:
        message = f"The converted model in {damaged[0]} is not whole."
        yield Finding("converted model", Severity.FAULT, message, "Delete that folder; it is made again in a few seconds.")
    elif folders:
        yield Finding("converted model", Severity.OK, f"Ready in {folders[-1]}.")
    else:
        yield Finding("converted model", Severity.OK, "Not made yet; the first ingest makes it in a few seconds.")


def _has_content(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _ocr(settings: Settings) -> Iterator[Finding]:
    """Scanned pages can be recognised, where that is switched on; a PDF that holds one cannot be read otherwise."""
    if not settings.reading.ocr:
        return
    from assistant.documents.ocr import why_not

    languages = settings.reading.ocr_languages
    message, _, remedy = why_not(languages).partition(": ")
    if message:
        said = f"Scanned pages cannot be recognised: {message}."
        yield Finding("ocr", Severity.FAULT, said, f"{remedy[:1].upper()}{remedy[1:]}.")
    else:
        yield Finding("ocr", Severity.OK, f"Tesseract is there, with its data for {languages.replace('+', ' and ')}.")


def _data_folder(settings: Settings) -> Iterator[Finding]:
    folder = _nearest_folder(settings.data_dir)
    try:
        with tempfile.TemporaryFile(dir=folder):
            yield Finding("data folder", Severity.OK, f"{settings.data_dir.absolute()} can be written to.")
    except OSError as error:
        message = f"{settings.data_dir.absolute()} cannot be written to ({error.strerror or error})."
        remedy = "Give yourself the right to write there, or name another folder in BERNARD_DATA_DIR."
        yield Finding("data folder", Severity.FAULT, message, remedy)


def _disk(settings: Settings) -> Iterator[Finding]:
    free = shutil.disk_usage(_nearest_folder(settings.data_dir)).free
    message = f"{free / 2**30:.1f} GiB free for {settings.data_dir.absolute()}."
    if free >= _LITTLE_SPACE:
        yield Finding("disk", Severity.OK, message)
        return
    severity = Severity.WARNING if free >= _NO_SPACE else Severity.FAULT
    yield Finding("disk", severity, message, "Make room, or name a folder on another disk in BERNARD_DATA_DIR.")


def _nearest_folder(folder: Path) -> Path:
    """The folder itself, or the nearest above it that exists."""
    return next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())


def _chroma_server(settings: Settings) -> Iterator[Finding]:
    if not settings.chroma.url:
        return
    if fault := _server_fault(settings.chroma.url):
        message = f"The Chroma server at {without_secrets(settings.chroma.url)} does not answer ({fault})."
        remedy = "Start it with `chroma run`, or put BERNARD_CHROMA__URL right; unset, vectors are kept in the data folder."
        yield Finding("chroma server", Severity.FAULT, message, remedy)
    else:
        yield Finding("chroma server", Severity.OK, f"{without_secrets(settings.chroma.url)} answers.")


def _server_fault(url: str) -> str:
    """Why a Chroma server does not answer, "" when it does."""
    if not url.startswith(("http://", "https://")):
        return "the address does not start with http:// or https://"
    try:
        with urllib.request.urlopen(f"{url.rstrip('/')}/api/v2/heartbeat", timeout=_SERVER_PATIENCE):  # noqa: S310
            return ""
    except urllib.error.HTTPError as error:
        return "" if error.code in {401, 403} else str(error)  # it is there; the token is tried when the index is opened
    except (OSError, ValueError) as error:
        return str(getattr(error, "reason", error))


def _index(settings: Settings) -> Iterator[Finding]:
    path = settings.index_dir / "manifest.sqlite3"
    if not path.is_file():
        remedy = "Run `bernard ingest` to index corpus/, or `bernard ingest FOLDER` for guidance of your own."
        yield Finding("index", Severity.WARNING, f"Nothing is indexed yet in {settings.index_dir.absolute()}.", remedy)
        return
    start_again = f"Delete {settings.index_dir.absolute()} and run `bernard ingest` on your guidance again."
    try:
        with closing(Manifest(path)) as manifest:
            yield from _index_parts(manifest, settings)
    except IndexMismatch as error:
        yield Finding("index", Severity.FAULT, str(error), start_again)
    except (sqlite3.DatabaseError, BernardError) as error:
        yield Finding("index", Severity.FAULT, f"The index cannot be opened: {error}", start_again)


class _NameOnly:
    """An embedder that embeds nothing: vectors are found under its name, without loading a model."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.dimension = 0

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Never called."""
        raise NotImplementedError


def _index_parts(manifest: Manifest, settings: Settings) -> Iterator[Finding]:
    """Whether manifest, vectors, terms and settings agree."""
    built_with = manifest.meta("embedder")
    if not built_with or not manifest.state():
        yield Finding(
            "index", Severity.FAULT, "The index was never finished.", "Run `bernard ingest` again; it goes on from there."
        )
        return
    faults = _rule_faults(manifest, settings)
    passages = manifest.count_passages()
    faults += _term_faults(States(settings.index_dir).terms(manifest.state()), passages)
    folder, identity = States(settings.index_dir).vectors(manifest.state()), manifest.meta("id")
    with closing(VectorStore(settings.chroma, folder=folder, embedder=_NameOnly(built_with), index_id=identity)) as store:
        if missing := len(manifest.vector_names() - store.names()):
            faults.append(f"{missing:,} vectors are missing")
    documents = manifest.count_documents()
    held = f"{documents:,} documents in {passages:,} passages"
    if faults:
        remedy = "Run `bernard ingest --rebuild` with all the paths of your guidance."
        yield Finding("index", Severity.FAULT, f"{held}, but {'; '.join(faults)}.", remedy)
    else:
        yield Finding("index", Severity.OK, f"{held}; manifest, vectors and terms agree.")
    if unread := sum(record.outcome == "failed" for record in manifest.files().values()):
        message = f"{unread:,} files could not be read and are not in it."
        yield Finding("guidance", Severity.WARNING, message, "Run `bernard ingest` on the same paths to see why.")


def _term_faults(folder: Path, passages: int) -> list[str]:
    try:
        size = TermIndex.load(folder).size
    except Exception as error:  # noqa: BLE001 - whatever the libraries raise on damaged files
        return [f"the terms cannot be loaded ({type(error).__name__}: {error})"]
    return [] if size == passages else [f"the terms are of {size:,} passages, the manifest names {passages:,}"]


def _rule_faults(manifest: Manifest, settings: Settings) -> list[str]:
    """Where the settings differ from those the index was built with."""
    faults = []
    model, built_with = settings.embedding.model, manifest.meta("embedder")
    if built_with.rpartition("@")[0] != model or (model == BUILT_IN_MODEL and WEIGHTS_SHA256[:12] not in built_with):
        faults.append(f"it was built with the model {built_with} and the settings name {model}")
    splitter = splitter_fingerprint(settings.passages)
    if manifest.meta("splitter") != splitter:
        faults.append(f"it was split by the rules {manifest.meta('splitter')} and the settings say {splitter}")
    return faults


def _records(settings: Settings) -> Iterator[Finding]:
    """The records open and are of this version; nothing is made or migrated here."""
    from assistant.records import State, describe, look_over

    try:
        looked = look_over(settings)
        where = describe(settings)
    except RecordsUnusable as error:
        remedy = "Put right what the message names, or set BERNARD_RECORDS__DAYS=0. Answers are given all the same."
        yield Finding("records", Severity.FAULT, str(error), remedy)
        return
    held = f"{looked.answers:,} {'answer' if looked.answers == 1 else 'answers'} in {where}"
    off = not settings.records.days
    if looked.state is State.NEWER:
        message = f"A newer version of Bernard wrote the records in {where}."
        yield Finding("records", Severity.FAULT, message, "Upgrade Bernard, or name other records in BERNARD_RECORDS__URL.")
    elif looked.readable_by_others:
        message = f"{held}: others on this machine can read the questions in it."
        yield Finding("records", Severity.WARNING, message, f"Run `chmod 600 {where}`.")
    elif off and looked.answers:
        remedy = "`bernard records delete --all` deletes them."
        yield Finding("records", Severity.WARNING, f"Nothing is recorded any more; there are still {held}.", remedy)
    elif looked.state is State.NONE:
        told = "Nothing is recorded (records.days is 0)." if off else f"None yet; the first answer makes them in {where}."
        yield Finding("records", Severity.OK, told)
    elif looked.state is State.OLDER:
        yield Finding("records", Severity.OK, f"{held}; the tables are brought up to date when they are next opened.")
    else:
        yield Finding("records", Severity.OK, f"{held}; the tables are current.")


def _language_model(settings: Settings) -> Iterator[Finding]:
    """The language model answers one short question; nothing is sent anywhere when none is set."""
    from assistant.answer.language_model import make_language_model, try_out

    if not settings.model:
        yield Finding("language model", Severity.OK, "None is set; answers are quoted.")
        return
    try:
        model = make_language_model(settings)
    except BernardError as error:
        remedy = "Put right what the message names, or unset BERNARD_MODEL to quote without a model."
        yield Finding("language model", Severity.FAULT, str(error), remedy)
        return
    assert model is not None
    if trouble := try_out(model):
        message = f"{trouble.message} Until it works, answers are quoted."
        yield Finding("language model", Severity.WARNING, message, trouble.remedy)
    else:
        yield Finding("language model", Severity.OK, f"{settings.model} answered a one-line question.")


def _sign_in(settings: Settings) -> Iterator[Finding]:
    """The address may be served, and users can sign in there; an identity provider is asked for its configuration."""
    from assistant.web.signin.make import check_address

    way = settings.sign_in.way
    try:
        check_address(settings)
        if way == "openid":
            yield _provider(settings)
        elif way == "proxy":
            yield _proxy(settings)
        elif way == "passwords":
            yield _users(settings)
        else:
            yield Finding("sign-in", Severity.OK, "Nobody signs in; this machine only is served.")
    except SettingsError as error:
        yield Finding("sign-in", Severity.FAULT, str(error), "docs/serving.md says how to serve others.")


def _users(settings: Settings) -> Finding:
    from assistant.records import Records, are_there

    count = 0
    if are_there(settings):  # looking makes no records
        try:
            with Records(settings) as records:
                count = len(records.users().listed())
        except RecordsUnusable as error:
            return Finding("sign-in", Severity.FAULT, f"Nobody can sign in: {error}", "Put right what the message names.")
    if not count:
        return Finding(
            "sign-in", Severity.WARNING, "Nobody can sign in: there are no users.", "Run `bernard users add NAME`."
        )
    users = "1 user signs" if count == 1 else f"{count:,} users sign"
    return Finding("sign-in", Severity.OK, f"{users} in with a password at {settings.web.public_url or 'this machine'}.")


def _proxy(settings: Settings) -> Finding:
    from assistant.web.signin.proxy import Proxy

    Proxy(settings.sign_in)
    message = f"The reverse proxy at {settings.web.public_url or 'this machine'} signs users in."
    return Finding("sign-in", Severity.OK, message)


def _provider(settings: Settings) -> Finding:
    from assistant.web.signin.openid import check_settings, configuration_url

    check_settings(settings.sign_in, settings.web.public_url)
    issuer = settings.sign_in.issuer
    try:
        with urllib.request.urlopen(configuration_url(issuer), timeout=_SERVER_PATIENCE) as reply:  # noqa: S310
            called = json.load(reply)["issuer"]
    except (OSError, ValueError, LookupError, TypeError) as error:
        reason = getattr(error, "reason", error)
        message = f"The identity provider does not answer as one at {configuration_url(issuer)} ({reason})."
        remedy = "Put BERNARD_SIGN_IN__ISSUER right, or start the provider; nobody can sign in until then."
        return Finding("sign-in", Severity.FAULT, message, remedy)
    if called != issuer:
        message = f"sign_in.issuer is {issuer}, and the identity provider there calls itself {called}."
        return Finding("sign-in", Severity.FAULT, message, f"Set BERNARD_SIGN_IN__ISSUER to {called}, if that is yours.")
    return Finding("sign-in", Severity.OK, f"Users sign in at {issuer}.")


def _port(settings: Settings) -> Iterator[Finding]:
    host, port = settings.web.host, settings.web.port
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except OSError as error:
        message = f"Nothing more can listen on {host}:{port} ({error.strerror or error})."
        remedy = "If that is not Bernard already running, choose another port in BERNARD_WEB__PORT; 0 takes a free one."
        yield Finding("port", Severity.WARNING, message, remedy)
    else:
        yield Finding(
            "port", Severity.OK, f"{host}:{port} is free." if port else "A free port is taken when the page is served."
        )
