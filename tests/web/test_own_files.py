"""Documents of one's own over HTTP, from the application that `bernard serve` runs: each user's own, within limits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from assistant.answer import Assistant
from assistant.records import Records
from assistant.settings import Settings, UploadSettings
from assistant.uploads import OwnDocuments
from assistant.web.own_files import add_own
from assistant.web.server import make_app
from tests.uploads.policies import NEW, OLD

pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
LIMITS = UploadSettings(max_file_mib=1, max_files=3, max_total_mib=2)
As = Callable[[str], TestClient]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, uploads=LIMITS)


@pytest.fixture
def records(settings: Settings) -> Iterator[Records]:
    with Records(settings) as records:
        yield records


@pytest.fixture
def own(settings: Settings, bernard: Assistant) -> OwnDocuments:
    return OwnDocuments(settings, bernard.index.embedder)


@pytest.fixture
def as_user(own: OwnDocuments, records: Records) -> As:
    """The routes as somebody meets them who signed in; here the name stands in a header."""

    def user_of(request: Request) -> str:
        return request.headers.get("x-user", "")

    app = FastAPI()
    add_own(app, own, lambda: records, LIMITS, user_of=user_of)
    return lambda user: TestClient(app, headers={"x-user": user})


def lines(reply: Any) -> list[dict[str, Any]]:
    assert reply.status_code == 200, reply.text
    return [json.loads(line) for line in reply.text.splitlines()]


def post(client: TestClient, talk: str, *files: tuple[str, bytes | str]) -> Any:
    return client.post(f"/own/{talk}", files=[("file", file) for file in files])


def test_files_are_taken_listed_and_deleted(as_user: As, records: Records, settings: Settings) -> None:
    ada, talk = as_user("ada"), records.begin("ada")
    told = lines(post(ada, talk, ("old.md", OLD), ("run.exe", b"MZ"), ("new.md", NEW)))
    ends = [(line["name"], line["stage"]) for line in told if line["stage"] in {"added", "refused"}]
    assert ends == [("old.md", "added"), ("run.exe", "refused"), ("new.md", "added")]
    assert {"reading", "indexing"} <= {line["stage"] for line in told}
    assert not list(settings.uploads_dir.rglob("*.sent"))

    listed = ada.get(f"/own/{talk}")
    assert "no-store" in listed.headers["cache-control"]
    first, second = listed.json()["files"]
    assert first["name"] == "old.md"
    assert ada.delete(f"/own/{talk}/{first['id']}").status_code == 204
    assert ada.delete(f"/own/{talk}/{first['id']}").status_code == 404
    assert [file["id"] for file in ada.get(f"/own/{talk}").json()["files"]] == [second["id"]]
    assert ada.delete(f"/own/{talk}").status_code == 204
    assert ada.get(f"/own/{talk}").json() == {"files": []}


def test_what_is_anothers_is_not_there(as_user: As, records: Records, own: OwnDocuments) -> None:
    talk = records.begin("ada")
    lines(post(as_user("ada"), talk, ("old.md", OLD)))
    (file,) = own.listed("ada", talk)
    for user in ("eve", "", "ADA", "ada\\0"):
        client = as_user(user)
        replies = [
            client.get(f"/own/{talk}"),
            post(client, talk, ("mine.md", NEW)),
            client.delete(f"/own/{talk}/{file.id}"),
            client.delete(f"/own/{talk}"),
            client.get("/own/0000"),
        ]
        assert {reply.status_code for reply in replies} == {404}
        assert not [reply for reply in replies if "old.md" in reply.text]
    assert [file.name for file in own.listed("ada", talk)] == ["old.md"]


def test_no_name_of_a_file_leads_out_of_the_shelf(as_user: As, records: Records, settings: Settings) -> None:
    ada, talk = as_user("ada"), records.begin("ada")
    told = lines(post(ada, talk, ("../../../../tmp/evil.md", OLD), ("<img src=x onerror=alert(1)>.md", NEW)))
    assert [line["name"] for line in told if line["stage"] == "added"] == ["evil.md", "<img src=x onerror=alert(1)>.md"]
    for path in ("..", "%2e%2e", "../../records"):
        assert ada.delete(f"/own/{talk}/{path}").status_code in {404, 405, 307, 204} - {204}
    assert (settings.data_dir / "records.sqlite3").exists() or list(settings.data_dir.glob("*records*"))
    assert {path.parent for path in settings.data_dir.glob("*")} == {settings.data_dir}


def test_limits_are_held_while_files_come(as_user: As, records: Records, settings: Settings) -> None:
    ada, talk = as_user("ada"), records.begin("ada")
    (told,) = lines(post(ada, talk, ("big.txt", b"x" * (2**20 + 1))))
    assert "is too large: a file may have 1 MiB" in told["words"]

    def endless() -> Iterator[bytes]:
        yield b'--cut\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        for _ in range(100):
            yield b"x" * 2**16

    headers = {"content-type": "multipart/form-data; boundary=cut"}
    assert ada.post(f"/own/{talk}", content=endless(), headers=headers).status_code == 413
    assert ada.post(f"/own/{talk}", content=b"x", headers=headers).status_code == 400
    assert ada.post(f"/own/{talk}", content=b"x=1").status_code == 400
    assert [path for path in settings.uploads_dir.rglob("*") if path.is_file()] == []


def test_a_full_conversation_is_told_before_anything_is_taken(as_user: As, records: Records) -> None:
    ada, talk = as_user("ada"), records.begin("ada")
    lines(post(ada, talk, *((f"{n}.md", f"Lamp {n} is lit at dusk by the keeper on watch.") for n in range(3))))
    reply = post(ada, talk, ("4.md", NEW))
    assert (reply.status_code, "3 files at most" in reply.text) == (409, True)


def test_a_conversation_that_is_deleted_while_a_file_is_read_stays_deleted(
    as_user: As, records: Records, own: OwnDocuments, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, talk = as_user("ada"), records.begin("ada")
    read = own._read

    def meanwhile(name: str, id: str, data: bytes) -> Any:
        records.delete_conversation("ada", talk)  # as in another tab
        own.clear("ada", talk)
        return read(name, id, data)

    monkeypatch.setattr(own, "_read", meanwhile)
    told = lines(post(ada, talk, ("old.md", OLD), ("new.md", NEW)))
    assert {line["words"] for line in told if line["stage"] == "refused"} == {
        "was not added: its conversation was deleted meanwhile."
    }
    assert [path for path in settings.uploads_dir.rglob("*") if path.is_file()] == []


def test_a_place_is_needed_before_anything_is_taken_and_is_free_afterwards(
    as_user: As, records: Records, own: OwnDocuments
) -> None:
    ada, talk = as_user("ada"), records.begin("ada")
    with ExitStack() as held:
        for number in range(10):
            held.enter_context(own.place(f"user {number}"))
        taken: list[bytes] = []

        def body() -> Iterator[bytes]:
            for piece in [b"--cut--\r\n"] * 3:
                taken.append(piece)
                yield piece

        reply = ada.post(f"/own/{talk}", content=body(), headers={"content-type": "multipart/form-data; boundary=cut"})
        assert (reply.status_code, "Try again in a minute" in reply.text) == (409, True)
    for files in ([("old.md", OLD)], [("run.exe", b"MZ")], [("big.txt", b"x" * 3 * 2**20)], []):
        post(ada, talk, *files)
    assert not own._places


def test_a_place_is_free_when_whoever_sent_a_file_has_gone(own: OwnDocuments, records: Records, settings: Settings) -> None:
    talk = records.begin("")
    app = FastAPI()
    add_own(app, own, lambda: records, LIMITS, user_of=lambda request: "")
    form = b'--cut\r\nContent-Disposition: form-data; name="file"; filename="a.md"\r\n\r\n%b\r\n--cut--\r\n' % OLD.encode()

    async def sent_and_left() -> None:
        scope = {
            **{"type": "http", "method": "POST", "path": f"/own/{talk}", "raw_path": b"", "query_string": b""},
            **{"headers": [(b"content-type", b"multipart/form-data; boundary=cut")], "asgi": {"spec_version": "2.3"}},
        }
        messages = [{"type": "http.request", "body": form, "more_body": False}, {"type": "http.disconnect"}]

        async def receive() -> Any:
            return messages.pop(0) if len(messages) > 1 else messages[0]

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                await asyncio.sleep(3600)

        await app(scope, receive, send)

    asyncio.run(sent_and_left())
    assert not own._places
    assert not list(settings.uploads_dir.rglob("*.sent"))


def test_the_application_takes_documents_only_where_there_are_some(own: OwnDocuments, records: Records) -> None:
    with gr.Blocks() as page:
        gr.HTML("")
    talk = records.begin("")
    with_own = TestClient(make_app(page, records=lambda: records, own=own, limits=LIMITS), base_url="http://127.0.0.1")
    assert lines(post(with_own, talk, ("old.md", OLD)))[-1]["stage"] == "added"
    elsewhere = {"origin": "http://evil.example"}
    assert with_own.delete(f"/own/{talk}", headers=elsewhere).status_code == 403
    # more than any other request may have, and no more than documents may
    assert post(with_own, talk, ("a.txt", b"x" * (2**20 + 2**19))).status_code == 200
    assert post(with_own, talk, ("a.txt", b"x" * 4 * 2**20)).status_code == 413
    without = TestClient(make_app(page, records=lambda: records), base_url="http://127.0.0.1")
    assert post(without, talk, ("old.md", OLD)).status_code in {404, 405}
