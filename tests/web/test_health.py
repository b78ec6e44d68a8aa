"""Whether the server says how it is: alive, ready, and in figures."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from assistant.answer import Assistant
from assistant.errors import IndexMissing
from assistant.records import Recorder, Role
from assistant.web import health
from assistant.web.figures import Figures
from assistant.web.health import Look, Part, add_health
from assistant.web.observed import Observed
from assistant.web.signin.identity import KEY, NOBODY, Identity
from tests.web.serving import served_parts, settings_with


def app_with(looks: dict[str, Look] | None = None, *, token: str = "", identity: Any = NOBODY) -> TestClient:
    app = FastAPI()
    add_health(app, looks=looks or {}, figures=Figures(), token=token)

    async def known_to(scope: Any, receive: Any, send: Any) -> None:
        if identity:
            scope[KEY] = identity
        await app(scope, receive, send)

    return TestClient(known_to)


@pytest.fixture
def always_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_FRESH", 0.0)


def broken() -> None:
    raise IndexMissing("Nothing has been indexed yet in /srv/secret-folder.")


class TestReady:
    def test_it_is_alive_also_when_nothing_works(self) -> None:
        client = app_with({"index": broken}, identity=None)
        assert (client.get("/healthz").status_code, client.get("/healthz").json()) == (200, {"status": "alive"})

    def test_it_is_ready_when_every_part_works(self) -> None:
        reply = app_with({"index": lambda: None, "records": lambda: None}, identity=None).get("/readyz")
        assert reply.status_code == 200
        assert reply.json() == {"status": "ready", "parts": {"index": "works", "records": "works"}}

    def test_it_names_the_part_that_does_not_and_leaves_the_rest_to_the_log(self, caplog: Any) -> None:
        client = app_with({"index": broken, "records": lambda: None}, identity=None)
        reply = client.get("/readyz")
        assert reply.status_code == 503
        assert reply.json()["parts"] == {"index": "does not answer", "records": "works"}
        assert "secret-folder" not in reply.text
        assert "secret-folder" in caplog.text

    @pytest.mark.usefixtures("always_fresh")
    def test_a_change_is_logged_once(self, caplog: Any) -> None:
        faults = [True, True, False, False]
        client = app_with({"index": lambda: broken() if faults.pop(0) else None})
        assert [client.get("/readyz").status_code for _ in range(4)] == [503, 503, 200, 200]
        assert [record.getMessage().partition(":")[0] for record in caplog.records if record.name == health.__name__] == [
            "Not ready",
            "The index",
        ]

    def test_a_part_is_not_looked_at_for_every_request(self) -> None:
        looked: list[int] = []
        client = app_with({"index": lambda: looked.append(1)})
        for _ in range(5):
            client.get("/readyz")
        assert len(looked) == 1

    @pytest.mark.usefixtures("always_fresh")
    def test_a_part_that_hangs_does_not_hang_the_reply(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(health, "PATIENCE", 0.1)
        client = app_with({"records": lambda: time.sleep(0.6)})
        begun = time.monotonic()
        assert client.get("/readyz").status_code == 503
        assert time.monotonic() - begun < 0.5

    def test_a_real_index_and_real_records_are_looked_at(self, bernard: Assistant, tmp_path: Path) -> None:
        settings = settings_with(tmp_path)
        with Recorder(settings) as recorder:
            looks: dict[str, Look] = {
                "index": lambda: bernard.search("How long is it kept?", limit=1),
                "records": lambda: recorder.records().conversations("", limit=1),
            }
            assert app_with(looks).get("/readyz").status_code == 200
        (tmp_path / "gone").mkdir()
        (tmp_path / "gone" / "records").write_text("in the way")
        with Recorder(settings_with(tmp_path / "gone")) as recorder:
            looks = {"records": lambda: recorder.records().conversations("", limit=1)}
            assert app_with(looks).get("/readyz").status_code == 503


class TestWhoMayReadFigures:
    @pytest.mark.parametrize(
        ("identity", "status"),
        [
            (NOBODY, 200),
            (Identity("ada", Role.ADMINISTRATOR), 200),
            (Identity("eve", Role.EVALUATOR), 401),
            (Identity("ora", Role.OFFICIAL), 401),
            (None, 401),
        ],
    )
    def test_administrators(self, identity: Identity | None, status: int) -> None:
        assert app_with(identity=identity).get("/metrics").status_code == status

    @pytest.mark.parametrize(
        ("given", "status"),
        [
            ("Bearer right", 200),
            ("bearer right", 200),
            ("Bearer wrong", 401),
            ("Bearer ", 401),
            ("Basic right", 401),
            ("right", 401),
            ("Bearer r\xefght", 401),
        ],
    )
    def test_whoever_has_the_token(self, given: str, status: int) -> None:
        headers = {b"Authorization": given.encode("latin-1")}
        reply = app_with(token="right", identity=None).get("/metrics", headers=headers)
        assert reply.status_code == status
        assert ("www-authenticate" in reply.headers) is (status == 401)

    def test_no_token_lets_nobody_in(self) -> None:
        client = app_with(token="", identity=None)
        assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 401


@pytest.fixture
def figures() -> Figures:
    return Figures()


@pytest.fixture
def client(bernard: Assistant, figures: Figures, tmp_path: Path) -> Iterator[httpx.Client]:
    with (
        served_parts(Observed(bernard, figures), settings_with(tmp_path), figures=figures) as address,
        httpx.Client(base_url=address) as client,
    ):
        yield client


def test_what_was_answered_is_in_the_figures_and_no_word_of_it(client: httpx.Client) -> None:
    for question in ("How many days of leave does a keeper have?", "Who won the unlikely football match?"):
        client.post("/api/ask", json={"question": question})
    client.post("/plain", data={"question": "How long is the fog log kept?"})
    page = client.get("/metrics").text
    told = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }
    assert told["bernard_answers_total", "answered", "quotation"] == 2
    assert sum(value for (name, *_), value in told.items() if name == "bernard_answers_total") == 3
    assert told["bernard_claims_total", "quoted", "yes"] >= 2
    assert told["bernard_stage_seconds_count", "total"] == 3
    assert told[("bernard_answering",)] == 0
    for word in ("leave", "keeper", "football", "fog"):
        assert word not in page


def test_many_who_ask_at_once_cost_one_look_and_are_told_the_same() -> None:
    looks: list[float] = []

    def look() -> None:
        looks.append(time.monotonic())
        time.sleep(0.1)

    part, told = Part("index", look), []

    async def asked() -> None:
        told.append(await part.works())

    async def all_at_once() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(12):
                group.start_soon(asked)

    anyio.run(all_at_once)
    assert (len(looks), told) == (1, [True] * 12)


def test_probes_may_ask_for_the_head_alone() -> None:
    client = app_with({"index": lambda: None})
    assert [client.head(path).status_code for path in ("/healthz", "/readyz")] == [200, 200]
