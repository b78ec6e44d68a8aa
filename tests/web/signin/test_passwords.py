"""Signing in with a password: as people and programs do, and as whoever attacks it would."""

from __future__ import annotations

import asyncio
import base64
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from starlette.datastructures import Headers

from assistant.records import Records, Role, User, Users
from assistant.settings import Settings
from assistant.web.signin import Identity, Sessions
from assistant.web.signin.passwords import Passwords, Verified
from tests.web.signin.site import PASSWORD, Site, serving, who

pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
PAGE = {"accept": "text/html"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("passwords") / "data"
    with serving(
        folder, sign_in={"way": "passwords"}, routes=[who], ada="official", eve="official", max="administrator"
    ) as site:
        yield site


def sign_in(client: httpx.Client, name: str, password: str = PASSWORD, **more: str) -> httpx.Response:
    return client.post("/sign-in", data={"name": name, "password": password, **more})


def test_who_has_not_signed_in_is_sent_to_the_form_and_then_where_they_wanted(site: Site) -> None:
    with site.client() as client:
        turned = client.get("/plain/who?a=1&b=2", headers=PAGE)
        assert turned.status_code == 303
        form = client.get(turned.headers["location"]).text
        assert 'name="next" value="/plain/who?a=1&amp;b=2"' in form
        reply = sign_in(client, "ada", next="/plain/who?a=1&b=2")
        assert (reply.status_code, reply.headers["location"]) == (303, "/plain/who?a=1&b=2")
        assert client.get("/plain/who").json() == {"name": "ada", "role": "official"}
        assert client.get("/sign-in?next=/plain/who").headers["location"] == "/plain/who"


def test_a_name_is_taken_as_it_is_meant(site: Site) -> None:
    with site.client() as client:
        assert sign_in(client, " ADA ").status_code == 303
        assert client.get("/plain/who").json()["name"] == "ada"


def test_a_wrong_name_and_a_wrong_password_are_told_alike(site: Site) -> None:
    said = []
    for name, password in (("max", "wrong-wrong-wrong"), ("nobody", PASSWORD), ("'; drop table users; --", PASSWORD)):
        with site.client() as client:
            reply = sign_in(client, name, password)
            assert reply.status_code == 401
            assert not client.cookies
            assert password not in reply.text
            said.append(reply.text.replace(f'value="{name}"', "").replace("&#x27;; drop table users; --", ""))
    assert said[0] == said[1]
    assert "The user name or the password is not right." in said[2]


def test_it_takes_as_long_whether_there_is_such_a_user_or_not(site: Site) -> None:
    users = site.records.users()

    def seconds(name: str) -> float:
        started = time.perf_counter()
        assert users.check(name, "wrong-wrong-wrong") is None
        return time.perf_counter() - started

    there, missing = [], []
    for number in range(5):  # turn by turn, so that what else the machine does falls on both
        there.append(seconds("ada"))
        missing.append(seconds(f"nobody{number}"))
    assert 0.5 < statistics.median(missing) / statistics.median(there) < 2


def test_what_is_not_filled_in_is_named_and_linked(site: Site) -> None:
    with site.client() as client:
        reply = client.post("/sign-in", data={"next": "/plain"})
    assert reply.status_code == 400
    assert "<title>Error: Sign in" in reply.text
    assert '<a href="#name">Enter your user name</a>' in reply.text
    assert '<a href="#password">Enter your password</a>' in reply.text
    assert 'value="/plain"' in reply.text


def test_nobody_is_sent_to_another_site_after_signing_in(site: Site) -> None:
    with site.client() as client:
        assert sign_in(client, "ada", next="//evil.example").headers["location"] == "/"
        assert client.get("/sign-in", params={"next": "/\\evil.example"}).headers["location"] == "/"


def test_what_was_typed_is_shown_as_text(site: Site) -> None:
    hostile = '"><script>alert(1)</script>'
    with site.client() as client:
        for page in (sign_in(client, hostile, ""), sign_in(client, "", "", next=f"/{hostile}")):
            assert "<script>" not in page.text
            assert "&lt;script&gt;" in page.text


@pytest.mark.parametrize("name", ["\ud800", "a" * 100_000, "ada\x00", "\u212aim"])
def test_no_name_breaks_it(site: Site, name: str) -> None:
    with site.client() as client:
        sent = f"name={'%ED%A0%80' if name == chr(0xD800) else name}&password=wrong-wrong-wrong".encode()
        reply = client.post("/sign-in", content=sent, headers={"content-type": "application/x-www-form-urlencoded"})
        assert reply.status_code == 401


def test_a_form_of_another_kind_is_no_fault(site: Site) -> None:
    with site.client() as client:
        assert client.post("/sign-in", files={"name": ("a", b"b")}, data={"password": PASSWORD}).status_code == 400
        assert client.post("/sign-in", json={"name": "ada", "password": PASSWORD}).status_code == 400


def test_the_cookie_is_new_each_time_and_out_of_reach(site: Site) -> None:
    with site.client() as client:
        client.cookies.set("bernard", "planted")
        headers = [sign_in(client, "ada").headers["set-cookie"] for _ in range(2)]
        assert headers[0].split(";")[0] != headers[1].split(";")[0]
        assert "planted" not in headers[0]
        assert "httponly; max-age=36000; path=/; samesite=lax" in headers[0].lower()


def test_signing_out_ends_the_session_for_whoever_has_the_cookie(site: Site) -> None:
    with site.signed_in("ada") as client, site.client() as thief:
        stolen = client.cookies["bernard"]
        reply = client.post("/sign-out")
        assert (reply.status_code, reply.headers["location"]) == (303, "/signed-out")
        assert "You have signed out" in client.get("/signed-out").text
        assert client.get("/plain/who").status_code == 401
        thief.cookies.set("bernard", stolen)
        assert thief.get("/plain/who").status_code == 401


def test_signing_out_needs_the_button(site: Site) -> None:
    with site.signed_in("ada") as client:
        assert client.get("/sign-out").status_code == 405
        for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
            assert client.post("/sign-out", headers=headers).status_code == 403
        assert client.get("/plain/who").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_no_other_site_can_sign_a_user_in(site: Site, headers: dict[str, str]) -> None:
    with site.client() as client:
        reply = client.post("/sign-in", data={"name": "eve", "password": PASSWORD}, headers=headers)
        assert (reply.status_code, len(client.cookies)) == (403, 0)


def test_a_removed_user_is_out_at_once_and_stays_out_when_the_name_is_given_anew(site: Site) -> None:
    users = site.records.users()
    users.add("bob", PASSWORD)
    with site.signed_in("bob") as client:
        assert client.get("/plain/who").status_code == 200
        users.remove("bob")
        assert client.get("/plain/who").status_code == 401
        users.add("bob", PASSWORD, role=Role.ADMINISTRATOR)
        assert client.get("/plain/who").status_code == 401
    users.remove("bob")


def test_a_new_password_ends_the_sessions_begun_before_it(site: Site) -> None:
    users = site.records.users()
    users.add("cat", PASSWORD)
    with site.signed_in("cat") as client:
        users.change_password("cat", PASSWORD)  # the same moment, so that no clock decides
        assert client.get("/plain/who").status_code == 401
        assert sign_in(client, "cat").status_code == 303
        assert client.get("/plain/who").status_code == 200
    users.remove("cat")


def basic(name: str, password: str = PASSWORD) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def test_programs_give_name_and_password_to_the_interface_alone(site: Site) -> None:
    with site.client() as client:
        assert client.get("/api/who", headers=basic("ada")).json() == {"name": "ada", "role": "official"}
        assert client.get("/plain/who", headers=basic("ada")).status_code == 401
        assert not client.cookies


def test_programs_do_not_wait_for_the_comparison_again_but_a_change_counts_at_once(site: Site) -> None:
    users = site.records.users()
    users.add("dan", PASSWORD)
    with site.client() as client:
        client.get("/api/who", headers=basic("dan"))
        started = time.perf_counter()
        for _ in range(5):
            assert client.get("/api/who", headers=basic("dan")).status_code == 200
        assert (time.perf_counter() - started) / 5 < 0.03
        assert client.get("/api/who", headers=basic("dan", PASSWORD + "x")).status_code == 401
        users.change_password("dan", "another-horse-battery")
        assert client.get("/api/who", headers=basic("dan")).status_code == 401
        assert client.get("/api/who", headers=basic("dan", "another-horse-battery")).status_code == 200
        users.remove("dan")
        assert client.get("/api/who", headers=basic("dan", "another-horse-battery")).status_code == 401


def test_what_is_remembered_of_a_password_is_not_the_password() -> None:
    verified = Verified()
    verified.add("stamp", "ada", PASSWORD)
    assert verified.holds("stamp", "ada", PASSWORD)
    assert not verified.holds("stamp", "ad", f"a\0{PASSWORD}"[1:])
    assert not verified.holds("later", "ada", PASSWORD)
    assert PASSWORD not in repr(vars(verified))


def test_what_is_remembered_is_forgotten_after_a_minute() -> None:
    now = 0.0
    verified = Verified(lambda: now)
    verified.add("stamp", "ada", PASSWORD)
    now = 61.0
    assert not verified.holds("stamp", "ada", PASSWORD)


@pytest.mark.parametrize(
    "header",
    ["Bearer x", "Basic", "Basic !!!", "Basic " + base64.b64encode(b"no colon").decode(), "Basic /w=="],
)
def test_another_authorization_is_refused_even_beside_a_cookie(site: Site, header: str) -> None:
    with site.signed_in("ada") as client:
        reply = client.get("/api/who", headers={"authorization": header})
        assert reply.status_code == 401
        assert "Basic" in reply.json()["error"]
        assert reply.headers["www-authenticate"].startswith("Basic ")
        assert client.get("/api/who").status_code == 200


def test_roles_decide_what_one_may(site: Site) -> None:
    with site.client() as client:
        reply = client.get("/api/rule", headers=basic("ada"))
        assert (reply.status_code, reply.json()) == (
            403,
            {"error": "Your role is official, and this is for the role administrator. Ask whoever looks after Bernard."},
        )
        assert client.get("/api/rule", headers=basic("max")).json() == {"name": "max"}


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Site]:
    """A site on which nobody has failed."""
    with serving(tmp_path / "data", sign_in={"way": "passwords"}, routes=[who], ada="official", eve="official") as site:
        yield site


def test_a_name_that_nobody_can_have_is_not_remembered(site: Site) -> None:
    with site.client() as client:
        tries = [client.post("/sign-in", data={"name": "a" * 300, "password": "x"}).status_code for _ in range(8)]
    assert tries == [401] * 8


def test_guessing_is_slowed_down_however_it_is_done(fresh: Site) -> None:
    def guess(number: int) -> int:
        with fresh.client() as client:
            spelt = ("ada", "ADA", " ada", "ada\x00")[number % 4]
            if number % 2:
                return client.get("/api/who", headers=basic(spelt, f"wrong-wrong-{number}")).status_code
            spoofed = {"x-forwarded-for": f"10.0.0.{number}", "forwarded": f"for=10.0.0.{number}"}
            return client.post(
                "/sign-in", data={"name": spelt, "password": f"wrong-wrong-{number}"}, headers=spoofed
            ).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(guess, range(20)))
    assert sorted(set(statuses)) == [401, 429]
    assert statuses.count(401) == 5
    with fresh.client() as client:
        reply = sign_in(client, "ada")  # the right one, which an attacker must not learn either
        assert reply.status_code == 429
        assert int(reply.headers["retry-after"]) > 1
        assert "There were too many tries" in reply.text
        assert sign_in(client, "eve").status_code == 303  # at the same address, as a colleague would be
        nobody = [sign_in(client, "nobody", "wrong-wrong-wrong").status_code for _ in range(6)]
        assert nobody == [401] * 5 + [429]  # a name that nobody has is slowed down alike


def test_many_first_requests_of_one_user_at_once_are_one_try(fresh: Site) -> None:
    with fresh.client() as client, ThreadPoolExecutor(24) as pool:
        for headers, expected in ((basic("ada"), 200), (basic("ada", "wrong-wrong-wrong"), 401)):
            ask = lambda _, headers=headers: client.get("/api/who", headers=headers).status_code  # noqa: E731
            assert list(pool.map(ask, range(24))) == [expected] * 24
    with fresh.client() as client:  # and each of the wrong ones' rounds counted
        guesses = [client.get("/api/who", headers=basic("ada", f"wrong-wrong-{n}")).status_code for n in range(6)]
    assert guesses[-1] == 429


class Counting:
    """Real users, counted as they are looked up and compared."""

    def __init__(self, users: Users) -> None:
        self._users = users
        self.compared: list[str] = []
        self.get = users.get

    def check(self, name: str, password: str) -> User | None:
        self.compared.append(password)
        return self._users.check(name, password)


def test_guesses_beside_the_right_password_are_each_compared_and_counted(tmp_path: Path) -> None:
    async def all_at_once(way: Passwords) -> list[object]:
        tries = [PASSWORD] * 6 + [f"wrong-wrong-{number}" for number in range(3)] + ["wrong-wrong-0"]
        asked = [way.identify(Headers(basic("ada", one)), client="10.0.0.1", path="/api/x") for one in tries]
        asked.append(way.identify(Headers(basic("ada")), client="10.0.0.2", path="/api/x"))  # an address of its own
        return await asyncio.gather(*asked, return_exceptions=True)

    with Records(Settings(data_dir=tmp_path)) as records:
        records.users().add("ada", PASSWORD)
        counting = Counting(records.users())
        way = Passwords(lambda: counting, Sessions(b"k" * 32, way="passwords", hours=1, is_secure=False))  # type: ignore[arg-type, return-value]
        told = asyncio.run(all_at_once(way))
    assert sorted(counting.compared) == [PASSWORD] * 2 + ["wrong-wrong-0", "wrong-wrong-1", "wrong-wrong-2"]
    assert [isinstance(one, Identity) for one in told] == [True] * 6 + [False] * 4 + [True]


def test_who_leaves_while_a_password_is_compared_takes_nothing_from_the_others(tmp_path: Path) -> None:
    async def one_leaves(way: Passwords) -> object:
        asked = [way.identify(Headers(basic("ada")), client="10.0.0.1", path="/api/x") for _ in range(2)]
        first, second = (asyncio.create_task(one) for one in asked)
        while not way._under_way:
            await asyncio.sleep(0)
        first.cancel()
        return await second

    with Records(Settings(data_dir=tmp_path)) as records:
        records.users().add("ada", PASSWORD)
        way = Passwords(records.users, Sessions(b"k" * 32, way="passwords", hours=1, is_secure=False))
        assert asyncio.run(one_leaves(way)) == Identity("ada", Role.OFFICIAL)
