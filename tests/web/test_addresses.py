from __future__ import annotations

import pytest

from assistant.web.addresses import is_loopback, is_loopback_url, origin_of


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "localhost", "LOCALHOST", "::1", "[::1]"])
def test_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "10.0.0.1", "bernard.example", "", "localhost.example", "127.0.0.1.example"]
)
def test_another_machine_or_all_of_them(host: str) -> None:
    assert not is_loopback(host)
    assert not is_loopback_url(f"http://{host}")


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Bernard.Example/", "https://bernard.example"),
        ("https://bernard.example:443", "https://bernard.example"),
        ("http://bernard.example:80", "http://bernard.example"),
        ("https://bernard.example:8443", "https://bernard.example:8443"),
        ("http://[::1]:7860", "http://[::1]:7860"),
        ("", ""),
        ("null", ""),
        ("ftp://bernard.example", ""),
        ("https://", ""),
        ("https://bernard.example:port", ""),
        ("https://[broken", ""),
    ],
)
def test_an_origin_is_as_a_browser_gives_it(url: str, origin: str) -> None:
    assert origin_of(url) == origin
