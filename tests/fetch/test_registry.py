"""Publishers by name, also those that other packages bring."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.errors import FetchError, InputError
from assistant.fetch import registry
from assistant.fetch.govuk import GovUk
from assistant.fetch.model import OGL
from assistant.settings import FetchSettings

HERE = "tests.fetch.test_registry"


class Lights(GovUk):
    """A publisher as another package would bring it."""

    name = "lights"


def without_licence(settings: FetchSettings) -> Any:
    return SimpleNamespace(name="poor", base_url="https://www.gov.uk", find=print, check=print)


def broken(settings: FetchSettings) -> Any:
    raise RuntimeError("no key was given")


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [
        EntryPoint("lights", f"{HERE}:Lights", registry.GROUP),
        EntryPoint("poor", f"{HERE}:without_licence", registry.GROUP),
        EntryPoint("broken", f"{HERE}:broken", registry.GROUP),
        EntryPoint("absent", "no_such_package:Source", registry.GROUP),
        EntryPoint("other-name", f"{HERE}:Lights", registry.GROUP),
        EntryPoint("govuk", f"{HERE}:broken", registry.GROUP),
    ]
    monkeypatch.setattr(registry, "entry_points", lambda group: points)


def test_publishers_come_with_bernard_and_from_packages() -> None:
    assert registry.open_source("govuk", FetchSettings()).licence == OGL
    assert registry.open_source("lights", FetchSettings()).name == "lights"
    assert set(registry.source_names()) >= {"govuk", "lights"}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("poor", "it has no further, licence"),
        ("broken", "RuntimeError: no key was given"),
        ("absent", "ModuleNotFoundError"),
        ("other-name", "its name is not 'other-name'"),
    ],
)
def test_a_package_at_fault_is_told_and_is_no_crash(name: str, told: str) -> None:
    with pytest.raises(FetchError, match=told):
        registry.open_source(name, FetchSettings())


def test_an_unknown_publisher_is_told_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"no publisher called 'hansard'.*govuk, legislation, lights"):
        registry.open_source("hansard", FetchSettings())
