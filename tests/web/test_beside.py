"""What stands beside the page, where users sign in: open to those who may, and each user's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from assistant.records import Recorder
from assistant.settings import Settings
from assistant.web.beside import beside
from assistant.web.figures import Figures
from assistant.web.lasting import Lasting
from assistant.web.places import Places
from tests.web.sample_answers import FullAnswers
from tests.web.signin.site import Site, serving

pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("kept")
    settings = Settings(data_dir=folder)
    with Recorder(settings) as recorder:

        def add(app: FastAPI) -> None:
            keeping = Lasting(recorder)
            beside(
                FullAnswers(),
                keeping,
                settings=settings,
                places=Places(),
                figures=Figures(),
                looks={"records": lambda: recorder.records().conversations("", limit=1)},
                can_leave=True,
            )(app)

        way = {"way": "passwords"}
        with serving(folder, sign_in=way, routes=[add], ada="official", eve="evaluator", root="administrator") as site:
            yield site


def test_texts_styles_and_health_are_there_before_anybody_signs_in(site: Site) -> None:
    with site.client() as client:
        for path in ("/accessibility", "/privacy", "/style/bernard.css", "/healthz", "/readyz"):
            assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("path", ["/plain", "/plain/none", "/api/docs", "/api/openapi.json"])
def test_the_rest_is_not(site: Site, path: str) -> None:
    with site.client() as client:
        assert client.get(path, headers={"accept": "text/html"}).status_code in {303, 401}
        assert client.get(path).status_code == 401


@pytest.mark.parametrize("path", ["/plain", "/plain/find", "/api/ask", "/api/feedback"])
def test_nor_can_anything_be_sent(site: Site, path: str) -> None:
    with site.client() as client:
        assert client.post(path, json={"question": "freedom"}).status_code == 401


def test_another_users_conversation_and_answer_are_not_there(site: Site) -> None:
    with site.signed_in("ada") as ada, site.signed_in("eve") as eve:
        told = ada.post("/api/ask", json={"question": "freedom of a secret kind"}).json()
        page = f"/plain/{told['conversation']}"
        assert "secret kind" in ada.get(page).text
        assert "Signed in as <strong>ada</strong>" in ada.get(page).text
        for reply in (
            eve.get(page),
            eve.post(page, data={"question": "freedom"}),
            eve.post(f"{page}/change", data={"question": "freedom", "turn": "1"}),
            eve.post(f"{page}/rename", data={"title": "Mine"}),
            eve.post(f"{page}/delete", data={"sure": "yes"}),
            eve.post(f"{page}/feedback", data={"record": told["record"], "kinds": "wrong"}),
            eve.post("/api/ask", json={"question": "freedom", "conversation": told["conversation"]}),
        ):
            assert reply.status_code == 404
            assert "secret kind" not in reply.text
        feedback = eve.post("/api/feedback", json={"record": told["record"], "kinds": ["wrong"]})
        assert feedback.status_code == 422
        assert "There is no such answer" in feedback.json()["error"]
        assert "secret kind" not in eve.post("/plain/find", data={"search": "secret"}).text
        assert "secret kind" in ada.get(page).text


def test_feedback_through_a_conversation_of_ones_own_cannot_reach_anothers_answer(site: Site) -> None:
    with site.signed_in("ada") as ada, site.signed_in("eve") as eve:
        record = ada.post("/api/ask", json={"question": "freedom"}).json()["record"]
        own = eve.post("/api/ask", json={"question": "freedom"}).json()["conversation"]
        reply = eve.post(f"/plain/{own}/feedback", data={"record": record, "kinds": "wrong"})
        assert reply.status_code == 422
        assert "There is no such answer" in reply.text


@pytest.mark.parametrize(("user", "status"), [("root", 200), ("eve", 401), ("ada", 401)])
def test_figures_are_for_administrators(site: Site, user: str, status: int) -> None:
    with site.signed_in(user) as client:
        assert client.get("/metrics").status_code == status


def test_the_plain_page_is_under_the_stricter_policy(site: Site) -> None:
    with site.signed_in("ada") as ada:
        policy = ada.get("/plain").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_a_page_of_another_site_cannot_send_its_forms(site: Site) -> None:
    with site.signed_in("ada") as ada:
        reply: httpx.Response = ada.post("/plain", data={"question": "freedom"}, headers={"origin": "https://evil.example"})
    assert reply.status_code == 403
