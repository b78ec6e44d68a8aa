"""Signing in with a name and a password that Bernard keeps: a form for people, HTTP Basic on /api/ for programs.

Knows nothing of how passwords are kept (`records`).
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

import anyio
import anyio.to_thread
from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assistant.records import User, Users, loose_name
from assistant.web.signin.forms import Frame, passwords_page, plain_frame
from assistant.web.signin.gate import local_path
from assistant.web.signin.identity import Identity, NotLetIn, known
from assistant.web.signin.leaving import add_leaving
from assistant.web.signin.sessions import Sessions
from assistant.web.signin.throttle import Throttle

AT_ONCE = 2
"""Passwords compared at the same time; each takes 64 MiB and a core for some 100 ms."""
WAITING = 30
"""Comparisons that may wait for their turn, some seconds' worth."""
WRONG = "The user name or the password is not right. Check both and try again."
_LONGEST_NAME = 200
_SECONDS = 60.0
_MOST = 1_000
_CHALLENGE = {"WWW-Authenticate": 'Basic realm="Bernard", charset="UTF-8"'}


class Passwords:
    """The way of named users; see `assistant.web.signin.ways.Way`."""

    has_page = True
    can_leave = True

    def __init__(
        self,
        users: Callable[[], Users],
        sessions: Sessions,
        *,
        frame: Frame = plain_frame,
        throttle: Throttle | None = None,
    ) -> None:
        """Prepare.

        Args:
            users: Gives the users; raises `RecordsUnusable` when they cannot be reached.
            sessions: The cookies.
            frame: Makes the pages.
            throttle: Counts failures.
        """
        self._users, self._sessions, self._frame = users, sessions, frame
        self._throttle = throttle or Throttle()
        self._turns = anyio.CapacityLimiter(AT_ONCE)
        self._verified = Verified()
        self._under_way: dict[tuple[str, bytes], asyncio.Task[User | None]] = {}

    async def identify(self, headers: Headers, *, client: str, path: str) -> Identity | None:
        """By the cookie, or on /api/ by name and password. Role and password are looked up each time."""
        if path.startswith("/api/") and "authorization" in headers:
            return await self._by_basic(headers, client)
        session = self._sessions.read(headers)
        if session is None:
            return None
        user = await run_in_threadpool(self._get, session.name)
        return _identity(user) if user and _stamp(user) == session.stamp else None

    def _get(self, name: str) -> User | None:
        return self._users().get(name)

    async def _by_basic(self, headers: Headers, client: str) -> Identity:
        given = _credentials(headers["authorization"])
        if given is None:
            raise NotLetIn("The header Authorization must be “Basic” with a user name and a password.", headers=_CHALLENGE)
        name, password = given
        user = await run_in_threadpool(self._get, name)
        if user and self._verified.holds(_stamp(user), name, password):
            return _identity(user)
        found = await self._checked(name, password, client, there=user)
        if found is None:
            raise NotLetIn("The user name or the password is not right.", headers=_CHALLENGE)
        self._verified.add(_stamp(found), name, password)
        return _identity(found)

    async def _checked(self, name: str, password: str, client: str, *, there: User | None) -> User | None:
        """The user whom name and password belong to, None when they are wrong.

        The same name and password from the same address, while they are being compared, are one try: a program that sends
        ten requests at once is no attacker, and who repeats a guess learns nothing more. Another password is another try.

        Args:
            name: As given.
            password: As given.
            client: The address they came from.
            there: The user of that name as last looked up. When they have changed since, what is under way does not count.

        Raises:
            NotLetIn: There were too many tries.
        """
        name = loose_name(name)
        if len(name) > _LONGEST_NAME:  # nobody's, and not to be held in memory
            return None
        this = client, self._verified.digest(_stamp(there) if there else "", name, password)
        if this not in self._under_way:
            if self._turns.statistics().tasks_waiting >= WAITING:
                raise NotLetIn("Too many people are signing in at once. Try again in a minute.", status=503)
            if wait := self._throttle.begin(name, client):
                raise NotLetIn(_too_many(wait), status=429, headers={"Retry-After": str(round(wait) + 1)})
            self._under_way[this] = asyncio.create_task(self._compared(name, password, client, this))
        return await asyncio.shield(self._under_way[this])  # who leaves takes nothing from the others

    async def _compared(self, name: str, password: str, client: str, this: tuple[str, bytes]) -> User | None:
        try:
            user = await anyio.to_thread.run_sync(lambda: self._users().check(name, password), limiter=self._turns)
        finally:
            del self._under_way[this]
        if user:
            self._throttle.succeeded(name, client)
        return user

    def add_routes(self, app: FastAPI) -> None:
        """/sign-in, /sign-out and /signed-out."""

        @app.get("/sign-in", include_in_schema=False)
        async def form(request: Request, next: str = "/") -> Response:
            if known(request):
                return RedirectResponse(local_path(next), status_code=303)
            return HTMLResponse(passwords_page(self._frame, next=local_path(next)))

        @app.post("/sign-in", include_in_schema=False)
        async def enter(request: Request) -> Response:
            async with request.form(max_files=0, max_fields=10) as sent:
                name, password, after = (str(sent.get(field, "")) for field in ("name", "password", "next"))
            return await self._entered(name, password, local_path(after), request.client.host if request.client else "")

        add_leaving(app, self._sessions, frame=self._frame)

    async def _entered(self, name: str, password: str, next: str, client: str) -> Response:
        faults = {}
        if not name.strip():
            faults["name"] = "Enter your user name"
        if not password:
            faults["password"] = "Enter your password"  # noqa: S105 - words for the reader
        if faults:
            return HTMLResponse(passwords_page(self._frame, next=next, name=name, faults=faults), status_code=400)
        try:
            there = await run_in_threadpool(self._get, name)
            user = await self._checked(name, password, client, there=there)
        except NotLetIn as error:
            page = passwords_page(self._frame, next=next, name=name, faults={"name": str(error)})
            return HTMLResponse(page, status_code=error.status, headers=error.headers)
        if user is None:
            page = passwords_page(self._frame, next=next, name=name, faults={"name": WRONG})
            return HTMLResponse(page, status_code=401)
        reply = RedirectResponse(next, status_code=303)
        self._sessions.begin(reply, name=user.name, role=str(user.role), stamp=_stamp(user))
        return reply


class Verified:
    """Names and passwords found right a moment ago, so that a program does not wait for each comparison.

    What is held of them is a keyed digest, whose key is gone with the process. Many threads may use it.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._until: OrderedDict[bytes, float] = OrderedDict()

    def holds(self, stamp: str, name: str, password: str) -> bool:
        """Whether they were right a moment ago, and the user has not changed since."""
        with self._lock:
            return self._until.get(self.digest(stamp, name, password), 0.0) > self._clock()

    def add(self, stamp: str, name: str, password: str) -> None:
        """They are right."""
        with self._lock:
            self._until[self.digest(stamp, name, password)] = self._clock() + _SECONDS
            while len(self._until) > _MOST:
                self._until.popitem(last=False)

    def digest(self, stamp: str, name: str, password: str) -> bytes:
        """What is held of a name and a password: equal for equal ones, and of no use to anybody else."""
        held = "\0".join((stamp, name.replace("\0", ""), password))
        return hmac.digest(self._key, held.encode("utf-8", "surrogatepass"), "sha256")


def _credentials(header: str) -> tuple[str, str] | None:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(encoded.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (name, password) if colon else None


def _identity(user: User) -> Identity:
    return Identity(user.name, user.role)


def _stamp(user: User) -> str:
    """Changes with the password, and when a user is removed and added again."""
    return f"{user.added_at.timestamp():.6f} {user.changed_at.timestamp():.6f}"


def _too_many(wait: float) -> str:
    time = f"{round(wait) + 1} seconds" if wait < 90 else f"{round(wait / 60) + 1} minutes"
    return f"There were too many tries with a wrong name or password. Wait {time}, then try again."
