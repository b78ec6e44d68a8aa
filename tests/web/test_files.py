"""Answers and conversations as files, from the application that `bernard serve` runs, over real records."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import gradio as gr
import pytest
from docx import Document
from fastapi.testclient import TestClient

from assistant.errors import RecordsUnusable
from assistant.records import Records
from assistant.settings import Settings
from assistant.web.server import make_app
from tests.web.sample_answers import foi

pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Records]:
    with Records(Settings(data_dir=tmp_path_factory.mktemp("records"))) as records:
        yield records


@pytest.fixture(scope="module")
def client(records: Records) -> TestClient:
    with gr.Blocks() as page:
        gr.HTML("")
    return TestClient(make_app(page, records=lambda: records), base_url="http://127.0.0.1")


@pytest.fixture(scope="module")
def conversation(records: Records) -> str:
    name = records.begin("")
    records.add(foi("How long do we have?"), conversation=name)
    return name


def test_a_conversation_is_given_as_a_word_file_with_its_marking(client: TestClient, conversation: str) -> None:
    reply = client.get(f"/export/{conversation}.docx?marking=OFFICIAL")

    assert reply.status_code == 200
    assert reply.headers["content-disposition"].startswith("attachment; ")
    assert "no-store" in reply.headers["cache-control"]
    document = Document(io.BytesIO(reply.content))
    assert "How long do we have?" in "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "OFFICIAL" in "".join(paragraph.text for paragraph in document.sections[0].header.paragraphs)


@pytest.mark.parametrize("form", ["html", "markdown", "json"])
def test_an_answer_is_given_in_every_form(client: TestClient, records: Records, conversation: str, form: str) -> None:
    (exchange,) = records.conversation("", conversation).exchanges

    reply = client.get(f"/export/{exchange.id}.{form}")

    assert reply.status_code == 200
    assert "How long do we have?" in reply.text


def test_what_is_not_there_or_anothers_or_no_form_is_told_in_words(client: TestClient, records: Records) -> None:
    of_ada = records.begin("ada")
    records.add(foi("A secret?"), user="ada", conversation=of_ada)

    for path in (f"/export/{of_ada}.docx", "/export/none.docx", f"/export/{of_ada}.exe"):
        reply = client.get(path)
        assert reply.status_code == 404
        assert "secret" not in reply.text
        assert "Traceback" not in reply.text


def test_an_unknown_marking_is_refused(client: TestClient, conversation: str) -> None:
    assert client.get(f"/export/{conversation}.docx?marking=TOP").status_code == 404


def test_records_that_cannot_be_reached_are_told(tmp_path: Path) -> None:
    def broken() -> Records:
        raise RecordsUnusable("The records cannot be used at the moment.")

    with gr.Blocks() as page:
        gr.HTML("")
    client = TestClient(make_app(page, records=broken), base_url="http://127.0.0.1")

    reply = client.get("/export/x.docx")

    assert (reply.status_code, reply.text) == (503, "The records cannot be used at the moment.")


def test_where_nothing_is_kept_there_are_no_files() -> None:
    with gr.Blocks() as page:
        gr.HTML("")
    reply = TestClient(make_app(page), base_url="http://127.0.0.1").get("/export/x.docx")

    assert "attachment" not in reply.headers.get("content-disposition", "")
