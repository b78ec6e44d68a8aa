"""Signing in with OpenID Connect: at a real provider, and at one that lies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey

from assistant.errors import SettingsError
from assistant.settings import SignInSettings
from assistant.web.signin.openid import OpenId, _values
from assistant.web.signin.sessions import Sessions
from tests.conftest import free_port
from tests.web.signin.provider import Liar, honest_provider, liar
from tests.web.signin.site import Site, serving, who

pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@contextmanager
def site_of(folder: Path, issuer: str, **more: str) -> Iterator[Site]:
    options = {"way": "openid", "issuer": issuer, "client_id": "bernard", "client_secret": "s", **more}
    with serving(folder, sign_in=options, routes=[who]) as site:
        yield site


@pytest.fixture(scope="module")
def lying() -> Iterator[Liar]:
    with liar() as found:
        yield found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, lying: Liar) -> Iterator[Site]:
    """A site whose provider lies as a test says."""
    with site_of(tmp_path_factory.mktemp("openid") / "data", lying.address) as site:
        yield site


@pytest.fixture
def provider(lying: Liar) -> Liar:
    """The same provider, honest again."""
    lying.about, lying.claims, lying.userinfo = {}, {}, {}
    lying.algorithm, lying.signed_with, lying.nonce = "RS256", None, ""
    lying.asked.clear()
    return lying


def begun(client: httpx.Client, path: str = "/sign-in") -> dict[str, str]:
    """What the provider is asked when somebody begins to sign in."""
    reply = client.get(path)
    assert reply.status_code == 302, reply.text
    return {name: values[0] for name, values in parse_qs(urlsplit(reply.headers["location"]).query).items()}


def returned(client: httpx.Client, provider: Liar, **more: str) -> httpx.Response:
    """What one gets who comes back from the provider."""
    asked = begun(client)
    provider.nonce = asked["nonce"]
    return client.get("/sign-in/return", params={"code": "c", "state": asked["state"]} | more)


def test_a_user_of_a_real_provider_signs_in_and_goes_where_they_wanted(tmp_path: Path) -> None:
    claims = {"email": "Ada@example.gov.uk", "email_verified": True, "roles": ["staff", "bernard-evaluator"]}
    with honest_provider(u1=claims) as issuer, site_of(tmp_path / "data", issuer) as site, site.client() as client:
        turned = client.get("/api/who?x=1", headers={"accept": "text/html"})
        assert turned.status_code == 401  # programs are told; a page's reader is sent on
        turned = client.get("/plain/who?x=1", headers={"accept": "text/html"})
        assert (turned.status_code, turned.headers["location"]) == (303, "/sign-in?next=/plain/who%3Fx%3D1")
        asked = client.get(turned.headers["location"])
        consent = httpx.post(asked.headers["location"], data={"sub": "u1"}, trust_env=False)
        back = consent.headers["location"]
        assert back.startswith(f"{site.address}/sign-in/return?code=")
        reply = client.get(back)
        assert (reply.status_code, reply.headers["location"]) == (303, "/plain/who?x=1")
        assert client.get("/plain/who").json() == {"name": "ada@example.gov.uk", "role": "evaluator"}


def test_the_provider_is_asked_with_state_nonce_and_proof_and_told_the_public_address(site: Site, provider: Liar) -> None:
    with site.client() as client:
        asked = begun(client)
        assert asked["redirect_uri"] == f"{site.address}/sign-in/return"
        assert asked["code_challenge_method"] == "S256"
        assert len(asked["state"]) >= 20
        assert len(asked["nonce"]) >= 20
        assert begun(client)["state"] != asked["state"]
        assert returned(client, provider).status_code == 303
    assert len(provider.asked[-1]["code_verifier"][0]) >= 43


def test_what_the_provider_says_decides_the_role_when_one_signs_in(site: Site, provider: Liar) -> None:
    for roles, role in (
        (["bernard-administrator", "bernard-evaluator"], "administrator"),
        ("bernard-evaluator", "evaluator"),
        (["BERNARD-administrator", "x bernard-administrator"], "official"),
        (None, "official"),
        ({"bernard-administrator": True}, "official"),
    ):
        provider.claims = {"roles": roles}
        with site.client() as client:
            assert returned(client, provider).status_code == 303
            assert client.get("/plain/who").json()["role"] == role


def test_a_claim_inside_another_is_found() -> None:
    claims = {"realm_access": {"roles": ["a"]}, "x.y": ["b"], "x": {"y": ["c"]}}
    assert _values(claims, "realm_access.roles") == {"a"}
    assert _values(claims, "x.y") == {"b"}
    assert _values(claims, "realm_access.roles.more") == set()


LIES: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "another issuer": {"iss": "https://evil.example"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "another"},
    "another audience, for whom we ask": {"aud": ["another"], "azp": "bernard"},
    "no audience": {"aud": None},
    "another party": {"aud": ["bernard", "another"], "azp": "another"},
    "expired": {"exp": 1_000_000_000},
    "no subject": {"sub": None},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_is_not_the_one_asked_for_lets_nobody_in(site: Site, provider: Liar, lie: str) -> None:
    provider.claims = LIES[lie]
    with site.client() as client:
        refused(client, returned(client, provider))


@pytest.mark.parametrize("kind", ["none", "HS256", "another key"])
def test_a_token_that_anybody_could_have_made_lets_nobody_in(site: Site, provider: Liar, kind: str) -> None:
    if kind == "another key":
        provider.signed_with = RSAKey.generate_key(2048)
    else:
        provider.algorithm = kind
    with site.client() as client:
        refused(client, returned(client, provider))


def refused(client: httpx.Client, reply: httpx.Response) -> None:
    assert reply.status_code == 400
    assert "Signing in did not work. Try again." in reply.text
    assert "Traceback" not in reply.text
    assert client.get("/plain/who").status_code == 401
    assert all("-sign-in" in name for name in client.cookies)


def test_a_reply_that_was_not_asked_for_lets_nobody_in(site: Site, provider: Liar) -> None:
    with site.client() as client, site.client() as other:
        asked = begun(client)
        provider.nonce = asked["nonce"]
        mine = {"code": "c", "state": asked["state"]}
        for sender, sent in (
            (other, mine),  # a link that somebody else made, to have one work under their name
            (client, {"code": "c", "state": "wrong"}),
            (client, {"code": "c"}),
            (client, mine),  # which the wrong one before it has ended
        ):
            reply = sender.get("/sign-in/return", params=sent)
            assert reply.status_code == 400
            assert "was begun in another window" in reply.text
            assert 'href="/sign-in?next=%2F"' in reply.text
            assert sender.get("/plain/who").status_code == 401


def test_a_reply_serves_once(site: Site, provider: Liar) -> None:
    with site.client() as client:
        asked = begun(client)
        provider.nonce = asked["nonce"]
        sent = {"code": "c", "state": asked["state"]}
        assert client.get("/sign-in/return", params=sent).status_code == 303
        assert client.get("/sign-in/return", params=sent).status_code == 400


def test_a_reply_in_the_name_of_another_provider_is_refused(site: Site, provider: Liar) -> None:
    with site.client() as client:
        reply = returned(client, provider, iss="https://evil.example")
        assert (reply.status_code, client.get("/plain/who").status_code) == (401, 401)
        assert returned(client, provider, iss=provider.address).status_code == 303


def test_who_is_not_let_in_by_the_provider_is_told_what_to_do(site: Site) -> None:
    with site.client() as client:
        asked = begun(client)
        reply = client.get("/sign-in/return", params={"error": "access_denied", "state": asked["state"]})
        assert reply.status_code == 403
        assert "did not let you in, or you cancelled" in reply.text


@pytest.mark.parametrize("confirmed", [False, "false", None])
def test_an_address_that_is_not_confirmed_lets_nobody_in(confirmed: object, site: Site, provider: Liar) -> None:
    provider.claims = {"email_verified": confirmed}
    with site.client() as client:
        reply = returned(client, provider)
        assert reply.status_code == 403
        assert "is not confirmed" in reply.text
        assert client.get("/plain/who").status_code == 401


@pytest.mark.parametrize("name", [None, "", " ", ["ada"], "a da", "ada\u200b", "\u212aim"])
def test_a_name_that_cannot_be_one_is_told(site: Site, provider: Liar, name: Any) -> None:
    provider.claims = {"email": name}
    with site.client() as client:
        reply = returned(client, provider)
        assert reply.status_code == 403
        assert "Tell whoever looks after Bernard" in reply.text
        assert client.get("/plain/who").status_code == 401


def test_a_name_is_asked_for_again_where_the_token_has_none_but_only_of_the_same_user(site: Site, provider: Liar) -> None:
    provider.claims = {"email": None}
    for subject, status in (("1", 303), ("2", 403)):
        provider.userinfo = {"sub": subject, "email": "eve@example.gov.uk", "roles": ["bernard-administrator"]}
        with site.client() as client:
            assert returned(client, provider).status_code == status
    provider.claims, provider.userinfo = {"roles": None}, {"sub": "2", "roles": ["bernard-administrator"]}
    with site.client() as client:
        returned(client, provider)
        assert client.get("/plain/who").json()["role"] == "official"


def test_a_provider_that_is_down_or_another_is_told_and_asked_again_later(tmp_path: Path) -> None:
    port = free_port()
    with site_of(tmp_path / "data", f"http://127.0.0.1:{port}") as site, site.client() as client:
        reply = client.get("/sign-in")
        assert reply.status_code == 503
        assert "does not answer, so nobody can sign in" in reply.text
        assert "Traceback" not in reply.text
        assert client.get("/signed-out").status_code == 200


def test_a_provider_that_calls_itself_something_else_is_not_used(
    tmp_path: Path, provider: Liar, caplog: pytest.LogCaptureFixture
) -> None:
    with site_of(tmp_path / "data", provider.address) as site, site.client() as client:
        provider.about = {"issuer": "https://evil.example"}
        assert client.get("/sign-in").status_code == 503
        assert "calls itself https://evil.example" in caplog.text
        provider.about = {}
        assert returned(client, provider).status_code == 303


def test_only_members_are_let_in_where_a_group_is_named(tmp_path: Path, provider: Liar) -> None:
    with site_of(tmp_path / "data", provider.address, officials="staff") as site, site.client() as client:
        provider.claims = {"roles": ["others"]}
        reply = returned(client, provider)
        assert (reply.status_code, "you may not use Bernard" in reply.text) == (403, True)
        provider.claims = {"roles": ["bernard-evaluator"]}
        assert returned(client, provider).status_code == 303


def test_signing_out_says_where_to_sign_out_of_the_provider_too(site: Site, tmp_path: Path) -> None:
    with honest_provider() as issuer, site_of(tmp_path / "data", issuer) as honest, honest.client() as client:
        page = client.get("/signed-out").text
        assert f'href="{issuer}/oauth2/end_session?client_id=bernard&amp;post_logout' in page
    with site.client() as client:
        assert "sign out of your organisation" not in client.get("/signed-out").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"issuer": ""}, "BERNARD_SIGN_IN__ISSUER"),
        ({"client_id": " "}, "BERNARD_SIGN_IN__CLIENT_ID"),
        ({"issuer": "http://provider.example"}, "must begin with https://"),
        ({"scopes": "email"}, "must contain the word openid"),
        ({"public_url": ""}, "BERNARD_WEB__PUBLIC_URL"),
    ],
)
def test_what_is_missing_is_said_when_bernard_starts(changes: dict[str, str], words: str) -> None:
    options = {
        "issuer": "https://provider.example",
        "client_id": "bernard",
        "public_url": "https://bernard.example",
    } | changes
    public_url = options.pop("public_url")
    sessions = Sessions(b"k" * 32, way="openid", hours=1, is_secure=True)
    with pytest.raises(SettingsError, match=words):
        OpenId(SignInSettings(way="openid", **options), sessions, public_url=public_url)
