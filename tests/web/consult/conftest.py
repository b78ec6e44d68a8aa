"""A small consultation served to several analysts, who sign in through a reverse proxy, as they would elsewhere."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from assistant.consult import Consultation, OpenQuestion
from assistant.settings import Settings, SignInSettings
from assistant.web.consult import add_consult
from assistant.web.faults import Faults, add_plain_errors
from assistant.web.frame import frame
from assistant.web.guard import Guard
from assistant.web.pages import add_pages
from assistant.web.signin.gate import Gate
from assistant.web.signin.proxy import Proxy
from assistant.web.style import add_style
from tests.conftest import settings_in
from tests.consult.conftest import bus_rows
from tests.web.conftest import chromium

__all__ = ["chromium"]

KEY = "0123456789abcdef0123456789abcdef"
SIGN_IN = SignInSettings(way="proxy", proxy_secret=SecretStr(KEY), proxy_role_header="X-Groups")
PERSONAL = "My name is Rosalind Example and my number is 07700 900123. The last bus leaves before my shift ends at night."


def make_app(settings: Settings) -> ASGIApp:
    """The pages of consultations alone, behind the guard and the gate as all pages are."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    way = Proxy(settings.sign_in) if settings.sign_in.way else None
    add_style(app)
    add_pages(app, settings)
    add_consult(app, settings)
    add_plain_errors(app, frame=frame)
    return Guard(Faults(Gate(app, way, frame=frame), frame=frame), longer={"/consultations/new": 2**26})


@dataclass
class Site:
    """The pages, and the consultation "buses" of the analyst ada behind them."""

    settings: Settings
    app: ASGIApp
    whole: Path
    clients: dict[str, TestClient] = field(default_factory=dict)

    def by(self, name: str, *, groups: str = "staff") -> TestClient:
        """A browser without eyes in which somebody has signed in."""
        if name not in self.clients:
            headers = {"x-bernard-proxy-secret": KEY, "x-forwarded-user": name, "x-groups": groups, "accept": "text/html"}
            self.clients[name] = TestClient(self.app, base_url="http://127.0.0.1", headers=headers, follow_redirects=False)
        return self.clients[name]

    @contextmanager
    def question(self) -> Iterator[OpenQuestion]:
        """The consultation's question, as another program sees it."""
        with Consultation.open("buses", self.settings) as consultation:
            yield consultation.question()

    def again(self) -> None:
        """Put the consultation back to how it was when its themes were formed."""
        path = self.settings.data_dir / "consultations" / "buses.sqlite3"
        path.unlink(missing_ok=True)
        shutil.copy(self.whole, path)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> tuple[Settings, Path]:
    """Settings with the consultation in their data folder, its candidate themes formed, and a copy of its file."""
    import csv

    folder = tmp_path_factory.mktemp("pages")
    settings = settings_in(folder / "data", model_cache).model_copy(update={"sign_in": SIGN_IN})
    rows = [*bus_rows(), ["R99", "No", PERSONAL, "Town, 07700 900123"]]
    file = folder / "buses.csv"
    with file.open("w", newline="", encoding="utf-8") as written:
        csv.writer(written).writerows(rows)
    from assistant.consult import read_table_apart

    table = read_table_apart(file, settings.reading)
    with Consultation.from_table("buses", table, settings, file="buses.csv", owner="ada") as consultation:
        consultation.let_in(["bob"])
        consultation.question().form_themes(number=3)
    whole = folder / "whole.sqlite3"
    shutil.copy(settings.data_dir / "consultations" / "buses.sqlite3", whole)
    return settings, whole


@pytest.fixture(scope="module")
def served(made: tuple[Settings, Path]) -> Site:
    """The pages over it."""
    settings, whole = made
    return Site(settings, make_app(settings), whole)


@pytest.fixture
def site(served: Site) -> Site:
    """The same, with nothing decided yet."""
    served.again()
    return served


@pytest.fixture
def ada(site: Site) -> Any:
    """The analyst whose consultation it is."""
    return site.by("ada")


@pytest.fixture
def bob(site: Site) -> Any:
    """The analyst with whom it is shared."""
    return site.by("bob")
