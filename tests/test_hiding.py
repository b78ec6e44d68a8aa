"""Addresses are shown without the secrets they can hold."""

from __future__ import annotations

import pytest

from assistant.hiding import without_secrets


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1"),
        ("https://ann:pass@llm.example/v1", "https://**********@llm.example/v1"),
        ("https://tok3n@llm.example", "https://**********@llm.example"),
        ("see https://a.example/@ann?x=1 and b@c.example", "see https://a.example/@ann?x=1 and b@c.example"),
        ("https://x/?api-version=2&api_key=abc&n=1", "https://x/?api-version=2&api_key=**********&n=1"),
        ("https://x/?Access-Token=a%20b", "https://x/?Access-Token=**********"),
        ("postgresql://bernard:pw@db/bernard", "postgresql://**********@db/bernard"),
    ],
)
def test_what_gives_access_is_hidden_and_the_rest_stays(text: str, shown: str) -> None:
    assert without_secrets(text) == shown
