"""Documents of a program's own: sent, listed, searched by its conversation alone, removed."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from assistant.answer import Assistant
from assistant.records import Records
from assistant.settings import Settings, UploadSettings
from assistant.uploads import OwnDocuments
from tests.uploads.policies import NEW, OLD
from tests.web.serving import served_parts, settings_with
from tests.web.test_plain_documents import ANSWER, QUESTION


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    limits = UploadSettings(max_file_mib=1, max_files=3, max_total_mib=2)
    return settings_with(tmp_path_factory.mktemp("kept"), uploads=limits)


@pytest.fixture(scope="module")
def client(settings: Settings, bernard: Assistant) -> Iterator[httpx.Client]:
    own = OwnDocuments(settings, bernard.index.embedder)
    with (
        served_parts(bernard, settings, documents=own) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        yield client


def test_a_conversation_searches_what_was_sent_to_it_and_no_other_does(client: httpx.Client) -> None:
    sent = client.post("/api/documents", files=[("file", ("old.md", OLD)), ("file", ("run.exe", b"MZ"))])
    assert sent.status_code == 200, sent.text
    talk = sent.json()["conversation"]
    added, refused = sent.json()["documents"]
    assert (added["name"], added["error"], bool(added["id"]), added["words"] > 50) == ("old.md", "", True, True)
    assert (refused["id"], refused["error"].startswith("It cannot be read: .exe")) == ("", True)

    def asked(**body: object) -> dict[str, object]:
        reply = client.post("/api/ask", json={"question": QUESTION, **body})
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    mine = asked(conversation=talk)
    assert ANSWER in str(mine["text"])
    assert [source["uploaded"] for source in mine["sources"]][:1] == [True]  # type: ignore[attr-defined]
    assert "old.md" in str(mine["sources"])
    assert mine["conversation"] == talk
    assert ANSWER not in str(asked()["text"])
    assert ANSWER not in str(asked(conversation=talk, filters={"scope": "guidance"})["text"])
    assert ANSWER in str(asked(conversation=talk, filters={"scope": "own"})["text"])
    assert asked(conversation=talk, question="Summarise “old.md”")["status"] == "answered"
    nothing = client.post("/api/ask", json={"question": QUESTION, "filters": {"scope": "own"}})
    assert (nothing.status_code, "There are no documents of yours" in nothing.json()["error"]) == (422, True)

    more = client.post(f"/api/documents/{talk}", files=[("file", ("new.md", NEW))]).json()
    assert [one["name"] for one in more["documents"]] == ["new.md"]
    assert [one["name"] for one in client.get(f"/api/documents/{talk}").json()["documents"]] == ["old.md", "new.md"]
    assert client.delete(f"/api/documents/{talk}/{added['id']}").status_code == 204
    assert client.delete(f"/api/documents/{talk}/{added['id']}").status_code == 404
    assert "old.md" not in str(asked(conversation=talk)["sources"])


def test_what_is_anothers_is_not_there(client: httpx.Client, settings: Settings) -> None:
    with Records(settings) as records:
        talk = records.begin("ada")
    for reply in (
        client.get(f"/api/documents/{talk}"),
        client.post(f"/api/documents/{talk}", files={"file": ("a.md", b"x")}),
        client.delete(f"/api/documents/{talk}/{'0' * 32}"),
        client.get("/api/documents/none"),
    ):
        assert reply.status_code == 404
        assert "There is no such conversation" in reply.json()["error"]


def test_what_cannot_be_taken_is_told_and_leaves_nothing_behind(client: httpx.Client, settings: Settings) -> None:
    with Records(settings) as records:
        before = records.all_conversations()
        assert client.post("/api/documents", json={"file": "x"}).status_code == 422
        assert client.post("/api/documents", files={"file": ("", b"")}).status_code == 422
        assert client.post("/api/documents", files={"note": (None, b"x")}).status_code == 422
        many = [("file", (f"{n}.md", b"x")) for n in range(4)]
        assert client.post("/api/documents", files=many).status_code == 413
        assert client.post("/api/documents", files={"file": ("a.txt", b"x" * 4 * 2**20)}).status_code == 413
        none = client.post("/api/documents", files={"file": ("run.exe", b"MZ")}).json()
        assert (none["conversation"], none["documents"][0]["id"]) == ("", "")
        assert records.all_conversations() == before
    elsewhere = {"origin": "http://evil.example"}
    assert client.post("/api/documents", files={"file": ("a.md", b"x")}, headers=elsewhere).status_code == 403


def test_the_reference_says_how_files_are_sent(client: httpx.Client) -> None:
    document = client.get("/api/openapi.json").json()
    assert {"/api/documents", "/api/documents/{conversation}", "/api/documents/{conversation}/{document}"} <= set(
        document["paths"]
    )
    page = client.get("/api/docs").text
    assert "files in the field <code>file</code>, as <code>multipart/form-data</code>" in page
    assert "DELETE /api/documents/{conversation}/{document}" in page
