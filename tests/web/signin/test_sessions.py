from __future__ import annotations

import multiprocessing
import stat
import time
from pathlib import Path

import pytest
from starlette.datastructures import Headers
from starlette.responses import Response

from assistant.errors import SettingsError
from assistant.web.signin.sessions import Sessions, session_key

KEY = b"k" * 32


def sessions(key: bytes = KEY, *, way: str = "passwords", hours: float = 1, is_secure: bool = False) -> Sessions:
    return Sessions(key, way=way, hours=hours, is_secure=is_secure)


def cookie(sessions: Sessions, role: str = "official") -> str:
    reply = Response()
    sessions.begin(reply, name="ada", role=role, stamp="s")
    return reply.headers["set-cookie"].split(";")[0]


def sent(*cookies: str) -> Headers:
    return Headers({"cookie": "; ".join(cookies)})


def test_what_was_written_is_read() -> None:
    session = sessions().read(sent("other=1", cookie(sessions()), "more=2"))
    assert session
    assert (session.name, session.role, session.stamp) == ("ada", "official", "s")


def test_cookies_of_other_sites_on_the_same_host_do_not_matter() -> None:
    assert sessions().read(sent("a=}{,;;=", 'b="x', cookie(sessions())))


def test_a_cookie_that_was_not_made_here_is_worth_nothing() -> None:
    good = cookie(sessions())
    name, _, value = good.partition("=")
    body, when, signature = value.rsplit(".", 2)
    other_body = cookie(sessions(), "administrator").partition("=")[2].rsplit(".", 2)[0]
    for forged in (
        "",
        "x",
        value[:-1] + ("A" if value[-1] != "A" else "B"),
        f"{other_body}.{when}.{signature}",
        f"{body}.{signature}",
        f"{body}.{when}.",
        f"{body}.ZZZZZZ.{signature}",
        cookie(sessions(b"x" * 32)).partition("=")[2],
        cookie(sessions(way="openid")).partition("=")[2],
    ):
        assert sessions().read(sent(f"{name}={forged}")) is None
    assert sessions().read(sent(good))


def test_a_cookie_is_worth_nothing_after_its_hours() -> None:
    short = sessions(hours=1 / 3600)
    held = cookie(short)
    assert short.read(sent(held))
    time.sleep(2.1)  # whole seconds are compared
    assert short.read(sent(held)) is None


def test_a_session_that_was_ended_is_worth_nothing_and_others_go_on() -> None:
    here = sessions()
    ended, other = cookie(here), cookie(here)
    here.end(Response(), sent(ended))
    assert here.read(sent(ended)) is None
    assert here.read(sent(other))
    here.end(Response(), sent(other))
    assert here.read(sent(ended)) is None, "that another ends does not bring it back"


def test_by_https_the_cookie_is_bound_to_the_host_and_to_https() -> None:
    reply = Response()
    sessions(is_secure=True).begin(reply, name="ada", role="official")
    header = reply.headers["set-cookie"].lower()
    assert header.startswith("__host-bernard=")
    for word in ("secure", "httponly", "samesite=lax", "path=/"):
        assert word in header.split("; ")
    assert "domain" not in header


def test_a_cookie_that_came_by_http_is_not_taken_for_one_by_https() -> None:
    assert sessions(is_secure=True).read(sent(cookie(sessions()))) is None


def test_keys_for_other_purposes_are_others() -> None:
    assert sessions().key_for("a") != sessions().key_for("b")
    assert KEY.decode() not in sessions().key_for("a")


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    key = session_key(tmp_path / "data")
    assert len(key) == 32
    assert session_key(tmp_path / "data") == key
    assert stat.S_IMODE((tmp_path / "data" / "session.key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["session.key"]


def test_processes_that_start_together_agree_on_the_key(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    with context.Pool(8) as pool:
        keys = pool.map(session_key, [tmp_path / str(number // 8) for number in range(160)], chunksize=1)
    for first in range(0, 160, 8):
        assert len(set(keys[first : first + 8])) == 1
        assert len(keys[first]) == 32


def test_a_key_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "session.key").write_bytes(b"short")
    with pytest.raises(SettingsError, match="Delete the file"):
        session_key(tmp_path)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(SettingsError, match="cannot be read or written"):
        session_key(tmp_path / "data")
