"""A small publisher on this machine: replays GOV.UK's two APIs, with faults by script, and counts requests."""

from __future__ import annotations

import contextlib
import hashlib
import json
import socket
import struct
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

API = "/api/content"


@dataclass(frozen=True)
class Fault:
    """What one request gets instead of the item.

    `how`: "status" for a plain reply with that status; "truncated", "garbage", "html", "reset" or "slow".
    """

    how: str = "status"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0


@dataclass(frozen=True)
class Asked:
    """One request, as the server saw it, and what it sent."""

    path: str
    query: str
    headers: Mapping[str, str]
    status: int
    fault: str
    at: float


class ReplayServer:
    """Serves `items` (path of a page to its JSON) and `files` (path to bytes) until closed."""

    def __init__(self, items: Mapping[str, Any] | None = None, files: Mapping[str, bytes] | None = None) -> None:
        self.items = {path: item if isinstance(item, bytes) else dump(item) for path, item in (items or {}).items()}
        self.files = dict(files or {})
        self.types: dict[str, str] = {}
        self.faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self.always: dict[str, Fault] = {}
        self.found: list[str] = []
        self.log: list[Asked] = []
        self.lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> ReplayServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def fail(self, path: str, *faults: Fault) -> None:
        """Give the next requests for this item these faults, in order."""
        self.faults[API + path].extend(faults)

    def succeeded(self) -> Counter[str]:
        """How often each path was replied to with what was asked for: the item, or that it has not changed."""
        with self.lock:
            return Counter(asked.path for asked in self.log if not asked.fault and asked.status in {200, 304})

    def asked(self, path: str) -> list[Asked]:
        """The requests for an item."""
        with self.lock:
            return [asked for asked in self.log if asked.path in {path, API + path}]


def dump(item: Any) -> bytes:
    return json.dumps(item, ensure_ascii=False).encode()


def etag_of(body: bytes) -> str:
    return f'W/"{hashlib.sha256(body).hexdigest()[:16]}"'


def transient_faults() -> Iterable[Fault]:
    """One of each kind that passes."""
    return (
        Fault(status=503),
        Fault("truncated"),
        Fault(status=429, headers={"Retry-After": "1"}),
        Fault("reset"),
        Fault("garbage"),
        Fault(status=500),
        Fault("html"),
        Fault("slow", seconds=1.6),
        Fault(status=502),
    )


def _handler(server: ReplayServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            with server.lock:
                script = server.faults[parts.path]
                fault = script.popleft() if script else server.always.get(parts.path)
            if fault:
                self.break_down(fault, parts.path, parts.query)
            elif parts.path == "/api/search.json":
                self.send(200, dump(self.results(parts.query)), {"Content-Type": "application/json"})
            elif parts.path in server.files:
                kind = server.types.get(parts.path, "application/octet-stream")
                self.send(200, server.files[parts.path], {"Content-Type": kind})
            elif (body := server.items.get(parts.path.removeprefix(API))) is not None:
                etag = etag_of(body)
                if self.headers.get("If-None-Match") == etag:
                    self.send(304, b"", {"ETag": etag})
                else:
                    headers = {"Last-Modified": "Mon, 02 Mar 2026 09:30:00 GMT", "Content-Type": "application/json"}
                    self.send(200, body, {**headers, "ETag": etag})
            else:
                self.send(404, b"{}")

        def results(self, query: str) -> Any:
            asked = parse_qs(query)
            start, count = int(asked["start"][0]), int(asked["count"][0])
            links = [{"link": path} for path in server.found[start : start + count]]
            return {"results": links, "total": len(server.found), "start": start}

        def break_down(self, fault: Fault, path: str, query: str) -> None:
            whole = server.items.get(path.removeprefix(API), b'{"base_path": "/x"}')
            if fault.how == "status":
                self.send(fault.status, fault.body, fault.headers, fault=str(fault.status))
            elif fault.how == "truncated":
                self.note(200, "truncated")
                self.send_response(200)
                self.send_header("Content-Length", str(len(whole)))
                self.end_headers()
                self.wfile.write(whole[: len(whole) // 2])
                self.close_connection = True
            elif fault.how == "garbage":
                self.send(200, whole[: len(whole) // 2], {"Content-Type": "application/json"}, fault="garbage")
            elif fault.how == "html":
                self.send(200, b"<!DOCTYPE html><title>Sorry</title>", {"Content-Type": "text/html"}, fault="html")
            elif fault.how == "reset":
                self.note(0, "reset")
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                self.close_connection = True
            elif fault.how == "slow":
                self.note(0, "slow")
                time.sleep(fault.seconds)
                self.close_connection = True
            else:
                raise AssertionError(fault.how)

        def send(self, status: int, body: bytes, headers: Mapping[str, str] | None = None, fault: str = "") -> None:
            self.note(status, fault)
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def note(self, status: int, fault: str) -> None:
            parts = urlsplit(self.path)
            asked = Asked(parts.path, parts.query, dict(self.headers.items()), status, fault, time.monotonic())
            with server.lock:
                server.log.append(asked)

        def handle(self) -> None:
            with contextlib.suppress(OSError):  # the client has gone, or this end has reset the connection
                super().handle()

        def log_message(self, *_: object) -> None:
            pass

    return Handler
