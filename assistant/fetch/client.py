"""Asks a publisher for one address at a time, politely, until it has a whole reply or has tried often enough.

Keeps to a rate, waits longer after each fault and as long as it is told to, sends conditional requests, and takes no reply
for whole that is cut, too slow or too large. Redirects are told, not followed. Knows nothing of guidance or of files.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import http
import importlib.metadata
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpx

from assistant.errors import FetchError
from assistant.fetch.addresses import AllowedAddresses, host_of
from assistant.fetch.model import NotHere
from assistant.fetch.pace import Pace
from assistant.fetch.patience import Patience, TooMuch, TooSlow, limit
from assistant.settings import FetchSettings

MOST_BYTES = 200 * 2**20
"""The largest reply; ingest reads no larger files either."""
_ENCODINGS = {"", "identity", "gzip", "x-gzip", "deflate"}
"""How a reply may be packed: once."""
_PUBLIC_RATE = 10.0
"""GOV.UK's limit for one address; faster only with a server of one's own."""
_REDIRECTS = {301, 302, 303, 307, 308}
_ABSENT = {404, 410}
_PASSING = {202, 408, 425, 429, 500, 502, 503, 504}
"""202 is what legislation.gov.uk says while it still makes the reply."""
_MOST_HOPS = 5
_UNANSWERED_TRIES = 3
"""Tries of a host that has never answered: there is no network, and to wait on helps nobody."""

Check = Callable[[bytes, Mapping[str, str]], NotHere | None]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a publisher said in the end.

    Attributes:
        status: 200, 304, 404, 410 or a redirect's.
        headers: By name in lower case.
        body: Of a 200 only.
        moved_to: Full address that a redirect leads to, already found to be one that may be asked.
        not_here: What the check made of a 200.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    moved_to: str = ""
    not_here: NotHere | None = None


class Unreachable(FetchError):
    """No connection was made."""


class _TryAgain(Exception):
    """A fault that may pass; `wait` is how long the host asks to be left alone, None when it does not say."""

    def __init__(self, reason: str, *, pause: bool = False, wait: float | None = None, connected: bool = True) -> None:
        super().__init__(reason)
        self.pause, self.wait, self.connected = pause, wait, connected


class Client:
    """One publisher's; may be used by several threads."""

    def __init__(self, base_url: str, settings: FetchSettings, *, first_wait: float = 1.0) -> None:
        """Prepare; nothing is sent yet.

        Args:
            base_url: Where the publisher's items are.
            settings: Rate, time-outs and tries.
            first_wait: Seconds before the second try, about; doubled for each further one.
        """
        self._settings, self._first_wait = settings, first_wait
        self._allowed = AllowedAddresses(base_url)
        self.pace = Pace(settings.per_second if self._allowed.own else min(settings.per_second, _PUBLIC_RATE))
        self.answered = False
        """True once there was any reply at all."""
        self._http = httpx.Client(
            headers={"User-Agent": _user_agent(settings.contact), "Accept-Encoding": "gzip, deflate"},
            timeout=httpx.Timeout(settings.timeout, connect=min(settings.timeout, 10.0)),
            follow_redirects=False,
            mounts={"all://127.0.0.1": None, "all://localhost": None, "all://[::1]": None},  # no proxy for this machine
        )
        self._patience = Patience(seconds=settings.timeout, most_bytes=MOST_BYTES)
        limit(self._http, self._patience)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(self, address: str) -> bytes:
        """The reply to an address that is not itself guidance, redirects followed.

        Raises:
            FetchError: There is none that can be used.
            Stopped: The fetch is being stopped.
        """
        for _ in range(_MOST_HOPS + 1):
            reply = self.ask(address, check=_require_whole)
            if reply.status == http.HTTPStatus.OK:
                return reply.body
            if not reply.moved_to:
                raise FetchError(f"{address} is not there ({_named(reply.status)}).")
            address = reply.moved_to
        raise FetchError(f"{address} sends readers on from one address to another without end.")

    def ask(self, address: str, *, check: Check, etag: str = "", modified: str = "") -> Reply:
        """The reply to one address.

        Args:
            address: What to ask for.
            check: Looks at the body of a 200; when it raises FetchError the address is asked again.
            etag: What was held already, to be told whether it has changed.
            modified: The Last-Modified of what was held.

        Raises:
            FetchError: There is no reply that can be used; says what was tried.
            Unreachable: No connection could be made.
            Stopped: The fetch is being stopped.
        """
        self._allowed.require(address)
        attempt = 0
        while True:
            attempt += 1
            self.pace.wait(host_of(address))
            try:
                return self._ask_once(address, check, etag, modified)
            except _TryAgain as fault:
                no_network = not (self.answered or fault.connected)
                if attempt == self._settings.attempts or (no_network and attempt >= _UNANSWERED_TRIES):
                    tried = f"tried {attempt} times" if attempt > 1 else "tried once"
                    raise (FetchError if fault.connected else Unreachable)(f"{fault} ({tried}).") from None
                self._wait(host_of(address), fault, attempt)

    def _wait(self, host: str, fault: _TryAgain, attempt: int) -> None:
        # Never the same wait twice, so that clients that failed together do not come back together.
        wait = self._first_wait * 2 ** (attempt - 1) * random.uniform(0.75, 1.25)  # noqa: S311 - nothing secret
        if fault.wait is not None and fault.wait > self._settings.max_wait:
            raise FetchError(
                f"{host} asks for no more requests for {fault.wait:,.0f} seconds. Run the same command again then."
            )
        wait = min(wait if fault.wait is None else fault.wait, self._settings.max_wait)
        if fault.pause:
            self.pace.pause(host, wait)
        else:
            self.pace.sleep(wait)

    def _ask_once(self, address: str, check: Check, etag: str, modified: str) -> Reply:
        conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
        self._patience.begin()
        try:
            with self._http.stream(
                "GET", address, headers={name: value for name, value in conditions.items() if value}
            ) as response:
                self.answered = True
                return self._understood(response, address, check, conditional=bool(etag or modified))
        except TooSlow:
            raise _TryAgain("The reply came too slowly") from None
        except TooMuch:
            raise _too_large() from None
        except httpx.TimeoutException as error:
            connected = not isinstance(error, httpx.ConnectTimeout)
            raise _TryAgain("There was no reply in time", connected=connected) from None
        except (httpx.ConnectError, httpx.ProxyError) as error:
            raise _TryAgain(f"No connection was made: {_worded(error)}", connected=False) from None
        except (httpx.RemoteProtocolError, httpx.DecodingError) as error:
            raise _TryAgain(f"The reply was cut short or damaged: {_worded(error)}") from None
        except httpx.TransportError as error:
            raise _TryAgain(f"The connection broke off: {_worded(error)}") from None
        except (httpx.InvalidURL, httpx.HTTPError) as error:
            raise FetchError(f"{address} cannot be asked for: {_worded(error)}.") from None

    def _understood(self, response: httpx.Response, address: str, check: Check, *, conditional: bool) -> Reply:
        status = response.status_code
        headers = {name.lower(): value for name, value in response.headers.items()}
        if status == http.HTTPStatus.OK:
            body = self._read(response)
            try:
                return Reply(status, headers, body, not_here=check(body, headers))
            except FetchError as error:
                raise _TryAgain(str(error).rstrip(".")) from None
        if status == http.HTTPStatus.NOT_MODIFIED and conditional:
            return Reply(status, headers)
        if status in _REDIRECTS:
            return Reply(status, headers, moved_to=self._allowed.redirected(address, headers.get("location", "")))
        if status in _ABSENT:
            return Reply(status, headers)
        if status in _PASSING:
            wait = retry_after(headers.get("retry-after", ""))
            full = status == http.HTTPStatus.TOO_MANY_REQUESTS or wait is not None
            raise _TryAgain(f"The publisher answered {_named(status)}", pause=full, wait=wait)
        raise FetchError(f"The publisher answered {_named(status)}.")

    def _read(self, response: httpx.Response) -> bytes:
        """The body, whole."""
        announced = response.headers.get("content-length", "")
        if response.headers.get("content-encoding", "identity").strip().lower() not in _ENCODINGS:
            raise FetchError("It is packed in a way that was not asked for.")  # packed twice, a little becomes very much
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > MOST_BYTES:
                raise _too_large()
        if announced.isdigit() and response.num_bytes_downloaded != int(announced):
            raise _TryAgain(f"The reply was cut short: {response.num_bytes_downloaded} of {announced} bytes came")
        return bytes(body)


def retry_after(value: str, *, now: dt.datetime | None = None) -> float | None:
    """Seconds that a Retry-After header asks for, given as seconds or as a date; None when it says nothing."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        until = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=dt.UTC)
    return max(0.0, (until - (now or dt.datetime.now(dt.UTC))).total_seconds())


def _too_large() -> FetchError:
    return FetchError(f"It is larger than {MOST_BYTES // 2**20} MiB, which is the most that is fetched.")


def _require_whole(body: bytes, headers: Mapping[str, str]) -> None:
    if "json" in headers.get("content-type", ""):
        try:
            json.loads(body)
        except (ValueError, RecursionError):
            raise FetchError("A list of items is not valid JSON") from None


def _named(status: int) -> str:
    try:
        return f"{status} {http.HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _worded(error: Exception) -> str:
    return (str(error) or type(error).__name__).rstrip(".")


def _user_agent(contact: str) -> str:
    try:
        version = importlib.metadata.version("bernard-assistant")
    except importlib.metadata.PackageNotFoundError:
        version = "0"
    said = "".join(character for character in contact if " " <= character <= "~")
    return f"bernard-assistant/{version}" + (f" ({said})" if said else "")
