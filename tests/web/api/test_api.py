"""The routes for programs: a real uvicorn, real records, real clients that come, wait and go."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.answer import Answer, Assistant, Event, Finished, Turn
from assistant.records import Records
from assistant.settings import Settings
from assistant.web.api import asking
from assistant.web.places import Places
from tests.web.sample_answers import FIRST, HOSTILE, MODEL, FullAnswers, SampleAnswers
from tests.web.serving import served_parts, settings_with

JSON = {"Content-Type": "application/json"}
EVENTS = {"Accept": "text/event-stream"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def answers() -> FullAnswers:
    return FullAnswers()


@pytest.fixture(scope="module")
def client(folder: Path, answers: FullAnswers) -> Iterator[httpx.Client]:
    with served_parts(answers, settings_with(folder)) as address, httpx.Client(base_url=address) as client:
        yield client


def events_of(client: httpx.Client, **body: Any) -> list[tuple[str, Any]]:
    with client.stream("POST", "/api/ask", json=body, headers=EVENTS) as reply:
        assert reply.status_code == 200
        assert reply.headers["content-type"].startswith("text/event-stream")
        return list(parsed(reply.iter_lines()))


def parsed(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))
        else:
            assert line == "" or line.startswith(":")


class TestAsking:
    def test_the_reply_is_the_answer_with_where_it_is_kept(self, client: httpx.Client, folder: Path) -> None:
        reply = client.post("/api/ask", json={"question": "freedom of information"})
        assert reply.status_code == 200
        told = reply.json()
        kept = {name: told.pop(name) for name in ("record", "conversation")}
        assert Answer.model_validate(told).claims[0].text == FIRST
        with Records(Settings(data_dir=folder)) as records:
            (exchange,) = records.conversation("", kept["conversation"]).exchanges
        assert exchange.id == kept["record"]
        assert exchange.answer.question == "freedom of information"

    def test_a_conversation_goes_on_with_its_own_history(self, client: httpx.Client, answers: FullAnswers) -> None:
        first = client.post("/api/ask", json={"question": "freedom"}).json()
        second = client.post("/api/ask", json={"question": "And grade?", "conversation": first["conversation"]}).json()
        assert second["conversation"] == first["conversation"]
        assert [turn.content for turn in answers.asked[-1][1]][:1] == ["freedom"]

    def test_a_program_may_bring_its_own_history(self, client: httpx.Client, answers: FullAnswers) -> None:
        history = [{"role": "user", "content": "About fees?"}, {"role": "assistant", "content": "Yes."}]
        client.post("/api/ask", json={"question": "freedom", "history": history})
        assert answers.asked[-1][1] == (Turn(role="user", content="About fees?"), Turn(role="assistant", content="Yes."))

    def test_it_is_limited_and_drafted_as_asked(self, client: httpx.Client, answers: FullAnswers) -> None:
        limits = {"organisations": ["HM Treasury"], "updated_since": "2024-03-27"}
        told = client.post("/api/ask", json={"question": "freedom", "filters": limits, "drafter": "quotation"}).json()
        filters, drafter = answers.options[-1]
        assert filters is not None
        assert filters.organisations == ("HM Treasury",)
        assert drafter == "quotation"
        assert told["filters"]["updated_since"] == "2024-03-27"

    def test_without_a_model_none_can_be_asked_to_write(self, tmp_path: Path) -> None:
        with served_parts(SampleAnswers(), settings_with(tmp_path)) as address:
            reply = httpx.post(f"{address}/api/ask", json={"question": "freedom", "drafter": "model"})
        assert reply.status_code == 422
        assert "No language model is set" in reply.json()["error"]

    def test_where_nothing_is_kept_the_answer_has_no_names(self, tmp_path: Path) -> None:
        with served_parts(SampleAnswers(), settings_with(tmp_path, records={"days": 0})) as address:
            told = httpx.post(f"{address}/api/ask", json={"question": "freedom"}).json()
            assert (told["record"], told["conversation"]) == ("", "")
            assert httpx.post(f"{address}/api/ask", json={"question": "x", "conversation": "y"}).status_code == 404
            assert httpx.post(f"{address}/api/feedback", json={"record": "x"}).status_code in {404, 405}
        assert not (tmp_path / "records").exists()


@pytest.fixture(scope="module")
def arrived(client: httpx.Client) -> list[tuple[str, Any, float]]:
    """The events of one written answer, with the moment at which each came."""
    body = {"question": "written freedom"}
    with client.stream("POST", "/api/ask", json=body, headers=EVENTS) as reply:
        return [(name, data, time.monotonic()) for name, data in parsed(reply.iter_lines())]


class TestEvents:
    def test_they_come_in_order_and_end_with_the_same_answer(self, arrived: list[tuple[str, Any, float]]) -> None:
        assert [name for name, _, _ in arrived] == ["stage", "stage", "claim", "claim", "claim", "claim", "answer"]
        answer = arrived[-1][1]
        assert [data["claim"] for name, data, _ in arrived if name == "claim"] == answer["claims"]
        assert answer["model"] == MODEL

    def test_a_claim_brings_the_sources_it_cites_and_comes_before_the_rest_is_there(
        self, arrived: list[tuple[str, Any, float]]
    ) -> None:
        claims = [(data, moment) for name, data, moment in arrived if name == "claim"]
        (source,) = claims[0][0]["sources"]
        (citation,) = claims[0][0]["claim"]["citations"]
        assert source["text"][citation["start"] : citation["end"]] == citation["quote"]
        assert claims[-1][1] - claims[0][1] > 1  # the sample answers pause for 0.7 seconds after each

    def test_the_words_of_what_failed_its_check_are_not_streamed(self, client: httpx.Client) -> None:
        told = events_of(client, question="written grade")
        (withheld,) = [data for name, data in told if name == "withheld"]
        assert withheld == {"verdict": "unsupported", "reasons": []}
        assert "Ministers decide" not in json.dumps([data for name, data in told if name != "answer"])
        assert [claim["text"] for claim in told[-1][1]["withheld"]] == ["Ministers decide."]

    def test_a_fault_after_the_beginning_is_the_last_event(self, client: httpx.Client, caplog: Any) -> None:
        *_, (name, data) = events_of(client, question="crash")
        assert name == "error"
        assert re.fullmatch(r"[0-9A-F]{8}", data["reference"])
        assert data["reference"] in data["error"]
        assert data["reference"] in caplog.text
        assert "secret detail" not in json.dumps(data)

    def test_no_proxy_is_to_hold_them_back(self, client: httpx.Client) -> None:
        with client.stream("POST", "/api/ask", json={"question": "freedom"}, headers=EVENTS) as reply:
            reply.read()
        assert reply.headers["x-accel-buffering"] == "no"
        assert "no-store" in reply.headers["cache-control"]
        assert "content-encoding" not in reply.headers

    def test_there_is_a_sign_of_life_while_nothing_happens(
        self, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(asking, "BEAT", 0.1)
        with client.stream("POST", "/api/ask", json={"question": "slow freedom"}, headers=EVENTS) as reply:
            lines = list(reply.iter_lines())
        assert lines.count(": still at it") >= 3

    def test_markup_stays_text(self, client: httpx.Client) -> None:
        *_, (name, data) = events_of(client, question=f"hostile {HOSTILE}\r\nevent: answer\r\ndata: {{}}")
        assert name == "answer"
        assert data["question"].endswith("data: {}")


class TestFaults:
    @pytest.mark.parametrize(
        ("body", "status", "told"),
        [
            (b"", 422, "field required"),
            (b"{", 422, "no JSON"),
            (b"[]", 422, "valid dictionary"),
            (b"null", 422, "valid dictionary"),
            (b'{"question": 1}', 422, "question: input should be a valid string"),
            (b'{"question": "freedom", "extra": 1}', 422, "extra: "),
            (b'{"question": "  "}', 422, "Nothing was asked"),
            (b'{"question": "\\ud800"}', 422, "Nothing was asked"),
            (b'{"question": "\xff"}', 400, "JSON in UTF-8"),
            (b"[" * 100_000, 400, "nested no deeper"),
            (b'{"question": "freedom", "filters": {"updated_since": "soon"}}', 422, "filters.updated_since"),
            (b'{"question": "freedom", "drafter": "me"}', 422, "drafter"),
            (b'{"question": "freedom", "conversation": "none"}', 404, "There is no such conversation"),
            (b'{"question": "freedom", "conversation": "\\u0000"}', 404, "There is no such conversation"),
            (b'{"question": "a", "conversation": "b", "history": [{"role": "user", "content": "c"}]}', 422, "not both"),
            (b'{"question": "a", "history": [{"role": "system", "content": "c"}]}', 422, "history.0.role"),
        ],
    )
    def test_what_cannot_be_used_is_told_in_words(self, client: httpx.Client, body: bytes, status: int, told: str) -> None:
        for headers in (JSON, {**JSON, **EVENTS}):
            reply = client.post("/api/ask", content=body, headers=headers)
            assert reply.status_code == status
            assert told in reply.json()["error"]
            assert set(reply.json()) == {"error"}

    def test_a_question_too_long_is_told_with_the_limit(self, client: httpx.Client) -> None:
        reply = client.post("/api/ask", json={"question": "word " * 3000})
        assert reply.status_code == 422
        assert "the most is 10,000" in reply.json()["error"]

    def test_more_bytes_than_allowed_are_not_read(self, client: httpx.Client) -> None:
        reply = client.post("/api/ask", content=b'{"question": "' + b"x" * 300_000, headers=JSON)
        assert reply.status_code == 413
        assert "262,144 bytes" in reply.json()["error"]

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
    def test_what_a_form_of_another_site_could_send_is_refused(self, client: httpx.Client, kind: str) -> None:
        reply = client.post("/api/ask", content=b'{"question": "freedom"}', headers={"Content-Type": kind})
        assert reply.status_code == 415

    def test_a_page_of_another_site_may_not_ask(self, client: httpx.Client) -> None:
        headers = {"Origin": "https://evil.example"}
        assert client.post("/api/ask", json={"question": "freedom"}, headers=headers).status_code == 403

    @pytest.mark.parametrize(
        ("question", "status", "told"),
        [
            ("crash", 500, "Something went wrong"),
            ("missing", 503, "Nothing has been indexed yet"),
            ("failed", 500, "there is no answer"),
        ],
    )
    def test_what_breaks_has_a_reference_that_is_in_the_log(
        self, client: httpx.Client, caplog: Any, question: str, status: int, told: str
    ) -> None:
        reply = client.post("/api/ask", json={"question": question})
        assert reply.status_code == status
        assert told in reply.json()["error"]
        assert reply.json()["reference"] in caplog.text
        assert "secret detail" not in reply.text
        assert "Traceback" not in reply.text

    @pytest.mark.parametrize("headers", [{}, EVENTS], ids=["json", "events"])
    def test_too_many_are_told_to_come_back(self, headers: dict[str, str], tmp_path: Path) -> None:
        with served_parts(SampleAnswers(), settings_with(tmp_path), places=Places(at_once=0, waiting=0)) as address:
            reply = httpx.post(f"{address}/api/ask", json={"question": "freedom"}, headers=headers)
        assert reply.status_code == 503
        assert reply.headers["retry-after"] == "5"
        assert "Too many people" in reply.json()["error"]


@contextmanager
def gone_after(address: str, seconds: float, **headers: str) -> Iterator[None]:
    """A client that asks without end, and goes."""
    host, port = address.removeprefix("http://").split(":")
    body = json.dumps({"question": "endless freedom"}).encode()
    lines = {"Host": f"{host}:{port}", "Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
    with socket.create_connection((host, int(port))) as connection:
        head = "POST /api/ask HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"
        connection.sendall(head.encode() + body)
        time.sleep(seconds)
        yield


class Counting(FullAnswers):
    """Says how many questions are being answered."""

    running = 0

    def ask_events(self, question: str, **options: Any) -> Iterator[Event]:
        Counting.running += 1
        try:
            yield from super().ask_events(question, **options)
        finally:
            Counting.running -= 1


@pytest.mark.parametrize("headers", [{}, EVENTS], ids=["json", "events"])
def test_when_whoever_asked_goes_the_work_stops_and_the_place_is_free(headers: dict[str, str], tmp_path: Path) -> None:
    places = Places(at_once=1)
    with served_parts(Counting(), settings_with(tmp_path), places=places) as address:
        with gone_after(address, 0.5, **headers):
            assert Counting.running == 1
        deadline = time.monotonic() + 5
        while Counting.running and time.monotonic() < deadline:
            time.sleep(0.05)
        assert Counting.running == 0
        assert httpx.post(f"{address}/api/ask", json={"question": "freedom"}, timeout=5).status_code == 200
    with Records(Settings(data_dir=tmp_path)) as records:
        assert [one.question for one in records.listed(limit=9)] == ["freedom"]


def test_as_many_answer_at_once_as_there_are_places(tmp_path: Path) -> None:
    most = 0

    class Busy(SampleAnswers):
        running = 0
        lock = threading.Lock()

        def ask_events(self, question: str, **options: Any) -> Iterator[Event]:
            nonlocal most
            with self.lock:
                self.running += 1
                most = max(most, self.running)
            time.sleep(0.1)
            with self.lock:
                self.running -= 1
            yield Finished(self.ask(question))

    with served_parts(Busy(), settings_with(tmp_path), places=Places(at_once=2)) as address:
        statuses: list[int] = []

        def ask() -> None:
            statuses.append(httpx.post(f"{address}/api/ask", json={"question": "freedom"}, timeout=30).status_code)

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert statuses == [200] * 8
    assert most == 2


class TestFeedback:
    def test_it_is_kept_with_the_answer(self, client: httpx.Client, folder: Path) -> None:
        record = client.post("/api/ask", json={"question": "freedom"}).json()["record"]
        body = {"record": record, "kinds": ["wrong", "out of date"], "text": HOSTILE, "claim": 1}
        reply = client.post("/api/feedback", json=body)
        assert reply.status_code == 200
        with Records(Settings(data_dir=folder)) as records:
            given = list(records.feedback())[-1]
        assert (given.id, given.answer_id, given.text, given.claim) == (reply.json()["feedback"], record, HOSTILE, 1)

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({"kinds": ["<b>"]}, "kinds.0"),
            ({"kinds": [], "text": " "}, "Choose what the matter is"),
            ({"claim": 99}, "There is no claim 99"),
            ({"claim": -1}, "claim: "),
            ({"record": "none"}, "There is no such answer"),
            ({"text": "x" * 5001}, "text: "),
        ],
    )
    def test_what_cannot_be_kept_is_told(self, client: httpx.Client, change: dict[str, Any], told: str) -> None:
        record = client.post("/api/ask", json={"question": "freedom"}).json()["record"]
        reply = client.post("/api/feedback", json={"record": record, "kinds": ["wrong"], **change})
        assert reply.status_code == 422
        assert told in reply.json()["error"]


class TestRealAssistant:
    def test_search_gives_passages_and_records_nothing(self, bernard: Assistant, tmp_path: Path) -> None:
        with served_parts(bernard, settings_with(tmp_path)) as address:
            body = {"question": "How many days of leave does a keeper have?", "limit": 3}
            found = httpx.post(f"{address}/api/search", json=body).json()
            limited = httpx.post(f"{address}/api/search", json={**body, "filters": {"organisations": ["Fog Office"]}}).json()
            wrong = httpx.post(f"{address}/api/search", json={**body, "limit": 0})
        assert "31 days" in found["passages"][0]["text"]
        assert len(found["passages"]) == 3
        assert {passage["organisation"] for passage in limited["passages"]} == {"Fog Office"}
        assert wrong.status_code == 422
        with Records(Settings(data_dir=tmp_path)) as records:
            assert records.count() == 0

    def test_the_answer_is_the_one_that_python_gets(self, bernard: Assistant, tmp_path: Path) -> None:
        question = "How many days of leave does a keeper have?"
        with served_parts(bernard, settings_with(tmp_path)) as address, httpx.Client(base_url=address) as client:
            told = client.post("/api/ask", json={"question": question}).json()
            *_, (_, streamed) = events_of(client, question=question)
        expected = bernard.ask(question).model_dump(mode="json")
        for one in (told, streamed):
            assert [claim["text"] for claim in one["claims"]] == [claim["text"] for claim in expected["claims"]]
            assert one["text"] == expected["text"]


class TestReference:
    def test_the_document_names_every_route_and_every_field(self, client: httpx.Client) -> None:
        document = client.get("/api/openapi.json").json()
        assert set(document["paths"]) == {"/api/ask", "/api/feedback"}
        schemas = document["components"]["schemas"]
        assert set(schemas["AskBody"]["properties"]) == {"question", "conversation", "history", "filters", "drafter"}
        assert set(Answer.model_fields) | {"record", "conversation"} == set(schemas["Reply"]["properties"])

    def test_the_page_shows_the_same_without_a_script_or_anything_from_elsewhere(self, client: httpx.Client) -> None:
        page = client.get("/api/docs")
        assert page.headers["content-type"].startswith("text/html")
        for words in ("POST /api/ask", "POST /api/feedback", "standalone_question", "text/event-stream", "Retry-After"):
            assert words in page.text
        assert "<script" not in page.text
        assert not re.search(r'(src|href)="(https?:)?//', page.text)

    def test_each_shape_that_is_linked_to_is_there(self, client: httpx.Client) -> None:
        page = client.get("/api/docs").text
        linked = set(re.findall(r'href="#(shape-\w+)"', page))
        assert linked
        assert linked <= set(re.findall(r'id="(shape-\w+)"', page))

    def test_what_is_not_there_is_told_as_json(self, client: httpx.Client) -> None:
        assert client.get("/api/none").status_code == 404
        assert "error" in client.get("/api/none").json()
        assert client.get("/api/ask").status_code == 405
