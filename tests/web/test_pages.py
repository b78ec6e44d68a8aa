"""The accessibility statement and the privacy notice say what this installation does."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from assistant.settings import Settings
from assistant.web.pages import accessibility_statement, privacy_notice
from tests.web.sample_answers import HOSTILE, SampleAnswers
from tests.web.serving import served_parts, settings_with


def words(page: str) -> str:
    return " ".join(page.split())


def settings(**sections: object) -> Settings:
    return Settings(**sections)  # type: ignore[arg-type]


def test_they_are_pages_of_the_application(tmp_path: Path) -> None:
    with served_parts(SampleAnswers(), settings_with(tmp_path)) as address:
        for path, title in (("/accessibility", "Accessibility statement"), ("/privacy", "Privacy notice")):
            reply = httpx.get(address + path)
            assert reply.status_code == 200
            assert f'<h1 class="b-page-title">{title}</h1>' in reply.text


def test_what_falls_short_is_said_before_the_enforcement_procedure() -> None:
    text = accessibility_statement(settings())
    order = ["You should be able to", "not fully accessible", "What to do if you cannot", "Enforcement", "How it was tested"]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "tests with JAWS, NVDA and VoiceOver are missing" in words(text)


@pytest.mark.parametrize(
    ("days", "told"), [(90, "itself 90 days after"), (1, "itself 1 day after"), (0, "gone when you close")]
)
def test_how_long_things_are_kept_is_as_set(days: int, told: str) -> None:
    text = words(privacy_notice(settings(records={"days": days})))
    assert told in text
    assert ("Bernard keeps no questions" in text) is not days
    assert ("your questions, what the search was limited to" in text) is bool(days)


def test_documents_that_people_add_are_told_where_they_may() -> None:
    allowed = words(privacy_notice(settings(uploads={"hours": 5})))
    assert "documents that you add to a conversation" in allowed
    assert "is deleted after 5 hours" in allowed
    for none in ({"uploads": {"allowed": False}}, {"records": {"days": 0}}):
        assert "documents that you add" not in privacy_notice(settings(**none))


def test_where_nobody_signs_in_everybody_at_the_machine_sees_everything() -> None:
    assert "whoever can use this machine sees the conversations" in privacy_notice(settings())
    signed = words(privacy_notice(settings(sign_in={"way": "passwords"})))
    assert "Other users do not see your conversations" in signed
    assert "Argon2id" in signed
    assert "10 hours" in signed
    assert "sets no cookies" in privacy_notice(settings())


def test_what_is_sent_to_a_model_is_named_with_where() -> None:
    assert "Nothing. Pages load nothing" in words(privacy_notice(settings()))
    text = words(privacy_notice(settings(model="openai:gpt-x", generation={"base_url": "http://model.example/v1"})))
    assert "openai:gpt-x" in text
    assert "is sent to http://model.example/v1" in text
    assert "the provider of openai" in privacy_notice(settings(model="openai:gpt-x"))
    assert "up to twenty statements of each theme" in text  # of responses to consultations
    assert text.index("twenty statements") < text.index("Nothing else leaves")


def test_questions_in_the_log_are_told() -> None:
    assert "without its text" in privacy_notice(settings())
    assert "holds the text of questions" in privacy_notice(settings(web={"log_questions": True}))


def test_whom_to_write_to_is_as_set_and_is_no_markup() -> None:
    assert "tell whoever looks after Bernard" in accessibility_statement(settings())
    for page in (accessibility_statement, privacy_notice):
        assert "write to bernard@example.gov.uk" in page(settings(web={"contact": "bernard@example.gov.uk"}))
        assert "<script" not in page(settings(web={"contact": HOSTILE}, model=f"x:{HOSTILE}"))


def test_no_secret_is_shown() -> None:
    kept = settings(
        records={"url": "postgresql://b:hidden-word@db/b"},
        web={"metrics_token": "hidden-word"},
        sign_in={"way": "proxy", "proxy_secret": "hidden-word" * 4},
    )
    assert "hidden-word" not in privacy_notice(kept) + accessibility_statement(kept)
    assert "in a database" in privacy_notice(kept)
