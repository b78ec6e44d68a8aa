"""A publisher on this machine, and settings that fetch from it fast."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from assistant.settings import FetchSettings
from tests.fetch.replay_server import ReplayServer

Make = Callable[..., FetchSettings]


@pytest.fixture
def server() -> Iterator[ReplayServer]:
    """A publisher with nothing on it yet."""
    with ReplayServer() as server:
        yield server


@pytest.fixture
def settings_for() -> Make:
    """Settings that fetch from a server."""

    def make(server: ReplayServer, **changes: object) -> FetchSettings:
        given: dict[str, object] = {"govuk_url": server.url, "per_second": 1000, "timeout": 1, "attempts": 4, "max_wait": 2}
        return FetchSettings.model_validate({**given, **changes})

    return make
