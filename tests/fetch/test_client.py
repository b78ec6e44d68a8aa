"""How one address is asked for: politely, until there is a whole reply or enough was tried."""

from __future__ import annotations

import contextlib
import datetime as dt
import email.utils
import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import pytest

from assistant.errors import FetchError
from assistant.fetch import client as client_module
from assistant.fetch.addresses import AllowedAddresses
from assistant.fetch.client import Client, Reply, Unreachable, retry_after
from assistant.fetch.pace import Pace, Stopped
from assistant.settings import FetchSettings
from tests.fetch.replay_server import API, Fault, ReplayServer, etag_of

BODY = b'{"base_path": "/lamp"}'
Make = Callable[..., FetchSettings]


def accept(body: bytes, headers: Mapping[str, str]) -> None:
    pass


@contextmanager
def open_client(settings: FetchSettings, first_wait: float = 0.01) -> Iterator[Client]:
    client = Client(settings.govuk_url, settings, first_wait=first_wait)
    try:
        yield client
    finally:
        client.close()


def ask(server: ReplayServer, settings: FetchSettings, path: str = "/lamp", **more: str) -> Reply:
    with open_client(settings) as client:
        return client.ask(f"{server.url}{API}{path}", check=accept, **more)


@pytest.fixture
def lamp(server: ReplayServer) -> ReplayServer:
    server.items["/lamp"] = BODY
    return server


def test_a_reply_is_given_whole_and_the_request_says_who_asks(lamp: ReplayServer, settings_for: Make) -> None:
    reply = ask(lamp, settings_for(lamp, contact="keeper@example.gov.uk"))

    assert (reply.status, reply.body, reply.headers["etag"]) == (200, BODY, etag_of(BODY))
    agent = lamp.log[0].headers["User-Agent"]
    assert agent.startswith("bernard-assistant/")
    assert agent.endswith("(keeper@example.gov.uk)")


def test_what_has_not_changed_is_not_sent_again(lamp: ReplayServer, settings_for: Make) -> None:
    reply = ask(lamp, settings_for(lamp), etag=etag_of(BODY), modified="Mon, 02 Mar 2026 09:30:00 GMT")

    assert (reply.status, reply.body) == (304, b"")
    assert lamp.log[0].headers["If-None-Match"] == etag_of(BODY)
    assert lamp.log[0].headers["If-Modified-Since"] == "Mon, 02 Mar 2026 09:30:00 GMT"


@pytest.mark.parametrize(
    "fault",
    [
        *(Fault(status=status) for status in (202, 408, 429, 500, 502, 503, 504)),
        Fault("truncated"),
        Fault("reset"),
        Fault("slow", seconds=1.3),
    ],
    ids=lambda fault: f"{fault.how}-{fault.status}",
)
def test_a_fault_that_passes_is_tried_again(fault: Fault, lamp: ReplayServer, settings_for: Make) -> None:
    lamp.fail("/lamp", fault)

    assert ask(lamp, settings_for(lamp)).body == BODY
    assert len(lamp.log) == 2


def test_a_compressed_reply_is_unpacked_and_a_damaged_one_tried_again(lamp: ReplayServer, settings_for: Make) -> None:
    packed = gzip.compress(BODY)
    headers = {"Content-Encoding": "gzip"}
    lamp.fail("/lamp", Fault(headers=headers, body=b"not packed"), Fault(headers=headers, body=packed))

    assert ask(lamp, settings_for(lamp)).body == BODY
    assert len(lamp.log) == 2


def test_what_the_check_refuses_is_tried_again(lamp: ReplayServer, settings_for: Make) -> None:
    lamp.fail("/lamp", Fault("html"))

    def check(body: bytes, headers: Mapping[str, str]) -> None:
        if body.startswith(b"<"):
            raise FetchError("The reply is a web page.")

    with open_client(settings_for(lamp)) as client:
        assert client.ask(f"{lamp.url}{API}/lamp", check=check).body == BODY


def test_after_enough_tries_the_last_fault_is_told(lamp: ReplayServer, settings_for: Make) -> None:
    lamp.always[f"{API}/lamp"] = Fault(status=503)

    with pytest.raises(FetchError, match=r"503 Service Unavailable \(tried 4 times\)\.$"):
        ask(lamp, settings_for(lamp))
    assert len(lamp.log) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 206, 304, 418, 451, 599])
def test_what_will_not_pass_is_not_tried_again(status: int, lamp: ReplayServer, settings_for: Make) -> None:
    lamp.always[f"{API}/lamp"] = Fault(status=status)

    with pytest.raises(FetchError, match=str(status)):
        ask(lamp, settings_for(lamp))
    assert len(lamp.log) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_absence_is_an_answer(status: int, lamp: ReplayServer, settings_for: Make) -> None:
    lamp.always[f"{API}/lamp"] = Fault(status=status)

    assert ask(lamp, settings_for(lamp)).status == status
    assert len(lamp.log) == 1


@pytest.mark.parametrize("as_date", [False, True])
def test_the_whole_host_is_left_alone_for_as_long_as_it_asks(as_date: bool, lamp: ReplayServer, settings_for: Make) -> None:
    lamp.items["/other"] = BODY
    asked = email.utils.format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2), usegmt=True) if as_date else "1"
    lamp.fail("/lamp", Fault(status=429, headers={"Retry-After": asked}))

    with open_client(settings_for(lamp)) as client:
        first = threading.Thread(target=client.ask, args=(f"{lamp.url}{API}/lamp",), kwargs={"check": accept})
        first.start()
        while not lamp.log:
            time.sleep(0.005)
        time.sleep(0.05)  # until the client has read the reply
        client.ask(f"{lamp.url}{API}/other", check=accept)
        first.join()

    assert lamp.log[0].status == 429
    assert all(later.at - lamp.log[0].at > 0.9 for later in lamp.log[1:])


def test_whoever_asks_for_a_longer_wait_than_the_setting_is_left_alone(lamp: ReplayServer, settings_for: Make) -> None:
    lamp.fail("/lamp", Fault(status=503, headers={"Retry-After": "86400"}))

    with pytest.raises(FetchError, match="no more requests for 86,400 seconds"):
        ask(lamp, settings_for(lamp, max_wait=1))

    assert len(lamp.log) == 1


def test_a_reply_that_is_packed_twice_is_refused(lamp: ReplayServer, settings_for: Make) -> None:
    packed = gzip.compress(gzip.compress(BODY))
    lamp.fail("/lamp", Fault(headers={"Content-Encoding": "gzip, gzip"}, body=packed))

    with pytest.raises(FetchError, match="packed in a way that was not asked for"):
        ask(lamp, settings_for(lamp))

    assert lamp.log[0].headers["Accept-Encoding"] == "gzip, deflate"


def test_waits_grow(lamp: ReplayServer, settings_for: Make) -> None:
    lamp.fail("/lamp", *[Fault(status=500)] * 3)

    with open_client(settings_for(lamp), first_wait=0.1) as client:
        client.ask(f"{lamp.url}{API}/lamp", check=accept)

    waits = [later.at - earlier.at for earlier, later in zip(lamp.log, lamp.log[1:], strict=False)]
    assert waits[0] < waits[1] < waits[2]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Tue, 03 Mar 2026 10:00:30 GMT", 30.0),
        ("Tue, 03 Mar 2026 09:00:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("²", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(value: str, seconds: float | None) -> None:
    assert retry_after(value, now=dt.datetime(2026, 3, 3, 10, 0, 0, tzinfo=dt.UTC)) == seconds


def test_requests_keep_their_distance_whatever_the_number_of_threads(lamp: ReplayServer, settings_for: Make) -> None:
    with open_client(settings_for(lamp, per_second=20)) as client:
        threads = [
            threading.Thread(target=client.ask, args=(f"{lamp.url}{API}/lamp",), kwargs={"check": accept}) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    times = sorted(asked.at for asked in lamp.log)
    assert times[-1] - times[0] > 7 * 0.05 * 0.9


def test_a_public_publisher_is_never_asked_faster_than_it_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.fetch.addresses._leads_inside", lambda host: False)
    rates: list[float] = []
    monkeypatch.setattr(client_module, "Pace", rates.append)

    Client("https://www.gov.uk", FetchSettings(per_second=500)).close()

    assert rates == [10.0]


def test_a_body_that_is_too_large_is_given_up(
    lamp: ReplayServer, settings_for: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "MOST_BYTES", 2**20)
    lamp.files["/big"] = b"x" * (2**20 + 1)

    with open_client(settings_for(lamp)) as client, pytest.raises(FetchError, match="larger than 1 MiB"):
        client.ask(f"{lamp.url}/big", check=accept)


@pytest.mark.parametrize(
    "opening",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Lamp: ",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x08\0\0\0\0\0\x03",
    ],
    ids=["the body", "the headers", "the name in a packed file"],
)
def test_a_reply_that_only_drips_is_given_up(opening: bytes, settings_for: Make, server: ReplayServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            connection, _ = listener.accept()
            with connection, contextlib.suppress(OSError):
                connection.recv(4096)
                connection.sendall(opening)
                for _ in range(60):
                    connection.sendall(b"x")
                    time.sleep(0.1)

        threading.Thread(target=drip, daemon=True).start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        started = time.monotonic()
        settings = settings_for(server, govuk_url=address, attempts=1)
        with open_client(settings) as client, pytest.raises(FetchError, match=r"too slowly|in time"):
            client.ask(f"{address}/drip", check=accept)
        assert time.monotonic() - started < 3


def test_without_a_network_it_is_told_after_few_tries(settings_for: Make, server: ReplayServer) -> None:
    server.close()

    with pytest.raises(Unreachable, match=r"No connection was made.*tried 3 times"):
        ask(server, settings_for(server, attempts=20))


def test_being_stopped_ends_every_wait(lamp: ReplayServer, settings_for: Make) -> None:
    lamp.always[f"{API}/lamp"] = Fault(status=503, headers={"Retry-After": "60"})
    with open_client(settings_for(lamp, max_wait=60)) as client:
        threading.Timer(0.3, client.pace.stop).start()
        started = time.monotonic()
        with pytest.raises(Stopped):
            client.ask(f"{lamp.url}{API}/lamp", check=accept)
    assert time.monotonic() - started < 2


def test_a_pause_holds_back_a_turn_that_was_waited_for() -> None:
    pace = Pace(20)
    pace.wait("host")
    threading.Timer(0.02, pace.pause, ("host", 0.3)).start()
    started = time.monotonic()

    pace.wait("host")

    assert time.monotonic() - started > 0.3
    assert pace.turns == 2


# where requests may lead


def test_a_redirect_is_told_not_followed(lamp: ReplayServer, settings_for: Make) -> None:
    lamp.fail("/lamp", Fault(status=301, headers={"Location": "/api/content/lantern#top"}))

    reply = ask(lamp, settings_for(lamp))

    assert (reply.status, reply.moved_to) == (301, f"{lamp.url}/api/content/lantern")
    assert len(lamp.log) == 1


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("", "without saying where to"),
        ("https://example.com/api/content/lamp", "neither"),
        ("https://gov.uk.example.com/", "neither"),
        ("https://www.gov.uk:8443/", "neither"),
        ("http://www.gov.uk/", "neither"),
        ("http://127.0.0.1:1/", "neither"),
        ("http://169.254.169.254/latest/meta-data", "neither"),
        ("file:///etc/passwd", "not an address"),
        ("https://user@www.gov.uk/", "not an address"),
        ("http://[", "without saying|not an address"),
    ],
)
def test_a_redirect_elsewhere_is_refused(location: str, reason: str, lamp: ReplayServer, settings_for: Make) -> None:
    lamp.fail("/lamp", Fault(status=302, headers={"Location": location}))

    with pytest.raises(FetchError, match=reason):
        ask(lamp, settings_for(lamp))
    assert len(lamp.log) == 1


def test_government_sites_are_allowed_unless_their_names_lead_into_a_private_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inside = {"intranet.service.gov.uk"}
    monkeypatch.setattr("assistant.fetch.addresses._leads_inside", lambda host: host in inside)
    allowed = AllowedAddresses("https://www.gov.uk")

    assert allowed.redirected("https://www.gov.uk/a", "/b") == "https://www.gov.uk/b"
    assert allowed.require("https://assets.publishing.service.gov.uk/media/1/a.pdf")
    with pytest.raises(FetchError, match="private network"):
        allowed.require("https://intranet.service.gov.uk/a")
    with pytest.raises(FetchError, match="not encrypted"):
        allowed.redirected("https://www.gov.uk/a", "http://www.gov.uk/b")


def test_lists_of_items_are_got_through_redirects_and_only_whole(lamp: ReplayServer, settings_for: Make) -> None:
    lamp.files["/list.json"] = b'{"results": []}'
    lamp.types["/list.json"] = "application/json"
    lamp.always["/old.json"] = Fault(status=301, headers={"Location": "/list.json"})
    lamp.always["/round.json"] = Fault(status=301, headers={"Location": "/round.json"})
    lamp.faults["/list.json"].append(Fault("garbage"))

    with open_client(settings_for(lamp)) as client:
        assert client.get(f"{lamp.url}/old.json") == b'{"results": []}'
        with pytest.raises(FetchError, match="without end"):
            client.get(f"{lamp.url}/round.json")
        with pytest.raises(FetchError, match="404 Not Found"):
            client.get(f"{lamp.url}/none.json")
