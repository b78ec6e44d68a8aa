"""Documents of one's own on the page without JavaScript: the real assistant, real files, a real Chromium without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.answer import Assistant
from assistant.records import Records
from assistant.settings import Settings, UploadSettings
from assistant.uploads import OwnDocuments
from tests.uploads.policies import NEW, OLD
from tests.web.access import barriers
from tests.web.serving import served_parts, settings_with

QUESTION = "How long before I travel must I book a boat through the harbour desk?"
ANSWER = "at least 7 days before you travel"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    limits = UploadSettings(max_file_mib=1, max_files=3, max_total_mib=2)
    return settings_with(tmp_path_factory.mktemp("kept"), uploads=limits)


@pytest.fixture(scope="module")
def own(settings: Settings, bernard: Assistant) -> OwnDocuments:
    return OwnDocuments(settings, bernard.index.embedder)


@pytest.fixture(scope="module")
def address(settings: Settings, own: OwnDocuments, bernard: Assistant) -> Iterator[str]:
    with served_parts(bernard, settings, documents=own) as address:
        yield address


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60) as client:
        yield client


def sent(client: httpx.Client, at: str, *files: tuple[str, bytes | str]) -> httpx.Response:
    return client.post(
        at, files=[("file", (name, data if isinstance(data, bytes) else data.encode())) for name, data in files]
    )


def begun(client: httpx.Client, *files: tuple[str, bytes | str]) -> str:
    """The address of a conversation that began with these files."""
    reply = sent(client, "/plain/own/new", *files)
    assert reply.status_code == 303, reply.text
    return reply.headers["location"].partition("?")[0]


def test_a_conversation_begins_with_documents_and_is_answered_from_them(client: httpx.Client, own: OwnDocuments) -> None:
    at = begun(client, ("old.md", OLD))
    page = client.get(f"{at}?said=added").text
    assert "Added." in page
    assert "Your own documents (1 document)" in page
    told = client.post(at, data={"question": QUESTION, "scope": "own"})
    answered = client.get(told.headers["location"])
    assert ANSWER in answered.text
    assert "Your document" in answered.text
    assert 'name="scope" value="own" checked' in answered.text, "the choice stays"
    guidance = client.get(client.post(at, data={"question": QUESTION, "scope": "guidance"}).headers["location"]).text
    assert ANSWER not in guidance.rpartition('id="t2-question"')[2].partition('<form class="b-asking"')[0]


def test_documents_are_gone_through_compared_and_removed(client: httpx.Client, own: OwnDocuments) -> None:
    at = begun(client, ("old.md", OLD), ("new.md", NEW))
    name = at.rpartition("/")[2]
    first, second = own.listed("", name)
    do = f"/plain/own/{name}/do"
    duties = client.post(do, data={"do": "duties", "file": first.id})
    assert duties.headers["location"].endswith("#t1-question")
    assert "What must I do, by when, according to “old.md”?" in client.get(duties.headers["location"]).text
    compared = client.get(
        client.post(do, data={"do": "compare", "first": first.id, "second": second.id}).headers["location"]
    )
    assert "Compare “old.md” with “new.md”" in compared.text
    typed = client.post(at, data={"question": "Summarise “new.md”"})
    assert typed.headers["location"].endswith("#t3-question")
    for wrong in ({"do": "compare", "first": first.id, "second": first.id[::-1]}, {"do": "burn", "file": first.id}):
        assert client.post(do, data=wrong).status_code == 422
    assert client.post(do, data={"do": "remove", "file": first.id}).status_code == 303
    assert [file.name for file in own.listed("", name)] == ["new.md"]
    gone = client.post(do, data={"do": "remove", "file": first.id})
    assert (gone.status_code, "There is no such document" in gone.text) == (404, True)
    client.post(f"{at}/delete", data={"sure": "yes"})
    assert own.listed("", name) == [], "they go with their conversation"


def test_what_cannot_be_added_is_told_by_its_field_and_the_rest_is_added(client: httpx.Client, settings: Settings) -> None:
    told = sent(client, "/plain/own/new", ("run.exe", b"MZ"), ("good.md", NEW), ("big.txt", b"x" * (2**20 + 1)))
    assert told.status_code == 422
    assert '<a href="#documents-input">run.exe cannot be read' in told.text
    assert "big.txt is too large: a file may have 1 MiB" in told.text
    assert "good.md" in told.text.partition('<ul class="b-conversations">')[2]
    at = re.search(r'action="(/plain/own/[0-9a-f]{32})"', told.text)
    assert at, "the next file goes to the conversation that has begun"
    many = sent(client, at[1], *((f"{n}.md", f"Lamp {n} is lit.") for n in range(4)))
    assert (many.status_code, "Send 3 files at most" in many.text) == (413, True)
    with Records(settings) as records:
        before = len(records.all_conversations())
        for nothing in (sent(client, "/plain/own/new", ("", b"")), client.post("/plain/own/new", data={"file": "x"})):
            assert nothing.status_code == 422
            assert 'href="#documents-input"' in nothing.text
        assert len(records.all_conversations()) == before, "no conversation is left behind"
    assert not list(settings.uploads_dir.rglob("*.sent"))


def test_what_is_anothers_is_not_there(client: httpx.Client, settings: Settings, own: OwnDocuments) -> None:
    with Records(settings) as records:
        talk = records.begin("ada")
    for reply in (
        sent(client, f"/plain/own/{talk}", ("mine.md", NEW)),
        client.post(f"/plain/own/{talk}/do", data={"do": "summarise", "file": "0" * 32}),
        client.post(f"/plain/own/{talk}/do", data={"do": "remove", "file": "0" * 32}),
    ):
        assert reply.status_code == 404
        assert "There is no such conversation" in reply.text
    assert own.listed("ada", talk) == own.listed("", talk) == []
    elsewhere = {"origin": "http://evil.example"}
    assert client.post("/plain/own/new", files={"file": ("a.md", b"x")}, headers=elsewhere).status_code == 403


def test_a_name_of_a_file_is_shown_as_text(client: httpx.Client) -> None:
    at = begun(client, ("<img src=x onerror=alert(1)>.md", OLD))
    assert "<img" not in client.get(at).text
    assert "<img" not in sent(client, f"/plain/own/{at.rpartition('/')[2]}", ("<img src=x>.exe", b"MZ")).text


@pytest.mark.browser
@pytest.mark.parametrize("window", [{"width": 1366, "height": 768}, {"width": 320, "height": 640}], ids=["wide", "narrow"])
def test_the_journey_without_javascript(chromium: Any, address: str, tmp_path: Path, window: dict[str, int]) -> None:
    (tmp_path / "old.md").write_text(OLD)
    (tmp_path / "new.md").write_text(NEW)
    context = chromium.new_context(java_script_enabled=False, viewport=window)
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{address}/plain")
    page.get_by_text("Your own documents").click()
    page.get_by_label("Choose files to add").set_input_files([tmp_path / "old.md", tmp_path / "new.md"])
    page.get_by_role("button", name="Add", exact=True).click()
    page.locator("#said").wait_for()
    page.get_by_label("Only your documents").check()
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator("#t1-question").wait_for()
    assert "7 days" in page.locator(".b-answer").inner_text()
    page.get_by_role("button", name="Compare these two").click()
    page.locator("#t2-question").wait_for()
    page.get_by_role("button", name=re.compile("Remove.*old.md")).click()
    page.locator("#said").wait_for()
    at = page.url
    context.close()
    page = chromium.new_context(viewport=window).new_page()  # axe-core is a script
    page.goto(at)
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert barriers(page) == []
    page.context.close()
