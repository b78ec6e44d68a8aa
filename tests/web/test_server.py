from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys

import httpx
import pytest

from assistant.errors import SettingsError
from assistant.settings import WebSettings
from assistant.web.server import address_of, take_port


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.10", "::", "bernard.example"])
def test_only_this_machine_is_served(host: str) -> None:
    with pytest.raises(SettingsError, match="no sign-in yet") as caught:
        take_port(WebSettings(host=host, port=0))
    assert "BERNARD_WEB__HOST" in str(caught.value)


def test_a_port_in_use_is_named_with_its_setting() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SettingsError, match=f"Port {port} is already in use") as caught:
            take_port(WebSettings(port=port))
    assert "BERNARD_WEB__PORT" in str(caught.value)


def test_localhost_and_a_free_port_are_taken() -> None:
    with take_port(WebSettings(host="localhost", port=0)) as taken:
        assert address_of(taken).startswith("http://127.0.0.1:")


SERVE = """
from assistant.settings import WebSettings
from assistant.web import build
from assistant.web.server import make_app, run, take_port
from tests.web.sample_answers import SampleAnswers
run(make_app(build(SampleAnswers())), take_port(WebSettings(port=0)))
"""


def test_it_says_where_it_is_and_stops_quietly_while_a_page_is_open() -> None:
    with subprocess.Popen(
        [sys.executable, "-u", "-W", "ignore", "-c", SERVE], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout
            first = process.stdout.readline()
            found = re.fullmatch(r"Bernard is at (http://127\.0\.0\.1:\d+) \(Ctrl\+C to stop\)\n", first)
            assert found, first
            with httpx.stream("GET", f"{found.group(1)}/gradio_api/heartbeat/open-page") as page:
                next(page.iter_raw())
                process.send_signal(signal.SIGINT)
                rest = process.stdout.read()
            assert rest == ""
            assert process.wait(timeout=30) == 0
        finally:
            process.kill()


def test_the_room_opens_without_gradio() -> None:
    code = "import sys, assistant.web; sys.exit('gradio' in sys.modules or 'uvicorn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
