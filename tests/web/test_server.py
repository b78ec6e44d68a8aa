from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys

import httpx
import pytest

from assistant.errors import SettingsError
from assistant.settings import Settings, WebSettings
from assistant.web import serve
from assistant.web.server import address_of, take_port


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.10", "::", "bernard.example"])
def test_only_this_machine_is_served_without_sign_in(host: str) -> None:
    with pytest.raises(SettingsError, match="without sign-in") as caught:
        serve(Settings(web=WebSettings(host=host, port=0)))
    assert "BERNARD_WEB__HOST" in str(caught.value)


def test_a_port_in_use_is_named_with_its_setting() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SettingsError, match=f"Port {port} is already in use") as caught:
            take_port(WebSettings(port=port))
    assert f"`bernard serve --port {port + 1}`" in str(caught.value)
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


FORWARDED = """
import json, os, threading, time, httpx
from assistant.settings import WebSettings
from assistant.web.server import address_of, run, take_port

async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["client"][0].encode()})

told, public_url = [], "https://bernard.example"
for public, trusted in (("", "127.0.0.1"), (public_url, "127.0.0.1"), (public_url, "192.0.2.1")):
    taken = take_port(WebSettings(port=0))
    web = WebSettings(public_url=public, trusted_proxies=trusted)
    threading.Thread(target=run, args=(app, taken), kwargs={"web": web}, daemon=True).start()
    for _ in range(100):
        try:
            told.append(httpx.get(address_of(taken), headers={"x-forwarded-for": "10.9.8.7"}, trust_env=False).text)
            break
        except httpx.ConnectError:
            time.sleep(0.1)
print(json.dumps(told), flush=True)
os._exit(0)
"""


def test_where_a_request_came_from_is_believed_of_the_trusted_proxy_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORWARDED], capture_output=True, text=True, timeout=120, check=False
    )
    assert json.loads(done.stdout.splitlines()[-1]) == ["127.0.0.1", "10.9.8.7", "127.0.0.1"], done.stderr
