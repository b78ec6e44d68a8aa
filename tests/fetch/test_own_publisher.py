"""The worked example of docs/sources.md: the publisher is taken from the page itself, installed, fetched from and read."""

from __future__ import annotations

import json
import re
import sys
import types
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.documents import BlockKind
from assistant.documents.library import Found, read_file
from assistant.fetch import registry
from tests.fetch.test_legislation_source import Site

PAGE = b"---\ntitle: Fog signals\norganisation: Northern Lights Board\n---\n\nThe horn sounds every two minutes in fog.\n"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, repository: Path) -> Site:
    """The board's site; its publisher is a module made of the code in the page, under the name that the page gives it."""
    text = (repository / "docs/sources.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (name, value), *_ = re.findall(r"^(\w+) = \"(\w+:\w+)\"$", text, re.MULTILINE)
    module = types.ModuleType(value.partition(":")[0])
    exec(compile(code, "docs/sources.md", "exec"), module.__dict__)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(registry, "entry_points", lambda group: [EntryPoint(name, value, group)])
    site = Site()
    site.give("/pages.json", json.dumps(["/fog-signals", "/lamp-oil"]).encode())
    site.give("/fog-signals.md", PAGE)
    site.give("/lamp-oil.md", b"<html>Sign in</html>")
    monkeypatch.setenv("LIGHTS_URL", site.url)
    return site


def run(data: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setenv("BERNARD_DATA_DIR", str(data))
    monkeypatch.setenv("BERNARD_FETCH__PER_SECOND", "200")
    monkeypatch.setenv("BERNARD_FETCH__ATTEMPTS", "1")
    return main(["fetch", "--from", "lights", *arguments])


def test_the_example_fetches_pages_by_path_and_by_search(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(tmp_path, monkeypatch, "/fog-signals") == 0
    assert run(tmp_path, monkeypatch, "--search", "FOG") == 0

    (path,) = tmp_path.rglob("fog-signals.md")
    document = read_file(Found(path, "lights/fog-signals.md"), path.read_bytes()).document
    assert document is not None
    assert document.title == "Fog signals"
    assert [document.quote(b) for b in document.blocks if b.kind is BlockKind.PARAGRAPH] == [
        "The horn sounds every two minutes in fog."
    ]
    assert site.asked.count("/pages.json") == 1


def test_the_example_refuses_what_is_no_page_of_it(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, monkeypatch, "/no/such/page") == 2
    assert "Its pages look like /fog-signals." in " ".join(capsys.readouterr().err.split())
    assert run(tmp_path, monkeypatch, "/lamp-oil") == 1
    assert "did not answer with a page of guidance" in " ".join(capsys.readouterr().out.split())
    assert not list(tmp_path.rglob("lamp-oil.md"))
