from __future__ import annotations

import anyio
import pytest
from pydantic import SecretStr
from starlette.datastructures import Headers

from assistant.errors import SettingsError
from assistant.records import Role
from assistant.settings import SignInSettings
from assistant.web.signin.identity import Identity, NotLetIn
from assistant.web.signin.proxy import Proxy

KEY = "0123456789abcdef0123456789abcdef"
SETTINGS = SignInSettings(way="proxy", proxy_secret=SecretStr(KEY), proxy_role_header="X-Groups")
SECRET = {"x-bernard-proxy-secret": KEY}


def identify(*headers: tuple[str, str], settings: SignInSettings = SETTINGS) -> Identity | None:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers]

    async def found() -> Identity | None:
        return await Proxy(settings).identify(Headers(raw=raw), client="", path="/")

    return anyio.run(found)


PROOF = ("X-Bernard-Proxy-Secret", KEY)


def test_the_proxy_says_who_it_is_and_what_they_may() -> None:
    assert identify(PROOF, ("X-Forwarded-User", "Ada.L@example.gov.uk")) == Identity("ada.l@example.gov.uk", Role.OFFICIAL)
    groups = ("X-Groups", "staff, bernard-administrator")
    assert identify(PROOF, ("X-Forwarded-User", "ada"), groups) == Identity("ada", Role.ADMINISTRATOR)
    assert identify(PROOF, ("X-Forwarded-User", "siân")) == Identity("siân", Role.OFFICIAL)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("X-Bernard-Proxy-Secret", "")],
        [("X-Bernard-Proxy-Secret", KEY[:-1])],
        [("X-Bernard-Proxy-Secret", KEY + "0")],
        [("X-Bernard-Proxy-Secret", KEY.upper())],
        [("X-Bernard-Proxy-Secret", "é" * 32)],
        [PROOF, PROOF],
        [("X-Bernard-Proxy-Secret", "wrong"), PROOF],
        [("X_Bernard_Proxy_Secret", KEY)],
    ],
)
def test_who_cannot_prove_to_be_the_proxy_is_nobody(headers: list[tuple[str, str]]) -> None:
    with pytest.raises(NotLetIn, match="did not come that way") as caught:
        identify(*headers, ("X-Forwarded-User", "ada"))
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("X-Forwarded-User", "")],
        [("X-Forwarded-User", "eve"), ("X-Forwarded-User", "ada")],
        [("X_Forwarded_User", "ada")],
        [("X-Forwarded-User", "ada"), ("X-Groups", "staff"), ("X-Groups", "bernard-administrator")],
        [("X-Forwarded-User", "ada\u200b")],
        [("X-Forwarded-User", "a\u0301da")],
    ],
)
def test_a_name_or_role_given_twice_or_not_at_all_lets_nobody_in(headers: list[tuple[str, str]]) -> None:
    with pytest.raises(NotLetIn):
        identify(PROOF, *headers)


def test_roles_count_only_where_a_header_is_named_for_them() -> None:
    settings = SETTINGS.model_copy(update={"proxy_role_header": ""})
    found = identify(PROOF, ("X-Forwarded-User", "ada"), ("X-Groups", "bernard-administrator"), settings=settings)
    assert found == Identity("ada", Role.OFFICIAL)


@pytest.mark.parametrize("secret", ["", "short", KEY[:-1], f" {KEY}", "é" * 32, f"{KEY}\n"])
def test_a_secret_that_will_not_do_keeps_bernard_from_starting(secret: str) -> None:
    with pytest.raises(SettingsError, match="openssl rand -hex 32") as caught:
        Proxy(SignInSettings(way="proxy", proxy_secret=SecretStr(secret)))
    assert not secret or secret not in str(caught.value)


@pytest.mark.parametrize(
    "changes",
    [{"proxy_user_header": ""}, {"proxy_user_header": "X User"}, {"proxy_role_header": "x-forwarded-user"}],
)
def test_headers_that_will_not_do_keep_bernard_from_starting(changes: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="must be different names of headers"):
        Proxy(SETTINGS.model_copy(update=changes))
